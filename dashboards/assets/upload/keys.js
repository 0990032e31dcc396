// The keys of the page Upload: what they do, and what the sheet says about them.

import { helpSheet } from "../player/keys.js";
import { t } from "../server/texts.js";

export class Keyboard {
  // desk: {shown: the films on the page}; button: opens the sheet, which lies behind `list`
  constructor(desk, button, list) {
    this.desk = desk;
    const table = keyTable(this);
    const { sheet, isOn } = helpSheet(table, t("upload.key.note"));
    list.after(sheet);
    this.sheet = sheet;
    button.addEventListener("click", () => this.help());
    listen(table, isOn);
  }

  help() {
    this.sheet.showModal();
  }

  get here() {
    return this.desk.shown.find((card) => card.node.contains(document.activeElement)) ?? null;
  }

  // Of which a key speaks: the one with the focus, else the first of which somebody has to say who is in it.
  get form() {
    const card = this.here ?? this.desk.shown.find((one) => !one.form.node.hidden);
    return card && !card.form.node.hidden ? card.form : null;
  }

  step(by) {
    const all = this.desk.shown;
    const at = all.indexOf(this.here);
    all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
  }

  same() {
    if (this.form && !this.form.same.hidden) this.form.copy();
  }

  analyse() {
    if (this.form && !this.form.go.disabled) this.form.node.requestSubmit();
  }

  // Out of a field, so that letters are keys again.
  out() {
    this.here?.node.focus();
  }
}

function keyTable(keyboard) {
  return [
    [["n", "Alt+n"], t("upload.key_name.next"), t("upload.key.next"), () => keyboard.step(1)],
    [["p", "Alt+p"], t("upload.key_name.before"), t("upload.key.before"), () => keyboard.step(-1)],
    [["s", "Alt+s"], t("upload.key_name.same"), t("upload.key.same"), () => keyboard.same()],
    [["a", "Ctrl+Enter"], t("upload.key_name.analyse"), t("upload.key.analyse"), () => keyboard.analyse()],
    [["Escape"], t("upload.key_name.out"), t("upload.key.out"), () => keyboard.out()],
    [["?"], "?", t("player.key.sheet"), () => keyboard.help()],
  ];
}

// Letters are keys except where one types or chooses; there those with Alt or Ctrl are. The sheet switches letters off.
function listen(table, isOn) {
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
