// What the page says, in the reader's language. The server puts the texts into the page; none stands in a script.

const found = JSON.parse(document.getElementById("texts")?.textContent || "{}");
const known = found.texts || {};
const country = new Intl.PluralRules(found.locale || "en");

export const locale = found.locale || "en";

// A text with its {places} filled; values.n chooses between the forms for one and for other numbers.
export function t(id, values = {}) {
  return form(id, values).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// The same in pieces, for elements that stand within it.
export function parts(id, values) {
  return form(id, values).split(/(\{\w+\})/).filter(Boolean).map((part) => (part.startsWith("{") ? values[part.slice(1, -1)] : part));
}

function form(id, values) {
  const text = known[id];
  const said = typeof text === "object" ? text[country.select(values.n)] ?? text.other : text;
  if (said === undefined) throw new Error(`no text ${id}`);
  return said;
}

const NUMBERS = new Map();

// With the language's decimal sign and a true minus. signed: with a plus too.
export function number(value, digits = 0, signed = false) {
  const key = `${digits}${signed}`;
  if (!NUMBERS.has(key)) NUMBERS.set(key, new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false, signDisplay: signed ? "exceptZero" : "negative" }));
  return NUMBERS.get(key).format(value).replace("-", "−");
}

// A day, from 2026-03-01 or from a moment; a moment is one of the reader's own days and clock.
export function day(written, more = {}) {
  const when = new Date(written.length === 10 ? `${written}T12:00` : written);
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", ...more }).format(when);
}

export const moment = (written) => day(written, { hour: "2-digit", minute: "2-digit" });
