import { Aim } from "/assets/player/aim.js";
import { Ready } from "/assets/player/ready.js";
import { fetched } from "/assets/player/track.js";
import { ask } from "/assets/server/ask.js";
import { t } from "/assets/server/texts.js";
import { refusal, same } from "./check.js";

// What is waited for long is over at once.
async function impatient(act) {
  const later = window.setTimeout, timeout = AbortSignal.timeout;
  window.setTimeout = (what, ms) => later(what, ms > 9999 ? 20 : ms);
  AbortSignal.timeout = (ms) => timeout.call(AbortSignal, ms > 9999 ? 20 : ms);
  try {
    return await act();
  } finally {
    window.setTimeout = later;
    AbortSignal.timeout = timeout;
  }
}

export async function a_line_that_is_dead_is_not_waited_for() {
  const began_ms = performance.now();
  same((await impatient(() => refusal(ask("GET", "/silent/page")))).message, t("server.unreached"));
  same((await impatient(() => refusal(fetched("/silent/window/0")))).message, t("player.trouble.no_answer"));
  same(performance.now() - began_ms < 9000, true, "before the line ends by itself");
}

// A film of ten rows a second that stands at one. It tells of every other one that it comes to, but not of the first so many.
function filmed(shown, untold) {
  const film = { paused: true, seeking: false, seeks: [] };
  const track = { middle: (row) => row / 10, time: (row) => row / 10 - 0.05, has: () => true, scene: { rows: 71 } };
  const on = { film, track, row: shown }, aim = new Aim(on);
  film.show = (time_s) => {
    film.seeks.push(time_s);
    setTimeout(() => {
      aim.landed();
      const before = shown;
      shown = Math.round(time_s * 10);
      if (shown === before || untold-- > 0) return;
      on.row = shown;
      aim.told();
    }, 0);
  };
  return { aim, film, on };
}

export async function a_frame_of_which_nobody_tells_is_come_to_by_the_one_beside_it() {
  const all = [
    [filmed(0, 0), 70, [7]], [filmed(0, 1), 70, [7, 6.9, 7]], [filmed(0, 2), 40, [4, 3.9, 4.1, 4]],
    [filmed(70, 2), 0, [0, 0.1, 0.2, 0]],
  ];
  for (const [one, row] of all) one.aim.at(row);
  for (let i = 0; i < 200 && all.some(([one, row]) => one.on.row !== row); i++) await new Promise((on) => setTimeout(on, 20));
  for (const [one, row, seeks] of all) same([one.on.row, one.film.seeks.map((s) => Math.round(s * 10) / 10)], [row, seeks]);
}

export async function a_picture_that_does_not_come_is_looked_for_again_and_not_for_ever() {
  const film = { source: { address: "/film.mp4" }, paused: true, seeking: false }, place = document.createElement("div");
  const ready = new Ready({ film, track: null, stage: place, place }), looked = [];
  document.body.append(...ready.elements);
  ready.look = async (row) => { looked.push(row); return row === 2 && looked.length > 3; };
  ready.want([1, 2]);
  for (let i = 0; i < 200 && ready.runs; i++) await new Promise((on) => setTimeout(on, 20));
  ready.want([1]);
  ready.stop();
  for (const one of ready.elements) one.remove();
  same(looked, [1, 2, 1, 2, 1]);
}
