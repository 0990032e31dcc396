// Marks on a frame: how they look, and how they are said. Points are upright source pixels.

import { t } from "../server/texts.js";

const ARROW_HEAD = 0.028;

export const TOOLS = ["arrow", "line", "angle", "free"].map((kind) => [kind, t(`notes.tool.${kind}`)]);
export const POINTS = { line: 2, arrow: 2, angle: 3 };

// Between the arms of an angle, 0..180.
export function degrees([a, corner, b]) {
  const direction = ([x, y]) => Math.atan2(y - corner[1], x - corner[0]) * 180 / Math.PI;
  const apart = ((direction(a) - direction(b)) % 360 + 360) % 360;
  return Math.min(apart, 360 - apart);
}

export function inWords(shapes) {
  return shapes.map((shape) => t(`notes.shape.${shape.kind}`, { degrees: shape.kind === "angle" ? Math.round(degrees(shape.points)) : "" })).join(", ");
}

// `scale`: CSS pixels per source pixel. Every mark has a dark edge, so that it shows on any picture.
export function paintShapes(context, shapes, scale, width, look) {
  const thin = Math.max(2.5, width / 260);
  context.save();
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const shape of shapes) {
    const points = shape.points.map(([x, y]) => [x * scale, y * scale]);
    for (const [colour, wide] of [[look.ink, thin * 2], [look.note, thin]]) {
      context.strokeStyle = colour;
      context.lineWidth = wide;
      trace(context, shape.kind, points, width);
      context.stroke();
    }
    if (shape.kind === "angle" && points.length === 3) angleLabel(context, shape, points, width, look);
  }
  context.restore();
}

// Where the next point goes, drawn by keyboard; or the first point of a mark that is not done.
export function paintCross(context, point, scale, look) {
  const [x, y] = point.map((v) => v * scale), arm = 12;
  context.save();
  for (const [colour, wide] of [[look.ink, 5], [look.note, 2]]) {
    context.strokeStyle = colour;
    context.lineWidth = wide;
    context.beginPath();
    for (const [dx, dy] of [[arm, 0], [0, arm]]) { context.moveTo(x - dx, y - dy); context.lineTo(x + dx, y + dy); }
    context.stroke();
  }
  context.restore();
}

function trace(context, kind, points, width) {
  context.beginPath();
  points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
  if (kind === "arrow" && points.length === 2) head(context, points, width);
  if (kind === "angle" && points.length === 3) arc(context, points);
}

function head(context, [[ax, ay], [bx, by]], width) {
  const along = Math.atan2(by - ay, bx - ax);
  const long = Math.min(Math.max(12, width * ARROW_HEAD), Math.hypot(bx - ax, by - ay) * 0.6);
  for (const turn of [2.6, -2.6]) {
    context.moveTo(bx, by);
    context.lineTo(bx + long * Math.cos(along + turn), by + long * Math.sin(along + turn));
  }
}

function arc(context, [a, corner, b]) {
  const from = Math.atan2(a[1] - corner[1], a[0] - corner[0]), to = Math.atan2(b[1] - corner[1], b[0] - corner[0]);
  const apart = ((to - from) % (2 * Math.PI) + 2 * Math.PI) % (2 * Math.PI);
  const arm = 0.35 * Math.min(Math.hypot(a[0] - corner[0], a[1] - corner[1]), Math.hypot(b[0] - corner[0], b[1] - corner[1]));
  context.moveTo(corner[0] + arm * Math.cos(from), corner[1] + arm * Math.sin(from));
  context.arc(...corner, arm, from, to, apart > Math.PI);
}

function angleLabel(context, shape, [a, corner, b], width, look) {
  const text = `${Math.round(degrees(shape.points))}°`, size = Math.max(15, width / 50);
  const unit = (p) => { const d = Math.hypot(p[0] - corner[0], p[1] - corner[1]) || 1; return [(p[0] - corner[0]) / d, (p[1] - corner[1]) / d]; };
  const [ua, ub] = [unit(a), unit(b)], long = Math.hypot(ua[0] + ub[0], ua[1] + ub[1]);
  // A straight angle has no inside: beside it then.
  const way = long > 0.05 ? [(ua[0] + ub[0]) / long, (ua[1] + ub[1]) / long] : [-ua[1], ua[0]];
  context.font = `600 ${size}px ${look.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const x = corner[0] + way[0] * size * 2.2, y = corner[1] + way[1] * size * 2.2;
  context.lineWidth = size / 4;
  context.strokeStyle = look.ink;
  context.strokeText(text, x, y);
  context.fillStyle = look.note;
  context.fillText(text, x, y);
}
