// Asks the server about films. This page looks again by itself, and says so.

import { ask as asked } from "../server/ask.js";
import { t } from "../server/texts.js";

const OWN = {
  headers: { "Tus-Resumable": "1.0.0" },
  unreached: t("upload.goes_on_trying"),
  signedOut: t("upload.then_goes_on"),
};

export const ask = (method, address, told) => asked(method, address, told, OWN);
