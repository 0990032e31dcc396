// What could be better in a film, as far as it was looked at: said before somebody waits for its analysis.

import { el } from "../player/dom.js";
import { number, t } from "../server/texts.js";
import { sentence } from "./words.js";

// Up to which rate a camera was not set to 60 pictures a second.
const SLOW_HZ = 31;
const GOES_ON = new Set(["queued", "running"]);

export function hintsOf(told) {
  if (told.state !== "ready" && !GOES_ON.has(told.job?.state)) return [];
  const several = told.state === "ready" && told.rowing > 1 ? [t("upload.hint.several", { n: told.rowing })] : [];
  const rate = told.fps && told.fps < SLOW_HZ ? [t("upload.hint.rate", { rate: number(told.fps) })] : [];
  return [...several, ...told.warnings.map(sentence), ...rate];
}

// The list of them; with the way to the drawn guide, or with its drawings themselves where nothing can be measured.
export function hintList(hints, isRefused) {
  const list = hints.length ? [el("ul", {}, ...hints.map((words) => el("li", {}, words)))] : [];
  if (isRefused) return [...list, document.querySelector("#guide .pictures").cloneNode(true)];
  return list.length ? [...list, toGuide()] : [];
}

export const toGuide = () => el("a", { href: "#guide", onclick: () => (document.getElementById("guide").open = true) }, t("upload.guide.head"));
