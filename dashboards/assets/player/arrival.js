// A film that neither comes nor fails is waited for all the time, but not without a word.

import { el } from "./dom.js";
import { t } from "../server/texts.js";

// Nothing came for so long: a phone that lost its line notices it no sooner.
const SILENT_MS = 10000;

// say(...parts): puts them where the reader looks, nothing takes them away; ask: asks for the film anew. Returns what ends the watch.
export function watchArrival(video, say, ask, silent_ms = SILENT_MS) {
  let timer = null;
  const again = el("button", { type: "button", class: "link", onclick: () => { hear(); ask(); } }, t("player.late.again"));
  const silence = () => {
    if (!video.isConnected) return stop(); // another page is shown
    if (document.hidden) return hear(); // browsers put off what nobody looks at
    return say(t("player.late.words"), " ", again);
  };
  // Something came, or was asked for: what was said is not true any more. The keyboard is not left where nothing is.
  const hear = () => {
    clearTimeout(timer);
    timer = setTimeout(silence, silent_ms);
    if (!again.isConnected) return;
    if (document.activeElement === again) video.focus();
    say();
  };
  const stop = () => {
    hear();
    clearTimeout(timer);
    video.removeEventListener("progress", hear);
  };
  video.addEventListener("progress", hear);
  hear();
  return stop;
}
