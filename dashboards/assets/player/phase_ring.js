// The panel of a small film: the stroke as a ring that begins with the catch at the top, its number in the middle, the phase
// beside it. In CSS pixels, since a hand holds the film at one distance whatever its size.

import { titleOf } from "./phase_panel.js";

const MARGIN = 12, PAD = 6, RADIUS = 15, THICK = 6, HAND = 4.5, WORDS_PX = 13, NUMBER_PX = 12;
const HIGH = 2 * (RADIUS + THICK / 2 + PAD);
const TOP = -Math.PI / 2;

export function ring(view, moment) {
  const { context, look } = view, title = titleOf(moment);
  context.font = `600 ${WORDS_PX}px ${look.font}`;
  const wide = HIGH + context.measureText(title).width + 2 * PAD;
  const left = view.scene.behind > 0 ? MARGIN : view.width - MARGIN - wide;
  view.taken.push([left, MARGIN, left + wide, MARGIN + HIGH]);
  context.globalAlpha = 0.78;
  context.fillStyle = look.ink;
  context.beginPath();
  context.roundRect(left, MARGIN, wide, HIGH, HIGH / 2);
  context.fill();
  context.globalAlpha = 1;
  write(context, title, left + HIGH, WORDS_PX, look, "left");
  const centre = [left + HIGH / 2, MARGIN + HIGH / 2];
  if (!moment.stroke) return arc(context, centre, 0, 2 * Math.PI, look.unseen);
  for (const [from, to, colour] of arcs(moment.stroke, look.phases)) arc(context, centre, from, to, colour);
  hand(context, centre, turned(moment.stroke, moment.time_s), look);
  return write(context, `${moment.number + 1}`, centre[0], NUMBER_PX, look, "center");
}

// Where in the ring a time is, radians clockwise from the top.
export function turned(stroke, time_s) {
  const start = stroke.borders_s[0];
  return Math.max(0, Math.min(1, (time_s - start) / (stroke.end_s - start))) * 2 * Math.PI;
}

// One arc for each phase: from, to, colour.
export function arcs(stroke, phases) {
  const ends = stroke.borders_s.map((time_s) => turned(stroke, time_s));
  return phases.map(([, , colour], i) => [ends[i], ends[i + 1], colour]).filter(([from, to]) => to > from);
}

function arc(context, centre, from, to, colour) {
  context.lineCap = "butt";
  context.lineWidth = THICK;
  context.strokeStyle = colour;
  context.beginPath();
  context.arc(...centre, RADIUS, TOP + from, TOP + to);
  context.stroke();
  context.lineCap = "round";
}

function hand(context, [x, y], angle, look) {
  context.beginPath();
  context.arc(x + RADIUS * Math.cos(TOP + angle), y + RADIUS * Math.sin(TOP + angle), HAND, 0, 2 * Math.PI);
  context.fillStyle = look.paper;
  context.strokeStyle = look.ink;
  context.lineWidth = 2;
  context.fill();
  context.stroke();
}

function write(context, text, left, size, look, align) {
  context.font = `600 ${size}px ${look.font}`;
  context.textAlign = align;
  context.textBaseline = "middle";
  context.fillStyle = look.paper;
  context.fillText(text, left, MARGIN + HIGH / 2 + 0.5);
  context.textAlign = "left";
}
