// Both sides' curves over each other, the limit as a band, and a cursor that goes with the films. Drawn once.

import { HIGH, LEFT, RIGHT, TOP, BOTTOM, axes, stroked } from "../player/curves.js";
import { number, t } from "../server/texts.js";
import { el, onScheme, pageColours, sized } from "../player/dom.js";

const DASH = [9, 6];
const ROUND = 10;

export class Charts {
  // go(percent): the reader asks for this place of the stroke.
  constructor(data, go) {
    this.data = data;
    this.numbers = [-1, -1];
    const places = new Map([...document.querySelectorAll("[data-compared]")].map((place) => [place.dataset.compared, place]));
    this.charts = data.curves.filter((curve) => places.has(curve.quantity)).map((curve) => this.chart(curve, places.get(curve.quantity), go));
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
    const cursor = el("div", { class: "cursor" });
    const value = el("output", { class: "soft" });
    const dots = this.data.sides.map((side) => el("div", { class: "dot", style: `background:${side.colour}`, hidden: true }));
    const box = el("div", { class: "curve" }, canvas, cursor, ...dots);
    place.replaceChildren(box, value);
    canvas.style.height = `${HIGH}px`;
    box.addEventListener("click", (event) => {
      const percent = (event.clientX - box.getBoundingClientRect().left - LEFT) / (box.clientWidth - LEFT - RIGHT) * 100;
      if (percent >= -2 && percent <= 102) go(percent);
    });
    return { curve, canvas, cursor, dots, value, box };
  }

  draw() {
    const colours = pageColours();
    for (const { curve, canvas, box } of this.charts) {
      const width = box.clientWidth;
      if (!width || !curve.room) continue;
      const context = sized(canvas, width, HIGH);
      const [low, high] = curve.room, points = curve.sides[0].mean.length - 1;
      const x = (i) => LEFT + i / points * (width - LEFT - RIGHT);
      const y = (v) => TOP + (high - v) / (high - low) * (HIGH - TOP - BOTTOM);
      axes(context, { ...curve, mean: curve.sides[0].mean }, colours, width, x, y);
      this.band(context, curve, x, y);
      this.clear(context, curve, colours, (percent) => x(percent / 100 * points));
      curve.sides.forEach((side, which) => this.side(context, side, which, x, y));
    }
  }

  // Between these two lines the measurement can tell no difference.
  band(context, curve, x, y) {
    const limit = curve.detectable_deg;
    const known = curve.sides[0].mean.map((mean, i) => [i, mean]).filter(([, mean]) => mean !== null);
    if (limit === null || !known.length) return;
    context.beginPath();
    for (const [i, mean] of known) context.lineTo(x(i), y(mean + limit));
    for (const [i, mean] of known.reverse()) context.lineTo(x(i), y(mean - limit));
    context.globalAlpha = 0.28;
    context.fillStyle = this.data.unseen;
    context.fill();
    context.globalAlpha = 1;
  }

  // Phases in which the change is clear, as bars below; catch and finish as marks.
  clear(context, curve, colours, x) {
    const top = HIGH - BOTTOM - 1, borders = this.data.borders_percent, phases = this.data.phases;
    const spans = phases.filter((phase) => phase.id !== "catch" && phase.id !== "finish").map((phase) => phase.id);
    context.fillStyle = this.data.sides[1].colour;
    for (const id of curve.clear) {
      const at = spans.indexOf(id);
      if (at >= 0) context.fillRect(x(borders[at]) + 1, top, x(borders[at + 1]) - x(borders[at]) - 2, 4);
      else context.fillRect(x(phases.find((phase) => phase.id === id).percent) - 2, top - 3, 4, 9);
    }
  }

  side(context, side, which, x, y) {
    const { colour } = this.data.sides[which];
    context.lineJoin = "round";
    context.globalAlpha = 0.22;
    for (const line of side.lines) stroked(context, line.values, x, y, colour, 1);
    context.globalAlpha = 1;
    const own = side.lines.find((line) => line.stroke === this.numbers[which]);
    if (own && side.lines.length > 1) stroked(context, own.values, x, y, colour, 1.5);
    context.setLineDash(which ? [] : DASH);
    stroked(context, side.mean, x, y, colour, 3.5);
    context.setLineDash([]);
  }

  // Called for every frame; drawn anew only where other strokes are on screen.
  show(percent, numbers) {
    if (numbers.some((number, side) => number !== this.numbers[side])) {
      this.numbers = [...numbers];
      this.draw();
    }
    for (const { curve, cursor, dots, value, box } of this.charts) {
      const x = LEFT + percent / 100 * (box.clientWidth - LEFT - RIGHT), [low, high] = curve.room || [0, 1];
      cursor.style.transform = `translateX(${x}px)`;
      dots.forEach((dot, side) => {
        const mean = at(curve.sides[side].mean, percent);
        dot.hidden = mean === null;
        if (mean !== null) dot.style.transform = `translate(${x}px, ${TOP + (high - mean) / (high - low) * (HIGH - TOP - BOTTOM)}px)`;
      });
      value.textContent = here(curve, percent);
    }
  }
}

const at = (mean, percent) => mean[Math.round(percent / 100 * (mean.length - 1))];

// Both means where the films are, in words.
export function here(curve, percent) {
  const [first, second] = curve.sides.map((side) => at(side.mean, percent));
  if (first === null || second === null) return t("compare.here_unknown");
  const away = Math.round((second - first) * ROUND) / ROUND;
  const said = { first: written(first), second: written(second), difference: `${number(away, 1, true)}°` };
  return curve.detectable_deg === null ? t("compare.here", said) : t("compare.here_limit", { ...said, limit: written(curve.detectable_deg) });
}

const written = (value) => `${number(value, 1)}°`;
