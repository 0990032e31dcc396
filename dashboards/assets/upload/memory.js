// What this browser remembers of films: which file is which upload, and its picture. By name, size and time of change.

const KEY = "rowsense-uploads";

export const printOf = (file) => [file.name, file.size, file.lastModified].join("|");

function all() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || {};
  } catch {
    return {};
  }
}

function keep(known) {
  try {
    localStorage.setItem(KEY, JSON.stringify(known));
  } catch {
    // Full or forbidden: films are sent all the same, only not found again after the page was closed.
  }
}

export const uploadOf = (print) => all()[print]?.id ?? null;

export const shotFor = (id) => Object.values(all()).find((one) => one.id === id)?.shot || "";

export const isFromHere = (id) => Object.values(all()).some((one) => one.id === id);

export function remember(print, id, shot = "") {
  keep({ ...all(), [print]: { id, shot } });
}

// Forgets all but these uploads.
export function forgetBut(ids) {
  const known = all();
  const left = Object.fromEntries(Object.entries(known).filter(([, one]) => ids.has(one.id)));
  if (Object.keys(left).length !== Object.keys(known).length) keep(left);
}
