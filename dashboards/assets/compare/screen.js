// One side: its film with the drawing above it, the stroke that is on screen, and the words about the frame.

import { measured } from "../player/controls.js";
import { el, sized } from "../player/dom.js";
import { findFilm } from "../player/film.js";
import { middleTrunk } from "../player/ghost_body.js";
import { clock, momentAt } from "../player/moment.js";
import { paint } from "../player/paint.js";
import { Track, fetched } from "../player/track.js";
import { t } from "../server/texts.js";
import { turnedRow, turnedScene } from "./turned.js";

// A film that does not come to its place within this time is not waited for.
const PATIENCE_MS = 3000;
// After a seek a browser may still tell of a frame that it had under way; then the film's clock has the last word.
const LATE_WORD_MS = 150;

export async function sceneOf(side) {
  return (await fetched(`${side.player}/scene.json`)).json();
}

export class Screen {
  // host: what is told of frames, of play and pause, and of another stroke that was chosen.
  constructor(side, word, scene, host) {
    Object.assign(this, { side, word, scene, host });
    this.track = new Track(scene, side.player);
    this.index = side.typical;
    this.row = -1;
    this.time_s = 0;
    this.wanted = null;
    this.asked = 0;
    this.labels = new Map();
    this.waiting = [];
    this.canvas = el("canvas", { class: "drawing", role: "img", "aria-label": t(`compare.drawing.${word}`) });
    this.stage = el("div", { class: "stage", tabIndex: -1, onclick: () => host.toggle() });
    this.choice = el("select", { "aria-label": t(`compare.stroke_of.${word}`), onchange: () => host.chosen(this, Number(this.choice.value)) },
      ...side.strokes.map((number, i) => el("option", { value: `${i}`, selected: i === this.index }, t(i === side.typical && side.strokes.length > 1 ? "compare.stroke_typical" : "player.stroke_n", { number: number + 1 }))));
    this.where = el("span", { class: "where" });
    this.measured = el("span");
    this.note = el("p", { class: "soft", role: "status" });
    const head = el("p", { class: "screen-head" }, el("i", { style: `background:${side.colour}` }), el("b", {}, t(`compare.${word}`)), ` ${side.name} `, this.choice);
    this.element = el("section", { class: "screen", "aria-label": t(`compare.side_of.${word}`, { name: side.name }) }, head, this.stage, el("p", { class: "readout" }, this.where, this.measured), this.note);
    this.stage.style.aspectRatio = scene.size_px.join(" / ");
    this.stage.style.setProperty("--aspect", scene.size_px[0] / scene.size_px[1]);
  }

  get stroke() { return this.strokeAt(this.index); }

  strokeAt(index) { return this.scene.strokes[this.side.strokes[index]]; }

  get number() { return this.side.strokes[this.index]; }

  async open() {
    if (this.scene.rows) await this.track.load(this.track.windowAt(this.stroke.borders_s[0]));
    const use = (film) => {
      this.film = film;
      this.stage.replaceChildren(film.element, this.canvas);
      if (film.source) film.element.setAttribute("aria-label", t(`compare.film_of.${this.word}`));
    };
    const reasons = await findFilm(this.scene, use, (time_s) => this.onTime(time_s), () => this.host.onState(this), (...parts) => this.note.replaceChildren(...parts));
    this.film.element.addEventListener("seeked", () => setTimeout(() => this.checked(), LATE_WORD_MS));
    this.drawn = !this.film.source?.drawn_on;
    this.reasons = reasons.join(" ");
    this.note.textContent = this.reasons;
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(this.stage);
  }

  close() {
    this.film?.pause();
    this.resized?.disconnect();
  }

  turnTo(index) {
    this.index = index;
    this.choice.value = `${index}`;
  }

  // What is known of the frames round a time: they may be the last of one window and the first of the next.
  async loadRound(time_s) {
    const { track, scene } = this;
    await track.load(track.windowAt(time_s));
    const row = track.rowAt(time_s);
    await Promise.all([row - 1, row + 1].filter((r) => r >= 0 && r < scene.rows).map((r) => track.load(track.windowOf(r))));
  }

