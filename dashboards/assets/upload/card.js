// One film on the page: what the server says of it, what this browser does with it, and what one can do.

import { el } from "../player/dom.js";
import { ClaimForm } from "./claim.js";
import { shotFor } from "./memory.js";
import { day, lasting, sentence, size, stageWords } from "./words.js";

const OPEN = new Set(["receiving", "checking", "ready"]);
const WAITS = new Set(["queued", "running"]);

export class Card {
  // desk: {act(card, what), claim(card, values), above(card), again(card, file), news(words)}
  constructor(told, page, desk) {
    this.desk = desk;
    this.page = page;
    this.told = told;
    this.file = null;
    this.sender = null;
    this.phase = ""; // of sending: waits, sends, pauses, lost
    this.speed = 0;
    this.note = "";
    this.said = null; // what was claimed here
    this.changing = false;
    this.drawn = "";
    this.shot = el("div", { class: "shot", "aria-hidden": "true" });
    this.facts = el("p", { class: "soft" });
    this.bar = el("progress", { max: 1, "aria-label": `How far ${told.name} is` });
    this.words = el("p");
    this.problem = el("p", { class: "problem" });
    this.known = el("p", { class: "known" });
    this.acts = el("div", { class: "acts" });
    this.form = new ClaimForm(page, told.name, told.filmed_on, { submit: (values) => desk.claim(this, values), above: () => desk.above(this) });
    if (told.claim) this.form.fill(told.claim);
    this.node = el(
      "li",
      { class: "card film" },
      this.shot,
      el("header", {}, el("h2", {}, told.name), this.facts),
      el("div", { class: "state" }, this.bar, this.words, this.problem, this.known, this.acts),
      this.form.node,
    );
    this.picture(shotFor(told.id));
    this.draw();
  }

  get id() {
    return this.told.id;
  }

  get isOpen() {
    return OPEN.has(this.told.state);
  }

  // What was said of it, for the one below.
  get values() {
    return this.isOpen && this.form.fields.athlete.value ? this.form.values : null;
  }

  // Whether something goes on by itself that is worth asking for.
  get moves() {
    return this.told.state === "checking" || WAITS.has(this.told.job?.state);
  }

  picture(address) {
    this.shot.replaceChildren(address ? el("img", { src: address, alt: "" }) : "no picture");
  }

  hears(told) {
    const sent = this.sender ? Math.max(this.told.here, told.here) : told.here;
    this.told = { ...told, here: sent };
    this.draw();
  }

  draw() {
    const { told } = this;
    this.facts.textContent = [size(told.bytes), told.duration_s ? lasting(told.duration_s) : ""].filter(Boolean).join(", ");
    const [share, words] = this.progress();
    show(this.bar, share !== null);
    if (share !== null) this.bar.value = share;
    this.words.textContent = words;
    const problem = sentence(told.problem || this.note || (["failed", "parked"].includes(told.job?.state) ? told.job.error : ""));
    // Drawn anew only when it is another, so that a button that is being pressed stays.
    const key = JSON.stringify([told.state, told.job?.state, told.job?.stops, told.known, told.session, told.claim, this.phase, problem, this.changing, !!this.file]);
    if (key === this.drawn) return;
    if (this.drawn) this.desk.news(`${told.name}: ${words} ${problem}`);
    this.drawn = key;
    show(this.problem, problem);
    this.problem.replaceChildren(problem, ...(problem && this.toFilmBetter() ? [" ", el("a", { href: "#guide", onclick: openGuide }, "How to film")] : []));
    const known = told.state === "ready" ? told.known[0] : null;
    show(this.known, known);
    if (known) this.known.replaceChildren(`This film is here already: ${known.athlete}, ${day(known.rowed_on)}. `, known.address ? el("a", { href: known.address }, "Open that session") : "It is not analysed yet", ". Take this one away, or analyse it once more.");
    show(this.form.node, this.isOpen && (!told.claim || this.changing || told.state === "ready"));
    this.acts.replaceChildren(...this.buttons());
    this.node.classList.toggle("done", told.job?.state === "done");
  }

