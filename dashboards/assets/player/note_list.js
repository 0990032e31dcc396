// The notes of a session as a list: who said what about which moment, and the buttons for it.

import { el } from "./dom.js";
import { clock } from "./moment.js";
import { inWords } from "./note_shapes.js";
import { tried } from "./note_tried.js";
import { moment, t } from "../server/texts.js";

export class NoteList {
  // acts: show, answer, change, remove, bringBack, again, drop; each takes a note, some a text.
  // nameless: it is not said who wrote what.
  constructor(acts, nameless) {
    this.acts = acts;
    this.nameless = nameless;
    this.forms = new Map();
    this.items = el("ul", { class: "note-list" });
    this.hint = el("p", { class: "soft" });
    this.element = el("section", { class: "notes", id: "notes", "aria-labelledby": "notes-title" }, el("h2", { id: "notes-title" }, t("notes.title")), this.hint, this.items);
  }

  // Threads in the order of the film; a form that somebody writes in stays as it is.
  show(notes, shown, mayPin, mostLetters, trouble) {
    const focused = document.activeElement;
    this.mostLetters = mostLetters;
    const roots = notes.filter((note) => !note.answers).sort((a, b) => (a.time_s ?? -1) - (b.time_s ?? -1) || a.created_at.localeCompare(b.created_at));
    this.hint.textContent = trouble || (roots.length ? "" : mayPin ? t("notes.none_coach") : t("notes.none_rower"));
    this.items.replaceChildren(...roots.map((note) => this.thread(note, notes.filter((one) => one.answers === note.id), note === shown)));
    if (focused && focused !== document.activeElement && this.items.contains(focused)) focused.focus({ preventScroll: true });
  }

  thread(note, answers, isShown) {
    if (note.gone) return el("li", { class: "note" }, this.goneLine(note));
    const place = [note.stroke === null ? "" : t("notes.stroke", { number: note.stroke + 1 }), clock(note.time_s ?? 0)].filter(Boolean).join(" · ");
    const go = note.time_s === null ? el("b", {}, t("notes.whole")) : el("button", { type: "button", class: "tool", "aria-label": t("notes.show", { place }), onclick: () => this.acts.show(note) }, `▸ ${place}`);
    const item = el("li", { class: "note" }, el("div", { class: "note-head" }, go, this.by(note)), ...this.words(note, answers.length),
      el("ul", {}, ...answers.map((one) => el("li", { class: "answer" }, ...(one.gone ? [this.goneLine(one)] : [this.by(one), ...this.words(one, 0)])))), this.form(note, "answer"));
    if (isShown) item.setAttribute("aria-current", "true");
    return item;
  }

  by(note) {
    const said = el("p", { class: "by soft" }, el("b", {}, note.mine ? t("notes.you") : this.nameless ? t("notes.somebody") : note.author), " ", el("time", { dateTime: note.created_at }, moment(note.created_at)));
    if (note.edited_at) said.append(` ${t("notes.changed")}`);
    if (note.new) said.append(" ", el("span", { class: "unread-notes" }, t("notes.new")));
    return said;
  }

  words(note, answerCount) {
    const drawn = note.drawing ? el("p", { class: "soft" }, t("notes.drawn", { what: inWords(note.drawing.shapes) })) : "";
    const said = [this.form(note, "change") || saidIn(note.text), drawn];
    if (note.state === "sending") return [...said, el("p", { class: "soft", role: "status" }, t("notes.saving"))];
    if (note.state === "failed") return [...said, this.failed(note)];
    const what = answerCount ? t("notes.delete_with", { n: answerCount }) : t("notes.delete");
    const act = (words, then) => el("button", { type: "button", class: "link", "aria-label": t("notes.act", { act: words, text: note.text.slice(0, 40) }), onclick: then }, words);
    const acts = [
      ...(note.answers ? [] : [act(t("notes.answer"), () => this.open(note, "answer"))]),
      ...(note.mine ? [act(t("notes.change"), () => this.open(note, "change"))] : []),
      ...(note.may_delete ? [act(what, () => this.acts.remove(note))] : []),
    ];
    return [...said, el("p", { class: "note-acts" }, ...acts), note.problem ? el("p", { class: "fault-name", role: "alert" }, note.problem) : ""];
  }

  failed(note) {
    return el("div", { class: "question", role: "alert" }, el("p", {}, t("notes.not_saved", { why: note.problem })),
      el("div", { class: "tools" }, el("button", { type: "button", class: "tool", onclick: () => this.acts.again(note) }, t("notes.again")), el("button", { type: "button", class: "tool", onclick: () => this.acts.drop(note) }, t("notes.drop"))));
  }

  goneLine(note) {
    return el("p", { class: "soft" }, `${t("notes.deleted")} `, el("button", { type: "button", class: "link", onclick: () => this.acts.bringBack(note) }, t("notes.undo")), note.problem ? ` ${note.problem}` : "");
  }

  // A form for a note, made once: what is written in it outlives every new list.
  open(note, kind) {
    const key = `${kind} ${note.id}`;
    if (!this.forms.has(key)) this.forms.set(key, this.made(note, kind, key));
    this.acts.redraw();
    this.forms.get(key).querySelector("textarea").focus();
  }

  form(note, kind) { return this.forms.get(`${kind} ${note.id}`) || ""; }

  made(note, kind, key) {
    const text = el("textarea", { rows: 2, maxLength: this.mostLetters, "aria-label": kind === "answer" ? t("notes.your_answer") : t("notes.other_words"), value: kind === "change" ? note.text : "" });
    const problem = el("p", { class: "fault-name", role: "alert" });
    const close = () => { this.forms.delete(key); this.acts.redraw(); };
    const save = async () => {
      const words = text.value.trim();
      if (!words) { problem.textContent = t("notes.write"); return text.focus(); }
      if (kind === "answer") { close(); return this.acts.answer(note, words); }
      const trouble = await this.acts.change(note, words);
      problem.textContent = trouble;
      return trouble ? undefined : close();
    };
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
      else if (event.key === "Escape" && text.value.trim() === (kind === "change" ? note.text : "")) close();
    });
    return el("div", { class: "note-form" }, text, problem, el("div", { class: "tools" }, el("button", { type: "button", class: "tool main", onclick: save }, kind === "answer" ? t("notes.send") : t("notes.save")), el("button", { type: "button", class: "tool", onclick: close }, t("notes.cancel"))));
  }
}

const saidIn = (text) => {
  const words = tried(text);
  return words === null ? el("p", { class: "note-text" }, text) : el("p", { class: "note-text" }, el("b", { class: "severity good" }, t("notes.tried")), ` ${words}`);
};
