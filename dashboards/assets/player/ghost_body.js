// The body of another frame over this film: hip on hip, trunk at one length, turned the same way.

import { sized } from "./dom.js";
import { BACK_POINTS } from "./track.js";

// Whether a ghost is drawn is remembered for all pages together.
const KEPT = "rowsense-ghost";
export const ghostKept = () => localStorage.getItem(KEPT) === "on";
export const keepGhost = (on) => localStorage.setItem(KEPT, on ? "on" : "off");

// Median distance from hip to shoulder in a window of the track, picture pixels; null where neither was seen.
export function middleTrunk(window, scene) {
  const place = (name) => scene.joints.indexOf(name), found = [];
  const at = (row, joint, axis) => window.joints[2 * (row * scene.joints.length + place(joint)) + axis];
  for (let row = 0; row < window.rows; row++) {
    const all = [at(row, "hip", 0), at(row, "hip", 1), at(row, "shoulder", 0), at(row, "shoulder", 1)];
    if (!all.includes(scene.missing)) found.push(Math.hypot(all[0] - all[2], all[1] - all[3]) / scene.units_per_px);
  }
  found.sort((a, b) => a - b);
  return found.length ? found[found.length >> 1] : null;
}

// Limbs and how thick they are drawn, trunk lengths: enough to look like a body, no measurement.
const LIMBS = [["hip", "knee", 0.2], ["knee", "ankle", 0.14], ["ankle", "foot_index", 0.1], ["shoulder", "hip", 0.18], ["shoulder", "elbow", 0.12], ["elbow", "wrist", 0.09]];
const HEAD = 0.17, BACK = 0.05, EDGE_PX = 3, VEIL = 0.6, LINE_PX = 3;
const sheet = document.createElement("canvas");

// own, other: { scene, row, trunk_px }; rows as of the track. Goes below what is drawn already. As a body it covers
// what is behind it like a veil; as an outline it leaves the film to be seen.
export function paintGhost(context, width, height, own, other, colour, asOutline = false) {
  const body = placedBody(width, own, other);
  if (!body) return;
  const veil = sized(sheet, width, height);
  veil.lineCap = veil.lineJoin = "round";
  const { paper } = own.scene.look;
  if (asOutline) {
    silhouette(veil, body, paper, 2 * (LINE_PX + 1));
    silhouette(veil, body, colour, 2 * LINE_PX);
    veil.globalCompositeOperation = "destination-out";
    silhouette(veil, body, colour, 0);
    veil.globalCompositeOperation = "source-over";
    line(veil, body.back, body.backThick + 2, paper);
    line(veil, body.back, body.backThick, colour);
  } else {
    for (const [ink, more] of [[paper, 2 * EDGE_PX], [colour, 0]]) {
      silhouette(veil, body, ink, more);
      line(veil, body.back, body.backThick + more, ink);
    }
  }
  context.save();
  context.globalAlpha = asOutline ? 1 : VEIL;
  context.globalCompositeOperation = "destination-over";
  context.drawImage(sheet, 0, 0, width, height);
  context.restore();
}

// Limbs, head and back line of the other body where they go on this film; null where a hip is not known.
function placedBody(width, own, other) {
  const hip = own.row.joint("hip"), from = other.row.joint("hip");
  if (!hip || !from || !own.trunk_px || !other.trunk_px) return null;
  const scale = width / own.scene.size_px[0], size = own.trunk_px / other.trunk_px, trunk = own.trunk_px * scale;
  const turn = own.scene.behind === other.scene.behind ? 1 : -1;
  const placed = (p) => p && [(hip[0] + turn * size * (p[0] - from[0])) * scale, (hip[1] + size * (p[1] - from[1])) * scale];
  const joint = (name) => placed(other.row.joint(name));
  return {
    limbs: LIMBS.map(([a, b, thick]) => [[joint(a), joint(b)], thick * trunk]),
    head: joint("ear"), headRadius: HEAD * trunk,
    back: Array.from({ length: BACK_POINTS }, (_, i) => other.row.seen(i) ? placed(other.row.back(i)) : null), backThick: BACK * trunk,
  };
}

function silhouette(context, body, ink, more) {
  for (const [ends, thick] of body.limbs) line(context, ends, thick + more, ink);
  disc(context, body.head, body.headRadius + more / 2, ink);
}

function line(context, points, thick, ink) {
  context.strokeStyle = ink;
  context.lineWidth = thick;
  context.beginPath();
  let open = false;
  for (const point of points) {
    if (point && open) context.lineTo(...point); else if (point) context.moveTo(...point);
    open = Boolean(point);
  }
  context.stroke();
}

function disc(context, centre, radius, ink) {
  if (!centre) return;
  context.fillStyle = ink;
  context.beginPath();
  context.arc(...centre, radius, 0, 2 * Math.PI);
  context.fill();
}
