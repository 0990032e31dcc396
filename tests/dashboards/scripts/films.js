import { Carry } from "/assets/upload/carry.js";
import { lengthOf, lengthProblem } from "/assets/upload/length.js";
import { forgetBut, isFromHere, printOf, remember, shotFor, uploadOf } from "/assets/upload/memory.js";
import { lasting, size, stageWords } from "/assets/upload/words.js";
import { sentence } from "/assets/server/sentence.js";
import { number, parts, t } from "/assets/server/texts.js";
import { near, refusal, same } from "./check.js";

const form = () => { const got = []; return { got, carry: (values) => got.push(values) }; };

export function what_was_said_of_one_film_stands_in_the_next() {
  const carry = new Carry(), first = form(), second = form();
  carry.give(first);
  carry.take({ piece_kind: "easy", ergometer_type: "c", foot_height_hole: "", notes: "hers alone" });
  carry.give(second);
  same([first.got, second.got], [[], [{ piece_kind: "easy", ergometer_type: "c", foot_height_hole: "" }]]);
  carry.take({ piece_kind: "", ergometer_type: "", foot_height_hole: "", notes: "x" });
  carry.give(second);
  same(second.got[1].piece_kind, "easy", "a film of which nothing was said changes nothing");
}

export async function a_browser_says_how_long_a_film_plays() {
  const film = new File([await (await fetch("/film.mp4")).blob()], "film.mp4", { type: "video/mp4" });
  let length_s = NaN;
  // On a busy machine the browser may say it too late.
  for (let i = 0; i < 9 && Number.isNaN(length_s); i++) length_s = await lengthOf(film);
  near(length_s, Number(await (await fetch("/film.length")).text()), 0.1);
  same(await lengthOf(new File(["no film at all"], "x.mp4")), NaN);
}

export function a_film_that_is_too_short_or_too_long_is_told_before_it_is_sent() {
  const limits = { shortest_s: 3, longest_s: 7200 };
  const said = [1.5, 3, 7200, 9000, NaN].map((length_s) => lengthProblem("a.mp4", length_s, limits));
  same(said.map(Boolean), [true, false, false, true, false]);
  same([said[0].includes("a.mp4"), said[0].includes("1.5"), said[3].includes("2.5")], [true, true, true], said.join());
}

export function a_film_is_known_again_by_name_size_and_time() {
  localStorage.clear();
  const file = new File(["abc"], "a.mp4", { lastModified: 5 }), print = printOf(file);
  same([print, uploadOf(print)], ["a.mp4|3|5", null]);
  remember(print, "one", "data:x");
  remember("b|1|1", "two");
  same([uploadOf(print), shotFor("one"), shotFor("two"), isFromHere("two"), isFromHere("three")], ["one", "data:x", "", true, false]);
  forgetBut(new Set(["two"]));
  same([uploadOf(print), isFromHere("two")], [null, true]);
}

export function what_another_program_left_there_does_no_harm() {
  localStorage.setItem("rowsense-uploads", "{broken");
  same(uploadOf("a|1|1"), null);
  remember("a|1|1", "one");
  same(uploadOf("a|1|1"), "one");
}

export function sizes_and_times_as_one_says_them() {
  same([size(1), size(5 * 2 ** 20), size(1.5 * 2 ** 30), lasting(0.2), lasting(90), lasting(5400)], ["1 kB", "5 MB", "1.5 GB", "1 s", "2 min", "1 h 30 min"]);
  same([stageWords("observe") !== "observe", stageWords("unheard"), Boolean(stageWords(""))], [true, "unheard", true]);
}

export function words_of_the_server_are_a_sentence() {
  same([sentence(" no room left "), sentence("Why?"), sentence("  ")], ["No room left.", "Why?", ""]);
}

export async function texts_have_their_places_and_forms() {
  same([number(-2.345, 2), number(3, 0, true), number(0, 0, true)], ["−2.35", "+3", "0"]);
  const bold = document.createElement("b");
  same(parts("upload.taken_away", { name: bold }).includes(bold), true);
  same(t("upload.taken_away", { name: "a.mp4" }).includes("a.mp4"), true);
  same((await refusal(() => t("upload.none_such"))).message, "no text upload.none_such");
}
