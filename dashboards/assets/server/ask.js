// Asks the server and gives what it says; every failure is a sentence that says what to do next.

import { sentence } from "./sentence.js";
import { t } from "./texts.js";
import { token } from "./token.js";

const UNREACHED = t("server.unreached");
const SIGNED_OUT = t("server.signed_out");
const REFUSED = new Map([
  [400, SIGNED_OUT], // without words of its own: what it was shown is of an earlier signing in
  [401, SIGNED_OUT],
  [403, t("server.not_allowed")],
  [404, t("server.gone")],
]);
const BROKEN = t("server.broken");
// A line that is dead without saying so, as when a phone changes networks, never ends by itself.
const PATIENCE_MS = 60_000;

// body: sent as JSON, undefined for none. unreached, signedOut: the words of a page that tries again by itself.
export async function ask(method, address, body, { headers = {}, unreached = UNREACHED, signedOut = SIGNED_OUT } = {}) {
  const sent = { Accept: "application/json", ...headers };
  if (method !== "GET") sent["X-CSRFToken"] = token();
  if (body !== undefined) sent["Content-Type"] = "application/json";
  // What is sent may take the server longer, and nobody knows then whether it was done.
  const signal = method === "GET" ? AbortSignal.timeout?.(PATIENCE_MS) : undefined;
  let answer;
  try {
    answer = await fetch(address, { method, signal, headers: sent, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Error(unreached);
  }
  if (answer.status === 204) return null;
  const said = await saidBy(answer);
  if (answer.ok && said.value !== null) return said.value;
  const words = (answer.status !== 401 && said.words) || REFUSED.get(answer.status) || BROKEN;
  throw new Error(words === SIGNED_OUT ? signedOut : words);
}

// Its value where it speaks JSON, and the words for a refusal, in JSON or as plain text. A page of HTML has neither.
async function saidBy(answer) {
  const kind = answer.headers.get("Content-Type") || "";
  if (kind.startsWith("text/plain")) return { value: null, words: sentence(await answer.text()) };
  const value = kind.includes("json") ? await answer.json().catch(() => null) : null;
  return { value, words: value?.error || "" };
}
