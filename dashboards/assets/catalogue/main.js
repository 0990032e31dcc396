// The pages of the catalogue: find a fault, show what a form would change before it is saved, watch judging again.

import "../server/moments.js";
import { preview } from "./preview.js";

const find = document.querySelector("#find");
if (find) {
  find.parentElement.hidden = false;
  const faults = [...document.querySelectorAll(".fault")].map((card) => ({ card, words: card.textContent.toLowerCase() }));
  const show = () => {
    const asked = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const { card, words } of faults) card.hidden = !asked.every((word) => words.includes(word));
    document.querySelector("#none").hidden = faults.some(({ card }) => !card.hidden);
  };
  find.addEventListener("input", show);
  show(); // until all style sheets are there the field can be seen, and written into, before this script has come
}

for (const place of document.querySelectorAll(".look")) preview(place);

const state = document.querySelector(".state[data-progress]");
if (state?.dataset.progress) {
  const words = state.querySelector("[data-words]");
  const fill = state.querySelector(".fill");
  const look = async () => {
    try {
      const answer = await fetch(state.dataset.progress, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout?.(60_000) });
      const told = answer.ok ? await answer.json() : null;
      if (told && told.share === null) {
        location.reload();
        return;
      }
      if (told) {
        words.textContent = told.words;
        fill.style.width = `${Math.round(100 * told.share)}%`;
      }
    } catch {
      // Not connected just now: the next look may be.
    }
    setTimeout(look, 3000);
  };
  setTimeout(look, 3000);
}
