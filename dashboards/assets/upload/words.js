// Numbers and states in words.

export { sentence } from "../server/sentence.js";

const STAGES = {
  "": "starting",
  probe: "looking at the film",
  fetch: "looking at the film",
  scout: "finding the rower",
  observe: "following rower and back",
  overlay: "drawing over the film",
  film: "making the film for the browser",
  report: "writing the report",
  record: "keeping it",
};

export const stageWords = (stage) => STAGES[stage] ?? stage;

export function size(bytes) {
  if (bytes >= 2 ** 30) return `${(bytes / 2 ** 30).toFixed(1)} GB`;
  return bytes >= 2 ** 20 ? `${Math.round(bytes / 2 ** 20)} MB` : `${Math.max(1, Math.round(bytes / 1024))} kB`;
}

export function lasting(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

export const day = (iso) => new Date(`${iso}T12:00`).toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
