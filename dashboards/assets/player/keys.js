// The keys, as one table: what they do and what the sheet says about them.

import { el } from "./dom.js";

const STORED = "rowsense-keys";

export function keyTable(player) {
  return [
    [[" ", "k"], "Space or k", "play and pause", () => player.toggle()],
    [["ArrowRight", "."], "→", "one frame on", () => player.step(1)],
    [["ArrowLeft", ","], "←", "one frame back", () => player.step(-1)],
    [["Shift+ArrowRight", "ArrowDown"], "Shift → or ↓", "next stroke", () => player.stroke(1)],
    [["Shift+ArrowLeft", "ArrowUp"], "Shift ← or ↑", "previous stroke", () => player.stroke(-1)],
    [["f"], "f", "next fault", () => player.fault(1)],
    [["F"], "Shift f", "previous fault", () => player.fault(-1)],
    ...(player.notes ? noteKeys(player.notes) : []),
    [["l"], "l", "loop this stroke", () => player.loop()],
    ...(player.ghost.isPossible ? [[["g"], "g", "ghost of another stroke on and off", () => player.ghost.toggle()]] : []),
    [["-"], "−", "slower", () => player.faster(-1)],
    [["+", "="], "+", "faster", () => player.faster(1)],
    [["Home"], "Home", "first frame", () => player.show(0)],
    [["End"], "End", "last frame", () => player.show(player.scene.rows - 1)],
    ...player.layerNames.map(([id, words], i) => [[`${i + 1}`], `${i + 1}`, `${words} on and off`, () => player.layer(id)]),
    [["?"], "?", "this sheet", () => player.help()],
  ];
}

const noteKeys = (notes) => [
  [["n"], "n", "a note on this frame, for coaches", () => notes.compose()],
  [["m"], "m", "next note", () => notes.go(1)],
  [["M"], "Shift m", "previous note", () => notes.go(-1)],
];

// These scroll a page: they belong to the player only while the focus is in it.
const SCROLLING = new Set(["ArrowUp", "ArrowDown", "Home", "End"]);

// Keys work anywhere on the page except where the reader types or chooses; they can be switched off in the sheet, and
// then the timeline still answers to them.
export function listen(player, table, isOn) {
  const actions = new Map(table.flatMap(([keys, , , act]) => keys.map((key) => [key, act])));
  const heard = (event) => {
    if (!player.place.isConnected) return player.leave();
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")) return undefined;
    const target = event.target, inside = player.place.contains(target);
    if (target.matches("input, select, textarea, [contenteditable]") || (event.key === " " && target.closest("button, a, summary"))) return undefined;
    if (SCROLLING.has(event.key) && !event.shiftKey && !inside) return undefined;
    const act = actions.get(event.shiftKey && event.key.startsWith("Arrow") ? `Shift+${event.key}` : event.key);
    if (!act || !(isOn() || target.closest("[role=slider]"))) return undefined;
    event.preventDefault();
    return act();
  };
  document.addEventListener("keydown", heard);
  return () => document.removeEventListener("keydown", heard);
}

export function helpSheet(table) {
  const on = el("input", { type: "checkbox", checked: localStorage.getItem(STORED) !== "off" });
  on.addEventListener("change", () => localStorage.setItem(STORED, on.checked ? "on" : "off"));
  const rows = table.map(([, key, words]) => el("tr", {}, el("th", { scope: "row" }, el("kbd", {}, key)), el("td", {}, words)));
  const sheet = el("dialog", { class: "sheet", "aria-labelledby": "keys-title" },
    el("h2", { id: "keys-title" }, "Keys"),
    el("form", { method: "dialog" }, el("button", { class: "tool" }, "Close"), el("label", {}, on, " keys are on")),
    el("table", {}, el("tbody", {}, ...rows)),
    el("p", { class: "soft" }, "↑ ↓ Home End scroll the page until you have clicked into the player."));
  return { sheet, isOn: () => on.checked };
}
