// What steers both films: buttons, the place in the stroke with the phases of both sides, and what is drawn.

import { LAYERS, SPEEDS, speedWords } from "../player/controls.js";
import { t } from "../server/texts.js";
import { el } from "../player/dom.js";
import { percentOf } from "../player/moment.js";

// What can be drawn; the last one only where the films face each other.
export const drawn = (host) => [
  ...LAYERS, ["ghost", t("compare.layer.ghost")],
  ...(host.faceEachOther ? [["turned", t("compare.layer.turned")]] : []),
];

export class Bar {
  constructor(host) {
    const button = (words, sign, act) => el("button", { type: "button", class: "tool", title: words, "aria-label": words, onclick: act }, sign);
    this.play = button(t("compare.play_both"), "▶", () => host.toggle());
    this.loop = el("button", { type: "button", class: "tool", "aria-pressed": "false", onclick: () => host.loop() }, t("player.loop"));
    this.speed = el("select", { "aria-label": t("player.speed"), onchange: () => host.speed(Number(this.speed.value)) },
      ...SPEEDS.map((s) => el("option", { value: `${s}`, selected: s === 1 }, speedWords(s))));
    const pairs = host.pairs > 1 ? [button(t("compare.stroke_back"), `◀ ${t("player.stroke_short")}`, () => host.pair(-1)), button(t("compare.stroke_on"), `${t("player.stroke_short")} ▶`, () => host.pair(1)), this.loop] : [];
    this.buttons = el("div", { class: "tools", role: "group", "aria-label": t("compare.both_films") },
      this.play, button(t("compare.phase_before"), `◀ ${t("compare.phase_short")}`, () => host.phase(-1)), button(t("compare.next_phase"), `${t("compare.phase_short")} ▶`, () => host.phase(1)),
      button(t("player.frame_back"), `◀ ${t("player.frame_short")}`, () => host.step(-1)), button(t("player.frame_on"), `${t("player.frame_short")} ▶`, () => host.step(1)),
      ...pairs, el("label", { class: "speed" }, `${t("player.speed_label")} `, this.speed), button(t("player.keys"), "?", () => host.help()));
    const names = drawn(host);
    this.boxes = Object.fromEntries(names.map(([id]) => [id, el("input", { type: "checkbox", checked: host.layers[id], onchange: () => host.layer(id) })]));
    this.layers = el("fieldset", { class: "layers" }, el("legend", {}, t("compare.drawn")), ...names.map(([id, words]) => el("label", {}, this.boxes[id], ` ${words}`)));
    this.said = el("p", { class: "unseen", "aria-live": "polite" });
    this.place = new Place(host);
  }

  get parts() { return [this.place.element, this.buttons, this.layers, this.said]; }

  playing(is) {
    this.play.textContent = is ? "❚❚" : "▶";
    this.play.title = t(is ? "compare.pause_both" : "compare.play_both");
    this.play.setAttribute("aria-label", this.play.title);
  }

  looping(is) { this.loop.setAttribute("aria-pressed", `${is}`); }
}

// The stroke from catch to catch, a row of phases for each side.
class Place {
  constructor(host) {
    this.host = host;
    this.cursor = el("div", { class: "cursor" });
    this.rows = host.data.sides.map(() => el("div", { class: "phase-row" }));
    this.box = el("div", { class: "phase-rows" }, ...this.rows, this.cursor);
    this.marks = el("p", { class: "phase-marks soft", "aria-hidden": "true" }, ...["catch", "finish", "catch"].map((moment) => el("span", {}, t(`quantities.phase.${moment}`))));
    this.element = el("div", { class: "place", role: "slider", tabIndex: 0, "aria-label": t("compare.place"), "aria-valuemin": "0", "aria-valuemax": "100" }, this.box, this.marks);
    this.marks.children[1].style.left = `${host.finish}%`;
    const told = (event) => {
      const { left, width } = this.box.getBoundingClientRect();
      host.goTo((event.clientX - left) / width * 100);
    };
    this.box.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      this.box.setPointerCapture(event.pointerId);
      told(event);
    });
    this.box.addEventListener("pointermove", (event) => { if (this.box.hasPointerCapture(event.pointerId)) told(event); });
  }

  // Other strokes are on screen.
  strokes(strokes) {
    const { host } = this;
    strokes.forEach((stroke, side) => {
      const at = stroke.borders_s.map((time_s) => percentOf(stroke, time_s, host.finish));
      this.rows[side].replaceChildren(...host.phases.map(([, words, colour], i) => el("i", { title: words, style: `background:${colour};width:${at[i + 1] - at[i]}%` })));
    });
  }

  show(percent, words) {
    this.cursor.style.transform = `translateX(${percent / 100 * this.box.clientWidth}px)`;
    this.element.setAttribute("aria-valuenow", percent.toFixed(1));
    this.element.setAttribute("aria-valuetext", words);
  }
}
