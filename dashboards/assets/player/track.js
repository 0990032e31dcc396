// The session's own track, fetched in windows. Rows count from 0; times are session seconds; NaN = not measured.

import { t } from "../server/texts.js";

const VERSION = 1;
const BACK_POINTS = 64;
const TENTHS = 10;
// Presentation times are multiples of 1/90000 s or coarser; half a millisecond is rounding and never another frame.
const ROUNDING_S = 0.0005;
const KEPT_WINDOWS = 64;
// So long an answer may take to begin: a line that is dead without saying so never ends by itself.
const PATIENCE_MS = 60_000;

export async function fetched(address) {
  const line = new AbortController(), timer = setTimeout(() => line.abort(), PATIENCE_MS);
  let answer;
  try {
    answer = await fetch(address, { signal: line.signal });
  } catch (error) {
    throw new Error(t("player.trouble.no_answer"));
  } finally {
    clearTimeout(timer);
  }
  if (!answer.ok) throw new Error((await answer.text()).replace(/<[^>]*>/g, " ").trim() || t("player.trouble.answer", { status: answer.status }));
  return answer;
}

// Index of the last value at or before `wanted`; -1 where all are later.
export function lastAtOrBefore(values, wanted, of = (v) => v) {
  let low = 0, high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (of(values[middle]) <= wanted) low = middle + 1; else high = middle;
  }
  return low - 1;
}

export function decoded(buffer, scene) {
  const [version, rows] = new Uint32Array(buffer, 0, 2);
  if (version !== VERSION) throw new Error(t("player.trouble.older"));
  let at = 8;
  const take = (Kind, count) => {
    const view = new Kind(buffer, at, count);
    at += view.byteLength;
    return view;
  };
  return {
    rows, time_s: take(Float64Array, rows), frame: take(Int32Array, rows),
    joints: take(Int16Array, rows * scene.joints.length * 2), back: take(Int16Array, rows * BACK_POINTS * 2),
    angles: take(Int16Array, rows * scene.angles.length), seen: take(Uint8Array, rows * BACK_POINTS / 8),
  };
}

export class Track {
  constructor(scene, address) {
    this.scene = scene;
    this.address = address;
    this.windows = new Map();
    this.coming = new Map();
  }

  windowOf(row) { return Math.floor(row / this.scene.rows_per_window); }

  has(row) { return this.windows.has(this.windowOf(row)); }

  // The window with a number; every caller of one that is on its way gets the same promise.
  load(number) {
    if (this.windows.has(number)) return Promise.resolve(this.windows.get(number));
    if (!this.coming.has(number)) {
      const coming = fetched(`${this.address}/window/${number}`).then((answer) => answer.arrayBuffer())
        .then((buffer) => this.keep(number, decoded(buffer, this.scene)))
        .finally(() => this.coming.delete(number));
      this.coming.set(number, coming);
    }
    return this.coming.get(number);
  }

  keep(number, window) {
    this.windows.set(number, window);
    if (this.windows.size > KEPT_WINDOWS) this.windows.delete(this.windows.keys().next().value);
    return window;
  }

  // Fetches what a film that goes on from `row` needs soon.
  ahead(row) {
    const number = this.windowOf(row + Math.round(this.scene.rows_per_window / 3));
    if (number * this.scene.rows_per_window < this.scene.rows) this.load(number).catch(() => {});
  }

  windowAt(time_s) { return Math.max(0, lastAtOrBefore(this.scene.window_start_s, time_s + ROUNDING_S)); }

  // The frame on screen at a time; null while its window is not there.
  rowAt(time_s) {
    const number = this.windowAt(time_s);
    const window = this.windows.get(number);
    if (!window) return null;
    return number * this.scene.rows_per_window + Math.max(0, lastAtOrBefore(window.time_s, time_s + ROUNDING_S));
  }

  // Presentation time of a row whose window is there (or of the first row of any window).
  time(row) {
    const per = this.scene.rows_per_window, number = this.windowOf(row);
    return row % per === 0 ? this.scene.window_start_s[number] : this.windows.get(number).time_s[row % per];
  }

  // In the middle between a frame's time and the next one's: no rounding in the browser lands beside it.
  middle(row) {
    const here = this.time(row);
    if (row + 1 < this.scene.rows) return (here + this.time(row + 1)) / 2;
    const step = row > 0 && this.has(row - 1) ? here - this.time(row - 1) : 0;
    return here + step / 2;
  }

  // What is known of one row; null while its window is not there.
  at(row) {
    const window = this.windows.get(this.windowOf(row));
    if (!window) return null;
    return new Row(window, row % this.scene.rows_per_window, this.scene);
  }
}

class Row {
  constructor(window, index, scene) {
    this.window = window;
    this.index = index;
    this.scene = scene;
    this.time_s = window.time_s[index];
    this.frame = window.frame[index];
  }

  joint(name) { return this.point(this.window.joints, this.index * this.scene.joints.length + this.scene.joints.indexOf(name)); }

  back(point) { return this.point(this.window.back, this.index * BACK_POINTS + point); }

  seen(point) { return (this.window.seen[this.index * (BACK_POINTS / 8) + (point >> 3)] >> (point & 7)) & 1; }

  angle(name) {
    const place = this.scene.angles.indexOf(name);
    const value = place < 0 ? this.scene.missing : this.window.angles[this.index * this.scene.angles.length + place];
    return value === this.scene.missing ? NaN : value / TENTHS;
  }

  point(values, place) {
    const x = values[2 * place], y = values[2 * place + 1], missing = this.scene.missing;
    return x === missing || y === missing ? null : [x / this.scene.units_per_px, y / this.scene.units_per_px];
  }
}

export { BACK_POINTS };
