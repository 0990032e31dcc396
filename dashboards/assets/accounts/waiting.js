"use strict";
// Looks whether what a link shows is made by now, and shows it then. The page says "accepted" as long as it is not.
(() => {
  const LOOK_MS = 5000;
  const ACCEPTED = 202;
  const PATIENCE_MS = 60_000; // a line that is dead without saying so never ends by itself

  async function look() {
    const answer = document.hidden ? null : await fetch(location.href, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout?.(PATIENCE_MS) }).catch(() => null);
    if (answer && answer.status !== ACCEPTED) location.reload();
    else setTimeout(look, LOOK_MS);
  }

  setTimeout(look, LOOK_MS);
})();
