// Who is in a film, when it was rowed, and what is known of the piece.

import { el } from "../player/dom.js";

const NAMES = ["athlete", "rowed_on", "piece_kind", "ergometer_type", "foot_height_hole", "rower", "speed", "notes"];
let count = 0;

export class ClaimForm {
  // told: what the page knows (rowers, kinds, ...); acts: {submit(values), above()}
  constructor(told, name, filmedOn, acts) {
    this.acts = acts;
    this.fields = {
      athlete: rowers(told.rowers),
      rowed_on: el("input", { type: "date", required: true, value: filmedOn }),
      piece_kind: choice(told.kinds, "not said"),
      ergometer_type: choice(told.ergometers, "not said"),
      foot_height_hole: el("input", { type: "number", min: 0, max: told.most_holes, inputMode: "numeric" }),
      rower: el("input", { type: "number", min: 1, max: told.most_people, inputMode: "numeric" }),
      speed: el("input", { type: "number", min: 1, max: told.most_slow, step: "any", inputMode: "decimal" }),
      notes: el("textarea", { maxLength: told.most_notes }),
    };
    this.same = el("button", { type: "button", class: "do less", onclick: () => this.copy() }, "The same as above");
    this.wrong = el("p", { class: "wrong said", role: "alert", hidden: true });
    this.go = el("button", { class: "do" }, "Analyse");
    this.more = el("details", {}, el("summary", {}, "More about the piece"), el("div", {}, this.field("Kind of piece", "piece_kind"), this.field("Ergometer", "ergometer_type"), this.field("Foot height (hole)", "foot_height_hole"), this.field("Several people: which one, 1 = nearest", "rower"), this.field("Slow motion: times slower", "speed"), this.field("Notes", "notes", "notes")));
    this.node = el(
      "form",
      { class: "who", "aria-label": `Who is in ${name}`, onsubmit: (event) => this.submit(event) },
      this.field("Who is it?", "athlete"),
      this.field("Rowed on", "rowed_on"),
      this.go,
      this.more,
      el("div", { class: "acts" }, this.same),
      this.wrong,
    );
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
    if (values.piece_kind || values.ergometer_type || values.foot_height_hole || values.rower || values.speed || values.notes) this.more.open = true;
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

function choice(pairs, nothing) {
  return el("select", {}, el("option", { value: "" }, nothing), ...pairs.map(([value, words]) => el("option", { value }, words)));
}

// By squad; one who is in several is in each, so that she is found wherever one looks.
function rowers(known) {
  const select = el("select", { required: true });
  const open = known.filter((one) => !one.withheld);
  if (open.length !== 1) select.append(el("option", { value: "" }, "Choose a rower"));
  const groups = new Map();
  for (const one of known) for (const squad of one.squads.length ? one.squads : ["In no squad"]) groups.set(squad, [...(groups.get(squad) || []), one]);
  const option = (one) => el("option", { value: one.id, disabled: one.withheld }, one.withheld ? `${one.name} (no guardian's consent, or no year of birth)` : one.name);
  if (groups.size < 2) select.append(...known.map(option));
  else for (const [squad, members] of [...groups].sort(([a], [b]) => a.localeCompare(b))) select.append(el("optgroup", { label: squad }, ...members.map(option)));
  return select;
}
