// The player of a session: film, drawing, timeline, curves and keys, joined. One instance for each page shown.

import { Aim } from "./aim.js";
import { Controls, LAYERS, SPEEDS, keepLayers, storedLayers } from "./controls.js";
import { Curves } from "./curves.js";
import { calm, el, sized } from "./dom.js";
import { findFilm } from "./film.js";
import { Ghost } from "./ghost.js";
import { helpSheet, keyTable, listen } from "./keys.js";
import { faultRows, momentAt } from "./moment.js";
import { Notes } from "./notes.js";
import { paint } from "./paint.js";
import { buttonRows, curvePlaces, foreseen, nearby } from "./places.js";
import { Ready } from "./ready.js";
import { Timeline } from "./timeline.js";
import { Track, fetched, lastAtOrBefore } from "./track.js";
import { t } from "../server/texts.js";

export async function mount(place) {
  if (place.dataset.mounted) return null;
  place.dataset.mounted = "yes";
  try {
    const scene = await (await fetched(`${place.dataset.address}/scene.json`)).json();
    const player = new Player(place, scene);
    await player.open();
    return player;
  } catch (error) {
    place.replaceChildren(el("p", { role: "alert" }, t("player.not_shown", { why: error.message })));
    place.dataset.state = "failed";
    return null;
  }
}

class Player {
  constructor(place, scene) {
    this.place = place;
    this.scene = scene;
    this.track = new Track(scene, place.dataset.address);
    // Of what is on screen, and of what the film shows: a still may lie over it.
    this.row = this.filmRow = -1;
    this.wanted = this.held = null;
    this.aim = new Aim(aimed(this));
    this.looped = null;
    this.ghost = new Ghost(scene, place.dataset.address, () => this.draw(), () => this.moment);
    this.layers = storedLayers();
    this.labels = new Map();
    this.layerNames = LAYERS;
    this.faultRows = faultRows(scene);
    this.middles = new Map(scene.faults.flatMap((fault) => fault.moments.map(([row, , middle_s]) => [row, middle_s])));
    this.canvas = el("canvas", { class: "drawing", role: "img", "aria-label": t("player.drawing") });
    this.stage = el("div", { class: "stage", tabIndex: -1, onclick: () => { if (!this.notes?.composer.isOnFrame) this.toggle(); } });
    this.note = el("p", { class: "soft", role: "status" });
    this.controls = new Controls(this);
    this.timeline = new Timeline(scene, (time_s) => this.goTo(time_s));
    this.stops = [() => this.timeline.stop()];
    // Only where people sign in.
    this.notes = place.dataset.notes ? new Notes(this, place.dataset.notes) : null;
  }

  async open() {
    const table = keyTable(this);
    this.keys = helpSheet(table);
    this.stage.style.aspectRatio = this.scene.size_px.join(" / ");
    this.stage.style.setProperty("--aspect", this.scene.size_px[0] / this.scene.size_px[1]);
    this.place.replaceChildren(this.stage, this.notes?.caption ?? "", this.controls.readout, this.controls.bar, this.ghost.choice.notes, this.timeline.element, this.controls.layers, this.note, this.controls.said, this.keys.sheet);
    if (this.notes) {
      document.getElementById("notes-place").replaceChildren(this.notes.list.element);
      this.notes.open();
    }
    this.curves = new Curves(this.scene, curvePlaces(), this.track, (time_s) => this.goTo(time_s));
    const first = Math.min(Number(this.place.dataset.first) || 0, Math.max(0, this.scene.rows - 1));
    if (this.scene.rows) await this.track.load(this.track.windowOf(first));
    await this.findFilm();
    const resized = new ResizeObserver(() => this.draw());
    resized.observe(this.stage);
    const clicked = (event) => this.clicked(event);
    document.addEventListener("click", clicked);
    this.stops.push(foreseen((row) => this.soon(row)), listen(this, table, this.keys.isOn), () => this.curves.stop(), () => resized.disconnect(), () => document.removeEventListener("click", clicked));
    if (this.notes) this.stops.push(() => this.notes.stop());
    this.place.dataset.state = "ready";
    this.stops.push(() => this.ready.stop());
    await this.show(first);
    this.ready.want(buttonRows(this.place));
  }

  async findFilm() {
    const use = (film) => {
      this.film = film;
      film.landed = () => this.aim.landed();
      this.ready?.stop();
      this.ready = new Ready(this);
      this.stage.replaceChildren(film.element, ...this.ready.elements, this.canvas);
    };
    const reasons = await findFilm(this.scene, use, (time_s) => this.onTime(time_s), () => this.onState(), (...parts) => this.note.replaceChildren(...parts));
    this.drawn = !this.film.source?.drawn_on;
    this.controls.layers.hidden = !this.drawn;
    this.note.textContent = reasons.join(" ");
  }

  // A frame is on screen.
  onTime(time_s) {
    if (!this.place.isConnected) return this.leave();
    this.aim.told();
    this.told_s = time_s;
    const row = this.track.rowAt(time_s);
    if (row === null) {
      // Another frame may be on screen when its window has come.
      this.track.load(this.track.windowAt(time_s)).then(() => { if (this.told_s === time_s) this.onTime(time_s); }).catch((error) => this.fail(error));
      return undefined;
    }
    this.filmRow = row;
    // A still is of the frame that was meant: it stays until the film has come to it, runs, or is to go elsewhere.
    if (this.held !== null && this.film.paused && row !== this.held) return undefined;
    this.held = null;
    this.ready.hide();
    return this.isAt(row, time_s);
  }

