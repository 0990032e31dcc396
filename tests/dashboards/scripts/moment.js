import { clock, faultRows, momentAt, percentOf, spanAt, timeOf } from "/assets/player/moment.js";
import { buttonRows, curvePlaces, foreseen, nearby } from "/assets/player/places.js";
import { near, same } from "./check.js";
import { scene } from "./scene.js";

export function a_moment_is_in_a_stroke_a_phase_and_a_fault() {
  const at = (row) => { const m = momentAt(scene(), row, row / 10); return [m.number, m.phase, m.faults.length]; };
  same([0, 2, 5, 6, 12, 20, 24].map(at), [[0, "phase 0", 0], [0, "phase 1", 0], [0, "phase 1", 1], [0, "phase 1", 0], [0, "phase 2", 0], [1, "phase 0", 0], [1, "phase 1", 1]]);
}

export function outside_strokes_there_is_no_phase() {
  const late = momentAt(scene(), 39, 4.0), early = momentAt({ ...scene(), strokes: [] }, 4, 0.4);
  same([late.stroke, late.number, late.phase, early.stroke, early.faults.length], [null, -1, "", null, 1]);
}

export function a_span_ends_before_its_last_row() {
  const fault = scene().faults[0];
  same([2, 3, 5, 6, 22, 23, 25].map((row) => spanAt(fault, row) !== null), [false, true, true, false, false, true, false]);
}

export function drive_and_recovery_are_stretched_apart_and_back() {
  const stroke = scene().strokes[1];
  same([2, 2.8, 4].map((time_s) => percentOf(stroke, time_s, 40)), [0, 40, 100]);
  for (const time_s of [2.1, 2.79, 2.9, 3.7]) near(timeOf(stroke, percentOf(stroke, time_s, 40), 40), time_s);
}

export function faults_are_gone_through_in_order_of_time() { same(faultRows(scene()), [4, 24]); }

export function the_clock_has_hundredths() { same([clock(0), clock(9.5), clock(61.255)], ["0:00.00", "0:09.50", "1:01.26"]); }

export function the_next_place_and_the_last_one_where_none_follows() {
  const rows = [4, 24];
  same([nearby(rows, 0, 1), nearby(rows, 4, 1), nearby(rows, 30, 1), nearby(rows, 30, -1), nearby(rows, 4, -1), nearby([], 7, 1)], [4, 24, 24, 24, 4, 7]);
}

export function buttons_of_faults_come_first_and_hidden_tables_not_at_all() {
  document.body.innerHTML = `<div id="film" data-row="1"><b data-row="2"></b></div><i data-row="9"></i><i class="still" data-row="5"></i><i data-row="9"></i>
    <details><i data-row="7"></i></details><p data-curve="knee_deg"></p>`;
  same(buttonRows(document.getElementById("film")), [5, 9]);
  same(Object.keys(curvePlaces()), ["knee_deg"]);
}

export function what_the_pointer_comes_to_is_told_until_nobody_listens() {
  document.body.innerHTML = '<button data-row="12"><b>x</b></button>';
  const told = [], stop = foreseen((row) => told.push(row));
  const come = () => document.querySelector("b").dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
  come();
  stop();
  come();
  same(told, [12]);
}
