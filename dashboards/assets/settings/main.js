// The list of jobs, kept up to date while somebody looks.

import { moments } from "../server/moments.js";

const jobs = document.querySelector("#jobs");
if (jobs) {
  const look = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout?.(60_000) });
        const fresh = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#jobs") : null;
        if (fresh) {
          moments(fresh);
          if (fresh.innerHTML !== jobs.innerHTML) {
            const had = document.activeElement?.id;
            jobs.replaceChildren(...fresh.childNodes);
            if (had) document.getElementById(had)?.focus();
          }
        }
      } catch {
        // Not connected just now: the next look may be.
      }
    }
    setTimeout(look, 3000);
  };
  setTimeout(look, 3000);
}