  isAt(row, time_s) {
    if (row === this.wanted) this.wanted = null;
    if (row === this.row) return undefined;
    this.row = row;
    this.track.ahead(row);
    if (this.looped && !this.film.paused && time_s >= this.looped.end_s) this.show(this.looped.row);
    return this.draw();
  }

  draw() {
    if (this.row < 0) return;
    const row = this.track.at(this.row);
    if (!row) return;
    const moment = this.moment = momentAt(this.scene, this.row, row.time_s);
    const width = this.stage.clientWidth, height = this.stage.clientHeight;
    const sharp = window.devicePixelRatio || 1;
    const fits = this.canvas.width === Math.round(width * sharp) && this.canvas.height === Math.round(height * sharp);
    this.context = fits && this.context ? this.context : sized(this.canvas, width, height);
    paint(this.scene, this.context, width, height, this.drawn ? row : null, moment, this.layers, this.labels);
    this.ghost.show(this.context, width, height, row, moment, this.drawn);
    this.notes?.paint(this.context, width / this.scene.size_px[0], width, this.scene.look);
    const words = [this.controls.show(this.scene, moment, row), this.ghost.said.textContent, this.notes?.words].filter(Boolean).join(". ");
    this.timeline.show(moment, words);
    this.curves.show(moment, row);
    if (this.film.paused) this.controls.said.textContent = words;
    this.place.dataset.row = `${this.row}`;
    this.place.dataset.frame = `${row.frame}`;
  }

  // Pauses nothing: while the film runs it goes on from there.
  async show(row) {
    this.wanted = Math.max(0, Math.min(this.scene.rows - 1, row));
    const wanted = this.wanted;
    if (wanted < 0) return;
    // The film does not wait for what is to be drawn on it, where its time is known.
    const known_s = this.track.has(wanted) ? undefined : this.middles.get(wanted);
    this.aim.forget();
    if (this.film.paused && this.track.has(wanted) && this.ready.show(wanted)) {
      this.held = wanted;
      this.aim.at(wanted);
      this.isAt(wanted, this.track.time(wanted));
      return;
    }
    this.held = null;
    if (known_s !== undefined) this.film.show(known_s);
    try {
      await this.track.load(this.track.windowOf(wanted));
    } catch (error) {
      this.fail(error);
      return;
    }
    if (this.wanted === wanted) this.aim.at(wanted, known_s !== undefined);
  }

  // Somebody is about to ask for this row.
  soon(row) {
    if (row < 0 || row >= this.scene.rows) return;
    this.track.load(this.track.windowOf(row)).catch(() => {});
    this.ready?.want([row]);
  }

  async goTo(time_s) {
    await this.track.load(this.track.windowAt(time_s)).catch((error) => this.fail(error));
    const row = this.track.rowAt(time_s);
    if (row !== null) this.pauseAt(row);
  }

  pauseAt(row) {
    this.film.pause();
    return this.show(row);
  }

  get here() { return this.wanted ?? Math.max(0, this.row); }

  step(by) { this.pauseAt(this.here + by); }

  stroke(by) {
    const rows = this.scene.strokes.map((stroke) => stroke.row);
    this.pauseAt(nearby(rows, this.here, by));
  }

  fault(by) {
    if (!this.faultRows.length) return;
    const row = nearby(this.faultRows, this.here, by);
    this.pauseAt(row).then(() => this.soon(nearby(this.faultRows, row, by)));
  }

  toggle() {
    if (!this.film.paused) this.film.pause();
    else {
      this.aim.forget();
      this.film.play();
    }
  }

  loop() {
    const number = lastAtOrBefore(this.scene.strokes, this.here, (stroke) => stroke.row);
    this.looped = this.looped ? null : this.scene.strokes[Math.max(0, number)] || null;
    this.controls.looping(Boolean(this.looped));
    if (this.looped && this.film.paused) this.show(this.looped.row).then(() => { this.aim.forget(); this.film.play(); });
  }

  speed(value) {
    this.rate = value;
    this.controls.speed.value = `${value}`;
    this.film.rate(value);
  }

  faster(by) {
    const at = SPEEDS.indexOf(this.rate ?? 1);
    this.speed(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at + by))]);
  }

  layer(id) {
    this.layers[id] = !this.layers[id];
    this.controls.boxes[id].checked = this.layers[id];
    keepLayers(this.layers);
    this.draw();
  }

  // For those who do not see it happen.
  say(words) { this.controls.said.textContent = words; }

  help() { this.keys.sheet.showModal(); }

  onState() {
    this.controls.playing(!this.film.paused);
    if (this.film.paused) this.draw();
  }

  // Buttons anywhere on the page name the row that they show.
  clicked(event) {
    if (!this.place.isConnected) return this.leave();
    const button = event.target.closest("[data-row]");
    if (!button || this.place.contains(button)) return undefined;
    this.stage.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "nearest" });
    return this.pauseAt(Number(button.dataset.row));
  }

  fail(error) { this.note.textContent = t("player.no_measurement", { why: error.message }); }

  // Another page is shown: nothing listens any more.
  leave() {
    this.film?.pause();
    this.stops.splice(0).forEach((stop) => stop());
  }
}

// What an aim goes by: the film, not what lies over it.
const aimed = (player) => ({ get film() { return player.film; }, get track() { return player.track; }, get row() { return player.filmRow; } });
