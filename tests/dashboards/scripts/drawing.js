import { backColours, positionOn, postureColour, signed } from "/assets/player/colours.js";
import { arcs, ring, turned } from "/assets/player/phase_ring.js";
import { degrees, inWords, paintShapes } from "/assets/player/note_shapes.js";
import { drawing, near, pixel, same } from "./check.js";
import { scene } from "./scene.js";

const look = { stops: [[-1, [0, 0, 200]], [0, [240, 240, 240]], [1, [200, 0, 0]]], unseen: "#969696", shares: [0.3, 0.4, 0.6, 0.8] };

export function warm_is_tipped_back_and_round() {
  same([positionOn(10, 4, 12, true), positionOn(10, 4, 12, false), positionOn(99, 0, 12, true), positionOn(NaN, 0, 12, true)], [0.5, -0.5, 1, NaN]);
  same([-1, -0.5, 0, 1, 7, NaN].map((position) => postureColour(position, look)), ["rgb(0,0,200)", "rgb(120,120,220)", "rgb(240,240,240)", "rgb(200,0,0)", "rgb(200,0,0)", "#969696"]);
}

export function the_back_has_tilt_below_flexion_above_and_fades() {
  const colours = backColours(-1, 1, 11, look);
  same([colours[0], colours[5], colours[10]], ["rgb(0,0,200)", "rgb(200,0,0)", "rgb(240,240,240)"]);
}

export function degrees_have_a_true_minus() { same([signed(3.4), signed(-3.4), signed(-0.2)], ["+3°", "−3°", "0°"]); }

export function an_angle_is_the_smaller_one_whichever_way_it_was_drawn() {
  near(degrees([[1, 0], [0, 0], [0, 1]]), 90);
  near(degrees([[0, 1], [0, 0], [1, 0]]), 90);
  near(degrees([[-1, -0.1], [0, 0], [-1, 0.1]]), 11.42, 0.01, "across the turn from 180 to -180");
  near(degrees([[-1, 0], [0, 0], [1, 0]]), 180);
}

export function marks_are_said_in_words() {
  const said = inWords([{ kind: "angle", points: [[1, 0], [0, 0], [0, 1]] }, { kind: "arrow", points: [[0, 0], [1, 1]] }]);
  same([said.includes("90"), said.split(", ").length], [true, 2], said);
}

export function a_mark_has_a_dark_edge_and_leaves_the_brush_as_it_was() {
  const context = drawing();
  context.lineCap = "butt";
  paintShapes(context, [{ kind: "line", points: [[10, 100], [190, 100]] }], 1, 1300, scene().look);
  same([pixel(context, 100, 100), pixel(context, 100, 104)[3] > 0, pixel(context, 100, 120)[3], context.lineCap], [[255, 209, 48, 255], true, 0, "butt"]);
}

export function an_arrow_has_its_head_at_the_end_and_never_longer_than_itself() {
  const context = drawing();
  paintShapes(context, [{ kind: "arrow", points: [[20, 100], [180, 100]] }], 1, 1300, scene().look);
  const besides = (x) => pixel(context, x, 110)[3] > 0 || pixel(context, x, 112)[3] > 0;
  same([besides(160) || besides(162) || besides(164), besides(40)], [true, false]);
}

export function marks_grow_with_the_film() {
  const context = drawing();
  paintShapes(context, [{ kind: "line", points: [[20, 50], [80, 50]] }], 2, 200, scene().look);
  same([pixel(context, 100, 100)[3] > 0, pixel(context, 100, 50)[3]], [true, 0]);
}

export function the_ring_turns_once_a_stroke_and_has_an_arc_for_each_phase() {
  const { strokes: [stroke], look: { phases } } = scene();
  same([-1, 0, 0.5, 1, 2, 9].map((time_s) => Math.round(turned(stroke, time_s) / Math.PI * 180)), [0, 0, 90, 180, 360, 360]);
  same(arcs(stroke, phases).map(([from, to, colour]) => [Math.round(from / Math.PI * 180), Math.round(to / Math.PI * 180), colour]), [[0, 36, "#112233"], [36, 180, "#445566"], [180, 360, "#778899"]]);
}

export function the_ring_stands_in_the_corner_that_the_rower_faces_and_labels_keep_off() {
  const at = (behind, moment) => {
    const context = drawing(320, 100), view = { context, look: scene().look, scene: { behind }, width: 320, taken: [] };
    ring(view, moment);
    return { context, box: view.taken[0] };
  };
  const stroke = scene().strokes[0], moment = { stroke, number: 0, phase: "drive", time_s: 0.6 };
  const left = at(1, moment), right = at(-1, moment);
  same([left.box[0], right.box[2]], [12, 308]);
  const [x, y] = [left.box[0] + (left.box[3] - left.box[1]) / 2, (left.box[1] + left.box[3]) / 2];
  same([pixel(left.context, x - 15, y).slice(0, 3), pixel(left.context, x + 13, y - 7).slice(0, 3)], [[0x77, 0x88, 0x99], [0x44, 0x55, 0x66]]);
  const between = at(1, { stroke: null, number: -1, phase: "", time_s: 9 });
  same(pixel(between.context, x, y - 15).slice(0, 3), [0x96, 0x96, 0x96]);
}
