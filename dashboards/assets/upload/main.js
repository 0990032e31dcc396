// The page Upload: films that were chosen here, films that the server has, and what is done with them.

import { ask } from "./ask.js";
import { stayAwake } from "./awake.js";
import { Card } from "./card.js";
import { Carry } from "./carry.js";
import { Keyboard } from "./keys.js";
import { lengthOf, lengthProblem } from "./length.js";
import { forgetBut, printOf, remember, shotFor, uploadOf } from "./memory.js";
import { shotOf } from "./shot.js";
import { t } from "../server/texts.js";
import { Sender, announce } from "./tus.js";
import { takeAway } from "./undo.js";
import { lasting, sentence, size } from "./words.js";

const AT_ONCE = 2;
const SOON_MS = 1500;
const LATER_MS = 10_000;
const ENDINGS = /\.(mp4|mov|m4v|mkv|webm|avi|mpe?g|mts|m2ts|ts|wmv|3gp)$/i;

const by = (id) => document.getElementById(id);

class Desk {
  constructor() {
    this.page = JSON.parse(by("told").textContent);
    this.cards = new Map();
    this.carry = new Carry();
    this.timer = 0;
    // What is wrong, by what said it: films that were refused stay named while looking goes well.
    this.troubles = { looking: "", files: "" };
    for (const id of ["choose", "film"]) {
      by(id).addEventListener("change", (event) => this.takeFrom(event.target));
      // Who was quicker than this script has chosen already.
      this.takeFrom(by(id));
    }
    by("halt").addEventListener("click", () => this.haltAll());
    this.listenToDrops();
    new Keyboard(this, by("keys"), by("cards"));
    document.addEventListener("visibilitychange", () => document.hidden || this.look());
    window.addEventListener("beforeunload", (event) => this.sends().length && event.preventDefault());
    if (location.hash === "#guide") by("guide").open = true;
  }

  takeFrom(input) {
    this.take([...input.files]);
    input.value = "";
  }

  listenToDrops() {
    const drop = by("drop");
    for (const what of ["dragenter", "dragover"]) document.addEventListener(what, (event) => (event.preventDefault(), drop.classList.add("over")));
    for (const what of ["dragleave", "drop"]) document.addEventListener(what, (event) => (event.preventDefault(), drop.classList.remove("over")));
    document.addEventListener("drop", (event) => drop.hidden || this.take([...event.dataTransfer.files]));
  }

  // The films on the page, without those that are being taken away.
  get shown() {
    return [...this.cards.values()].filter((card) => !card.leaving);
  }

  // ---- what the server says

  async look() {
    clearTimeout(this.timer);
    const before = [...this.cards.values()];
    try {
      this.hear(await ask("GET", "/uploads"), before);
      this.trouble("looking", "");
    } catch (error) {
      this.trouble("looking", error.message);
    }
    const soon = [...this.cards.values()].some((card) => card.moves);
    if (!document.hidden) this.timer = setTimeout(() => this.look(), soon ? SOON_MS : LATER_MS);
  }

  // before: the cards there were when it was asked; one that was added since may not be in the list yet.
  hear(list, before) {
    const there = new Set(list.map((told) => told.id));
    for (const told of list) {
      if (this.cards.has(told.id)) this.cards.get(told.id).hears(told);
      else this.put(new Card(told, this.page, this));
    }
    for (const card of before.filter((one) => !there.has(one.id))) this.drop(card);
    forgetBut(new Set([...there, ...this.cards.keys()]));
    if (!list.length && !this.looked) by("guide").open = true;
    this.looked = true;
    this.sum();
  }

  put(card) {
    this.cards.set(card.id, card);
    if (!card.told.claim) this.carry.give(card.form);
    by("cards").append(card.node);
  }

  drop(card) {
    card.sender?.pause();
    card.watching.unload();
    card.node.remove();
    card.leaving?.remove();
    this.cards.delete(card.id);
    this.sum();
  }

  // On from a film that is no more.
  goFrom(node) {
    const next = node.nextElementSibling ?? node.previousElementSibling;
    (this.shown.find((card) => card.node === next) ?? by("choose")).focus();
  }

  // For who does not see the page: what changed, once.
  news(words) {
    by("news").textContent = words;
  }

  trouble(of, words) {
    this.troubles[of] = words;
    const said = Object.values(this.troubles).filter(Boolean).join(" ");
    if (by("trouble").textContent !== said) by("trouble").textContent = said;
    by("trouble").hidden = !said;
  }

  // ---- files

  async take(files) {
    const refused = [];
    for (const file of files) {
      const problem = this.problemOf(file) || lengthProblem(file.name, await lengthOf(file), this.page);
      if (problem) refused.push(problem);
      else await this.begin(file).catch((error) => refused.push(`${file.name}: ${sentence(error.message)}`));
    }
    this.trouble("files", refused.join(" "));
  }

  problemOf(file) {
    if (!file.size) return t("upload.empty_file", { name: file.name });
    if (!file.type.startsWith("video/") && !ENDINGS.test(file.name)) return t("upload.no_film", { name: file.name });
    return file.size > this.page.most_bytes ? t("upload.too_large", { name: file.name, size: size(file.size), most: size(this.page.most_bytes) }) : "";
  }

