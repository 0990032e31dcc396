// Places on the page and in the film that one goes to: the rows of buttons and of faults, and where curves belong.

// The next or previous of increasing rows; the last one there is where none follows.
export function nearby(rows, here, by) {
  if (!rows.length) return here;
  return by > 0 ? rows.find((row) => row > here) ?? rows[rows.length - 1] : [...rows].reverse().find((row) => row < here) ?? rows[0];
}

// Calls with the row of a button that the pointer or the focus has come to: a click may follow.
export function foreseen(tell) {
  const heard = (event) => {
    const button = event.target.closest?.("[data-row]");
    if (button) tell(Number(button.dataset.row));
  };
  const kinds = ["pointerover", "pointerdown", "focusin"];
  kinds.forEach((kind) => document.addEventListener(kind, heard, { passive: true }));
  return () => kinds.forEach((kind) => document.removeEventListener(kind, heard));
}

// The rows of the page's buttons, the worst of every fault first. Of a table behind a line, with hundreds, none.
export function buttonRows(place) {
  const buttons = [...document.querySelectorAll("[data-row]")].filter((button) => button !== place && !place.contains(button) && !button.closest("details"));
  const worst = buttons.filter((button) => button.matches(".still"));
  return [...new Set([...worst, ...buttons].map((button) => Number(button.dataset.row)))];
}

export function curvePlaces() {
  return Object.fromEntries([...document.querySelectorAll("[data-curve]")].map((place) => [place.dataset.curve, place]));
}
