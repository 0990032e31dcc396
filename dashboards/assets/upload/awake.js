// A phone that falls asleep stops sending.

let lock = null;
let wanted = false;
// One after the other: a lock that is asked for twice would be held for ever.
let turn = Promise.resolve();

export function stayAwake(is) {
  wanted = is;
  turn = turn.then(settle);
}

async function settle() {
  try {
    if (wanted && (!lock || lock.released)) lock = await navigator.wakeLock?.request("screen");
    else if (!wanted && lock) await lock.release().then(() => (lock = null));
  } catch {
    lock = null; // not allowed here, or the page is not in sight
  }
}

// Browsers let it go as soon as the page is out of sight.
document.addEventListener("visibilitychange", () => document.hidden || stayAwake(wanted));
