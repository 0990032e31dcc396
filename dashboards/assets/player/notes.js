// Notes pinned to frames: kept with the server, shown on film, timeline and list. What could not be saved stays here.

import { calm, el } from "./dom.js";
import { Composer } from "./note_composer.js";
import { NoteList } from "./note_list.js";
import { newKey } from "./note_key.js";
import { paintShapes } from "./note_shapes.js";
import { tried } from "./note_tried.js";
import { ask } from "../server/ask.js";
import { t } from "../server/texts.js";

// So long the list is on screen before its notes count as read.
const READ_MS = 1000;

export class Notes {
  constructor(player, address) {
    Object.assign(this, { player, address, notes: [], mayPin: false, shown: null, trouble: "", words: "", mostLetters: 2000 });
    const acts = Object.fromEntries(["show", "answer", "change", "remove", "bringBack", "again", "drop", "redraw"].map((name) => [name, (...more) => this[name](...more)]));
    this.list = new NoteList(acts, player.place.dataset.names === "off");
    this.caption = el("p", { class: "note-caption", hidden: true });
    this.composer = new Composer(player, this.mostLetters, (note) => this.pin(note));
    this.seen = new IntersectionObserver((entries) => this.inView(entries[entries.length - 1].isIntersecting));
    this.woken = () => { if (document.visibilityState === "visible") this.load(); };
  }

  async open() {
    document.addEventListener("visibilitychange", this.woken);
    await this.load();
    this.seen.observe(this.list.element);
    if (location.hash === "#notes") this.list.element.scrollIntoView({ behavior: calm() ? "auto" : "smooth" });
  }

  stop() {
    document.removeEventListener("visibilitychange", this.woken);
    this.seen.disconnect();
    clearTimeout(this.reading);
    this.composer.stop();
  }

  // From the server; what is not saved yet, and what was new when the page came, stays so.
  async load() {
    try {
      this.took(await ask("GET", this.address));
      this.trouble = "";
    } catch (error) {
      this.trouble = t("notes.cannot_show", { why: error.message });
    }
    this.redraw();
    this.inView(this.isInView);
  }

  took(answer) {
    this.me = answer.me;
    const fresh = new Set(this.notes.filter((note) => note.new).map((note) => note.id));
    const kept = new Set(answer.notes.map((note) => note.id));
    const own = this.notes.filter((note) => (note.state || note.gone) && !kept.has(note.id));
    const stored = this.notes.length ? [] : this.unsent().filter((note) => !kept.has(note.id));
    this.notes = [...answer.notes.map((note) => ({ ...note, new: note.new || fresh.has(note.id) })), ...own, ...stored];
    this.mayPin = answer.may_pin;
    this.mostLetters = answer.most_letters;
    if (this.mayPin && !this.button) {
      this.button = el("button", { type: "button", class: "tool main", onclick: () => this.compose() }, t("notes.button"));
      this.player.controls.bar.append(this.button);
      this.caption.after(this.composer.element);
    }
  }

  redraw() {
    const roots = this.roots();
    this.shown = roots.find((note) => note.id === this.shown?.id) || null;
    this.list.show(this.notes, this.shown, this.mayPin, this.mostLetters, this.trouble);
    this.player.timeline.mark(roots.map((note) => ({ time_s: note.time_s, isNew: note.new })));
    this.player.draw();
  }

  // Those with a frame of their own, in the order of the film.
  roots() { return this.notes.filter((note) => !note.answers && !note.gone && note.time_s !== null).sort((a, b) => a.time_s - b.time_s); }

  compose() { if (this.mayPin) this.composer.open(); }

  // The next or previous note from the frame on screen.
  go(by) {
    const roots = this.roots(), here_s = this.player.moment?.time_s ?? 0;
    const later = (note) => note.time_s > here_s + 0.001, earlier = (note) => note.time_s < here_s - 0.001;
    const found = by > 0 ? roots.find(later) : [...roots].reverse().find(earlier);
    if (found || roots.length) this.show(found || roots[by > 0 ? roots.length - 1 : 0]);
  }

