// A film whose every shown frame is told by its session time; and a stand-in for a session that has no film.

import { watchArrival } from "./arrival.js";
import { el } from "./dom.js";
import { t } from "../server/texts.js";

// A film of another length is another film. Containers round, and a last frame lasts: a second, or one in fifty.
const LENGTH_S = 1.0;
const LENGTH_SHARE = 0.02;
// Asked again where no first frame came within this time; every third time the film is sent elsewhere first.
const FIRST_FRAME_MS = 1000;
const ELSEWHERE_S = 1;

export class Film {
  constructor(source, onTime, onState) {
    this.source = source;
    this.onTime = onTime;
    this.offset_s = 0;
    this.wanted = null;
    // Called when a seek has ended and no other one waits.
    this.landed = () => {};
    this.video = el("video", { muted: true, playsInline: true, preload: "auto", disablePictureInPicture: true, "aria-label": t("player.film"), tabIndex: -1 });
    this.video.addEventListener("seeked", () => this.seekOn());
    for (const name of ["play", "pause", "ended"]) this.video.addEventListener(name, onState);
  }

  get element() { return this.video; }

  get paused() { return this.video.paused; }

  get seeking() { return this.video.seeking; }

  // Rejects, in words, where the browser cannot show it or it is not the film the session was made from. say: as watchArrival has it.
  open(say, silent_ms) {
    const ask = () => { this.video.src = this.source.address; };
    const arrived = watchArrival(this.video, say, ask, silent_ms);
    return new Promise((resolve, reject) => {
      this.video.addEventListener("error", () => reject(new Error(t("player.trouble.cannot_play"))), { once: true });
      this.video.addEventListener("loadeddata", () => {
        const expected = this.source.length_s, off = Math.abs(this.video.duration - expected);
        if (expected && off > Math.max(LENGTH_S, LENGTH_SHARE * expected)) reject(new Error(t("player.trouble.other_film")));
        else this.firstFrame().then(resolve);
      }, { once: true });
      ask();
    }).finally(arrived);
  }

  // An original may begin with another time than 0. Session times count from its first frame, so that frame says which.
  firstFrame() {
    if (!this.video.requestVideoFrameCallback) return this.followWithoutCallback();
    return new Promise((resolve) => {
      let asked = null, timer = null, times = 0;
      const shown = (now, frame) => {
        clearInterval(timer);
        if (this.source.kind === "original") this.offset_s = frame.mediaTime;
        this.follow(now, frame);
        resolve();
      };
      // Now and then a browser does not tell of the frame that a seek to where the film already stands has brought, and where
      // that frame was shown before, of no such seek at all: then the film is sent elsewhere, unheard, and back.
      const ask = () => {
        if (this.video.error || !this.video.hasAttribute("src")) return clearInterval(timer);
        if (this.video.seeking) return undefined; // one that takes long is not begun anew
        if (asked !== null) this.video.cancelVideoFrameCallback(asked);
        const isAway = (times += 1) % 3 === 0;
        asked = isAway ? null : this.video.requestVideoFrameCallback(shown);
        this.video.currentTime = isAway ? Math.min(ELSEWHERE_S, this.video.duration / 2) : 0;
        return undefined;
      };
      timer = setInterval(ask, FIRST_FRAME_MS);
      ask();
    });
  }

  follow(now, shown) {
    this.onTime(this.sessionTime(shown.mediaTime));
    this.video.requestVideoFrameCallback((...next) => this.follow(...next));
  }

  // Browsers before 2025 do not all tell which frame is on screen; the clock of the film is the next best.
  followWithoutCallback() {
    const tell = () => {
      this.onTime(this.sessionTime(this.video.currentTime));
      if (!this.video.paused) requestAnimationFrame(tell);
    };
    for (const name of ["seeked", "play", "loadeddata"]) this.video.addEventListener(name, tell);
    return Promise.resolve();
  }

  sessionTime(media_s) { return this.source.start_s + (media_s - this.offset_s) / this.source.speed; }

  mediaTime(time_s) { return Math.max(0, (time_s - this.source.start_s) * this.source.speed + this.offset_s); }

  // Seeks that come while one is under way wait, and only the last of them is made.
  show(time_s) {
    this.wanted = this.mediaTime(time_s);
    if (!this.video.seeking) this.seekOn();
  }

  seekOn() {
    if (this.wanted === null) {
      this.landed();
      return;
    }
    const media_s = this.wanted;
    this.wanted = null;
    this.video.currentTime = media_s;
  }

  play() { return this.video.play().catch(() => {}); }

  pause() { this.video.pause(); }

  // Against life, not against the file: slow motion plays faster for it. Browsers refuse rates outside 1/16 and 16.
  rate(speed) { this.video.playbackRate = Math.max(0.0625, Math.min(16, speed * this.source.speed)); }
}

// The first film that the browser can show goes to `use`, before it is opened; where there is none, what was measured is
// drawn on an empty ground. Returns sentences about what was left out; say: for what there is to say while one is waited for.
export async function findFilm(scene, use, onTime, onState, say) {
  const reasons = [];
  for (const source of scene.films) {
    const film = new Film(source, onTime, onState);
    use(film);
    try {
      await film.open(say);
      return reasons;
    } catch (error) {
      reasons.push(t(`player.left_out.${source.kind === "overlay" ? "overlay" : "clean"}`, { why: error.message }));
      film.element.remove();
      film.element.removeAttribute("src");
    }
  }
  use(new NoFilm(scene, onTime, onState));
  return [...reasons, t("player.no_film")];
}

// No film: the same calls, an empty ground, and a clock.
export class NoFilm {
  constructor(scene, onTime, onState) {
    this.scene = scene;
    this.onTime = onTime;
    this.onState = onState;
    this.paused = true;
    this.speed = 1;
    this.time_s = scene.window_start_s[0] || 0;
    this.element = el("div", { class: "no-film" });
  }

  show(time_s) {
    this.time_s = time_s;
    this.onTime(time_s);
  }

  play() {
    this.paused = false;
    this.onState();
    let before = performance.now();
    // Who pauses and plays at once starts one clock, not two.
    const run = this.run = (this.run || 0) + 1;
    const tick = (now) => {
      if (this.paused || this.run !== run || !this.element.isConnected) return;
      this.time_s += (now - before) / 1000 * this.speed;
      before = now;
      if (this.time_s >= this.scene.end_s) this.pause();
      this.onTime(Math.min(this.time_s, this.scene.end_s));
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  pause() {
    this.paused = true;
    this.onState();
  }

  rate(speed) { this.speed = speed; }
}
