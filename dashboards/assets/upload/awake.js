// A phone that falls asleep stops sending.

let lock = null;

export async function stayAwake(wanted) {
  try {
    if (wanted && (!lock || lock.released)) lock = await navigator.wakeLock?.request("screen");
    else if (!wanted && lock) await lock.release().then(() => (lock = null));
  } catch {
    lock = null; // not allowed here, or the page is not in sight
  }
}
