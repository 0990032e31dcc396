// The comparison: two films, the place in the stroke that both show, curves and keys. One instance for each page shown.

import { Bar } from "./bar.js";
import { Charts } from "./charts.js";
import { keyTable } from "./keys.js";
import { Running } from "./running.js";
import { Screen, sceneOf } from "./screen.js";
import { inside, pairCount, paired, phaseStop } from "./sync.js";
import { keepLayers, storedLayers } from "../player/controls.js";
import { calm, el } from "../player/dom.js";
import { ghostKept, keepGhost, paintGhost } from "../player/ghost_body.js";
import { helpSheet, listen } from "../player/keys.js";
import { percentOf, timeOf } from "../player/moment.js";
import { fetched } from "../player/track.js";
import { t } from "../server/texts.js";

export async function mount(place) {
  if (place.dataset.mounted) return null;
  place.dataset.mounted = "yes";
  try {
    const data = await (await fetched(place.dataset.address)).json();
    const scenes = await Promise.all(data.sides.map(sceneOf));
    const pair = new Pair(place, data, scenes);
    await pair.open();
    return pair;
  } catch (error) {
    place.replaceChildren(el("p", { role: "alert" }, t("compare.not_shown", { why: error.message })));
    place.dataset.state = "failed";
    return null;
  }
}

class Pair {
  constructor(place, data, scenes) {
    Object.assign(this, { place, data, finish: data.finish_percent, phases: scenes[0].look.phases });
    this.start = data.sides.map((side) => side.typical);
    this.lengths = data.sides.map((side) => side.strokes.length);
    this.pairs = pairCount(this.lengths);
    this.number = 0;
    this.percent = data.open_percent;
    this.faceEachOther = scenes[0].behind !== scenes[1].behind;
    this.layers = { ...storedLayers(), ghost: ghostKept(), turned: this.faceEachOther };
    this.screens = data.sides.map((side, i) => new Screen(side, ["first", "second"][i], scenes[i], this));
    [this.first, this.second] = this.screens;
    this.running = new Running(this);
    this.bar = new Bar(this);
    this.stops = [];
    this.ways = 0;
  }

  async open() {
    const table = keyTable(this);
    this.keys = helpSheet(table);
    const films = el("div", { class: "duo" }, ...this.screens.map((screen) => screen.element));
    this.place.replaceChildren(films, ...this.bar.parts, this.keys.sheet);
    // The curves need no film, and are there when one cannot be shown.
    this.charts = new Charts(this.data, (percent) => this.goTo(percent));
    this.stops.push(() => this.charts.stop());
    this.tell();
    await Promise.all(this.screens.map((screen) => screen.open()));
    this.bar.layers.hidden = this.screens.every((screen) => !screen.drawn);
    const clicked = (event) => this.clicked(event);
    document.addEventListener("click", clicked);
    const resized = new ResizeObserver(() => this.tell());
    resized.observe(this.place);
    this.stops.push(listen(this, table, this.keys.isOn), () => resized.disconnect(), () => document.removeEventListener("click", clicked));
    this.place.dataset.state = "ready";
    this.turnTo(0);
    await this.at(this.percent);
  }

  get strokes() { return this.screens.map((screen) => screen.stroke); }

  // Other strokes on screen; the films stay where they are.
  turnTo(number) {
    this.number = number;
    paired(this.lengths, this.start, number).forEach((index, side) => this.screens[side].turnTo(index));
    this.bar.place.strokes(this.strokes);
  }

  // Both films at one place of the strokes on screen; resolves when they show it.
  async at(percent) {
    this.percent = inside(percent);
    const wanted = this.percent;
    await this.during(this.shown(wanted));
    if (this.percent === wanted) this.tell();
  }

  async shown(percent) {
    const shown = this.screens.map((screen) => screen.show(timeOf(screen.stroke, percent, this.finish)));
    this.tell();
    await Promise.all(shown);
    await Promise.all(this.screens.map((screen) => screen.settled()));
  }