  async show(note) {
    this.shown = note;
    if (note.new) this.read();
    this.player.stage.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "nearest" });
    await this.player.goTo(note.time_s);
    this.redraw();
  }

  // Those on the frame on screen.
  here() {
    const { player } = this;
    return this.roots().filter((note) => player.track.rowAt(note.time_s) === player.row);
  }

  // The player has drawn a frame.
  paint(context, scale, width, look) {
    const here = this.here(), writing = this.composer.isOpen;
    if (!writing) for (const note of here) if (note.drawing) paintShapes(context, note.drawing.shapes, scale, width, look);
    this.composer.moved();
    this.composer.paint(context, scale, width, look);
    this.inCaption(writing ? [] : here);
  }

  // Always as high, so that nothing moves under the pointer from frame to frame.
  inCaption(here) {
    const count = this.roots().length, isShown = here.length > 0 && this.player.film.paused;
    this.caption.hidden = this.composer.isOpen || !count;
    this.caption.classList.toggle("soft", !isShown);
    this.words = isShown ? here.map((note) => t("notes.said_by", { who: note.mine ? t("notes.you") : this.list.nameless ? t("notes.somebody") : note.author, text: tried(note.text) ?? note.text })).join(" · ") : "";
    this.caption.textContent = this.words || t("notes.in_film", { n: count });
  }

  pin(note) { return this.send({ ...this.draft(note.text), ...note }, this.address); }

  answer(note, text) { return this.send({ ...this.draft(text), answers: note.id }, `${this.address}/${note.id}/answers`); }

  draft(text) { return { id: newKey(), text, answers: null, author: "", mine: true, may_delete: true, new: false, stroke: null, time_s: null, drawing: null, created_at: new Date().toISOString(), edited_at: null }; }

  // On the page at once. What fails stays, and is sent again with the same key: it is saved once at most.
  async send(note, to) {
    this.put({ ...note, to, state: "sending", problem: "" });
    const { id, text, time_s, stroke, drawing } = note;
    try {
      this.put(await ask("POST", to, { id, text, time_s, stroke, drawing }));
      this.player.say(note.answers ? t("notes.answer_sent") : t("notes.pinned"));
    } catch (error) {
      this.put({ ...note, to, state: "failed", problem: error.message });
    }
  }

  again(note) { return this.send(note, note.to); }

  drop(note) { this.put({ ...note, state: "" }, false); }

  async change(note, text) {
    try {
      this.put(await ask("PATCH", `${this.address}/${note.id}`, { text }));
      return "";
    } catch (error) {
      return error.message;
    }
  }

  async remove(note) {
    try {
      await ask("DELETE", `${this.address}/${note.id}`);
      this.put({ ...note, gone: true, problem: "" });
      this.player.say(note.answers ? t("notes.answer_deleted") : t("notes.note_deleted"));
    } catch (error) {
      this.put({ ...note, problem: error.message });
    }
  }

  async bringBack(note) {
    try {
      this.took(await ask("POST", `${this.address}/${note.id}/bring-back`, {}));
      this.redraw();
    } catch (error) {
      this.put({ ...note, problem: error.message });
    }
  }

  put(note, stays = true) {
    const at = this.notes.findIndex((one) => one.id === note.id);
    this.notes.splice(at < 0 ? this.notes.length : at, at < 0 ? 0 : 1, ...(stays ? [note] : []));
    this.keepUnsent();
    this.redraw();
  }

  // For as long as the tab is open, and for this user alone: a page that is loaded again still has them.
  keepUnsent() {
    const failed = this.notes.filter((note) => note.state === "failed" || note.state === "sending");
    try {
      if (failed.length) sessionStorage.setItem(this.place, JSON.stringify(failed));
      else sessionStorage.removeItem(this.place);
    } catch (error) { /* no room, or not allowed: they are still on this page */ }
  }

  unsent() {
    try {
      return (JSON.parse(sessionStorage.getItem(this.place)) || []).map((note) => ({ ...note, state: "failed", problem: note.problem || t("notes.left_early") }));
    } catch (error) {
      return [];
    }
  }

  get place() { return `rowsense-unsent ${this.me} ${this.address}`; }

  inView(is) {
    clearTimeout(this.reading);
    this.isInView = is;
    if (is && this.notes.some((note) => note.new)) this.reading = setTimeout(() => this.read(), READ_MS);
  }

  // The mark in the head of the page goes; here "new" stays until the page is left, so that one sees what was new.
  async read() {
    const until = this.notes.filter((note) => !note.state).map((note) => note.created_at).sort().pop();
    const left = await ask("POST", `${this.address}/read`, { until }).catch(() => null);
    const bell = document.getElementById("unread-notes");
    if (!left || !bell) return;
    bell.hidden = left.count === 0;
    bell.href = left.to;
    bell.setAttribute("aria-label", left.words);
    const [count, ...words] = left.words.split(" ");
    bell.replaceChildren(el("b", {}, count), el("span", {}, words.join(" ")));
  }
}
