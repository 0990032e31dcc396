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
const MOST_TRIES = 8;
// One try goes at most so many frames beside: what was told may be a frame of before, and no miss at all.
const MOST_BESIDE = 2;
// Every try goes less far beside, so that two that miss on both sides come together.
const SHRINKS = 0.7;

export class Aim {
  // on: { film, track, row }, what is on screen.
  constructor(on) {
    this.on = on;
    this.target = null;
  }

  // Wants this row; its window is there. isOnItsWay: the film was sent there before.
  at(row, isOnItsWay = false) {
    Object.assign(this, { target: row, beside_s: 0, tries: 0 });
    if (!isOnItsWay) this.on.film.show(this.on.track.middle(row));
    else if (!this.on.film.seeking) this.landed();
  }

  forget() { this.target = null; }

  // A seek has ended.
  landed() {
    this.isTold = false;
    this.wait(PATIENCE);
  }

  // A frame is on screen.
  told() { this.isTold = true; }

  wait(times) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => (this.isTold || times === 0 ? this.mend() : this.wait(times - 1)), TOLD_MS);
  }

  mend() {
    const { film, track, row } = this.on, { target } = this;
    if (target === null || row === target || row < 0 || !film.paused || film.seeking || this.tries >= MOST_TRIES) return;
    if (Math.abs(row - target) > NEIGHBOURS || !track.has(row) || !track.has(target)) return;
    const near = target + Math.max(-MOST_BESIDE, Math.min(MOST_BESIDE, row - target));
    this.beside_s += (track.time(target) - track.time(track.has(near) ? near : row)) * SHRINKS ** this.tries;
    this.tries += 1;
    film.show(track.middle(target) + this.beside_s);
  }
}
