// The keys of the page Upload: what they do, and what the sheet says about them.

import { t } from "../server/texts.js";

// desk: {step(by), above(), analyse(), out(), help()}; of the film in which the focus is, else of the first that is open.
export function keyTable(desk) {
  return [
    [["n", "Alt+n"], t("upload.key_name.next"), t("upload.key.next"), () => desk.step(1)],
    [["p", "Alt+p"], t("upload.key_name.before"), t("upload.key.before"), () => desk.step(-1)],
    [["s", "Alt+s"], t("upload.key_name.same"), t("upload.key.same"), () => desk.same()],
    [["a", "Ctrl+Enter"], t("upload.key_name.analyse"), t("upload.key.analyse"), () => desk.analyse()],
    [["Escape"], t("upload.key_name.out"), t("upload.key.out"), () => desk.out()],
    [["?"], "?", t("player.key.sheet"), () => desk.help()],
  ];
}

// Letters are keys except where one types or chooses; there those with Alt or Ctrl are. The sheet switches letters off.
export function listen(table, isOn) {
  const actions = new Map(table.flatMap(([keys, , , act]) => keys.map((key) => [key, act])));
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const key = nameOf(event);
    const act = actions.get(key);
    const types = event.target.matches("input:not([type=file]), select, textarea");
    if (!act || (types ? key.length === 1 : key.length === 1 && !isOn())) return;
    event.preventDefault();
    act();
  });
}

// By the place of the letter where Alt makes another one of it.
function nameOf(event) {
  if (event.altKey) return event.code.startsWith("Key") && !event.ctrlKey ? `Alt+${event.code.slice(3).toLowerCase()}` : "";
  if (event.ctrlKey || event.metaKey) return event.key === "Enter" ? "Ctrl+Enter" : "";
  return event.key;
}
