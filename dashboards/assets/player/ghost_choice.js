// What the ghost may be of: strokes of this session at once, those of other sessions and references once it is on.

import { el } from "./dom.js";
import { ask } from "../server/ask.js";
import { t } from "../server/texts.js";

export class GhostChoice {
  constructor(ghost, address) {
    Object.assign(this, { ghost, address, known: null, asked: false });
    this.select = el("select", { "aria-label": t("player.ghost.stroke"), onchange: () => this.take(this.select.value) });
    this.of = el("label", { class: "speed" }, `${t("player.ghost.of")} `, this.select);
    this.notes = el("div", { class: "references", role: "group", "aria-label": t("player.reference.group") });
    this.element = this.of;
    this.fill();
  }

  // Asked for once, when somebody wants a ghost.
  shown(on) {
    this.of.hidden = this.notes.hidden = !on;
    if (!on || this.asked) return;
    this.asked = true;
    ask("GET", `${this.address}/ghosts.json`).then((found) => this.took(found), () => { this.asked = false; });
  }

  took(found) {
    this.known = found;
    this.fill();
  }

  get others() {
    const { best, others = [], references = [] } = this.known ?? {};
    return [...references.filter((one) => one.time_s === null), ...(best ? [best] : []), ...others];
  }

  fill() {
    const { ghost } = this, { scene } = ghost, { references = [] } = this.known ?? {};
    const here = new Map(references.filter((one) => one.time_s !== null).map((one) => [strokeAt(scene, one.time_s), one.words]));
    const own = (i) => here.has(i) ? t("player.ghost.chosen", { number: i + 1, words: here.get(i) }) : t(i === scene.best ? "player.ghost.best" : "player.stroke_n", { number: i + 1 });
    const option = (value, words) => el("option", { value, selected: value === this.value }, words);
    const mine = ghost.usable.map((i) => option(`${i}`, own(i)));
    const others = this.others.map((one, i) => option(`o${i}`, one.words));
    this.value ??= `${ghost.number}`;
    this.select.replaceChildren(...(others.length ? [group("player.ghost.here_group", mine), group("player.ghost.other_group", others)] : mine));
    this.select.value = this.value;
    this.tell();
  }

  take(value) {
    this.value = this.select.value = value;
    if (!value.startsWith("o")) return this.ghost.choose(Number(value));
    const one = this.others[Number(value.slice(1))];
    return this.ghost.chooseOther(one.scene, one.words);
  }

  next() {
    const values = [...this.select.options].map((option) => option.value);
    if (values.length) this.take(values[(values.indexOf(this.select.value) + 1) % values.length]);
  }

  // The references in words, and what the reader may do with the stroke on screen.
  tell() {
    const { known } = this;
    if (!known?.address) return;
    const rows = ["rower", "club"].filter((whose) => known.may_choose.includes(whose) || chosen(known, whose)).map((whose) => this.row(whose));
    this.notes.replaceChildren(...rows);
  }

  row(whose) {
    const one = chosen(this.known, whose), may = this.known.may_choose.includes(whose);
    const words = one ? this.where(one) : t(`player.reference.none.${whose}`);
    const button = (id, act) => el("button", { type: "button", class: "link", onclick: act }, t(id));
    return el("p", {}, `${words} `,
      ...(may ? [button(`player.reference.keep.${whose}`, () => this.keep(whose)), " "] : []),
      ...(one?.may_take_back ? [button(`player.reference.drop.${whose}`, () => this.drop(whose))] : []));
  }

  where(one) {
    const number = one.time_s === null ? -1 : strokeAt(this.ghost.scene, one.time_s);
    return number < 0 ? t("player.reference.is", { words: one.words }) : t("player.reference.is_here", { words: one.words, number: number + 1 });
  }

  // The stroke on screen becomes the reference; where it is the rower's already, she has none any more.
  turn() {
    const { stroke, number } = this.ghost.here() ?? {}, one = this.known && chosen(this.known, "rower");
    if (!stroke || !this.known?.may_choose.includes("rower")) return undefined;
    return one && one.time_s !== null && strokeAt(this.ghost.scene, one.time_s) === number ? this.drop("rower") : this.keep("rower");
  }

  keep(whose) {
    const { stroke } = this.ghost.here() ?? {};
    if (!stroke) return this.say(t("player.reference.no_stroke"));
    if (!stroke.usable) return this.say(t("player.reference.not_usable"));
    return this.send("PUT", whose, { time_s: (stroke.borders_s[0] + stroke.finish_s) / 2 }, t(`player.reference.kept.${whose}`));
  }

  drop(whose) { return this.send("DELETE", whose, undefined, t(`player.reference.dropped.${whose}`)); }

  async send(method, whose, body, done) {
    const was = this.value.startsWith("o") ? this.others[Number(this.value.slice(1))]?.scene : null;
    try {
      this.known = await ask(method, `${this.known.address}/${whose}`, body);
    } catch (error) {
      return this.say(error.message);
    }
    // What lies over the film stays, wherever it stands in the list by now.
    if (was !== null) {
      const at = this.others.findIndex((one) => one.scene === was);
      this.value = at < 0 ? `${this.ghost.number}` : `o${at}`;
      if (at < 0) this.ghost.choose(this.ghost.number);
    }
    this.fill();
    return this.say(done);
  }

  say(words) {
    this.said ??= el("p", { class: "soft", role: "status" });
    this.notes.append(this.said);
    this.said.textContent = words;
  }
}

const chosen = (known, whose) => known.references.find((one) => one.whose === whose);

const group = (id, options) => el("optgroup", { label: t(id) }, ...options);

const strokeAt = (scene, time_s) => scene.strokes.findIndex((stroke) => stroke.borders_s[0] <= time_s && time_s < stroke.end_s);
