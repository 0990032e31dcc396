// Words of the server as a sentence.

export function sentence(words) {
  const said = words.trim();
  return said ? `${said[0].toUpperCase()}${said.slice(1)}${/[.!?]$/.test(said) ? "" : "."}` : "";
}
