import { Timeline } from "/assets/player/timeline.js";
import { Plots, across, down, field, stroked } from "/assets/player/plot.js";
import { drawing, near, pixel, same } from "./check.js";
import { scene } from "./scene.js";

const WIDTH = 600;

function shown(more = {}) {
  document.body.innerHTML = `<div id="place" style="width:${WIDTH}px"></div>`;
  const went = [], line = new Timeline({ ...scene(), ...more }, (time_s) => went.push(time_s));
  document.getElementById("place").append(line.element);
  line.layOut();
  const press = (strip, x, y = 5) => {
    const { left, top } = strip.box.getBoundingClientRect();
    strip.box.setPointerCapture = () => {};
    strip.box.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, clientX: left + x, clientY: top + y }));
  };
  return { line, went, press };
}

export function a_short_film_is_shown_whole() {
  const { line, went, press } = shown();
  same([line.whole.box.hidden, line.from_s, line.span_s], [true, 0, 4]);
  press(line.close, WIDTH / 2);
  line.stop();
  near(went[0], 2, 0.02);
}

export function a_long_film_turns_its_page_where_the_frame_leaves_it() {
  const { line } = shown({ end_s: 600 });
  same([line.whole.box.hidden, line.span_s], [false, 10]);
  line.show({ time_s: 5 }, "five");
  same(line.from_s, 0);
  line.show({ time_s: 300 }, "half");
  near(line.from_s, 298.5);
  line.show({ time_s: 600 }, "end");
  line.stop();
  near(line.from_s, 590);
  same([line.element.getAttribute("aria-valuenow"), line.element.getAttribute("aria-valuetext")], ["600.00", "end"]);
}

export function a_press_near_a_note_means_its_moment() {
  const { line, went, press } = shown();
  line.mark([{ time_s: 1, isNew: true }, { time_s: 3, isNew: false }]);
  press(line.close, WIDTH / 4 + 8, line.noteLane + 5);
  press(line.close, WIDTH / 4 + 8, 30);
  press(line.close, WIDTH / 2, line.noteLane + 5);
  line.stop();
  same(went[0], 1);
  near(went[1], 1.053, 0.01, "above the lane of notes the place itself counts");
  near(went[2], 2, 0.01, "too far from any note");
}

export function no_strokes_no_faults_no_harm() {
  const { line } = shown({ strokes: [], faults: [], window_start_s: [], end_s: 0 });
  line.show({ time_s: 0 }, "nothing");
  line.stop();
  same(line.element.getAttribute("aria-valuemax"), "0.10");
}

const curve = { quantity: "knee_deg", room: [0, 100], finish_percent: 40, mean: [0, 50, 100], lines: [] };

export function values_and_places_lie_where_the_axes_say() {
  same([down(curve, 100), down(curve, 0)], [10, 194]);
  near(down({ room: null }, 0.5), 102);
  document.body.innerHTML = '<div id="box" style="width:354px"></div>';
  same([0, 50, 100].map((percent) => across(document.getElementById("box"), percent)), [44, 194, 344]);
}

export function a_click_on_a_curve_is_a_place_of_the_stroke() {
  document.body.innerHTML = '<div id="place" style="width:354px"></div>';
  const clicked = [], Kind = class extends Plots {
    paint() { this.painted = true; }
    clicked(percent, of) { clicked.push([Math.round(percent), of.quantity]); }
  };
  const plots = new Kind([curve, { ...curve, quantity: "nowhere" }], (name) => (name === "knee_deg" ? document.getElementById("place") : undefined));
  const { box } = plots.charts[0];
  box.dispatchEvent(new MouseEvent("click", { clientX: box.getBoundingClientRect().left + 44 + 150 }));
  plots.draw();
  plots.stop();
  same([clicked, plots.charts.length, plots.painted], [[[50, "knee_deg"]], 1, true]);
}

export function a_line_is_open_where_a_value_is_missing() {
  const context = drawing(), at = { x: (i) => 20 + 40 * i, y: (v) => v };
  stroked(context, [50, 50, null, 50, 50], at, "#ff0000", 6);
  same([40, 100, 160].map((x) => pixel(context, x, 50)[3] > 0), [true, false, true]);
}

export function a_field_reaches_as_far_as_it_is_known() {
  const context = drawing(), at = { x: (i) => 20 + 40 * i, y: (v) => v };
  field(context, [50, 50, 50], (i) => [10, 10, null][i], at, "#00ff00", 0.5);
  field(context, [null], () => 10, at, "#0000ff", 1);
  same([[40, 45], [40, 70], [80, 50]].map(([x, y]) => pixel(context, x, y)[3] > 0), [true, false, false]);
  same(context.globalAlpha, 1);
}
