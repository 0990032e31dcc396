// Moments that the server wrote in its own time, in the reader's time and as her browser writes days.

export function moments(within) {
  for (const place of within.querySelectorAll("time[data-as]")) {
    const short = document.documentElement.lang, own = navigator.language.startsWith(short) ? navigator.language : short;
    const clock = place.dataset.as === "moment" ? { hour: "2-digit", minute: "2-digit" } : {};
    place.textContent = new Intl.DateTimeFormat(own, { day: "numeric", month: "short", year: "numeric", ...clock }).format(new Date(place.dateTime));
  }
}

moments(document);
