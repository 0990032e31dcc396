// Every stroke laid over the others, by phase, with a cursor where the film is. Drawn once; only the cursor moves.

import { el, onScheme, pageColours, sized } from "./dom.js";
import { percentOf, timeOf } from "./moment.js";
import { t } from "../server/texts.js";

export const HIGH = 220, LEFT = 44, RIGHT = 10, TOP = 10, BOTTOM = 26;

export class Curves {
  constructor(scene, places, go) {
    this.scene = scene;
    this.number = -1;
    this.charts = scene.curves.filter((curve) => places[curve.quantity]).map((curve) => this.chart(curve, places[curve.quantity], go));
    this.resized = new ResizeObserver(() => this.draw());
    this.charts.forEach((chart) => this.resized.observe(chart.box));
    this.unscheme = onScheme(() => this.draw());
  }

  stop() {
    this.resized.disconnect();
    this.unscheme();
  }

  chart(curve, place, go) {
    const canvas = el("canvas", { "aria-hidden": "true" });
    const cursor = el("div", { class: "cursor", hidden: true });
    const value = el("output", { class: "soft" });
    const box = el("div", { class: "curve" }, canvas, cursor);
    place.replaceChildren(box, value);
    canvas.style.height = `${HIGH}px`;
    box.addEventListener("click", (event) => {
      const stroke = this.scene.strokes[Math.max(0, this.number)];
      const percent = (event.clientX - box.getBoundingClientRect().left - LEFT) / (box.clientWidth - LEFT - RIGHT) * 100;
      if (stroke && percent >= 0 && percent <= 100) go(timeOf(stroke, percent, curve.finish_percent));
    });
    return { curve, canvas, cursor, value, box };
  }

  draw() {
    const colours = pageColours();
    for (const chart of this.charts) {
      const width = chart.box.clientWidth;
      if (!width || !chart.curve.room) continue;
      const context = sized(chart.canvas, width, HIGH);
      const [low, high] = chart.curve.room;
      const x = (i) => LEFT + i / (chart.curve.mean.length - 1) * (width - LEFT - RIGHT);
      const y = (v) => TOP + (high - v) / (high - low) * (HIGH - TOP - BOTTOM);
      axes(context, chart.curve, colours, width, x, y);
      lines(context, chart.curve, colours, x, y, this.number);
    }
  }

  // Called for every frame; the charts are drawn anew only where another stroke is on screen.
  show(moment, row) {
    if (moment.number !== this.number) {
      this.number = moment.number;
      this.draw();
    }
    for (const { curve, cursor, value, box } of this.charts) {
      cursor.hidden = !moment.stroke;
      const angle = row ? row.angle(curve.quantity) : NaN;
      value.textContent = moment.stroke ? hereWords(angle) : t("player.between");
      if (moment.stroke) cursor.style.transform = `translateX(${LEFT + percentOf(moment.stroke, moment.time_s, curve.finish_percent) / 100 * (box.clientWidth - LEFT - RIGHT)}px)`;
    }
  }
}

const hereWords = (angle) => (Number.isFinite(angle) ? t("player.here", { value: `${Math.round(angle)}°`.replace("-", "−") }) : t("player.here_unknown"));

export function axes(context, curve, colours, width, x, y) {
  const [low, high] = curve.room;
  const step = [2, 5, 10, 20, 30, 45, 60].find((s) => (high - low) / s <= 6) || 90;
  context.font = "12px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (let v = Math.ceil(low / step) * step; v <= high; v += step) {
    context.fillStyle = colours.line;
    context.fillRect(LEFT, y(v), width - LEFT - RIGHT, 1);
    context.fillStyle = colours.soft;
    context.fillText(`${v}°`.replace("-", "−"), LEFT - 6, y(v));
  }
  const last = curve.mean.length - 1, finish = curve.finish_percent / 100 * last;
  context.fillStyle = colours.soft;
  context.fillRect(x(finish), TOP, 1, HIGH - TOP - BOTTOM);
  for (const [words, at, align] of [["catch", 0, "left"], ["finish", finish, "center"], ["catch", last, "right"]]) {
    context.textAlign = align;
    context.fillText(t(`quantities.phase.${words}`), x(at), HIGH - BOTTOM / 2 + 2);
  }
}

function lines(context, curve, colours, x, y, number) {
  context.lineJoin = "round";
  for (const line of curve.lines) {
    context.globalAlpha = line.usable ? 0.35 : 0.5;
    context.setLineDash(line.usable ? [] : [2, 3]);
    stroked(context, line.values, x, y, line.usable ? curve.colour : colours.soft, 1);
  }
  context.setLineDash([]);
  context.globalAlpha = 0.16;
  band(context, curve, x, y);
  context.globalAlpha = 1;
  stroked(context, curve.mean, x, y, curve.colour, 3);
  const own = curve.lines.find((line) => line.stroke === number);
  if (own) stroked(context, own.values, x, y, colours.ink, 1.5);
}

function band(context, curve, x, y) {
  const known = curve.mean.map((m, i) => [i, m, curve.sd[i]]).filter(([, m, sd]) => m !== null && sd !== null);
  if (!known.length) return;
  context.beginPath();
  for (const [i, m, sd] of known) context.lineTo(x(i), y(m + sd));
  for (const [i, m, sd] of known.reverse()) context.lineTo(x(i), y(m - sd));
  context.fillStyle = curve.colour;
  context.fill();
}

export function stroked(context, values, x, y, colour, width) {
  context.beginPath();
  let open = false;
  values.forEach((value, i) => {
    if (value === null) open = false;
    else if (open) context.lineTo(x(i), y(value));
    else { context.moveTo(x(i), y(value)); open = true; }
  });
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}
