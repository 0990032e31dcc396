// Numbers and states in words.

import { number, t } from "../server/texts.js";

export { sentence } from "../server/sentence.js";
export { day } from "../server/texts.js";

const STAGES = new Set(["probe", "fetch", "scout", "observe", "overlay", "film", "report", "record"]);

export const stageWords = (stage) => (STAGES.has(stage) ? t(`upload.stage.${stage}`) : stage || t("upload.stage.start"));

export function size(bytes) {
  if (bytes >= 2 ** 30) return `${number(bytes / 2 ** 30, 1)} GB`;
  return bytes >= 2 ** 20 ? `${Math.round(bytes / 2 ** 20)} MB` : `${Math.max(1, Math.round(bytes / 1024))} kB`;
}

export function lasting(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}
