// Two strokes at one place of the stroke: catch with catch, finish with finish, drive and recovery stretched apart.
// Strokes are those of the player's scene, times session seconds, places per cent of the stroke.

import { percentOf, timeOf } from "../player/moment.js";

// Closer than this to the right place the film just runs.
const NEAR_S = 0.02;
// Further off than this it is put there; what is between is caught up with within about this time.
export const FAR_S = 0.5;
// The film that follows runs faster or slower by this share at most while it catches up.
const MOST_SHARE = 0.4;
// A stroke that begins within this time after another one follows it without a cut.
const CUT_S = 0.05;
const BEFORE_END = 99.99;

// Where the second film has to be when the first one is at a time.
export function meets(first, second, time_s, finish) {
  return timeOf(second, inside(percentOf(first, time_s, finish)), finish);
}

export const inside = (percent) => Math.max(0, Math.min(BEFORE_END, percent));

// How much faster than the first film the second one goes, in the drive or in the recovery that the first one is in.
export function pace(first, second, time_s) {
  const drive = time_s < first.finish_s;
  const long = (stroke) => drive ? stroke.finish_s - stroke.borders_s[0] : stroke.end_s - stroke.finish_s;
  return long(second) / long(first);
}

// Speed for a film that is `late_s` behind its place (negative: ahead of it).
export function caughtUp(speed, late_s) {
  if (Math.abs(late_s) < NEAR_S) return speed;
  return speed * (1 + Math.max(-MOST_SHARE, Math.min(MOST_SHARE, late_s / FAR_S)));
}

// Which strokes of two lists stand together: both go on by one, the shorter list begins again.
export function paired(lengths, start, number) {
  return lengths.map((length, side) => (((start[side] + number) % length) + length) % length);
}

export const pairCount = (lengths) => Math.max(...lengths);

export const follows = (before, after) => Math.abs(after.borders_s[0] - before.end_s) < CUT_S;

// The next or previous place where a phase of the stroke begins; null: there is none in this stroke.
export function phaseStop(stroke, percent, by, finish) {
  const stops = stroke.borders_s.slice(0, -1).map((time_s) => percentOf(stroke, time_s, finish));
  const found = by > 0 ? stops.find((stop) => stop > percent + 0.01) : stops.reverse().find((stop) => stop < percent - 0.01);
  return found ?? null;
}