  // As long as something is on its way, the page says so.
  async during(way) {
    this.place.toggleAttribute("data-moving", (this.ways += 1) > 0);
    try {
      await way;
    } finally {
      this.place.toggleAttribute("data-moving", (this.ways -= 1) > 0);
    }
  }

  goTo(percent) {
    if (this.place.dataset.state !== "ready") return undefined;
    this.running.stop();
    return this.at(percent);
  }

  onFrame(screen) {
    if (!this.place.isConnected) return this.leave();
    return this.running.frame(screen);
  }

  onState(screen) { this.running.state(screen); }

  toggle() { this.running.toggle(); }

  loop() { this.running.loop(); }

  speed(value) { this.running.setSpeed(value); }

  faster(by) { this.running.faster(by); }

  // Goes through frames of the first film, from stroke to stroke.
  step(by) {
    this.running.stop();
    const { track, stroke, scene } = this.first;
    const row = Math.max(0, Math.min(scene.rows - 1, (this.first.wanted > 0 ? this.first.wanted : this.first.row) + by));
    if (!track.has(row)) return this.during(track.load(track.windowOf(row))).then(() => this.step(by), (error) => this.first.fail(error));
    const time_s = track.time(row);
    if (time_s >= stroke.end_s) return this.pair(1);
    if (time_s < stroke.borders_s[0] - 0.001) return this.pair(-1, 100);
    return this.at(percentOf(stroke, time_s, this.finish));
  }

  phase(by) {
    this.running.stop();
    const stop = phaseStop(this.first.stroke, this.percent, by, this.finish);
    if (stop !== null) return this.at(stop);
    if (by > 0) return this.pair(1);
    return this.percent > 0.01 ? this.at(0) : this.pair(-1, 100);
  }

  pair(by, percent = 0) {
    this.running.stop();
    this.turnTo((((this.number + by) % this.pairs) + this.pairs) % this.pairs);
    return this.at(percent);
  }

  // Another stroke was chosen for one side: from now on the two stand together.
  chosen(screen, index) {
    this.running.stop();
    this.start = this.screens.map((one) => (one === screen ? index : one.index));
    this.turnTo(0);
    this.at(this.percent);
  }

  layer(id) {
    this.layers[id] = !this.layers[id];
    this.bar.boxes[id].checked = this.layers[id];
    const { ghost, turned, ...others } = this.layers;
    keepLayers(others);
    keepGhost(ghost);
    this.screens.forEach((screen) => screen.draw());
  }

  isTurned(screen) { return screen === this.second && this.layers.turned; }

  // A screen was drawn; over the second one goes the body of the first.
  drawn(screen, shown, width, height) {
    if (!this.layers.ghost) return;
    if (screen === this.first) {
      this.body = shown;
      if (!this.running.on) this.second.draw();
    } else if (this.body && screen.drawn) paintGhost(screen.context, width, height, shown, this.body, this.first.side.colour);
  }

  // Where the films are, to all who show it.
  tell() {
    if (!this.charts) return;
    const words = t("compare.place_words", { percent: Math.round(this.percent), sides: this.screens.map((screen) => screen.words).join("; ") });
    this.bar.place.show(this.percent, words);
    this.charts.show(this.percent, this.screens.map((screen) => screen.number));
    this.place.dataset.percent = this.percent.toFixed(2);
    this.place.dataset.pair = `${this.number}`;
    if (!this.running.on) this.said(words);
  }

  // Once the films have come to rest.
  said(words) {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => { this.bar.said.textContent = words; }, 300);
  }

  help() { this.keys.sheet.showModal(); }

  // Buttons anywhere on the page name the phase that they show.
  clicked(event) {
    if (!this.place.isConnected) return this.leave();
    const button = event.target.closest("[data-phase]");
    if (!button) return undefined;
    const phase = this.data.phases.find((one) => one.id === button.dataset.phase);
    if (button.dataset.phase === "main") this.place.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "nearest" });
    return this.goTo(phase ? phase.percent : this.data.open_percent);
  }

  // Another page is shown: nothing listens any more.
  leave() {
    this.running.on = false;
    this.screens.forEach((screen) => screen.close());
    this.stops.splice(0).forEach((stop) => stop());
  }
}

