import { Film } from "/assets/player/film.js";
import { t } from "/assets/server/texts.js";
import { same } from "./check.js";

// A film on the page, and the place where something is said of it.
function shown(address) {
  const film = new Film({ kind: "original", address, length_s: 0, start_s: 0, speed: 1 }, () => {}, () => {});
  const note = document.createElement("p"), page = document.createElement("div");
  page.append(film.element, note);
  document.body.append(page);
  const said = [];
  const say = (...parts) => { said.push(parts.length > 0); note.replaceChildren(...parts); };
  return { film, note, page, said, say };
}

async function until(holds) {
  for (let i = 0; i < 400 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  same(Boolean(holds()), true, "in time");
}

// Long enough for what would be said.
const rest = () => new Promise((resolve) => setTimeout(resolve, 120));

export async function a_film_that_does_not_arrive_is_said_asked_for_anew_and_shown_when_it_comes() {
  const { film, note, page, said, say } = shown("/silent/film");
  let asked = 0;
  film.element.addEventListener("loadstart", () => { asked += 1; });
  const opened = film.open(say, 40);
  await until(() => note.querySelector("button"));
  same(note.textContent.startsWith(t("player.late.words")), true, note.textContent);
  note.querySelector("button").focus();
  note.querySelector("button").click();
  same([note.textContent, document.activeElement === film.element], ["", true], "while it is asked for anew");
  await until(() => asked === 2 && note.querySelector("button"));
  film.element.src = "/film.mp4"; // the line is there again
  await opened;
  await rest();
  same([note.textContent, said.at(-1), film.element.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA], ["", false, true]);
  page.remove();
}

export async function of_a_film_that_comes_and_of_a_page_that_is_left_nothing_is_said() {
  const there = shown("/film.mp4"), left = shown("/silent/film");
  left.film.open(left.say, 40);
  left.page.remove();
  await there.film.open(there.say);
  const count = left.said.length;
  await rest();
  same([there.said, count, left.said], [[], 0, []]);
  left.film.element.removeAttribute("src");
  there.page.remove();
}
