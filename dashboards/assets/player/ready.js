// Pictures of frames that a click may ask for next, taken from a second copy of the film while nothing else goes on.
//
// A seek decodes from the key frame before: in a phone's own film that is a second of full HD, too long for a click. A
// picture is kept only where the browser says that it is of the frame that was meant.

import { el } from "./dom.js";

// So many pictures, no larger than they are shown and no wider than this: 80 MB at most.
const KEPT = 36, WIDEST = 1280, MOST_PIXELS = 20e6;
// A seek that does not come to its frame in this time is given up; and how long to leave the film alone before a look.
const PATIENCE_MS = 2000, PAUSE_MS = 60;
// So often a row is looked at whose picture does not come: the machine may have been busy, or the browser told nobody.
const MOST_LOOKS = 3, ELSEWHERE_S = 1;

export class Ready {
  // on: { film, track, stage, place }
  constructor(on) {
    this.on = on;
    this.pictures = new Map();
    this.queue = [];
    this.misses = new Map();
    this.shown = null;
    // Canvas over the film, shown until the film itself is there.
    this.canvas = el("canvas", { class: "at-once", "aria-hidden": "true", hidden: true });
    const { source } = on.film;
    this.isPossible = Boolean(source && HTMLVideoElement.prototype.requestVideoFrameCallback && window.createImageBitmap && !isDear());
    if (this.isPossible) this.video = el("video", { class: "scout", muted: true, playsInline: true, preload: "auto", disablePictureInPicture: true, tabIndex: -1, "aria-hidden": "true" });
  }

  get elements() { return this.video ? [this.canvas, this.video] : [this.canvas]; }

  // Rows that may be asked for; those that come first are looked at first.
  want(rows) {
    if (!this.isPossible) return;
    const wanted = rows.filter((row) => !this.pictures.has(row) && this.missesOf(row) < MOST_LOOKS);
    this.queue = [...new Set([...wanted, ...this.queue])].slice(0, KEPT);
    if (!this.runs) this.run();
  }

  async run() {
    this.runs = true;
    try {
      while (this.queue.length && this.video.isConnected) {
        const { film } = this.on;
        if (!film.paused || film.seeking || document.hidden) {
          await pause(PAUSE_MS * 4);
          continue;
        }
        const row = this.queue.shift();
        if (!(await this.look(row))) this.miss(row);
        await pause(PAUSE_MS);
      }
    } catch {
      this.isPossible = false; // Without a second copy a click waits for the film.
    } finally {
      this.runs = false;
    }
  }

  missesOf(row) { return this.misses.get(row) ?? 0; }

  // After all others it is its turn again.
  miss(row) {
    this.misses.set(row, this.missesOf(row) + 1);
    if (!this.isPossible || this.missesOf(row) >= MOST_LOOKS) return;
    this.queue.push(row);
    // A browser does not tell of a seek to where the film stands already.
    this.video.currentTime += this.video.currentTime > ELSEWHERE_S ? -ELSEWHERE_S : ELSEWHERE_S;
  }

  // Whether there is a picture of the row now.
  async look(row) {
    const { film, track, stage } = this.on, { video } = this;
    await track.load(track.windowOf(row));
    if (!video.src) video.src = film.source.address;
    const isThere = await new Promise((resolve) => {
      let isOver = false;
      const end = (there) => { isOver = true; clearTimeout(timer); resolve(there); };
      const timer = setTimeout(() => end(false), PATIENCE_MS);
      const seen = (now, shown) => {
        if (isOver) return;
        if (track.has(row) && track.rowAt(film.sessionTime(shown.mediaTime)) === row) end(true);
        else video.requestVideoFrameCallback(seen); // Of the picture before the seek: the first one of all, say.
      };
      video.requestVideoFrameCallback(seen);
      video.currentTime = film.mediaTime(track.middle(row));
    });
    if (!isThere) return false;
    const width = Math.min(video.videoWidth, WIDEST, Math.ceil(stage.clientWidth * (window.devicePixelRatio || 1)));
    this.keep(row, await createImageBitmap(video, width < video.videoWidth ? { resizeWidth: width, resizeQuality: "medium" } : {}));
    return true;
  }

  keep(row, picture) {
    this.pictures.set(row, picture);
    const most = Math.min(KEPT, Math.floor(MOST_PIXELS / (picture.width * picture.height)));
    for (const [oldest, of] of this.pictures) {
      if (this.pictures.size <= most) break;
      this.pictures.delete(oldest);
      of.close();
    }
    this.on.place.dataset.pictures = [...this.pictures.keys()].join(" ");
  }

  // Puts the picture of a row over the film, where there is one.
  show(row) {
    const picture = this.pictures.get(row);
    if (!picture) return false;
    this.pictures.delete(row); // Now it is the youngest.
    this.pictures.set(row, picture);
    Object.assign(this.canvas, { width: picture.width, height: picture.height });
    this.canvas.getContext("2d").drawImage(picture, 0, 0);
    this.canvas.hidden = false;
    this.shown = row;
    return true;
  }

  hide() {
    this.canvas.hidden = true;
    this.shown = null;
  }

  stop() {
    this.isPossible = false;
    this.queue = [];
    for (const picture of this.pictures.values()) picture.close();
    this.pictures.clear();
    this.video?.removeAttribute("src");
    this.video?.load();
  }
}

// Who pays for every megabyte, or waits for it, is spared the second copy.
function isDear() {
  const line = navigator.connection;
  return Boolean(line && (line.saveData || line.type === "cellular" || (line.effectiveType && line.effectiveType !== "4g")));
}

const pause = (ms) => new Promise((on) => setTimeout(on, ms));
