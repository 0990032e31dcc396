// Both sides' curves over each other, the limit as a band, and a cursor that goes with the films. Drawn once.

import { BOTTOM, HIGH, Plots, across, down, field, stroked } from "../player/plot.js";
import { number, t } from "../server/texts.js";
import { el } from "../player/dom.js";

const DASH = [9, 6];
const ROUND = 10;

export class Charts extends Plots {
  // go(percent): the reader asks for this place of the stroke.
  constructor(data, go) {
    const places = new Map([...document.querySelectorAll("[data-compared]")].map((place) => [place.dataset.compared, place]));
    const dots = () => data.sides.map((side) => el("div", { class: "dot", style: `background:${side.colour}`, hidden: true }));
    super(data.curves, (quantity) => places.get(quantity), dots);
    this.data = data;
    this.go = go;
    this.numbers = [-1, -1];
  }

  clicked(percent) {
    if (percent >= -2 && percent <= 102) this.go(percent);
  }

  paint(context, curve, _, at) {
    // Between these two lines the measurement can tell no difference.
    if (curve.detectable_deg !== null) field(context, curve.sides[0].mean, () => curve.detectable_deg, at, this.data.unseen, 0.28);
    this.clear(context, curve, (percent) => at.x(percent / 100 * at.points));
    curve.sides.forEach((side, which) => this.side(context, side, which, at));
  }

  // Phases in which the change is clear, as bars below; catch and finish as marks.
  clear(context, curve, x) {
    const top = HIGH - BOTTOM - 1, borders = this.data.borders_percent, phases = this.data.phases;
    const spans = phases.filter((phase) => phase.id !== "catch" && phase.id !== "finish").map((phase) => phase.id);
    context.fillStyle = this.data.sides[1].colour;
    for (const id of curve.clear) {
      const at = spans.indexOf(id);
      if (at >= 0) context.fillRect(x(borders[at]) + 1, top, x(borders[at + 1]) - x(borders[at]) - 2, 4);
      else context.fillRect(x(phases.find((phase) => phase.id === id).percent) - 2, top - 3, 4, 9);
    }
  }

  side(context, side, which, at) {
    const { colour } = this.data.sides[which];
    context.lineJoin = "round";
    context.globalAlpha = 0.22;
    for (const line of side.lines) stroked(context, line.values, at, colour, 1);
    context.globalAlpha = 1;
    const own = side.lines.find((line) => line.stroke === this.numbers[which]);
    if (own && side.lines.length > 1) stroked(context, own.values, at, colour, 1.5);
    context.setLineDash(which ? [] : DASH);
    stroked(context, side.mean, at, colour, 3.5);
    context.setLineDash([]);
  }

  // Called for every frame; drawn anew only where other strokes are on screen.
  show(percent, numbers) {
    if (numbers.some((number, side) => number !== this.numbers[side])) {
      this.numbers = [...numbers];
      this.draw();
    }
    for (const { curve, cursor, marks, value, box } of this.charts) {
      const x = across(box, percent);
      cursor.style.transform = `translateX(${x}px)`;
      marks.forEach((dot, side) => {
        const mean = at(curve.sides[side].mean, percent);
        dot.hidden = mean === null;
        if (mean !== null) dot.style.transform = `translate(${x}px, ${down(curve, mean)}px)`;
      });
      value.textContent = here(curve, percent);
    }
  }
}

const at = (mean, percent) => mean[Math.round(percent / 100 * (mean.length - 1))];

// Both means where the films are, in words.
export function here(curve, percent) {
  const [first, second] = curve.sides.map((side) => at(side.mean, percent));
  if (first === null || second === null) return t("compare.here_unknown");
  const away = Math.round((second - first) * ROUND) / ROUND;
  const said = { first: written(first), second: written(second), difference: `${number(away, 1, true)}°` };
  return curve.detectable_deg === null ? t("compare.here", said) : t("compare.here_limit", { ...said, limit: written(curve.detectable_deg) });
}

const written = (value) => `${number(value, 1)}°`;
