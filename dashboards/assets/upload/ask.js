// Asks the server for something and gives what it says, or why not in words.

import { token } from "./token.js";
import { sentence } from "./words.js";

export async function ask(method, address, told) {
  const headers = { "X-CSRFToken": token(), "Tus-Resumable": "1.0.0", ...(told ? { "Content-Type": "application/json" } : {}) };
  let answer;
  try {
    answer = await fetch(address, { method, headers, body: told ? JSON.stringify(told) : null });
  } catch {
    throw new Error("The server cannot be reached; this page goes on trying.");
  }
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  if ([401, 403].includes(answer.status)) throw new Error("You are signed out. Sign in again in another tab; this page then goes on.");
  const words = (answer.headers.get("Content-Type") || "").startsWith("text/plain") ? await answer.text() : "";
  throw new Error(sentence(words || `this did not work (${answer.status}); load the page again`));
}
