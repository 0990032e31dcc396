// The body of the other side over this film: hip on hip, trunk at one length, turned the same way.

import { sized } from "../player/dom.js";
import { BACK_POINTS } from "../player/track.js";

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
const HEAD = 0.17, BACK = 0.05, EDGE_PX = 3, VEIL = 0.6;
const sheet = document.createElement("canvas");

// own, other: { scene, row, trunk_px }; rows as of the track. Goes below what is drawn already.
export function paintGhost(context, width, height, own, other, colour) {
  const hip = own.row.joint("hip"), from = other.row.joint("hip");
  if (!hip || !from || !own.trunk_px || !other.trunk_px) return;
  const scale = width / own.scene.size_px[0], size = own.trunk_px / other.trunk_px, trunk = own.trunk_px * scale;
  const turn = own.scene.behind === other.scene.behind ? 1 : -1;
  const placed = (p) => p && [(hip[0] + turn * size * (p[0] - from[0])) * scale, (hip[1] + size * (p[1] - from[1])) * scale];
  const joint = (name) => placed(other.row.joint(name));
  const limbs = LIMBS.map(([a, b, thick]) => [[joint(a), joint(b)], thick * trunk]);
  const back = Array.from({ length: BACK_POINTS }, (_, i) => other.row.seen(i) ? placed(other.row.back(i)) : null);
  const veil = sized(sheet, width, height);
  veil.lineCap = veil.lineJoin = "round";
  for (const [ink, more] of [[own.scene.look.paper, 2 * EDGE_PX], [colour, 0]]) {
    for (const [ends, thick] of limbs) line(veil, ends, thick + more, ink);
    disc(veil, joint("ear"), HEAD * trunk + more / 2, ink);
    line(veil, back, BACK * trunk + more, ink);
  }
  context.save();
  context.globalAlpha = VEIL;
  context.globalCompositeOperation = "destination-over";
  context.drawImage(sheet, 0, 0, width, height);
  context.restore();
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
