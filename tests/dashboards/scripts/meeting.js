import { caughtUp, follows, meets, pace, paired, pairCount, phaseStop } from "/assets/compare/sync.js";
import { near, same } from "./check.js";

const stroke = (start, drive, recovery) => ({ borders_s: [start, start + drive / 2, start + drive, start + drive + recovery / 2, start + drive + recovery], finish_s: start + drive, end_s: start + drive + recovery });
const quick = stroke(10, 0.8, 1.0), slow = stroke(50, 1.0, 2.0);

export function catch_meets_catch_and_finish_meets_finish() {
  near(meets(quick, slow, 10, 40), 50);
  near(meets(quick, slow, 10.8, 40), 51);
  near(meets(quick, slow, 10.4, 40), 50.5);
  near(meets(quick, slow, 11.3, 40), 52);
  near(meets(quick, slow, 99, 40), 53, 0.01, "never in the next stroke");
}

export function drive_and_recovery_have_a_pace_of_their_own() {
  near(pace(quick, slow, 10.1), 1.25);
  near(pace(quick, slow, 11), 2);
}

export function what_is_late_catches_up_within_reason() {
  same([caughtUp(1, 0.01), caughtUp(1, 0.25), caughtUp(1, -0.25), caughtUp(2, 0.1)], [1, 1.4, 0.6, 2.4]);
}

export function pairs_go_on_together_and_the_shorter_list_begins_again() {
  same([paired([3, 2], [0, 1], 0), paired([3, 2], [0, 1], 2), paired([3, 2], [0, 1], -1), pairCount([3, 2])], [[0, 1], [2, 1], [2, 0], 3]);
}

export function a_stroke_follows_where_nothing_lies_between() {
  same([follows(quick, stroke(11.8, 1, 1)), follows(quick, stroke(11.9, 1, 1))], [true, false]);
}

export function phases_are_gone_through_within_the_stroke() {
  same([phaseStop(quick, 0, 1, 40), phaseStop(quick, 20, -1, 40), phaseStop(quick, 0, -1, 40), phaseStop(quick, 90, 1, 40)].map((x) => x && Math.round(x)), [20, 0, null, null]);
}
