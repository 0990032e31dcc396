// Running both films as one: the first film leads, the second one is kept at the same place of the stroke.

import { FAR_S, caughtUp, follows, inside, meets, pace } from "./sync.js";
import { SPEEDS } from "../player/controls.js";
import { percentOf, timeOf } from "../player/moment.js";

// A rate that differs by less is left as it is: every change costs the browser something.
const SAME_RATE = 0.03;
// A film that was put to its place is left this long to get there.
const PUT_AGAIN_MS = 700;
// A film that stops this shortly before the end of the stroke has come to its own end.
const END_S = 0.2;
const AT_END_PERCENT = 99;

export class Running {
  // pair: the two screens, the place in the stroke, and the strokes that stand together.
  constructor(pair) {
    this.pair = pair;
    [this.first, this.second] = pair.screens;
    this.speed = 1;
    this.put_ms = 0;
    // on: the reader wants it to run. turning: both films are on their way to another place.
    this.on = this.looped = this.turning = false;
  }

  // The first or the second film shows another frame.
  frame(screen) {
    if (!this.on || this.turning) return undefined;
    if (screen === this.first) {
      if (screen.time_s >= screen.stroke.end_s) return this.goOn();
      this.pair.percent = inside(percentOf(screen.stroke, screen.time_s, this.pair.finish));
      this.pair.tell();
    }
    return this.steer();
  }

  // Keeps the second film where the first one is.
  steer() {
    const [first, second] = this.pair.strokes, lead_s = this.first.now(this.speed);
    const speed = this.speed * pace(first, second, lead_s), place_s = meets(first, second, lead_s, this.pair.finish);
    const late_s = place_s - this.second.now(speed);
    if (Math.abs(late_s) > FAR_S && performance.now() - this.put_ms > PUT_AGAIN_MS) {
      this.put_ms = performance.now();
      this.second.show(place_s);
    }
    const wanted = caughtUp(speed, late_s);
    if (Math.abs(wanted / this.following - 1) > SAME_RATE) {
      this.following = wanted;
      this.second.film.rate(wanted);
    }
  }

  // The first film has reached the end of its stroke.
  goOn() {
    const { pair } = this;
    if (this.looped || pair.pairs === 1) return this.again(pair.number);
    if (pair.number + 1 >= pair.pairs) {
      this.stop();
      return pair.at(100);
    }
    const before = pair.strokes;
    pair.turnTo(pair.number + 1);
    if (pair.strokes.every((stroke, side) => follows(before[side], stroke))) return this.steer();
    return this.again(pair.number);
  }

  // Both films to a place, and on from there together.
  async again(number, percent = 0) {
    this.turning = true;
    try {
      this.pair.screens.forEach((screen) => screen.film.pause());
      if (number !== this.pair.number) this.pair.turnTo(number);
      await this.pair.at(percent);
    } finally {
      this.turning = false;
    }
    if (!this.on) return;
    this.rates();
    this.pair.screens.forEach((screen) => screen.film.play());
  }

  rates() {
    const [first, second] = this.pair.strokes;
    this.following = this.speed * pace(first, second, timeOf(first, this.pair.percent, this.pair.finish));
    this.first.film.rate(this.speed);
    this.second.film.rate(this.following);
  }

  start() {
    const { pair } = this, ended = pair.percent > AT_END_PERCENT;
    this.on = true;
    pair.bar.playing(true);
    if (!ended) return this.again(pair.number, pair.percent);
    return this.again(this.looped || pair.number + 1 < pair.pairs ? pair.number : 0);
  }

  // Both stand where the first one was.
  stop() {
    const was = this.on;
    this.on = false;
    this.pair.screens.forEach((screen) => screen.film.pause());
    this.pair.bar.playing(false);
    if (was) this.pair.at(this.pair.percent);
  }

  toggle() {
    if (this.on) this.stop();
    else this.start();
  }

  // A film stopped by itself: at its end, or because the browser wanted so.
  state(screen) {
    if (!this.on || this.turning || !screen.film.paused || screen !== this.first) return;
    if (screen.time_s >= screen.stroke.end_s - END_S) this.goOn();
    else this.stop();
  }

  loop() {
    this.looped = !this.looped;
    this.pair.bar.looping(this.looped);
    if (this.looped && !this.on) this.start();
  }

  setSpeed(value) {
    this.speed = value;
    this.pair.bar.speed.value = `${value}`;
    if (this.on && !this.turning) this.rates();
  }

  faster(by) { this.setSpeed(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, SPEEDS.indexOf(this.speed) + by))]); }
}
