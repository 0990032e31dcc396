// Buttons, speeds, layers, and the words about the frame on screen.

import { el } from "./dom.js";
import { signed } from "./colours.js";
import { clock } from "./moment.js";

export const SPEEDS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2];
export const LAYERS = [["back", "back line"], ["joints", "joints"], ["angles", "angles"], ["phase", "phase and stroke"], ["faults", "faults"]];
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
    this.play = button("play", "▶", () => player.toggle());
    this.loop = el("button", { type: "button", class: "tool", "aria-pressed": "false", onclick: () => player.loop() }, "Loop stroke");
    this.speed = el("select", { "aria-label": "speed", onchange: () => player.speed(Number(this.speed.value)) },
      ...SPEEDS.map((s) => el("option", { value: `${s}`, selected: s === 1 }, `${s}×`)));
    const hasFaults = player.scene.faults.length > 0, hasStrokes = player.scene.strokes.length > 0;
    const faults = [button("previous fault", "◀ fault", () => player.fault(-1)), button("next fault", "fault ▶", () => player.fault(1))];
    const strokes = [button("previous stroke", "◀ stroke", () => player.stroke(-1)), button("next stroke", "stroke ▶", () => player.stroke(1))];
    this.bar = el("div", { class: "tools", role: "group", "aria-label": "film" },
      this.play, button("one frame back", "◀ frame", () => player.step(-1)), button("one frame on", "frame ▶", () => player.step(1)),
      ...(hasStrokes ? strokes : []), ...(hasFaults ? faults : []), ...(hasStrokes ? [this.loop] : []), ...player.ghost.parts,
      el("label", { class: "speed" }, "Speed ", this.speed), button("keys", "?", () => player.help()));
    this.boxes = Object.fromEntries(LAYERS.map(([id]) => [id, el("input", { type: "checkbox", checked: player.layers[id], onchange: () => player.layer(id) })]));
    this.layers = el("fieldset", { class: "layers" }, el("legend", {}, "Drawn on the film"), ...LAYERS.map(([id, words]) => el("label", {}, this.boxes[id], ` ${words}`)));
    this.where = el("span", { class: "where" });
    this.measured = el("span");
    this.faults = el("span", { class: "fault-name" });
    this.readout = el("p", { class: "readout" }, this.where, this.measured, this.faults, player.ghost.said);
    this.said = el("p", { class: "unseen", "aria-live": "polite" });
  }

  playing(is) {
    this.play.textContent = is ? "❚❚" : "▶";
    this.play.setAttribute("aria-label", is ? "pause" : "play");
    this.play.title = is ? "pause" : "play";
  }

  looping(is) { this.loop.setAttribute("aria-pressed", `${is}`); }

  // The words about a frame; returns them as one sentence.
  show(scene, moment, row) {
    const place = moment.stroke ? `Stroke ${moment.number + 1} of ${scene.strokes.length}, ${moment.phase}${moment.stroke.usable ? "" : `, not counted: ${moment.stroke.reason}`}` : "Between strokes";
    this.where.textContent = `${place} · ${clock(moment.time_s)} · frame ${row ? row.frame : "…"}`;
    this.measured.textContent = row ? measured(row) : "";
    this.faults.textContent = moment.faults.map((fault) => fault.name).join(" · ");
    return [place, `${moment.time_s.toFixed(2)} seconds`, this.measured.textContent, this.faults.textContent].filter(Boolean).join(", ");
  }
}

export function measured(row) {
  const parts = [["hips", "pelvic_tilt"], ["low back", "lumbar_flexion"]].map(([word, name]) => {
    const value = row.angle(`${name}_deg`), sd = row.angle(`${name}_sd_deg`);
    if (!Number.isFinite(value)) return `${word} not measured`;
    return `${word} ${signed(value)}${Number.isFinite(sd) ? ` ± ${Math.round(sd)}` : ""}`;
  });
  return parts.join(", ");
}
