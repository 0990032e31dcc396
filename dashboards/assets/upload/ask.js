// Asks the server about films. This page looks again by itself, and says so.

import { ask as asked } from "../server/ask.js";

const OWN = {
  headers: { "Tus-Resumable": "1.0.0" },
  unreached: "The server cannot be reached; this page goes on trying.",
  signedOut: "You are signed out. Sign in again in another tab; this page then goes on.",
};

export const ask = (method, address, told) => asked(method, address, told, OWN);
