// Taking a film away: out of sight at once, for good after some seconds or when the page is left, and undone until then.

import { el } from "../player/dom.js";
import { ask } from "./ask.js";
import { t } from "../server/texts.js";
import { token } from "../server/token.js";

const UNDO_MS = 8000;

// desk: {drop(card), next(), sum(), goFrom(node), news(words), look()}
export function takeAway(desk, card) {
  const sent = ["waits", "sends", "lost"].includes(card.phase);
  if (sent) card.phase = "pauses";
  card.sender?.pause();
  const { name } = card.told;
  const undo = el("button", { type: "button", class: "do less", "aria-label": t("upload.act.of", { act: t("upload.act.undo"), name }), onclick: () => back() }, t("upload.act.undo"));
  const line = el("li", { class: "card gone" }, el("p", {}, t("upload.taken_away", { name })), undo);
  const timer = setTimeout(() => go(), UNDO_MS);
  window.addEventListener("pagehide", leave);
  card.leaving = line;
  card.node.replaceWith(line);
  undo.focus();
  desk.news(t("upload.taken_away", { name }));
  desk.sum();

  function settle() {
    clearTimeout(timer);
    window.removeEventListener("pagehide", leave);
  }

  function back(note = "") {
    settle();
    card.leaving = null;
    card.note = note;
    line.replaceWith(card.node);
    if (sent && card.file) card.phase = "waits";
    card.draw();
    desk.next();
    card.focus();
  }

  async function go() {
    settle();
    const isHere = line.contains(document.activeElement);
    try {
      await ask("DELETE", `/uploads/${card.id}`);
    } catch (error) {
      return back(error.message);
    }
    if (isHere) desk.goFrom(line);
    desk.drop(card);
    return undefined;
  }

  function leave() {
    fetch(`/uploads/${card.id}`, { method: "DELETE", keepalive: true, headers: { "Tus-Resumable": "1.0.0", "X-CSRFToken": token() } });
  }
}
