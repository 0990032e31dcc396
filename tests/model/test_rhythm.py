"""The results about rhythm refuse what contradicts itself, and go to JSON and back."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from rowsense.model import Overlap, Pause, RhythmAnalysis, SegmentDrive, Typical
from rowsense.store.codec import from_json, to_json
from tests.rhythm_fixture import ARMS, LEGS, METRES, RHYTHM, TRAVEL, TRUNK, segment, typical


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: Typical(1.0), "a median exactly where strokes were seen"),
        (lambda: Typical(stroke_count=3), "a median exactly where strokes were seen"),
        (lambda: Typical(1.0, -0.1, 0.0, 3), "must not be negative"),
        (lambda: replace(LEGS, segment="hips"), "legs, trunk or arms"),
        (lambda: SegmentDrive("legs", {}), "three drive phases"),
        (lambda: Overlap("legs", "arms", typical(0.1)), "two neighbours"),
        (lambda: replace(TRAVEL, scale="flywheel"), "unknown scale"),
        (lambda: replace(TRAVEL, scale="height"), "a scale has a height"),
        (lambda: replace(TRAVEL, handle_m=typical(1.2)), "metres need a scale"),
        (lambda: Pause("rock_over", typical(0.1), 0.15, (), math.nan), "at the finish or the catch"),
        (lambda: Pause("finish", typical(0.1), 0.15, (1,), math.nan), "a pause has a length"),
        (lambda: Pause("finish", typical(0.1, strokes=1), 0.15, (1, 2), 0.2), "measured ones"),
        (lambda: replace(RHYTHM, usable_stroke_count=0), "no rhythm"),
        (lambda: replace(RHYTHM, segments=(TRUNK, LEGS, ARMS)), "legs, trunk, arms"),
        (lambda: replace(RHYTHM, overlaps=()), "both pairs"),
        (lambda: replace(RHYTHM, pauses=RHYTHM.pauses[::-1]), "both places"),
        (lambda: replace(RHYTHM, peak_order=("legs", "trunk")), "holds what was measured"),
        (lambda: replace(RHYTHM, peak_order_count=20), "must not fall"),
    ],
)
def test_contradictions_are_refused(make, complaint):
    with pytest.raises(ValueError, match=complaint):
        make()


@pytest.mark.parametrize(
    ("trunk_at", "arms_at", "groups"),
    [
        (0.62, 0.80, (("legs",), ("trunk",), ("arms",))),
        (0.50, 0.80, (("legs", "trunk"), ("arms",))),
        (0.52, 0.58, (("legs", "trunk", "arms"),)),
        (0.60, 0.65, (("legs",), ("trunk", "arms"))),
    ],
)
def test_peaks_that_lie_close_are_not_put_in_order(trunk_at, arms_at, groups):
    segments = (LEGS, segment("trunk", 95.0, trunk_at), segment("arms", 300.0, arms_at))
    assert replace(RHYTHM, segments=segments).peak_groups == groups


def test_single_pauses_do_not_show():
    finish, catch = RHYTHM.pauses
    assert finish.shows
    assert not catch.shows


def test_metres_for_a_trunk():
    assert METRES.metres_per_trunk == pytest.approx(0.5)
    assert math.isnan(TRAVEL.metres_per_trunk)


@pytest.mark.parametrize("travel", [TRAVEL, METRES])
def test_to_json_and_back(travel):
    rhythm = replace(RHYTHM, travel=travel)
    assert repr(from_json(RhythmAnalysis, json.loads(json.dumps(to_json(rhythm))))) == repr(rhythm)
