// One frame's drawing above the film, as on the overlay video: sizes in units of a picture 1080 pixels high.

import { backColours, positionOn, signed } from "./colours.js";
import { BACK_POINTS } from "./track.js";

// Below this a unit no longer shrinks, or nobody could read the labels.
const LEAST_UNIT = 0.46;
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif";
// The phase panel is wider than a phone leaves room for; there the words under the film say it.
const PANEL_FROM_PX = 520;

// scene, canvas context, and the size of the film on screen in CSS pixels.
export function paint(scene, context, width, height, row, moment, layers) {
  context.clearRect(0, 0, width, height);
  if (!row) return;
  const view = { context, width, height, look: scene.look, scale: width / scene.size_px[0], unit: Math.max(height / 1080, LEAST_UNIT), taken: [], scene };
  context.lineCap = "round";
  context.lineJoin = "round";
  if (layers.faults && moment.faults.length) border(view);
  if (layers.joints) limbs(view, row);
  if (layers.back) backLine(view, row);
  if (layers.phase && width >= PANEL_FROM_PX) panel(view, moment);
  if (layers.faults) faultTags(view, row, moment.faults);
  if (layers.angles) angleLabels(view, row);
}

const onScreen = (view, point) => point && [point[0] * view.scale, point[1] * view.scale];

function line(view, a, b, colour, units) {
  if (!a || !b) return;
  const { context } = view;
  context.strokeStyle = colour;
  context.lineWidth = Math.max(1, units * view.unit);
  context.beginPath();
  context.moveTo(...a);
  context.lineTo(...b);
  context.stroke();
}