  // The frame of the stroke on screen that is nearest to a time, never one of another stroke.
  rowNear(time_s) {
    const { track, scene, stroke } = this, last = scene.rows - 1;
    let row = track.rowAt(time_s);
    if (row < last && (track.time(row) < stroke.borders_s[0] || track.time(row + 1) - time_s < time_s - track.time(row))) row += 1;
    if (row > 0 && track.time(row) >= stroke.end_s) row -= 1;
    return row;
  }

  async show(time_s) {
    const asked = ++this.asked;
    this.wanted = -1;
    try {
      await this.loadRound(time_s);
    } catch (error) {
      if (asked === this.asked) this.arrived(); // nothing else will come
      this.fail(error);
      return;
    }
    if (asked !== this.asked) return;
    this.note.textContent = this.reasons;
    this.wanted = this.rowNear(time_s);
    this.film.show(this.track.middle(this.wanted));
    if (this.wanted === this.row && this.film.paused) this.arrived();
  }

  // Resolves when the frame that was asked for is on screen.
  settled() {
    if (this.wanted === null) return Promise.resolve();
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      setTimeout(resolve, PATIENCE_MS);
    });
  }

  arrived() {
    this.wanted = null;
    this.waiting.splice(0).forEach((resolve) => resolve());
  }

  onTime(time_s) {
    const row = this.track.rowAt(time_s);
    this.time_s = time_s;
    this.seen_ms = performance.now();
    if (row === null) {
      this.track.load(this.track.windowAt(time_s)).then(() => { if (this.film.paused || this.row < 0) this.onTime(time_s); }).catch((error) => this.fail(error));
      return;
    }
    if (row === this.wanted) this.arrived();
    if (row !== this.row) {
      this.row = row;
      this.track.ahead(row);
      this.draw();
    }
    this.host.onFrame(this);
  }

  // The film stands: its clock is in the middle of the frame that it shows.
  checked() {
    const { film } = this, clock = film.element;
    if (!film.paused || clock.seeking || this.row < 0) return;
    const time_s = film.sessionTime(clock.currentTime), row = this.track.rowAt(time_s);
    if (row !== null && row !== this.row) this.onTime(time_s);
  }

  // Where the film is by now: frames come up to a thirtieth of a second after one another.
  now(speed) {
    const since_s = this.film.paused ? 0 : (performance.now() - this.seen_ms) / 1000;
    return this.time_s + Math.min(0.1, since_s) * speed;
  }

  get trunk_px() {
    const window = this.track.windows.values().next().value;
    this.trunk ??= window ? middleTrunk(window, this.scene) : null;
    return this.trunk;
  }

  draw() {
    const found = this.row < 0 ? null : this.track.at(this.row);
    if (!found) return;
    const turned = this.drawn && this.host.isTurned(this);
    const row = turned ? turnedRow(found, this.scene) : found, scene = turned ? turnedScene(this.scene) : this.scene;
    this.film.element.classList.toggle("turned", turned);
    this.moment = momentAt(this.scene, this.row, row.time_s);
    const width = this.stage.clientWidth, height = this.stage.clientHeight, sharp = window.devicePixelRatio || 1;
    const fits = this.canvas.width === Math.round(width * sharp) && this.canvas.height === Math.round(height * sharp);
    this.context = fits && this.context ? this.context : sized(this.canvas, width, height);
    paint(scene, this.context, width, height, this.drawn ? row : null, this.moment, this.host.layers, this.labels);
    this.host.drawn(this, { scene, row, trunk_px: this.trunk_px }, width, height);
    this.where.textContent = this.place();
    this.measured.textContent = measured(row);
    this.element.dataset.row = `${this.row}`;
  }

  place() {
    const { moment } = this;
    return `${moment.stroke ? t("player.stroke_phase", { number: moment.number + 1, phase: moment.phase }) : t("player.between")} · ${clock(moment.time_s)}`;
  }

  get words() { return t("compare.side_words", { side: t(`compare.${this.word}`), where: this.where.textContent, measured: this.measured.textContent }); }

  fail(error) { this.note.textContent = t("player.no_measurement", { why: error.message }); }
}
