"""The results about hips that tip back refuse what contradicts itself, and go to JSON and back."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from rowsense.model import Association, HipsAnalysis, Mover
from rowsense.store.codec import from_json, to_json
from tests.hips_fixture import GIVE_WAYS, HEAD, HIPS, KNEES, SHOULDERS


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: replace(GIVE_WAYS[0], extent_deg=0.0), "extent_deg must be above 0"),
        (lambda: replace(GIVE_WAYS[0], extent_deg=math.nan), "extent_deg must be above 0"),
        (lambda: replace(GIVE_WAYS[0], time_sd_s=-0.1), "time_sd_s must not be negative"),
        (lambda: replace(GIVE_WAYS[0], time_s=math.nan), "a time, and how long before the catch, or neither"),
        (lambda: replace(GIVE_WAYS[0], lags_s={"late_lunge": 0.1}), "only hold the five"),
        (lambda: replace(GIVE_WAYS[0], stroke=-1), "must not be negative"),
        (lambda: Association(12, 1.2, 0.1, 1.3, 0.1, False), "-1..1"),
        (lambda: Association(12, 0.5, 0.6, 0.8, 0.1, False), "in its interval"),
        (lambda: Association(12, 0.5, 0.1, 0.8, 0.0, False), "0..1"),
        (lambda: Mover("late_lunge", "with"), "one of the five"),
        (lambda: Mover("head_drops", "because"), "unknown relation"),
        (lambda: Mover("head_drops", "not_judged"), "a reason for none"),
        (lambda: Mover("head_drops", "with", reason="hidden"), "a reason for none"),
        (lambda: replace(HEAD, shown_count=19), "must not fall"),
        (lambda: replace(HEAD, before_count=16), "must not fall"),
        (lambda: replace(HEAD, lag_s=0.3), "lag_s must lie in its interval"),
        (lambda: replace(KNEES, lag_s=math.nan), "lag_s must lie in its interval"),
        (lambda: replace(SHOULDERS, association_reason="few"), "or why there is none"),
        (lambda: replace(HIPS, judged_stroke_count=6), "tipping strokes are judged ones"),
        (lambda: replace(HIPS, usable_stroke_count=18), "judged ones, and these are usable ones"),
        (lambda: replace(HIPS, give_ways=GIVE_WAYS[::-1]), "in order"),
        (lambda: replace(HIPS, movers_reason="few"), "movers, or the reason"),
        (lambda: replace(HIPS, movers=HIPS.movers[::-1]), "must be the five"),
        (lambda: replace(HIPS, in_time=("head_drops",)), "in_time holds who moved first"),
        (lambda: replace(HIPS, in_strength=()), "in_strength holds the clear associations"),
        (lambda: replace(HIPS, reason="hidden"), "has no strokes"),
    ],
)
def test_what_contradicts_itself_is_refused(make, complaint):
    with pytest.raises(ValueError, match=complaint):
        make()


def test_the_first_mover_is_the_earliest():
    assert HIPS.first_mover == "shoulders_pulled_forward"
    assert HipsAnalysis(0, 0, movers_reason="no stroke", reason="no stroke").first_mover == ""


def test_typical_is_the_median_of_what_is_known():
    assert HIPS.typical("extent_deg") == 17.0
    partly = (replace(GIVE_WAYS[0], knee_deg=math.nan), *GIVE_WAYS[1:])
    assert replace(HIPS, give_ways=partly).typical("knee_deg") == 62.0


def test_half_of_the_way_recovers_and_unknown_does_not():
    assert [g.recovers for g in GIVE_WAYS] == [False] * 3 + [True] * 4
    assert not replace(GIVE_WAYS[6], recovered_ratio=math.nan).recovers


def test_it_goes_to_json_and_back():
    assert repr(from_json(HipsAnalysis, to_json(HIPS))) == repr(HIPS)