  // Share of the bar, null for none, and the words under it.
  progress() {
    const { told } = this;
    if (told.state === "receiving") return [told.here / told.bytes, this.sending()];
    if (told.state === "checking") return [1, "All of it is here; looking at it."];
    if (told.state === "ready") return [null, told.claim && !told.known.length ? "It is here." : "It is here. Say who is in it, and it is analysed."];
    if (told.state !== "claimed" || !told.job) return [null, ""];
    const who = told.session ? `${told.session.athlete}, ${day(told.session.rowed_on)}` : "";
    const { job } = told;
    if (job.stops) return [job.share, `${who}: stopping.`];
    if (job.state === "queued") return [0, `${who}: waits for its analysis.${job.error ? ` ${sentence(job.error)}` : ""}`];
    if (job.state === "running") return [job.share, `${who}: ${stageWords(job.stage)}, ${Math.round(100 * job.share)} %${job.left_s === null ? "" : `, about ${lasting(job.left_s)} left`}.`];
    const ends = { done: "analysed", cancelled: "its analysis was cancelled", failed: "it could not be analysed", parked: "its analysis broke off several times; an administrator should look" };
    return [null, `${who}: ${ends[job.state]}.`];
  }

  sending() {
    const { told } = this;
    const share = Math.floor((100 * told.here) / told.bytes);
    const claimed = told.claim && !this.changing ? `${this.nameOf(told.claim.athlete)}, ${day(told.claim.rowed_on)}. ` : "";
    if (this.phase === "waits") return `${claimed}Waits for its turn.`;
    if (this.phase === "pauses") return `${claimed}Paused at ${share} %.`;
    if (this.phase === "lost") return `${claimed}The connection is lost at ${share} %; it goes on by itself.`;
    if (this.phase === "sends") {
      const left = this.speed > 0 ? `, about ${lasting((told.bytes - told.here) / this.speed)} left` : "";
      return `${claimed}${size(told.here)} of ${size(told.bytes)}${left}.`;
    }
    return `${claimed}${share} % is here. Choose the same film again, and it goes on from there; after ${this.page.kept_days} days it is taken away.`;
  }

  nameOf(athlete) {
    return this.page.rowers.find((one) => one.id === athlete)?.name ?? "";
  }

  toFilmBetter() {
    return this.told.job?.state === "failed" || this.told.state === "refused";
  }

  buttons() {
    const { told } = this;
    const name = told.name;
    const button = (words, what, more = "") => el("button", { type: "button", class: `do less ${more}`, "aria-label": `${words}: ${name}`, onclick: () => this.desk.act(this, what) }, words);
    const found = [];
    if (told.state === "receiving") {
      if (this.phase === "pauses") found.push(button("Go on", "go"));
      else if (this.file) found.push(button("Pause", "pause"));
      else found.push(el("label", { class: "do less again" }, "Choose it again", el("input", { type: "file", accept: "video/*", "aria-label": `Choose again: ${name}`, onchange: (event) => this.desk.again(this, event.target.files[0]) })));
    }
    if (told.claim && this.isOpen && told.state !== "ready" && !this.changing) found.push(button("Change who", "change"));
    if (WAITS.has(told.job?.state) && !told.job.stops) found.push(button("Cancel", "cancel", "grave"));
    if (["failed", "parked", "cancelled"].includes(told.job?.state)) found.push(button("Try again", "retry"));
    if (told.job?.state === "done" && told.session) found.push(el("a", { class: "do", href: told.session.address, "aria-label": `Open the session of ${told.session.athlete}: ${name}` }, "Open the session"));
    if (!WAITS.has(told.job?.state)) found.push(told.job?.state === "done" ? button("Clear from this list", "remove") : button("Take away", "remove", "grave"));
    return found;
  }
}

function show(node, whether) {
  node.hidden = !whether;
}

function openGuide() {
  document.getElementById("guide").open = true;
}
