// One frame's drawing above the film, as on the overlay video: sizes in units of a picture 1080 pixels high.

import { backColours, positionOn, signed } from "./colours.js";
import { ground, panel, words } from "./phase_panel.js";
import { ring } from "./phase_ring.js";
import { BACK_POINTS } from "./track.js";

// Below this a unit no longer shrinks, or nobody could read the labels.
const LEAST_UNIT = 0.46;
// Points of the rower that a label may hide before it leaves its place.
const STAY = 6;
// Where a fault's name may stand, units from its anchor (x towards the flywheel), best first.
const LOW = [[0, 150], [-60, 200], [80, 250], [0, 310], [-230, 60], [-230, 120], [300, 230], [0, -150], [-230, -60], [260, -150]];
const HIGH = [[60, -120], [220, -150], [300, -40], [0, -200], [300, 60], [440, 90], [400, -200], [0, -290], ...LOW];
// The phase panel is wider than a phone leaves room for; there a ring says it, in CSS pixels.
const PANEL_FROM_PX = 520;

// Width and height are those of the film on screen in CSS pixels; `kept` carries the places of labels between frames.
export function paint(scene, context, width, height, row, moment, layers, kept) {
  context.clearRect(0, 0, width, height);
  if (!row) return;
  const view = { context, width, height, look: scene.look, scale: width / scene.size_px[0], unit: Math.max(height / 1080, LEAST_UNIT), taken: [], kept, scene };
  view.body = layers.faults || layers.angles ? bodyPoints(view, row) : [];
  context.lineCap = "round";
  context.lineJoin = "round";
  if (layers.faults && moment.faults.length) border(view);
  if (layers.joints) limbs(view, row);
  if (layers.back) backLine(view, row);
  if (layers.phase) (width >= PANEL_FROM_PX ? panel : ring)(view, moment);
  if (layers.angles) angleLabels(view, row);
  if (layers.faults) faultTags(view, row, moment.faults);
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

function faultTags(view, row, faults) {
  for (const fault of faults) {
    const point = typeof fault.place === "string" ? row.joint(fault.place) : row.back(Math.round(fault.place * (BACK_POINTS - 1))) || row.joint("hip");
    const anchor = onScreen(view, point);
    const away = view.scene.behind * -1, high = typeof fault.place === "string" && fault.place !== "hip";
    label(view, fault.id, anchor, fault.name, (high ? HIGH : LOW).map(([x, y]) => [x * away, y]), { size: 34, ink: view.look.paper, ground: view.look.fault, opacity: 1, weight: 600 });
    disc(view, anchor, 8, view.look.fault, view.look.paper);
  }
}

function angleLabels(view, row) {
  const { look, scene } = view;
  for (const [word, name, share] of look.back_labels) {
    const value = row.angle(name);
    if (!Number.isFinite(value)) continue;
    const anchor = onScreen(view, row.back(Math.round(share * (BACK_POINTS - 1))));
    label(view, name, anchor, `${word} ${signed(value)}`, [0, -44, 44, -88, 88].map((y) => [scene.behind * 135, y]), { size: 25, ink: look.paper, ground: look.ink, opacity: 0.78 });
  }
  for (const [joint, y] of [["knee", -48], ["elbow", 48]]) {
    const value = row.angle(`${joint}_deg`);
    if (Number.isFinite(value)) label(view, joint, onScreen(view, row.joint(joint)), `${Math.round(value)}°`, [[0, y], [-scene.behind * 60, y * 0.8], [-scene.behind * 90, 0], [0, -y], [0, 2 * y]], { size: 21, ink: look.paper, ground: look.ink, opacity: 0.66 });
  }
}

// The place that hides least of the rower and no other label, the first of equals; the one it had in the frame before
// is given up only for one that is clearly better, so that labels do not flicker.
function label(view, key, anchor, text, places, style) {
  if (!anchor) return;
  const { context, unit, kept } = view, pad = style.size * 0.4 * unit;
  context.font = `${style.weight || 400} ${style.size * unit}px ${view.look.font}`;
  const wide = context.measureText(text).width + 2 * pad, high = style.size * 1.25 * unit + pad, edge = 22 * unit;
  const boxes = places.map(([x, y]) => {
    const left = Math.max(edge, Math.min(view.width - edge - wide, anchor[0] + x * unit - wide / 2));
    const top = Math.max(edge, Math.min(view.height - edge - high, anchor[1] + y * unit - high / 2));
    return [left, top, left + wide, top + high];
  });
  const costs = boxes.map((box, i) => hidden(view, box) - (kept.get(key) === i ? STAY : 0));
  const best = costs.indexOf(Math.min(...costs)), box = boxes[best];
  kept.set(key, best);
  view.taken.push(box);
  const nearest = [Math.max(box[0], Math.min(box[2], anchor[0])), Math.max(box[1], Math.min(box[3], anchor[1]))];
  line(view, anchor, nearest, style.ground, 3);
  ground(view, box[0], box[1], wide, high, style.ground, style.opacity);
  words(view, text, box[0] + pad, (box[1] + box[3]) / 2, style.size, style.ink, style.weight);
}

// Points of the rower under a box, and other labels many times over.
function hidden(view, [left, top, right, bottom]) {
  const points = view.body.filter(([x, y]) => x >= left && x < right && y >= top && y < bottom).length;
  return points + 1000 * view.taken.filter((t) => left < t[2] && t[0] < right && top < t[3] && t[1] < bottom).length;
}

// Points spread over the rower for labels to keep clear of: limbs, back, the trunk between, and the head around the ear.
function bodyPoints(view, row) {
  const joint = (name) => onScreen(view, row.joint(name)), points = [];
  const along = (a, b, steps) => { for (let i = 0; a && b && i <= steps; i++) points.push([a[0] + (b[0] - a[0]) * i / steps, a[1] + (b[1] - a[1]) * i / steps]); };
  for (const [a, b] of view.look.bones) along(joint(a), joint(b), 8);
  const hip = joint("hip"), shoulder = joint("shoulder"), ear = joint("ear");
  for (let i = 0; hip && shoulder && i < BACK_POINTS; i += 4) {
    const share = i / (BACK_POINTS - 1);
    along(onScreen(view, row.back(i)), [hip[0] + (shoulder[0] - hip[0]) * share, hip[1] + (shoulder[1] - hip[1]) * share], 3);
  }
  if (ear && shoulder) {
    const head = Math.hypot(ear[0] - shoulder[0], ear[1] - shoulder[1]);
    for (let i = 0; i < 16; i++) points.push([ear[0] + [0.45, 0.9][i % 2] * head * Math.cos(i / 8 * Math.PI), ear[1] + [0.45, 0.9][i % 2] * head * Math.sin(i / 8 * Math.PI)]);
  }
  return points;
}
