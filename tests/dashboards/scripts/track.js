import { Track, decoded, lastAtOrBefore } from "/assets/player/track.js";
import { middleTrunk } from "/assets/player/ghost_body.js";
import { strokeCurve } from "/assets/player/own_curve.js";
import { near, refusal, same } from "./check.js";
import { bytes, scene, windowOf } from "./scene.js";

const filled = (...numbers) => {
  const track = new Track(scene(), "/kept/track");
  for (const number of numbers) track.keep(number, windowOf(number, (row) => ({ tilt: 10 * row, hip: [400, 800], shoulder: row % 2 ? null : [400, 400] })));
  return track;
};

export function the_last_at_or_before() {
  same([-1, 1, 1.5, 3, 9].map((wanted) => lastAtOrBefore([1, 2, 3], wanted)), [-1, 0, 0, 2, 2]);
  same(lastAtOrBefore([], 1), -1);
}

export function a_row_says_what_was_measured_and_what_was_not() {
  const row = filled(0).at(3);
  same([row.frame, row.time_s, row.angle("pelvic_tilt_deg"), row.angle("knee_deg"), row.angle("none")], [6, 0.3, 3, NaN, NaN]);
  same([row.joint("hip"), row.joint("shoulder"), row.back(2)], [[100, 200], null, [2, 4]]);
  same([0, 1, 2, 62, 63].map((point) => row.seen(point)), [1, 0, 1, 0, 1]);
}

export function times_find_rows_across_windows_only_where_they_are_there() {
  const track = filled(0, 2);
  same([0, 0.05, 0.0999, 1.55, 1.6, 3.2, 99].map((time_s) => track.rowAt(time_s)), [0, 0, 1, 15, null, 32, 39]);
  same([track.has(31), track.has(32), track.at(20)], [false, true, null]);
}

export function a_seek_aims_between_two_frames_also_at_the_end() {
  const track = filled(0, 2);
  near(track.middle(3), 0.35);
  near(track.middle(15), 1.55, 1e-6, "the next window's start is known");
  near(track.middle(39), 3.95, 1e-6, "the last one lasts as long as the one before");
}

export async function a_window_is_fetched_once_whoever_asks() {
  await fetch("/kept/track/window/1", { method: "PUT", body: bytes(1, () => ({ tilt: 55 })) });
  const track = new Track(scene(), "/kept/track");
  const [a, b] = await Promise.all([track.load(1), track.load(1)]);
  same(a === b, true);
  await track.load(1);
  same(track.at(16).angle("pelvic_tilt_deg"), 5.5);
  same(await (await fetch("/asked/track/window/1")).json(), 1);
}

export async function what_does_not_come_says_why_and_is_asked_for_again() {
  const track = new Track(scene(), "/kept/none");
  const error = await refusal(track.load(0));
  same(error.message.includes("not kept"), true, error.message);
  same(track.coming.size, 0);
  await fetch("/kept/none/window/0", { method: "PUT", body: bytes(0, () => ({})) });
  await track.load(0);
  same(track.has(5), true);
}

export async function another_form_of_the_data_is_refused() {
  const older = bytes(0, () => ({}));
  new Uint32Array(older, 0, 1)[0] = 7;
  same((await refusal(() => decoded(older, scene()))).message.length > 10, true);
}

export function windows_that_were_long_ago_are_let_go() {
  const track = new Track(scene(), "/kept/track");
  for (let number = 0; number < 70; number++) track.keep(number, {});
  same([track.windows.size, track.windows.has(0), track.windows.has(69)], [64, false, true]);
}

export function a_curve_lies_between_frames_and_is_open_where_nothing_was_measured() {
  const track = filled(0, 1);
  const curve = strokeCurve(track, track.scene.strokes[0], { quantity: "pelvic_tilt_deg", finish_percent: 40 }, 5);
  curve.slice(0, 5).forEach((value, i) => near(value, [0, 4, 8, 12, 16][i], 1e-6, `point ${i}`));
  same(strokeCurve(track, track.scene.strokes[0], { quantity: "knee_deg", finish_percent: 40 }, 2), [null, null, null]);
}

export function a_trunk_is_measured_where_both_ends_were_seen() {
  same([middleTrunk(filled(0).windows.get(0), scene()), middleTrunk(windowOf(0), scene())], [100, null]);
}
