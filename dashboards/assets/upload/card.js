// One film on the page: what the server says of it, what this browser does with it, and what one can do.

import { el } from "../player/dom.js";
import { ClaimForm } from "./claim.js";
import { hintList, hintsOf, toGuide } from "./hints.js";
import { parts, t } from "../server/texts.js";
import { shotFor } from "./memory.js";
import { Watching } from "./watching.js";
import { day, lasting, sentence, size, stageWords } from "./words.js";

const OPEN = new Set(["receiving", "checking", "ready"]);
const WAITS = new Set(["queued", "running"]);

export class Card {
  // desk: {act(card, what), claim(card, values), above(card), people(card, values), again(card, file), news(words)}
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
    this.bar = el("progress", { max: 1, "aria-label": t("upload.how_far", { name: told.name }) });
    this.words = el("p");
    this.leaving = null; // what stands in its place while it can be taken back
    this.pictured = false;
    this.problem = el("p", { class: "problem" });
    this.hints = el("div", { class: "hints" });
    this.known = el("p", { class: "known" });
    this.acts = el("div", { class: "acts" });
    this.watching = new Watching(told.name, () => this.draw());
    this.form = new ClaimForm(page, told.name, told.filmed_on, { submit: (values) => desk.claim(this, values), above: () => desk.above(this), people: (values) => desk.people(this, values) });
    if (told.claim) this.form.fill(told.claim);
    this.node = el(
      "li",
      { class: "card film", tabIndex: -1 },
      this.shot,
      el("header", {}, el("h2", {}, told.name), this.facts),
      el("div", { class: "state" }, this.bar, this.words, this.problem, this.hints, this.known, this.acts, this.watching.node),
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
    this.pictured = Boolean(address);
    this.shot.replaceChildren(address ? el("img", { src: address, alt: "" }) : t("upload.no_picture"));
  }

  // Where the keyboard goes on: who is in it, else what one can do.
  focus() {
    (this.form.node.hidden ? this.acts.querySelector("button, a") ?? this.node : this.form.fields.athlete).focus();
    this.node.scrollIntoView({ block: "nearest" });
  }

  hears(told) {
    const sent = this.sender ? Math.max(this.told.here, told.here) : told.here;
    this.told = { ...told, here: sent };
    this.draw();
  }

  draw() {
    const { told } = this;
    // What this browser drew from a file of its own comes first; films from elsewhere have the server's picture.
    if (told.picture && !this.pictured) this.picture(`/uploads/${told.id}/picture`);
    this.facts.textContent = [size(told.bytes), told.duration_s ? lasting(told.duration_s) : ""].filter(Boolean).join(", ");
    const [share, words] = this.progress();
    show(this.bar, share !== null);
    if (share !== null) this.bar.value = share;
    this.words.textContent = words;
    this.watching.hears(told.film, words);
    // Of a film without strokes only that is asked: why nothing could be measured follows from it.
    const problem = sentence((told.poses ? t("upload.no_strokes") : told.problem) || this.note || (["failed", "parked"].includes(told.job?.state) ? told.job.error : ""));
    const hints = hintsOf(told);
    // Drawn anew only when it is another, so that a button that is being pressed stays.
    const key = JSON.stringify([told.state, told.job?.state, told.job?.stops, told.known, told.session, told.claim, this.phase, problem, this.changing, !!this.file, hints, told.refused, told.poses, !!told.film, this.watching.open]);
    if (key === this.drawn) return;
    if (this.drawn) this.desk.news(`${told.name}: ${words} ${problem}`);
    this.drawn = key;
    show(this.problem, problem);
    this.problem.replaceChildren(problem, ...(problem && this.toFilmBetter() ? [" ", toGuide()] : []));
    const drawings = told.refused && !told.poses;
    show(this.hints, hints.length || drawings);
    this.hints.replaceChildren(...hintList(hints, drawings));
    const known = told.state === "ready" ? told.known[0] : null;
    show(this.known, known);
    if (known) {
      const open = known.address ? el("a", { href: known.address }, t("upload.open_that")) : t("upload.not_analysed_yet");
      this.known.replaceChildren(...parts("upload.known_is_here", { athlete: known.athlete, day: day(known.rowed_on), open }));
    }
    show(this.form.node, this.isOpen && (!told.claim || this.changing || told.state === "ready"));
    this.form.people.allow(told.state === "ready");
    this.form.isRefused = told.refused;
    this.form.tellGo();
    this.acts.replaceChildren(...this.buttons());
    this.node.classList.toggle("done", told.job?.state === "done");
  }

