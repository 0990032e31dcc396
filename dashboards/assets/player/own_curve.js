// The curve of one stroke out of the track: an hour has two thousand of them, and a page is sent forty.

import { timeOf } from "./moment.js";

// Loads what the stroke needs; true once all of it is there.
export async function strokeReady(track, stroke) {
  const first = track.windowAt(stroke.borders_s[0]), last = track.windowAt(stroke.end_s);
  const wanted = Array.from({ length: last - first + 1 }, (_, number) => track.load(first + number));
  await Promise.all(wanted);
}

// One value for each point from catch to next catch, between frames on a straight line; null = not measured.
export function strokeCurve(track, stroke, curve, points) {
  return Array.from({ length: points + 1 }, (_, point) => angleAt(track, timeOf(stroke, point / points * 100, curve.finish_percent), curve.quantity));
}

function angleAt(track, time_s, quantity) {
  const row = track.rowAt(time_s);
  const before = row === null ? null : track.at(row);
  if (!before) return null;
  const after = row + 1 < track.scene.rows ? track.at(row + 1) : null;
  const share = after ? Math.min(1, Math.max(0, (time_s - before.time_s) / (after.time_s - before.time_s))) : 0;
  const value = share === 0 ? before.angle(quantity) : before.angle(quantity) * (1 - share) + after.angle(quantity) * share;
  return Number.isFinite(value) ? value : null;
}
