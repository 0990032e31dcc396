// Who is in a film, when it was rowed, and what is known of the piece.

import { el } from "../player/dom.js";
import { t } from "../server/texts.js";
import { People } from "./people.js";

const NAMES = ["athlete", "rowed_on", "piece_kind", "ergometer_type", "foot_height_hole", "rower", "speed", "calibration", "notes"];
let count = 0;

export class ClaimForm {
  // told: what the page knows (rowers, kinds, ...); acts: {submit(values), above(), people(values)}
  constructor(told, name, filmedOn, acts) {
    this.acts = acts;
    this.fields = {
      athlete: rowers(told.rowers),
      rowed_on: el("input", { type: "date", required: true, value: filmedOn }),
      piece_kind: choice(told.kinds),
      ergometer_type: choice(told.ergometers),
      foot_height_hole: el("input", { type: "number", min: 0, max: told.most_holes, inputMode: "numeric" }),
      rower: el("input", { type: "number", min: 1, max: told.most_people, inputMode: "numeric" }),
      speed: el("input", { type: "number", min: 1, max: told.most_slow, step: "any", inputMode: "decimal" }),
      calibration: choice([["yes", t("upload.who.poses")]], t("upload.who.rows")),
      notes: el("textarea", { maxLength: told.most_notes }),
    };
    this.people = new People(name, this.fields.rower, () => acts.people(this.values));
    this.same = el("button", { type: "button", class: "do less", onclick: () => this.copy() }, t("upload.who.same"));
    this.wrong = el("p", { class: "wrong said", role: "alert", hidden: true });
    this.go = el("button", { class: "do" }, t("upload.who.analyse"));
    this.touched = false; // whether somebody has said what else is taken over from the film before
    this.carried = el("p", { class: "soft carried", hidden: true }, t("upload.who.carried"));
    this.more = el("details", {}, el("summary", {}, t("upload.who.more")), el("div", {}, this.field(t("upload.who.what"), "calibration"), this.field(t("upload.who.which"), "rower"), this.field(t("upload.who.slow"), "speed"), this.people.node, this.field(t("upload.who.notes"), "notes", "notes")));
    this.node = el(
      "form",
      { class: "who", "aria-label": t("upload.who.form", { name }), onsubmit: (event) => this.submit(event) },
      this.field(t("upload.who.who"), "athlete"),
      this.field(t("upload.who.rowed_on"), "rowed_on"),
      this.field(t("upload.who.kind"), "piece_kind"),
      this.field(t("upload.who.ergometer"), "ergometer_type"),
      this.field(t("upload.who.feet"), "foot_height_hole"),
      this.go,
      this.carried,
      this.more,
      el("div", { class: "acts" }, this.same),
      this.wrong,
    );
    this.isRefused = false; // an analysis would find nothing to measure
    this.fields.calibration.addEventListener("input", () => this.tellGo());
    for (const name of ["piece_kind", "ergometer_type", "foot_height_hole"]) this.fields[name].addEventListener("input", () => this.touch());
  }

  // The button says what will be done.
  tellGo() {
    const what = this.fields.calibration.value ? "calibrate" : this.isRefused ? "analyse_anyway" : "analyse";
    this.go.textContent = t(`upload.who.${what}`);
  }

  // It is a film in which she poses: at once where it is known who, else when that is said.
  calibrate() {
    this.fields.calibration.value = "yes";
    this.more.open = true;
    this.tellGo();
    if (this.fields.athlete.value) this.node.requestSubmit();
    else this.fields.athlete.focus();
  }

  touch() {
    this.touched = true;
    this.carried.hidden = true;
  }

  // As it was in the film before, to be seen and changed.
  carry(values) {
    if (this.touched) return;
    for (const [name, value] of Object.entries(values)) this.fields[name].value = value;
    this.carried.hidden = false;
  }

  field(label, name, more = "") {
    const id = `who-${(count += 1)}`;
    this.fields[name].id = id;
    return el("div", { class: `field ${more}` }, el("label", { htmlFor: id }, label), this.fields[name]);
  }

  get values() {
    return Object.fromEntries(NAMES.map((name) => [name, this.fields[name].value]));
  }

  fill(values) {
    for (const name of NAMES) this.fields[name].value = values[name] ?? "";
    this.people.mark();
    this.touch();
    this.tellGo();
    if (values.calibration || values.rower || values.speed || values.notes) this.more.open = true;
  }

  copy() {
    const values = this.acts.above();
    if (values) this.fill(values);
    this.go.focus();
  }

  async submit(event) {
    event.preventDefault();
    this.wrong.hidden = true;
    this.go.disabled = true;
    try {
      await this.acts.submit(this.values);
    } catch (error) {
      this.wrong.textContent = error.message;
      this.wrong.hidden = false;
    } finally {
      this.go.disabled = false;
    }
  }
}

function choice(pairs, none = t("upload.who.not_said")) {
  return el("select", {}, el("option", { value: "" }, none), ...pairs.map(([value, words]) => el("option", { value }, words)));
}

// By squad; one who is in several is in each, so that she is found wherever one looks.
function rowers(known) {
  const select = el("select", { required: true });
  const open = known.filter((one) => !one.withheld);
  if (open.length !== 1) select.append(el("option", { value: "" }, t("upload.who.choose")));
  const groups = new Map();
  for (const one of known) for (const squad of one.squads.length ? one.squads : [t("upload.who.no_squad")]) groups.set(squad, [...(groups.get(squad) || []), one]);
  const option = (one) => el("option", { value: one.id, disabled: one.withheld }, one.withheld ? t("upload.who.withheld", { name: one.name }) : one.name);
  if (groups.size < 2) select.append(...known.map(option));
  else for (const [squad, members] of [...groups].sort(([a], [b]) => a.localeCompare(b))) select.append(el("optgroup", { label: squad }, ...members.map(option)));
  return select;
}
