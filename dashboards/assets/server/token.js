// What shows the server that a request comes from its own page. Asked for each time: who signs in again gets another.

export function token() {
  const kept = document.cookie.split("; ").find((one) => one.startsWith("_csrf_token="));
  if (kept) return decodeURIComponent(kept.slice("_csrf_token=".length)).replace(/^"|"$/g, "");
  return document.querySelector("meta[name=token]")?.content ?? "";
}
