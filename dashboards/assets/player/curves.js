// Strokes laid over each other, by phase, with a cursor where the film is. Drawn once; only the cursor moves. Of a long
// piece some strokes are sent; the one in the film is always drawn, from the track where it was not sent.

import { percentOf, timeOf } from "./moment.js";
import { strokeCurve, strokeReady } from "./own_curve.js";
import { Plots, across, field, stroked } from "./plot.js";
import { t } from "../server/texts.js";

export class Curves extends Plots {
  // go(seconds): the reader asks for this moment of the film.
  constructor(scene, places, track, go) {
    super(scene.curves, (quantity) => places[quantity]);
    this.scene = scene;
    this.track = track;
    this.own = { number: -1, curves: new Map() };
    this.go = go;
    this.number = -1;
    this.charts.forEach(({ cursor }) => { cursor.hidden = true; });
  }

  clicked(percent, curve) {
    const stroke = this.scene.strokes[Math.max(0, this.number)];
    if (stroke && percent >= 0 && percent <= 100) this.go(timeOf(stroke, percent, curve.finish_percent));
  }

  paint(context, curve, colours, at) {
    context.lineJoin = "round";
    for (const line of curve.lines) {
      context.globalAlpha = line.usable ? 0.35 : 0.5;
      context.setLineDash(line.usable ? [] : [2, 3]);
      stroked(context, line.values, at, line.usable ? curve.colour : colours.soft, 1);
    }
    context.setLineDash([]);
    field(context, curve.mean, (i) => curve.sd[i], at, curve.colour, 0.16);
    context.globalAlpha = 1;
    stroked(context, curve.mean, at, curve.colour, 3);
    const own = curve.lines.find((line) => line.stroke === this.number)?.values ?? this.ownOf(curve);
    if (own) stroked(context, own, at, colours.ink, 1.5);
  }

  ownOf(curve) { return this.own.number === this.number ? this.own.curves.get(curve.quantity) : undefined; }

  // The stroke in the film, where it is not among those that were sent: made once its part of the track is there.
  async fetchOwn() {
    const number = this.number, stroke = this.scene.strokes[number];
    if (!stroke || this.scene.curves.every((curve) => curve.lines.some((line) => line.stroke === number))) return;
    try {
      await strokeReady(this.track, stroke);
    } catch {
      return; // that the measurement does not come is said below the film
    }
    if (this.number !== number) return;
    const points = (curve) => curve.mean.length - 1;
    this.own = { number, curves: new Map(this.scene.curves.map((curve) => [curve.quantity, strokeCurve(this.track, stroke, curve, points(curve))])) };
    this.draw();
  }

  // Called for every frame; the charts are drawn anew only where another stroke is on screen.
  show(moment, row) {
    if (moment.number !== this.number) {
      this.number = moment.number;
      this.draw();
      this.fetchOwn();
    }
    for (const { curve, cursor, value, box } of this.charts) {
      cursor.hidden = !moment.stroke;
      const angle = row ? row.angle(curve.quantity) : NaN;
      value.textContent = moment.stroke ? hereWords(angle) : t("player.between");
      if (moment.stroke) cursor.style.transform = `translateX(${across(box, percentOf(moment.stroke, moment.time_s, curve.finish_percent))}px)`;
    }
  }
}

const hereWords = (angle) => (Number.isFinite(angle) ? t("player.here", { value: `${Math.round(angle)}°`.replace("-", "−") }) : t("player.here_unknown"));
