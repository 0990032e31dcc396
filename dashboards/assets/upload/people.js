// In a row of ergometers: the people in the film as boxes over a picture of it, one of which is pressed.

import { el } from "../player/dom.js";
import { t } from "../server/texts.js";
import { sentence } from "./words.js";

export class People {
  // field: where the number of the chosen one goes; ask(): who is there, from the server
  constructor(name, field, ask) {
    Object.assign(this, { name, field, ask });
    this.begin = el("button", { type: "button", class: "do less", hidden: true, onclick: () => this.look() }, t("upload.people.choose"));
    this.said = el("p", { class: "soft", role: "status" });
    this.place = el("div", { class: "pointing", role: "group", "aria-label": t("upload.people.picture", { name }), hidden: true });
    this.node = el("div", { class: "people" }, this.begin, this.said, this.place);
    this.boxes = new Map();
    this.refused = new Map(); // number -> why that person cannot be measured
    field.addEventListener("input", () => this.mark());
  }

  // The film has to be here before somebody can look into it.
  allow(isHere) { this.begin.hidden = !isHere || Boolean(this.boxes.size); }

  async look() {
    this.begin.disabled = true;
    this.said.textContent = t("upload.people.looking");
    try {
      this.show(await this.ask());
    } catch (error) {
      this.said.textContent = error.message;
    } finally {
      this.begin.disabled = false;
    }
  }

  show({ picture, people }) {
    const rowing = people.filter((one) => one.rows);
    const nearest = rowing[0]?.number;
    this.said.textContent = wordsFor(people, rowing);
    if (!people.length) return;
    this.boxes = new Map(people.map((one) => [one.number, this.box(one, one.number === nearest, people.length > 1)]));
    this.refused = new Map(people.map((one) => [one.number, one.refused]));
    // Who is further away lies above: she is smaller, and else could not be pressed.
    this.place.replaceChildren(el("img", { src: picture, alt: "" }), ...this.boxes.values());
    this.place.hidden = false;
    this.begin.hidden = true;
    this.mark();
    [...this.boxes.values()].find((box) => !box.disabled)?.focus({ preventScroll: true });
  }

  box({ number, box: [x0, y0, x1, y1], rows }, isNearest, isChoice) {
    const words = t(`upload.people.${rows ? (isNearest ? "nearest" : "person") : "still"}`, { n: number });
    const node = el("button", { type: "button", class: "person", title: words, "aria-label": words, disabled: !rows || !isChoice, onclick: () => this.choose(number) }, el("span", {}, `${number}`));
    Object.assign(node.style, { left: `${100 * x0}%`, top: `${100 * y0}%`, width: `${100 * (x1 - x0)}%`, height: `${100 * (y1 - y0)}%` });
    return node;
  }

  // Pressed again, it is nobody's choice.
  choose(number) {
    const isTaken = this.field.value === `${number}`;
    this.field.value = isTaken ? "" : `${number}`;
    this.said.textContent = isTaken ? t("upload.people.by_itself") : [t("upload.people.chosen", { n: number }), sentence(this.refused.get(number) ?? "")].join(" ").trim();
    this.mark();
  }

  mark() {
    for (const [number, box] of this.boxes) box.setAttribute("aria-pressed", `${this.field.value === `${number}`}`);
  }
}

function wordsFor(people, rowing) {
  if (!people.length) return t("upload.people.none");
  if (people.length === 1) return t("upload.people.one");
  return rowing.length ? t("upload.people.several") : t("upload.people.nobody_rows", { n: people.length });
}
