// A picture of a film that the browser draws from the file itself; nothing is sent for it.

const WIDTH = 336;
const PATIENCE_MS = 8000;

// A data address, or "" where the browser cannot read the film.
export async function shotOf(file) {
  const film = document.createElement("video");
  const address = URL.createObjectURL(file);
  film.muted = film.playsInline = true;
  film.preload = "auto";
  try {
    await happens(film, "loadeddata", () => (film.src = address));
    await happens(film, "seeked", () => (film.currentTime = Math.min(1, film.duration / 3 || 0)));
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = Math.round((WIDTH * film.videoHeight) / film.videoWidth);
    canvas.getContext("2d").drawImage(film, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/jpeg", 0.7);
  } catch {
    return "";
  } finally {
    film.removeAttribute("src");
    film.load();
    URL.revokeObjectURL(address);
  }
}

export function happens(film, what, begin, patience_ms = PATIENCE_MS) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("too slow")), patience_ms);
    film.addEventListener(what, () => (clearTimeout(timer), resolve()), { once: true });
    film.addEventListener("error", () => (clearTimeout(timer), reject(new Error("unreadable"))), { once: true });
    begin();
  });
}