  // Share of the bar, null for none, and the words under it.
  progress() {
    const { told } = this;
    if (told.state === "receiving") return [told.here / told.bytes, this.sending()];
    if (told.state === "checking") return [1, t("upload.looking_at_it")];
    if (told.state === "ready") return [null, t(told.poses ? "upload.is_here_still" : told.refused ? "upload.is_here_refused" : told.claim && !told.known.length ? "upload.is_here" : "upload.say_who")];
    if (told.state !== "claimed" || !told.job) return [null, ""];
    const who = told.session ? `${told.session.athlete}, ${day(told.session.rowed_on)}` : "";
    const { job } = told;
    if (job.stops) return [job.share, t("upload.stopping", { who })];
    if (job.state === "queued") return [0, `${t("upload.queued", { who })}${job.error ? ` ${sentence(job.error)}` : ""}`];
    const going = { who, stage: stageWords(job.stage), share: Math.round(100 * job.share) };
    if (job.state === "running") return [job.share, job.left_s === null ? t("upload.running", going) : t("upload.running_left", { ...going, left: lasting(job.left_s) })];
    return [null, told.calibration && job.state === "done" ? t("upload.calibrated", { who }) : t(`upload.ended.${job.state}`, { who })];
  }

  sending() {
    const { told } = this;
    const share = Math.floor((100 * told.here) / told.bytes);
    const claimed = told.claim && !this.changing ? `${this.nameOf(told.claim.athlete)}, ${day(told.claim.rowed_on)}. ` : "";
    if (this.phase === "waits") return `${claimed}${t("upload.waits_turn")}`;
    if (this.phase === "pauses") return `${claimed}${t("upload.paused_at", { share })}`;
    if (this.phase === "lost") return `${claimed}${t("upload.lost_at", { share })}`;
    if (this.phase === "sends") {
      const sent = { here: size(told.here), all: size(told.bytes) };
      return `${claimed}${this.speed > 0 ? t("upload.sent_left", { ...sent, left: lasting((told.bytes - told.here) / this.speed) }) : t("upload.sent", sent)}`;
    }
    return `${claimed}${t("upload.go_on_later", { share, days: this.page.kept_days })}`;
  }

  nameOf(athlete) {
    return this.page.rowers.find((one) => one.id === athlete)?.name ?? "";
  }

  toFilmBetter() {
    return this.told.job?.state === "failed" || this.told.state === "refused" || this.told.refused;
  }

  watchButton() {
    const { open } = this.watching;
    const act = t(open ? "upload.act.close_film" : "upload.act.watch");
    const press = () => {
      this.watching.turn();
      (open ? this.acts.querySelector(".watch") : this.watching.video)?.focus();
    };
    return el("button", { type: "button", class: "do less watch", "aria-expanded": String(open), "aria-label": t("upload.act.of", { act, name: this.told.name }), onclick: press }, act);
  }

  buttons() {
    const { told } = this;
    const name = told.name;
    const button = (act, what, more = "") => el("button", { type: "button", class: `do less ${more}`, "aria-label": t("upload.act.of", { act, name }), onclick: () => this.desk.act(this, what) }, act);
    const found = [];
    if (told.state === "receiving") {
      if (this.phase === "pauses") found.push(button(t("upload.act.go"), "go"));
      else if (this.file) found.push(button(t("upload.act.pause"), "pause"));
      else found.push(el("label", { class: "do less again" }, t("upload.act.again"), el("input", { type: "file", accept: "video/*", "aria-label": t("upload.act.again_of", { name }), onchange: (event) => this.desk.again(this, event.target.files[0]) })));
    }
    if (told.poses && told.state === "ready") found.push(el("button", { type: "button", class: "do poses", "aria-label": t("upload.act.of", { act: t("upload.act.poses"), name }), onclick: () => this.form.calibrate() }, t("upload.act.poses")));
    if (told.film || this.watching.open) found.push(this.watchButton());
    if (told.claim && this.isOpen && told.state !== "ready" && !this.changing) found.push(button(t("upload.act.change"), "change"));
    if (WAITS.has(told.job?.state) && !told.job.stops) found.push(button(t("upload.act.cancel"), "cancel", "grave"));
    if (["failed", "parked", "cancelled"].includes(told.job?.state)) found.push(button(t("upload.act.retry"), "retry"));
    if (told.opens) found.push(el("a", { class: "do", href: told.opens, "aria-label": told.calibration ? t("upload.act.calibrations") : t("upload.act.open_of", { athlete: told.session?.athlete ?? "", name }) }, told.calibration ? t("upload.act.calibrations") : t("upload.act.open")));
    if (!WAITS.has(told.job?.state)) found.push(told.job?.state === "done" ? button(t("upload.act.clear"), "clear") : button(t("upload.act.remove"), "remove", "grave"));
    return found;
  }
}

function show(node, whether) {
  node.hidden = !whether;
}
