// The rower's own best stroke, or another one that was chosen, over every other stroke at the same place in it.

import { measured } from "./controls.js";
import { el } from "./dom.js";
import { ghostKept, keepGhost, middleTrunk, paintGhost } from "./ghost_body.js";
import { percentOf, timeOf } from "./moment.js";
import { Track } from "./track.js";
import { t } from "../server/texts.js";

// Where the drive ends, per cent; both strokes are stretched the same way, so any share between will do.
const FINISH = 50;

export class Ghost {
  // changed(): what is drawn is to be drawn anew.
  constructor(scene, address, changed) {
    Object.assign(this, { scene, changed, on: ghostKept() });
    // Its windows are its own: those of a long film go as it runs, and a stroke is asked for again and again.
    this.track = new Track(scene, address);
    this.usable = scene.strokes.map((stroke, i) => (stroke.usable ? i : -1)).filter((i) => i >= 0);
    this.number = scene.best ?? this.usable[0] ?? -1;
    const words = (i) => t(i === scene.best ? "player.ghost.best" : "player.stroke_n", { number: i + 1 });
    this.choice = el("select", { "aria-label": t("player.ghost.stroke"), onchange: () => this.choose(Number(this.choice.value)) },
      ...this.usable.map((i) => el("option", { value: `${i}`, selected: i === this.number }, words(i))));
    this.button = el("button", { type: "button", class: "tool", title: t("player.ghost.title"), onclick: () => this.toggle() }, t("player.ghost.button"));
    this.of = el("label", { class: "speed" }, `${t("player.ghost.of")} `, this.choice);
    this.said = el("span", { class: "soft" });
    this.tell();
  }

  get parts() { return this.isPossible ? [this.button, this.of] : []; }

  tell() {
    this.button.setAttribute("aria-pressed", `${this.on}`);
    this.of.hidden = !this.on;
  }

  // A stroke over itself says nothing.
  get isPossible() { return this.usable.length > 1; }

  choose(number) {
    this.number = number;
    this.changed();
  }

  toggle() {
    this.on = !this.on;
    keepGhost(this.on);
    this.tell();
    this.changed();
  }

  // The row of the ghost's stroke where the film is in its own; null: there is none, or it is on its way.
  at(moment) {
    if (!this.isPossible || !moment.stroke || moment.number === this.number) return null;
    const time_s = timeOf(this.scene.strokes[this.number], percentOf(moment.stroke, moment.time_s, FINISH), FINISH);
    const row = this.track.rowAt(time_s);
    if (row !== null) return this.track.at(row);
    // Without it the film goes on as it is; the next frame asks again.
    this.track.load(this.track.windowAt(time_s)).then(() => this.changed(), () => {});
    return null;
  }

  // The body below what is drawn, and the same in words.
  show(context, width, height, row, moment, isDrawn) {
    const other = this.on ? this.at(moment) : null;
    this.said.textContent = other ? t("player.ghost.here", { number: this.number + 1, measured: measured(other) }) : "";
    if (!other || !isDrawn) return;
    const { scene } = this, trunk_px = middleTrunk(other.window, scene);
    paintGhost(context, width, height, { scene, row, trunk_px }, { scene, row: other, trunk_px }, scene.look.ghost, true);
  }
}
