// With twenty films of one morning: kind, ergometer and foot height of the film claimed last stand in those that follow.

const NAMES = ["piece_kind", "ergometer_type", "foot_height_hole"];

export class Carry {
  constructor() {
    this.values = null;
  }

  take(values) {
    const found = Object.fromEntries(NAMES.map((name) => [name, values[name]]));
    if (Object.values(found).some(Boolean)) this.values = found;
  }

  // Where nobody has said anything of them yet.
  give(form) {
    if (this.values) form.carry(this.values);
  }
}
