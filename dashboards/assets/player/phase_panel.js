// Phase, stroke and rate in a corner of the film, as the overlay video has them: sizes in units of a picture 1080 pixels high.

import { number, t } from "../server/texts.js";

// What a moment is called: its phase, or that no stroke is under way.
export const titleOf = (moment) => (moment.phase ? moment.phase[0].toUpperCase() + moment.phase.slice(1) : t("player.between"));

export function panel(view, moment) {
  const { context, look } = view;
  const pad = 20 * view.unit, high = 138 * view.unit, margin = 28 * view.unit;
  context.font = `600 ${40 * view.unit}px ${view.look.font}`;
  const title = titleOf(moment);
  const titleWide = context.measureText(title).width;
  const detail = moment.stroke ? t("player.panel", { number: moment.number + 1, all: view.scene.strokes.length, rate: number(moment.stroke.rate_spm, 1) }) : t("player.no_whole_stroke");
  context.font = `${25 * view.unit}px ${view.look.font}`;
  const wide = Math.max(400 * view.unit, titleWide, context.measureText(detail).width) + 2 * pad;
  const left = view.scene.behind > 0 ? margin : view.width - margin - wide;
  ground(view, left, margin, wide, high, look.ink, 0.78);
  view.taken.push([left, margin, left + wide, margin + high]);
  words(view, title, left + pad, margin + 34 * view.unit, 40, look.paper, 600);
  words(view, detail, left + pad, margin + 78 * view.unit, 25, look.faint);
  if (moment.stroke) progress(view, moment, left + pad, margin + 106 * view.unit, wide - 2 * pad, 12 * view.unit);
}

function progress(view, moment, left, top, wide, high) {
  const borders = moment.stroke.borders_s, start = borders[0], length = moment.stroke.end_s - start;
  const at = (time_s) => left + Math.max(0, Math.min(1, (time_s - start) / length)) * wide;
  view.look.phases.forEach(([, , colour], i) => {
    view.context.fillStyle = colour;
    view.context.fillRect(at(borders[i]), top, at(borders[i + 1]) - at(borders[i]), high);
  });
  view.context.fillStyle = view.look.paper;
  view.context.fillRect(at(moment.time_s) - 2, top - 3, 4, high + 6);
}

export function ground(view, left, top, wide, high, colour, opacity) {
  const { context } = view;
  context.globalAlpha = opacity;
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(left, top, wide, high, 8 * view.unit);
  context.fill();
  context.globalAlpha = 1;
}

export function words(view, text, left, middle, units, colour, weight = 400) {
  const { context } = view;
  context.font = `${weight} ${units * view.unit}px ${view.look.font}`;
  context.textBaseline = "middle";
  context.fillStyle = colour;
  context.fillText(text, left, middle);
}
