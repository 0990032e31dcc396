// Buttons, speeds, layers, and the words about the frame on screen.

import { el } from "./dom.js";
import { signed } from "./colours.js";
import { clock } from "./moment.js";
import { number, t } from "../server/texts.js";

export const SPEEDS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2];
export const LAYERS = ["back", "joints", "angles", "phase", "faults"].map((id) => [id, t(`player.layer.${id}`)]);
export const speedWords = (speed) => `${number(speed, [0, 1, 2].find((digits) => Number(speed.toFixed(digits)) === speed))}×`;
const STORED = "rowsense-layers";

export function storedLayers() {
  let stored = {};
  try {
    stored = JSON.parse(localStorage.getItem(STORED)) || {};
  } catch (error) { /* something else wrote there: all layers are on */ }
  return Object.fromEntries(LAYERS.map(([id]) => [id, stored[id] !== false]));
}

export const keepLayers = (layers) => localStorage.setItem(STORED, JSON.stringify(layers));

export class Controls {
  constructor(player) {
    const button = (words, sign, act) => el("button", { type: "button", class: "tool", title: words, "aria-label": words, onclick: act }, sign);
    this.play = button(t("player.play"), "▶", () => player.toggle());
    this.loop = el("button", { type: "button", class: "tool", "aria-pressed": "false", onclick: () => player.loop() }, t("player.loop"));
    this.speed = el("select", { "aria-label": t("player.speed"), onchange: () => player.speed(Number(this.speed.value)) },
      ...SPEEDS.map((s) => el("option", { value: `${s}`, selected: s === 1 }, speedWords(s))));
    const hasFaults = player.scene.faults.length > 0, hasStrokes = player.scene.strokes.length > 0;
    const faults = [button(t("player.fault_back"), `◀ ${t("player.fault_short")}`, () => player.fault(-1)), button(t("player.fault_on"), `${t("player.fault_short")} ▶`, () => player.fault(1))];
    const strokes = [button(t("player.stroke_back"), `◀ ${t("player.stroke_short")}`, () => player.stroke(-1)), button(t("player.stroke_on"), `${t("player.stroke_short")} ▶`, () => player.stroke(1))];
    this.bar = el("div", { class: "tools", role: "group", "aria-label": t("player.film_tools") },
      this.play, button(t("player.frame_back"), `◀ ${t("player.frame_short")}`, () => player.step(-1)), button(t("player.frame_on"), `${t("player.frame_short")} ▶`, () => player.step(1)),
      ...(hasStrokes ? strokes : []), ...(hasFaults ? faults : []), ...(hasStrokes ? [this.loop] : []), ...player.ghost.parts,
      el("label", { class: "speed" }, `${t("player.speed_label")} `, this.speed), button(t("player.keys"), "?", () => player.help()));
    this.boxes = Object.fromEntries(LAYERS.map(([id]) => [id, el("input", { type: "checkbox", checked: player.layers[id], onchange: () => player.layer(id) })]));
    this.layers = el("fieldset", { class: "layers" }, el("legend", {}, t("player.drawn")), ...LAYERS.map(([id, words]) => el("label", {}, this.boxes[id], ` ${words}`)));
    this.where = el("span", { class: "where" });
    this.measured = el("span");
    this.faults = el("span", { class: "fault-name" });
    this.readout = el("p", { class: "readout" }, this.where, this.measured, this.faults, player.ghost.said);
    this.said = el("p", { class: "unseen", "aria-live": "polite" });
  }

  playing(is) {
    this.play.textContent = is ? "❚❚" : "▶";
    this.play.title = t(is ? "player.pause" : "player.play");
    this.play.setAttribute("aria-label", this.play.title);
  }

  looping(is) { this.loop.setAttribute("aria-pressed", `${is}`); }

  // The words about a frame; returns them as one sentence.
  show(scene, moment, row) {
    const place = placeWords(scene, moment);
    this.where.textContent = t("player.where", { place, clock: clock(moment.time_s), frame: row ? row.frame : "…" });
    this.measured.textContent = row ? measured(row) : "";
    this.faults.textContent = moment.faults.map((fault) => fault.name).join(" · ");
    return [place, t("player.seconds", { seconds: number(moment.time_s, 2) }), this.measured.textContent, this.faults.textContent].filter(Boolean).join(", ");
  }
}

function placeWords(scene, moment) {
  if (!moment.stroke) return t("player.between");
  const said = { number: moment.number + 1, all: scene.strokes.length, phase: moment.phase };
  return moment.stroke.usable ? t("player.stroke_of", said) : t("player.stroke_of_unused", { ...said, why: moment.stroke.reason });
}

export function measured(row) {
  const parts = [["hips", "pelvic_tilt"], ["low_back", "lumbar_flexion"]].map(([label, name]) => {
    const what = t(`player.label.${label}`), value = row.angle(`${name}_deg`), sd = row.angle(`${name}_sd_deg`);
    if (!Number.isFinite(value)) return t("player.not_measured", { what });
    const said = { what, value: signed(value) };
    return Number.isFinite(sd) ? t("player.measured_sd", { ...said, sd: Math.round(sd) }) : t("player.measured", said);
  });
  return parts.join(", ");
}