  async begin(file) {
    const print = printOf(file);
    const known = this.cards.get(uploadOf(print));
    if (known && known.told.state !== "receiving") throw new Error(t("upload.listed"));
    if (known) return this.again(known, file);
    const id = await announce(file);
    remember(print, id);
    const told = await ask("GET", `/uploads/${id}`);
    if (!this.cards.has(id)) this.put(new Card(told, this.page, this));
    const card = this.cards.get(id);
    this.queue(card, file);
    shotOf(file).then((shot) => shot && (remember(print, id, shot), card.picture(shot)));
    return card;
  }

  again(card, file) {
    if (!file || card.told.state !== "receiving") return;
    if (file.name !== card.told.name || file.size !== card.told.bytes) {
      card.note = t("upload.another_film", { name: card.told.name, size: size(card.told.bytes) });
      card.draw();
      return;
    }
    card.note = "";
    if (!card.file) this.queue(card, file);
    if (!shotFor(card.id)) shotOf(file).then((shot) => shot && (remember(printOf(file), card.id, shot), card.picture(shot)));
  }

  queue(card, file) {
    card.file = file;
    card.phase = "waits";
    card.draw();
    this.next();
  }

  sends() {
    return [...this.cards.values()].filter((card) => ["sends", "lost"].includes(card.phase));
  }

  next() {
    const waits = this.shown.filter((card) => card.phase === "waits");
    for (const card of waits.slice(0, Math.max(0, AT_ONCE - this.sends().length))) this.send(card);
    stayAwake(this.sends().length > 0);
    this.sum();
  }

  async send(card) {
    card.phase = "sends";
    let last = null;
    const tell = ({ sent, words }) => {
      card.phase = words ? "lost" : "sends";
      const now_s = performance.now() / 1000;
      if (words) last = null;
      else if (!last) last = { sent, now_s };
      else if (now_s - last.now_s > 1) {
        const speed = (sent - last.sent) / (now_s - last.now_s);
        card.speed = card.speed ? 0.7 * card.speed + 0.3 * speed : speed;
        last = { sent, now_s };
      }
      if (!words) card.told.here = sent;
      card.draw();
      this.sum();
    };
    card.sender = new Sender(card.id, card.file, tell);
    try {
      await card.sender.send();
      card.phase = "";
      card.file = null;
    } catch (error) {
      card.phase = "pauses";
      if (error.name !== "AbortError") card.note = error.message;
    }
    card.sender = null;
    card.draw();
    this.next();
    this.look();
  }

  haltAll() {
    const running = this.shown.filter((card) => ["sends", "lost", "waits"].includes(card.phase));
    for (const card of running.length ? running : this.shown) this.act(card, running.length ? "pause" : "go");
  }

  // ---- what one does

  async act(card, what) {
    try {
      if (what === "pause") {
        card.phase = "pauses";
        card.sender?.pause();
      } else if (what === "go" && card.file) {
        card.note = "";
        card.phase = "waits";
        this.next();
      } else if (what === "change") {
        card.changing = true;
      } else if (what === "remove") {
        takeAway(this, card);
      } else if (what === "clear") {
        await ask("DELETE", `/uploads/${card.id}`);
        this.goFrom(card.node);
        this.drop(card);
      } else if (what === "cancel" || what === "retry") {
        card.hears(await ask("POST", `/uploads/${card.id}/${what}`));
        this.look();
      }
    } catch (error) {
      card.note = error.message;
    }
    card.draw();
    this.sum();
  }

  async claim(card, values) {
    card.note = "";
    card.hears(await ask("POST", `/uploads/${card.id}/claim`, values));
    card.said = values;
    card.changing = false;
    card.draw();
    this.carry.take(values);
    const all = this.shown;
    for (const one of all) if (!one.told.claim && one !== card) this.carry.give(one.form);
    // With twenty films of one morning: on to the next one.
    const open = [...all.slice(all.indexOf(card)), ...all].find((one) => one.isOpen && !one.form.node.hidden);
    (open ?? card).focus();
    this.look();
  }

  people(card, { speed }) {
    return ask("POST", `/uploads/${card.id}/people`, { speed });
  }

  above(card) {
    const all = this.shown;
    const before = all.slice(0, all.indexOf(card)).reverse();
    return before.map((one) => one.said ?? one.values).find(Boolean) ?? null;
  }

  sum() {
    const all = this.shown;
    by("all").hidden = !all.length;
    const coming = all.filter((card) => card.phase);
    const left = coming.reduce((sum, card) => sum + card.told.bytes - card.told.here, 0);
    const speed = this.sends().reduce((sum, card) => sum + card.speed, 0);
    const asks = all.filter((card) => card.isOpen && !card.told.claim).length;
    const way = { n: coming.length, all: all.length };
    const going = speed > 0 ? t("upload.on_the_way_left", { ...way, left: lasting(left / speed) }) : t("upload.on_the_way", way);
    const said = [coming.length ? going : t("upload.count", { n: all.length }), asks ? t("upload.wait_for_name", { n: asks }) : ""];
    const words = `${said.filter(Boolean).join("; ")}.`;
    if (by("sum").textContent !== words) by("sum").textContent = words;
    by("halt").hidden = coming.length < 2;
    by("halt").textContent = coming.some((card) => card.phase !== "pauses") ? t("upload.pause_all") : t("upload.go_on_all");
    for (const card of all) card.form.same.hidden = !this.above(card);
  }
}

new Desk().look();
