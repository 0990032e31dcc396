"use strict";
// The list of links follows what is being made; a link that was just made can be copied.
(() => {
  const EVERY_MS = 3000;
  const PATIENCE_MS = 60_000; // a line that is dead without saying so never ends by itself

  async function look() {
    const links = document.getElementById("links");
    if (!links || !("making" in links.dataset)) return;
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout?.(PATIENCE_MS) });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("links");
      // Not under the fingers of whoever is at one of its buttons.
      if (answer.ok && fresh && !links.contains(document.activeElement)) links.replaceWith(fresh);
    } catch {
      // Without a connection it stays as it is, and is asked for again.
    }
    setTimeout(look, EVERY_MS);
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      button.textContent = button.dataset.copied;
    });
  }
  setTimeout(look, EVERY_MS);
})();