function disc(view, centre, units, fill, edge) {
  if (!centre) return;
  const { context } = view;
  context.beginPath();
  context.arc(...centre, Math.max(1.5, units * view.unit), 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.strokeStyle = edge;
  context.lineWidth = 1;
  context.fill();
  context.stroke();
}

function border(view) {
  const thick = Math.max(3, 14 * view.unit);
  view.context.strokeStyle = view.look.fault;
  view.context.lineWidth = thick;
  view.context.strokeRect(thick / 2, thick / 2, view.width - thick, view.height - thick);
}

function limbs(view, row) {
  const { look } = view;
  const ends = look.bones.map(([a, b]) => [onScreen(view, row.joint(a)), onScreen(view, row.joint(b))]);
  for (const [a, b] of ends) line(view, a, b, look.ink, 5);
  for (const [a, b] of ends) line(view, a, b, look.paper, 2);
  for (const name of look.discs) disc(view, onScreen(view, row.joint(name)), 6, look.paper, look.ink);
}

function backLine(view, row) {
  const { look, scene } = view;
  const place = (name, warm) => positionOn(row.angle(name), scene.middle_deg[name] ?? NaN, look.full_colour_deg, warm);
  const colours = backColours(place("pelvic_tilt_deg", false), place("lumbar_flexion_deg", true), BACK_POINTS, look);
  const points = Array.from({ length: BACK_POINTS }, (_, i) => onScreen(view, row.back(i)));
  const shown = (i) => row.seen(i) && row.seen(i + 1);
  for (let i = 0; i + 1 < BACK_POINTS; i++) if (!shown(i) && i % 4 < 2) line(view, points[i], points[i + 1], look.unseen, 5);
  for (let i = 0; i + 1 < BACK_POINTS; i++) if (shown(i)) line(view, points[i], points[i + 1], look.ink, 13);
  for (let i = 0; i + 1 < BACK_POINTS; i++) if (shown(i)) line(view, points[i], points[i + 1], colours[i], 9);
}

function panel(view, moment) {
  const { context, look } = view;
  const pad = 20 * view.unit, high = 138 * view.unit, margin = 28 * view.unit;
  context.font = `600 ${40 * view.unit}px ${FONT}`;
  const title = moment.phase ? moment.phase[0].toUpperCase() + moment.phase.slice(1) : "Between strokes";
  const titleWide = context.measureText(title).width;
  const detail = moment.stroke ? `stroke ${moment.number + 1} of ${view.scene.strokes.length}  ·  ${moment.stroke.rate_spm.toFixed(1)} per minute` : "not part of a whole stroke";
  context.font = `${25 * view.unit}px ${FONT}`;
  const wide = Math.max(400 * view.unit, titleWide, context.measureText(detail).width) + 2 * pad;
  const left = view.scene.behind > 0 ? margin : view.width - margin - wide;
  ground(view, left, margin, wide, high, look.ink, 0.78);
  view.taken.push([left, margin, left + wide, margin + high]);
  words(view, title, left + pad, margin + 34 * view.unit, 40, look.paper, 600);
  words(view, detail, left + pad, margin + 78 * view.unit, 25, "#d6e4ea");
  if (moment.stroke) progress(view, moment, left + pad, margin + 106 * view.unit, wide - 2 * pad, 12 * view.unit);
}

function progress(view, moment, left, top, wide, high) {
  const borders = moment.stroke.borders_s, start = borders[0], length = moment.stroke.end_s - start;
  const at = (time_s) => left + Math.max(0, Math.min(1, (time_s - start) / length)) * wide;
  view.look.phases.forEach(([, , colour], i) => {
    view.context.fillStyle = colour;
    view.context.fillRect(at(borders[i]), top, at(borders[i + 1]) - at(borders[i]), high);
  });
  view.context.fillStyle = view.look.paper;
  view.context.fillRect(at(moment.time_s) - 2, top - 3, 4, high + 6);
}

function faultTags(view, row, faults) {
  for (const fault of faults) {
    const point = typeof fault.place === "string" ? row.joint(fault.place) : row.back(Math.round(fault.place * (BACK_POINTS - 1))) || row.joint("hip");
    const anchor = onScreen(view, point);
    const away = view.scene.behind * -1, high = typeof fault.place === "string" && fault.place !== "hip";
    const places = high ? [[60, -120], [220, -150], [300, -40], [0, -200], [300, 60], [0, 150]] : [[0, 150], [-60, 200], [80, 250], [0, 310], [-230, 60], [300, 230]];
    label(view, anchor, fault.name, places.map(([x, y]) => [x * away, y]), { size: 34, ink: "#fff", ground: view.look.fault, opacity: 1, weight: 600 });
    disc(view, anchor, 8, view.look.fault, view.look.paper);
  }
}

function angleLabels(view, row) {
  const { look, scene } = view;
  for (const [word, name, share] of look.back_labels) {
    const value = row.angle(name);
    if (!Number.isFinite(value)) continue;
    const anchor = onScreen(view, row.back(Math.round(share * (BACK_POINTS - 1))));
    label(view, anchor, `${word} ${signed(value)}`, [0, -44, 44, -88, 88].map((y) => [scene.behind * 135, y]), { size: 25, ink: look.paper, ground: look.ink, opacity: 0.78 });
  }
  for (const [joint, y] of [["knee", -48], ["elbow", 48]]) {
    const value = row.angle(`${joint}_deg`);
    if (Number.isFinite(value)) label(view, onScreen(view, row.joint(joint)), `${Math.round(value)}°`, [[0, y], [-scene.behind * 70, y], [0, -y], [0, 2 * y]], { size: 21, ink: look.paper, ground: look.ink, opacity: 0.66 });
  }
}

// The first place that hides no other label; the last one where all do.
function label(view, anchor, text, places, style) {
  if (!anchor) return;
  const { context, unit } = view, pad = style.size * 0.4 * unit;
  context.font = `${style.weight || 400} ${style.size * unit}px ${FONT}`;
  const wide = context.measureText(text).width + 2 * pad, high = style.size * 1.25 * unit + pad, edge = 22 * unit;
  const boxes = places.map(([x, y]) => {
    const left = Math.max(edge, Math.min(view.width - edge - wide, anchor[0] + x * unit - wide / 2));
    const top = Math.max(edge, Math.min(view.height - edge - high, anchor[1] + y * unit - high / 2));
    return [left, top, left + wide, top + high];
  });
  const free = (box) => view.taken.every((t) => box[0] >= t[2] || t[0] >= box[2] || box[1] >= t[3] || t[1] >= box[3]);
  const box = boxes.find(free) || boxes[boxes.length - 1];
  view.taken.push(box);
  const nearest = [Math.max(box[0], Math.min(box[2], anchor[0])), Math.max(box[1], Math.min(box[3], anchor[1]))];
  line(view, anchor, nearest, style.ground, 3);
  ground(view, box[0], box[1], wide, high, style.ground, style.opacity);
  words(view, text, box[0] + pad, (box[1] + box[3]) / 2, style.size, style.ink, style.weight);
}

function ground(view, left, top, wide, high, colour, opacity) {
  const { context } = view;
  context.globalAlpha = opacity;
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(left, top, wide, high, 8 * view.unit);
  context.fill();
  context.globalAlpha = 1;
}

function words(view, text, left, middle, units, colour, weight = 400) {
  const { context } = view;
  context.font = `${weight} ${units * view.unit}px ${FONT}`;
  context.textBaseline = "middle";
  context.fillStyle = colour;
  context.fillText(text, left, middle);
}
