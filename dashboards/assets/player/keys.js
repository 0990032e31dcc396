// The keys, as one table: what they do and what the sheet says about them.

import { el } from "./dom.js";
import { t } from "../server/texts.js";

const STORED = "rowsense-keys";

export function keyTable(player) {
  return [
    [[" ", "k"], t("player.key_name.space"), t("player.key.play"), () => player.toggle()],
    [["ArrowRight", "."], "→", t("player.frame_on"), () => player.step(1)],
    [["ArrowLeft", ","], "←", t("player.frame_back"), () => player.step(-1)],
    [["Shift+ArrowRight", "ArrowDown"], t("player.key_name.right"), t("player.stroke_on"), () => player.stroke(1)],
    [["Shift+ArrowLeft", "ArrowUp"], t("player.key_name.left"), t("player.stroke_back"), () => player.stroke(-1)],
    [["f"], "f", t("player.fault_on"), () => player.fault(1)],
    [["F"], t("player.key_name.shift_f"), t("player.fault_back"), () => player.fault(-1)],
    ...(player.notes ? noteKeys(player.notes) : []),
    [["l"], "l", t("player.key.loop"), () => player.loop()],
    ...(player.ghost.isPossible ? ghostKeys(player) : []),
    [["-"], "−", t("player.key.slower"), () => player.faster(-1)],
    [["+", "="], "+", t("player.key.faster"), () => player.faster(1)],
    [["Home"], t("player.key_name.home"), t("player.key.first"), () => player.show(0)],
    [["End"], t("player.key_name.end"), t("player.key.last"), () => player.show(player.scene.rows - 1)],
    ...player.layerNames.map(([id, words], i) => [[`${i + 1}`], `${i + 1}`, t("player.key.layer", { layer: words }), () => player.layer(id)]),
    [["?"], "?", t("player.key.sheet"), () => player.help()],
  ];
}

const noteKeys = (notes) => [
  [["n"], "n", t("player.key.note"), () => notes.compose()],
  [["m"], "m", t("player.key.note_on"), () => notes.go(1)],
  [["M"], t("player.key_name.shift_m"), t("player.key.note_back"), () => notes.go(-1)],
  // Heard by the fields themselves.
  [[], t("player.key_name.ctrl_enter"), t("player.key.note_done")],
  [[], t("player.key_name.escape"), t("player.key.note_leave")],
];

const ghostKeys = (player) => [
  [["g"], "g", t("player.key.ghost"), () => player.ghost.toggle()],
  [["G"], t("player.key_name.shift_g"), t("player.key.ghost_on"), () => player.ghost.next()],
  // References are kept where people sign in, as notes are.
  ...(player.notes ? [[["r"], "r", t("player.key.reference"), () => player.ghost.turnReference()]] : []),
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

export function helpSheet(table, note = t("player.key.scroll")) {
  const on = el("input", { type: "checkbox", checked: localStorage.getItem(STORED) !== "off" });
  on.addEventListener("change", () => localStorage.setItem(STORED, on.checked ? "on" : "off"));
  const rows = table.map(([, key, words]) => el("tr", {}, el("th", { scope: "row" }, el("kbd", {}, key)), el("td", {}, words)));
  const sheet = el("dialog", { class: "sheet", "aria-labelledby": "keys-title" },
    el("h2", { id: "keys-title" }, t("player.key.title")),
    el("form", { method: "dialog" }, el("button", { class: "tool do less" }, t("player.key.close")), el("label", {}, on, ` ${t("player.key.on")}`)),
    el("table", {}, el("tbody", {}, ...rows)),
    el("p", { class: "soft" }, note));
  return { sheet, isOn: () => on.checked };
}
