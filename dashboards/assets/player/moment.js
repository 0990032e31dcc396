// What a place in the film is: stroke, phase, share of the stroke, and the faults that the frame shows.

import { lastAtOrBefore } from "./track.js";
import { number } from "../server/texts.js";

export function momentAt(scene, row, time_s) {
  const number = lastAtOrBefore(scene.strokes, time_s, (stroke) => stroke.borders_s[0]);
  const candidate = number >= 0 ? scene.strokes[number] : null;
  const stroke = candidate && time_s < candidate.end_s ? candidate : null;
  const faults = scene.faults.filter((fault) => spanAt(fault, row));
  if (!stroke) return { row, time_s, number: -1, stroke: null, phase: "", faults };
  const part = Math.max(0, Math.min(scene.look.phases.length - 1, lastAtOrBefore(stroke.borders_s, time_s)));
  return { row, time_s, number, stroke, phase: scene.look.phases[part][1], faults };
}

// The half-open span of a fault that a row lies in, or null.
export function spanAt(fault, row) {
  const span = fault.spans[lastAtOrBefore(fault.spans, row, (s) => s[0])];
  return span && row < span[1] ? span : null;
}

// Where in a stroke a time is, 0..100, with drive and recovery stretched apart as the curves are.
export function percentOf(stroke, time_s, finishPercent) {
  const start = stroke.borders_s[0];
  if (time_s < stroke.finish_s) return (time_s - start) / (stroke.finish_s - start) * finishPercent;
  return finishPercent + (time_s - stroke.finish_s) / (stroke.end_s - stroke.finish_s) * (100 - finishPercent);
}

export function timeOf(stroke, percent, finishPercent) {
  const start = stroke.borders_s[0];
  if (percent < finishPercent) return start + percent / finishPercent * (stroke.finish_s - start);
  return stroke.finish_s + (percent - finishPercent) / (100 - finishPercent) * (stroke.end_s - stroke.finish_s);
}

// One row for every occurrence of any fault, in order of time: where "next fault" goes.
export function faultRows(scene) {
  return [...new Set(scene.faults.flatMap((fault) => fault.moments.map(([row]) => row)))].sort((a, b) => a - b);
}

export const clock = (time_s) => `${Math.floor(time_s / 60)}:${number(time_s % 60, 2).padStart(5, "0")}`;
