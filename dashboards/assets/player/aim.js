// Brings a film to the frame that was asked for, also where the browser misses it.
//
// A film with B-frames and uneven times says how long its frames last in the order in which they are stored, and browsers
// go by that: a seek to the middle of a frame may end at one before it. Which frame is on screen is told all the same, so
// the next seek aims as far beside.

// A frame that was seeked to is told of within this time; where a machine is busy, within a few times it. What is on screen
// before that is no miss.
const TOLD_MS = 40;
const PATIENCE = 12;
// Frames that are stored out of order are this near at most; whatever is further off is still on its way.
const NEIGHBOURS = 16;
const MOST_TRIES = 14;
// One try goes at most so many frames beside: what was told may be a frame of before, and no miss at all.
const MOST_BESIDE = 2;
// After so many tries all that was told is forgotten: the first of it may have been of frames of before.
const ANEW_AFTER = 7;

export class Aim {
  // on: { film, track, row }, what is on screen.
  constructor(on) {
    this.on = on;
    this.target = null;
    this.isIdle = true;
  }

  // Wants this row; its window is there. isOnItsWay: the film was sent there before.
  at(row, isOnItsWay = false) {
    Object.assign(this, { target: row, tries: 0 });
    this.begin();
    if (!isOnItsWay) this.on.film.show(this.aimed_s);
    else if (!this.on.film.seeking) this.landed();
  }

  // In the middle of the frame, with nothing known of what ends before it and what behind.
  begin() { Object.assign(this, { aimed_s: this.on.track.middle(this.target), before_s: null, behind_s: null }); }

  forget() { this.target = null; }

  // A seek has ended.
  landed() {
    this.isTold = false;
    this.wait(PATIENCE);
  }

  // A frame is on screen. Where nobody waited so long for it, it may be a miss all the same.
  told() {
    this.isTold = true;
    if (this.isIdle && this.target !== null) this.wait(0);
  }

  wait(times) {
    clearTimeout(this.waiting);
    this.isIdle = false;
    this.waiting = setTimeout(() => {
      if (!this.isTold && times > 0) return this.wait(times - 1);
      this.isIdle = true;
      return this.mend();
    }, TOLD_MS);
  }

  mend() {
    const { film, track, row } = this.on, { target } = this;
    if (target === null || row === target || row < 0 || !film.paused || film.seeking || this.tries >= MOST_TRIES) return;
    if (Math.abs(row - target) > NEIGHBOURS) {
      if (!this.isTold) this.beside();
      return;
    }
    if (!track.has(row) || !track.has(target)) return;
    this.tries += 1;
    if (this.tries === ANEW_AFTER) this.begin();
    else this.further(row, target, track);
    film.show(this.aimed_s);
  }

  // Now and then a browser tells nobody which frame a seek has brought, nor of another seek to where it stands already. So
  // it goes to the frame before or behind, which it tells of, and is brought on from there.
  beside() {
    const { film, track } = this.on, { target } = this;
    const rows = [-1, 1, -2, 2].map((by) => target + by).filter((row) => row >= 0 && row < track.scene.rows && track.has(row));
    if (!rows.length || document.hidden) return; // of a page that is out of sight nothing is told
    const row = rows[this.tries % rows.length];
    this.tries += 1;
    this.aimed_s = track.middle(row);
    film.show(this.aimed_s);
  }

  // Half-way between what ended before and what ended behind; as far beside as the miss was, while there is only one.
  further(row, target, track) {
    this[row < target ? "before_s" : "behind_s"] = this.aimed_s;
    const near = target + Math.max(-MOST_BESIDE, Math.min(MOST_BESIDE, row - target));
    if (this.before_s !== null && this.behind_s !== null) this.aimed_s = (this.before_s + this.behind_s) / 2;
    else this.aimed_s += track.time(target) - track.time(track.has(near) ? near : row);
  }
}
