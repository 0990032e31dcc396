// A note may say that something is tried from now on: a mark at its beginning, which the season's page looks for.

export const TRIED = "#tried";

// What a note says is tried, or null: it says nothing of the kind.
export function tried(text) {
  const rest = text.slice(TRIED.length);
  if (text.slice(0, TRIED.length).toLowerCase() !== TRIED || /^[\p{L}\p{N}]/u.test(rest)) return null;
  return rest.replace(/^[\s:,-]+/, "");
}
