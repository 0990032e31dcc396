// A small recording that tests know by heart: two strokes of two seconds, ten frames a second, windows of sixteen rows.

import { BACK_POINTS, decoded } from "/assets/player/track.js";

export const MISSING = -32768;
const ROWS = 40, PER_WINDOW = 16;

const phases = ["catch", "early_drive", "slide"].map((id, i) => [id, `phase ${i}`, ["#112233", "#445566", "#778899"][i]]);
const stroke = (start, usable = true) => ({ row: start * 10, borders_s: [start, start + 0.2, start + 1, start + 2], finish_s: start + 0.8, end_s: start + 2, rate_spm: 30, usable, reason: usable ? "" : "too short" });
const fault = { id: "hips_tip_back", name: "Hips tip back", severity: 2, place: 0.1, spans: [[3, 6], [23, 25]], spans_s: [[0.3, 0.6], [2.3, 2.5]], moments: [[24, 1, 2.45], [4, 0, 0.45]] };

export const scene = () => ({
  rows: ROWS, rows_per_window: PER_WINDOW, window_start_s: [0, 1.6, 3.2], end_s: 4, size_px: [1920, 1080], units_per_px: 4, missing: MISSING,
  angles: ["pelvic_tilt_deg", "knee_deg"], joints: ["hip", "shoulder"], behind: -1, middle_deg: {}, best: 0,
  strokes: [stroke(0), stroke(2)], faults: [fault], curves: [], films: [],
  look: { phases, unseen: "#969696", note: "#ffd130", ink: "#182733", paper: "#ffffff", font: "sans-serif" },
});

// The bytes of a window as the server sends them: frame numbers are twice the rows; what of(row) leaves out is missing.
export function bytes(number, of) {
  const first = number * PER_WINDOW, rows = Math.min(PER_WINDOW, ROWS - first);
  const all = Array.from({ length: rows }, (_, i) => ({ hip: null, shoulder: null, tilt: null, knee: null, ...of(first + i) }));
  const point = (p) => p ?? [MISSING, MISSING];
  return joined([
    new Uint32Array([1, rows]), new Float64Array(all.map((_, i) => (first + i) / 10)), new Int32Array(all.map((_, i) => 2 * (first + i))),
    new Int16Array(all.flatMap((row) => [...point(row.hip), ...point(row.shoulder)])),
    new Int16Array(all.flatMap(() => Array.from({ length: BACK_POINTS }, (_, i) => [4 * i, 8 * i]).flat())),
    new Int16Array(all.flatMap((row) => [row.tilt ?? MISSING, row.knee ?? MISSING])),
    new Uint8Array(all.flatMap(() => [0b00000101, 0, 0, 0, 0, 0, 0, 0b10000000])),
  ]);
}

export const windowOf = (number, of = () => ({})) => decoded(bytes(number, of), scene());

function joined(arrays) {
  const whole = new Uint8Array(arrays.reduce((sum, one) => sum + one.byteLength, 0));
  let at = 0;
  for (const one of arrays) {
    whole.set(new Uint8Array(one.buffer), at);
    at += one.byteLength;
  }
  return whole.buffer;
}
