"""What a coach would say: one thing well, one thing next with its frames and self-test, then the rest."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from rowsense.assess.catalogue import load_catalogue
from rowsense.assess.judge import assess
from rowsense.model import Advice
from rowsense.settings import AssessSettings
from tests.assess import stick
from tests.assess.test_faults import FAULTS

WORDS = {fault.id: fault.words for fault in load_catalogue().faults}


def advised(*fault_ids, frame_offset=0, **kwargs):
    changes = {}
    for fault_id in fault_ids:
        changes |= FAULTS[fault_id][0]
    series, strokes = stick.row(changes=changes, **kwargs)
    result = assess(series, strokes, np.arange(len(series)) + frame_offset, AssessSettings())
    return result.advice, result, series, strokes


def test_one_thing_well_one_thing_next_then_the_rest():
    advice, result, _, _ = advised("late_lunge", "slump_under_load", "head_drops")
    assert [f.id for f in result.faults] == ["late_lunge", "slump_under_load", "head_drops"]
    assert advice.fault_id == "late_lunge"
    assert advice.seen == result.faults[0].sentence
    assert advice.try_next == WORDS["late_lunge"].cue
    assert advice.self_test == WORDS["late_lunge"].self_test
    assert [text.split(".")[0] for text in advice.rest] == ["The back gives after the catch", "Head drops"]
    assert advice.rest[1].endswith(result.faults[2].sentence)
    assert advice.well.endswith("in all 12 strokes judged. Keep that.")
    assert advice.well[0].isupper()


def test_set_up_and_timing_before_hips_before_head_before_effort():
    orders = {fault.id: min(rule.order for rule in fault.rules) for fault in load_catalogue().faults}
    groups = [
        ("knees_too_high", "late_lunge", "knees_before_hands", "rushes_the_slide", "shoots_the_slide", "opens_early"),
        ("sits_on_back_of_bones", "hips_tip_back", "slump_under_load"),
        ("head_drops", "shoulders_pulled_forward"),
        ("pulls_harder",),
    ]
    for first, later in pairwise(groups):
        assert max(orders[i] for i in first) < min(orders[i] for i in later)


@pytest.mark.parametrize("fault_id", sorted(FAULTS))
def test_it_points_at_frames_that_show_it(fault_id):
    advice, result, series, strokes = advised(fault_id, frame_offset=500)
    fault = next(f for f in result.faults if f.id == advice.fault_id)
    first, end = advice.frames
    assert 500 <= first <= fault.worst_frame < end <= 500 + len(series)
    at_s = series.time_s[fault.worst_frame - 500]
    assert f"{at_s:.1f} s into the film" in advice.look_at
    number = next(s.index for s in strokes.strokes if s.catch_time_s - 0.05 <= at_s < s.end_time_s) + 1
    assert f"in stroke {number}, " in advice.look_at


def test_without_a_fault_there_is_still_something_to_do():
    advice, _, _, _ = advised()
    assert (advice.fault_id, advice.seen, advice.self_test, advice.rest) == ("", "", "", ())
    assert advice.try_next.startswith("Nothing passed its limit. Keep it, and film again")
    assert advice.well


def test_nothing_judged_is_nothing_said():
    assert advised(strokes=0)[0] == Advice()
    assert advised("hips_tip_back", unusable=range(12))[0] == Advice()


def test_praise_is_for_what_single_strokes_show():
    # Half of the strokes are hard and the hips stay: that says little about effort, so it is not what is praised.
    for fault in load_catalogue().faults:
        advice, _, _, _ = advised(*(i for i in FAULTS if i != fault.id and i not in ("opens_early", "late_lunge")))
        if any(rule.also for rule in fault.rules):
            assert fault.kept not in advice.well.lower()
