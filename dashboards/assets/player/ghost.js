// Another stroke over this film at the same place in it: of this session, of another one, or one that was chosen.

import { measured } from "./controls.js";
import { el } from "./dom.js";
import { ghostKept, keepGhost, middleTrunk, paintGhost } from "./ghost_body.js";
import { GhostChoice } from "./ghost_choice.js";
import { percentOf, timeOf } from "./moment.js";
import { Track, fetched } from "./track.js";
import { number, t } from "../server/texts.js";

// Where the drive ends, per cent; both strokes are stretched the same way, so any share between will do.
const FINISH = 50;

export class Ghost {
  // changed(): what is drawn is to be drawn anew. here(): the moment on screen.
  constructor(scene, address, changed, here) {
    Object.assign(this, { scene, changed, here, on: ghostKept(), other: null, trouble: "" });
    // Its windows are its own: those of a long film go as it runs, and a stroke is asked for again and again.
    this.track = new Track(scene, address);
    this.usable = scene.strokes.map((stroke, i) => (stroke.usable ? i : -1)).filter((i) => i >= 0);
    this.number = scene.best ?? this.usable[0] ?? -1;
    this.choice = new GhostChoice(this, address);
    this.button = el("button", { type: "button", class: "tool", title: t("player.ghost.title"), onclick: () => this.toggle() }, t("player.ghost.button"));
    this.said = el("span", { class: "soft" });
    this.tell();
  }

  get parts() { return this.isPossible ? [this.button, this.choice.element] : []; }

  tell() {
    this.button.setAttribute("aria-pressed", `${this.on}`);
    this.choice.shown(this.on);
  }

  // Of one stroke alone only another session's can be shown.
  get isPossible() { return this.scene.strokes.length > 0; }

  // A stroke of this session.
  choose(number) {
    Object.assign(this, { number, other: null, trouble: "" });
    this.changed();
  }

  // A stroke of another session, from the address of its scene; words: what it is called.
  async chooseOther(address, words) {
    const asked = this.other = { words };
    this.trouble = "";
    this.changed();
    try {
      const scene = await (await fetched(address)).json();
      if (this.other !== asked) return;
      this.other = { words, scene, track: new Track(scene, scene.track) };
    } catch (error) {
      if (this.other !== asked) return;
      this.trouble = t("player.ghost.trouble", { why: error.message });
    }
    this.changed();
  }

  toggle() {
    this.on = !this.on;
    keepGhost(this.on);
    this.tell();
    this.changed();
  }

  next() {
    if (!this.on) this.toggle();
    this.choice.next();
  }

  // It is shown what is chosen, so the ghost comes with it.
  turnReference() {
    if (this.on) return this.choice.turn();
    this.toggle();
    return undefined;
  }

  // Whose track, and which stroke of it; null: nothing is chosen yet, or a stroke over itself, which says nothing.
  source(moment) {
    if (this.other) return this.other.scene ? { ...this.other, stroke: this.other.scene.strokes[0] } : null;
    if (moment.number === this.number || this.number < 0) return null;
    return { scene: this.scene, track: this.track, stroke: this.scene.strokes[this.number] };
  }

  // The row of the ghost's stroke where the film is in its own; null: there is none, or it is on its way.
  at(source, moment) {
    const time_s = timeOf(source.stroke, percentOf(moment.stroke, moment.time_s, FINISH), FINISH);
    const row = source.track.rowAt(time_s);
    if (row !== null) return source.track.at(row);
    // Without it the film goes on as it is; the next frame asks again, but of another session that cannot be read.
    if (this.trouble) return null;
    source.track.load(source.track.windowAt(time_s)).then(() => this.changed(), (error) => {
      if (source.track !== this.other?.track) return;
      this.trouble = t("player.ghost.trouble", { why: error.message });
      this.changed();
    });
    return null;
  }

  // The body below what is drawn, and the same in words.
  show(context, width, height, row, moment, isDrawn) {
    const source = this.on && this.isPossible && moment.stroke ? this.source(moment) : null;
    const other = source && this.at(source, moment);
    this.said.textContent = other ? this.words(other) : this.on ? this.trouble : "";
    if (!other || !isDrawn) return;
    const { scene } = this, trunk_px = middleTrunk(other.window, source.scene);
    // Of another film the picture may be larger, and so may be who rows: the trunk gets the length that it has here.
    const here_px = this.other ? middleTrunk(row.window, scene) : trunk_px;
    paintGhost(context, width, height, { scene, row, trunk_px: here_px }, { scene: source.scene, row: other, trunk_px }, scene.look.ghost, true);
  }

  words(other) {
    if (!this.other) return t("player.ghost.here", { number: this.number + 1, measured: measured(other) });
    const { words, scene } = this.other, turned = scene.behind !== this.scene.behind;
    const how = t(turned ? "player.ghost.how_turned" : "player.ghost.how", { limit: number(scene.between_sessions_deg) });
    return `${t("player.ghost.other_here", { words, measured: measured(other) })} ${how}`;
  }
}
