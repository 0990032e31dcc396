// What saving a form would change: asked of the server, which answers line by line while it works it out.

import { t } from "../server/texts.js";

const UNREACHED = t("server.unreached");
const REFUSED = t("catalogue.look.refused");

export function preview(place) {
  const form = place.closest("form");
  const [show, stop, bar, said] = ["look", "stop", "bar", "said"].map((name) => place.querySelector(`[data-${name}]`));
  let running = null;

  const busy = (is) => {
    show.hidden = is;
    stop.hidden = bar.hidden = !is;
  };
  const clear = (bad = false) => {
    said.replaceChildren();
    said.classList.toggle("bad", bad);
  };
  show.hidden = false;
  stop.addEventListener("click", () => running?.abort());
  // What was shown is of what was written then.
  form.addEventListener("input", () => clear());

  show.addEventListener("click", async () => {
    running = new AbortController();
    busy(true);
    clear();
    bar.firstElementChild.style.width = "2%";
    try {
      const body = new FormData(form);
      body.set("form", place.dataset.form);
      const answer = await fetch("/catalogue/preview", { method: "POST", body, signal: running.signal });
      if (!answer.ok) throw new Error(REFUSED);
      for await (const told of lines(answer.body)) {
        if (told.total) bar.firstElementChild.style.width = `${Math.round((100 * told.done) / told.total)}%`;
        if (told.problems) list(said, "", told.problems, clear(true));
        if (told.lead) result(said, told);
      }
    } catch (error) {
      if (error.name !== "AbortError") list(said, "", [error.message === REFUSED ? REFUSED : UNREACHED], clear(true));
    } finally {
      const had = document.activeElement === stop;
      busy(false);
      if (had) show.focus();
    }
  });
}

async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const part of parts) if (part) yield JSON.parse(part);
  }
}

function result(said, told) {
  list(said, told.lead, []);
  for (const fault of told.faults) {
    const name = document.createElement("b");
    name.textContent = `${fault.name}: `;
    const words = document.createElement("p");
    words.append(name, fault.sentences.join(" "));
    said.append(words);
  }
  list(said, "", told.notes);
}

function list(place, lead, items) {
  if (lead) place.append(Object.assign(document.createElement("p"), { textContent: lead }));
  if (items.length === 0) return;
  const all = document.createElement("ul");
  for (const item of items) all.append(Object.assign(document.createElement("li"), { textContent: item }));
  place.append(all);
}
