// Asking the server about notes; every failure is a sentence that says what to do next.

const SIGN_IN = "You are signed out. Sign in again in another tab, then try again here.";

export async function ask(method, address, body) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": token() });
  let answer;
  try {
    answer = await fetch(address, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    throw new Error("The server cannot be reached. Try again when you are connected.");
  }
  const said = await answer.json().catch(() => null);
  if (answer.ok && said) return said;
  throw new Error(said?.error || wordsFor(answer.status));
}

function wordsFor(status) {
  if (status === 401 || status === 400) return SIGN_IN;
  if (status === 403) return "Your account may not do this. Ask an administrator of your club.";
  if (status === 404) return "This is not there any more. Load the page again.";
  return "The server could not do it. Try again; if it stays so, tell your administrator.";
}

// The protection against requests from elsewhere; Dash sends the same with its own.
function token() {
  const found = document.cookie.split("; ").find((part) => part.startsWith("_csrf_token="));
  return found ? decodeURIComponent(found.slice("_csrf_token=".length)).replace(/^"|"$/g, "") : "";
}

// As crypto.randomUUID, which browsers offer on encrypted pages only.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = bytes[6] & 0x0f | 0x40;
  bytes[8] = bytes[8] & 0x3f | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
