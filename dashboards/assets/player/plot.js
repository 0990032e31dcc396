// Curves by phase on canvases: places, axes, resizing and colours. What is drawn on them is said by who extends it.

import { drawnWidth, el, onScheme, pageColours, sized } from "./dom.js";
import { t } from "../server/texts.js";

export const HIGH = 220, LEFT = 44, RIGHT = 10, TOP = 10, BOTTOM = 26;
// Two of them stand beside each other on a sheet.
const PAPER_PX = 360;

// extends: paint(context, curve, colours, at) with at = { x: of a point, y: of a value, points: the last point },
// and clicked(percent, curve), whose percent may lie a little outside 0..100.
export class Plots {
  // place(quantity): where a curve is shown, or undefined. marks(): elements that move over the chart.
  constructor(curves, place, marks = () => []) {
    this.charts = curves.filter((curve) => place(curve.quantity)).map((curve) => this.chart(curve, place(curve.quantity), marks()));
    this.resized = new ResizeObserver(() => this.draw());
    this.charts.forEach((chart) => this.resized.observe(chart.box));
    this.unscheme = onScheme(() => this.draw());
  }

  stop() {
    this.resized.disconnect();
    this.unscheme();
  }

  chart(curve, place, marks) {
    const canvas = el("canvas", { "aria-hidden": "true" });
    const cursor = el("div", { class: "cursor" });
    const value = el("output", { class: "soft" });
    const box = el("div", { class: "curve" }, canvas, cursor, ...marks);
    place.replaceChildren(box, value);
    canvas.style.height = `${HIGH}px`;
    box.addEventListener("click", (event) => this.clicked((event.clientX - box.getBoundingClientRect().left - LEFT) / wide(box) * 100, curve));
    return { curve, canvas, cursor, marks, value, box };
  }

  draw() {
    const colours = pageColours();
    for (const { curve, canvas, box } of this.charts) {
      const width = drawnWidth(box, PAPER_PX);
      if (!width || !curve.room) continue;
      const context = sized(canvas, width, HIGH);
      const points = meanOf(curve).length - 1;
      const at = { points, x: (i) => LEFT + i / points * (width - LEFT - RIGHT), y: (v) => down(curve, v) };
      axes(context, curve, colours, width, at);
      this.paint(context, curve, colours, at);
    }
  }
}

const meanOf = (curve) => curve.mean ?? curve.sides[0].mean;
const wide = (box) => box.clientWidth - LEFT - RIGHT;

// From the left and from above, CSS pixels.
export const across = (box, percent) => LEFT + percent / 100 * wide(box);
export function down(curve, v) {
  const [low, high] = curve.room ?? [0, 1]; // none: nothing was measured
  return TOP + (high - v) / (high - low) * (HIGH - TOP - BOTTOM);
}

function axes(context, curve, colours, width, { points, x, y }) {
  const [low, high] = curve.room;
  const step = [2, 5, 10, 20, 30, 45, 60].find((s) => (high - low) / s <= 6) || 90;
  context.font = `12px ${colours.font}`;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (let v = Math.ceil(low / step) * step; v <= high; v += step) {
    context.fillStyle = colours.line;
    context.fillRect(LEFT, y(v), width - LEFT - RIGHT, 1);
    context.fillStyle = colours.soft;
    context.fillText(`${v}°`.replace("-", "−"), LEFT - 6, y(v));
  }
  const finish = curve.finish_percent / 100 * points;
  context.fillStyle = colours.soft;
  context.fillRect(x(finish), TOP, 1, HIGH - TOP - BOTTOM);
  for (const [words, at, align] of [["catch", 0, "left"], ["finish", finish, "center"], ["catch", points, "right"]]) {
    context.textAlign = align;
    context.fillText(t(`quantities.phase.${words}`), x(at), HIGH - BOTTOM / 2 + 2);
  }
}

// A line that is open where a value is missing.
export function stroked(context, values, { x, y }, colour, width) {
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

// The field around a mean; half(i): how far it reaches, null where that is not known.
export function field(context, mean, half, { x, y }, colour, alpha) {
  const known = mean.map((m, i) => [i, m, half(i)]).filter(([, m, far]) => m !== null && far !== null);
  if (!known.length) return;
  context.beginPath();
  for (const [i, m, far] of known) context.lineTo(x(i), y(m + far));
  for (const [i, m, far] of known.reverse()) context.lineTo(x(i), y(m - far));
  context.globalAlpha = alpha;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = 1;
}
