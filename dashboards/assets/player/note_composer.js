// Where a coach writes a note on the frame on screen, and draws on it.

import { el } from "./dom.js";
import { clock } from "./moment.js";
import { Pencil } from "./note_pencil.js";
import { TOOLS } from "./note_shapes.js";

export class Composer {
  // send({ text, time_s, stroke, drawing }): what is to be pinned.
  constructor(player, mostLetters, send) {
    this.player = player;
    this.send = send;
    this.pencil = new Pencil(player.stage, player.scene.size_px, () => this.isOnFrame, () => this.changed());
    this.text = el("textarea", { id: "note-text", rows: 3, maxLength: mostLetters });
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.title = el("h3", { id: "note-title" });
    this.back = el("button", { type: "button", class: "tool", hidden: true, onclick: () => player.pauseAt(this.row) }, "Back to its frame");
    this.tools = Object.fromEntries(TOOLS.map(([kind, words]) => [kind, el("button", { type: "button", class: "tool", onclick: () => this.choose(kind) }, words)]));
    this.undo = el("button", { type: "button", class: "tool", disabled: true, onclick: () => this.pencil.undo() }, "Take back");
    this.hint = el("p", { class: "soft" });
    this.problem = el("p", { class: "fault-name", role: "alert" });
    this.element = el("section", { class: "card composer", hidden: true, "aria-labelledby": "note-title" },
      el("div", { class: "tools" }, this.title, this.back),
      el("div", { class: "tools", role: "group", "aria-label": "draw on the picture" }, ...Object.values(this.tools), this.undo),
      this.hint,
      el("label", { htmlFor: "note-text" }, "What do you want to say?"), this.text, this.problem,
      el("div", { class: "tools" }, el("button", { type: "button", class: "tool main", onclick: () => this.save() }, "Pin the note"), el("button", { type: "button", class: "tool", onclick: () => this.close() }, "Cancel")));
    this.unload = (event) => { if (this.isDirty) event.preventDefault(); };
    window.addEventListener("beforeunload", this.unload);
  }

  get isOpen() { return !this.element.hidden; }

  get isOnFrame() { return this.isOpen && this.player.film.paused && this.player.row === this.row; }

  get isDirty() { return this.isOpen && this.element.isConnected && (this.text.value.trim() !== "" || this.pencil.shapes.length > 0); }

  open() {
    if (this.isOpen) return this.text.focus();
    const { player } = this, row = player.track.at(player.row);
    if (!row) return undefined;
    player.film.pause();
    this.row = player.row;
    this.time_s = row.time_s;
    this.frame = row.frame;
    this.stroke = player.moment.stroke ? player.moment.number : null;
    this.title.textContent = `Note on frame ${row.frame}, ${clock(row.time_s)}`;
    this.text.value = "";
    this.problem.textContent = "";
    this.element.hidden = false;
    this.pencil.start();
    this.choose(TOOLS[0][0]);
    // The film may stop a frame later than it was told.
    player.show(this.row);
    this.text.focus({ preventScroll: true });
    // As much of the picture as there is room for above what is written.
    player.stage.scrollIntoView({ block: "nearest" });
    this.element.scrollIntoView({ block: "nearest" });
    return undefined;
  }

  close() {
    this.pencil.stop();
    this.element.hidden = true;
    this.player.draw();
    this.player.notes.button?.focus({ preventScroll: true });
  }

  stop() {
    window.removeEventListener("beforeunload", this.unload);
  }

  choose(kind) {
    this.pencil.choose(kind);
    for (const [name, button] of Object.entries(this.tools)) button.setAttribute("aria-pressed", `${name === kind}`);
    const how = { arrow: "Drag on the picture to where it points.", line: "Drag on the picture.", angle: "Set three points: an end, the corner, the other end.", free: "Draw on the picture." };
    const keys = kind === "free" ? "" : " By keyboard: Tab to the picture, arrow keys, Enter for each point.";
    this.hint.textContent = how[kind] + keys;
  }

  changed() {
    this.undo.disabled = !this.pencil.shapes.length && !this.pencil.points.length;
    this.player.draw();
  }

  // Another frame is on screen, or the same one again.
  moved() {
    this.back.hidden = this.isOnFrame || !this.isOpen;
    this.player.stage.classList.toggle("drawn-on", this.isOnFrame);
  }

  key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.save();
    else if (event.key === "Escape" && !this.isDirty) this.close();
  }

  save() {
    const text = this.text.value.trim(), { shapes } = this.pencil;
    if (!text) {
      this.problem.textContent = "Write a word or two: she should know what to look at.";
      return this.text.focus();
    }
    this.send({ text, time_s: this.time_s, stroke: this.stroke, drawing: shapes.length ? { shapes } : null });
    return this.close();
  }

  paint(context, scale, width, look) { if (this.isOnFrame) this.pencil.paint(context, scale, width, look); }
}
