// How long a film plays, before anything of it is sent: as far as this browser can read it.

import { number, t } from "../server/texts.js";
import { happens } from "./shot.js";

const PATIENCE_MS = 3000;

// Seconds; NaN where the browser cannot say.
export async function lengthOf(file) {
  const film = document.createElement("video");
  const address = URL.createObjectURL(file);
  film.preload = "metadata";
  try {
    await happens(film, "loadedmetadata", () => (film.src = address), PATIENCE_MS);
    return Number.isFinite(film.duration) ? film.duration : NaN;
  } catch {
    return NaN;
  } finally {
    film.removeAttribute("src");
    film.load();
    URL.revokeObjectURL(address);
  }
}

// Why a film of that length is of no use, in words; "" where it is, or nobody knows. limits: {shortest_s, longest_s}
export function lengthProblem(name, length_s, limits) {
  if (length_s < limits.shortest_s) return t("upload.too_short", { name, length: number(length_s, 1), least: number(limits.shortest_s) });
  if (length_s > limits.longest_s) return t("upload.too_long", { name, length: number(length_s / 3600, 1), most: number(limits.longest_s / 3600) });
  return "";
}
