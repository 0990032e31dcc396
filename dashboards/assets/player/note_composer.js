// Where a coach writes a note on the frame on screen, and draws on it.

import { el } from "./dom.js";
import { clock } from "./moment.js";
import { Pencil } from "./note_pencil.js";
import { TOOLS } from "./note_shapes.js";
import { TRIED } from "./note_tried.js";
import { t } from "../server/texts.js";

export class Composer {
  // send({ text, time_s, stroke, drawing }): what is to be pinned.
  constructor(player, mostLetters, send) {
    this.player = player;
    this.send = send;
    this.pencil = new Pencil(player.stage, player.scene.size_px, () => this.isOnFrame, () => this.changed());
    this.text = el("textarea", { id: "note-text", rows: 3, maxLength: mostLetters - TRIED.length - 1 });
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.tries = el("input", { type: "checkbox", id: "note-tries" });
    this.title = el("h3", { id: "note-title" });
    this.back = el("button", { type: "button", class: "tool", hidden: true, onclick: () => player.pauseAt(this.row) }, t("notes.back"));
    this.tools = Object.fromEntries(TOOLS.map(([kind, words]) => [kind, el("button", { type: "button", class: "tool", onclick: () => this.choose(kind) }, words)]));
    this.undo = el("button", { type: "button", class: "tool", disabled: true, onclick: () => this.pencil.undo() }, t("notes.take_back"));
    this.hint = el("p", { class: "soft" });
    this.problem = el("p", { class: "fault-name", role: "alert" });
    this.element = el("section", { class: "card composer", hidden: true, "aria-labelledby": "note-title" },
      el("div", { class: "tools" }, this.title, this.back),
      el("div", { class: "tools", role: "group", "aria-label": t("notes.draw_on") }, ...Object.values(this.tools), this.undo),
      this.hint,
      el("label", { htmlFor: "note-text" }, t("notes.what")), this.text,
      el("label", { class: "tick", htmlFor: "note-tries" }, this.tries, ` ${t("notes.tries")}`), this.problem,
      el("div", { class: "tools" }, el("button", { type: "button", class: "tool main", onclick: () => this.save() }, t("notes.pin")), el("button", { type: "button", class: "tool", onclick: () => this.close() }, t("notes.cancel"))));
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
    this.title.textContent = t("notes.on_frame", { frame: row.frame, clock: clock(row.time_s) });
    this.text.value = "";
    this.tries.checked = false;
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
    this.hint.textContent = [t(`notes.how.${kind}`), kind === "free" ? "" : t("notes.by_keyboard")].filter(Boolean).join(" ");
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
      this.problem.textContent = t("notes.write_for_her");
      return this.text.focus();
    }
    this.send({ text: this.tries.checked ? `${TRIED} ${text}` : text, time_s: this.time_s, stroke: this.stroke, drawing: shapes.length ? { shapes } : null });
    return this.close();
  }

  paint(context, scale, width, look) { if (this.isOnFrame) this.pencil.paint(context, scale, width, look); }
}
