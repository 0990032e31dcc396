"""Rhythm and sequence: drawn strokes with known numbers, and simulated rowers seen through noise and low-pass."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from rowsense.assess.judge import assess
from rowsense.assess.rhythm import LEG_HEIGHT_RATIO, analyse_rhythm, typical
from rowsense.assess.rhythm_strokes import rhythm_strokes
from rowsense.model import StrokeList
from rowsense.model.rhythm import water_ratio
from rowsense.settings import AssessSettings
from rowsense.simulate.motion import MotionSpec
from tests.assess.stick import DRIVE_S, STROKE_S, row
from tests.strokes.stroke_cases import smoothed, strokes_of
from tests.synthetic_rower import make_rower

RATIO = {16: 1.9, 24: 1.35, 32: 0.95, 40: 0.8}
SEQUENTIAL = {"legs_end": 0.65, "trunk_start": 0.40, "arms_start": 0.70}
SIMULTANEOUS = {"legs_end": 0.95, "trunk_start": 0.0, "arms_start": 0.40}


def judged(series, strokes, height_cm=None):
    return analyse_rhythm(series, rhythm_strokes(series, strokes), height_cm)


def with_onsets(strokes, **after_s):
    """``after_s``: segment -> seconds from the catch."""
    onsets = [{name: s.catch_time_s + after for name, after in after_s.items()} for s in strokes.strokes]
    return StrokeList(tuple(replace(s, onsets_s=o) for s, o in zip(strokes.strokes, onsets, strict=True)))


@cache
def seen(rate_spm, pause_s=0.0, **dials):
    """As a camera at 30 frames a second sees it, through the pose stage's low-pass."""
    spec = MotionSpec(
        rate_spm=rate_spm, recovery_ratio=RATIO[rate_spm], duration_s=24.0, pause_finish_s=pause_s, **dials
    )
    series = smoothed(make_rower(spec, noise_px=2.0), min(6.0, 7.0 * rate_spm / 60.0))
    return judged(series, strokes_of(series))


@cache
def true(rate_spm, **dials):
    """The same motion at four times the frames, without noise and low-pass."""
    spec = MotionSpec(rate_spm=rate_spm, recovery_ratio=RATIO[rate_spm], duration_s=24.0, fps=120.0, **dials)
    series = make_rower(spec).series
    return judged(series, strokes_of(series))


def test_drawn_speeds_are_exact():
    series, strokes = row()
    rhythm = judged(series, strokes)
    legs, arms = rhythm.segment("legs"), rhythm.segment("arms")
    for phase, speed in zip(legs.speed_deg_per_s, (200.0, 200.0, 110.0 / DRIVE_S * 3 - 400.0), strict=True):
        assert legs.speed_deg_per_s[phase].median == pytest.approx(speed, abs=1.0)
    assert legs.peak_deg_per_s.median == pytest.approx(200.0, abs=1.0)
    assert legs.end_at_ratio.median == pytest.approx((0.55 - 3.0 / 200.0) / DRIVE_S, abs=0.02)
    assert arms.peak_deg_per_s.median == pytest.approx(460.0, abs=5.0)
    assert arms.peak_at_ratio.median > rhythm.segment("trunk").peak_at_ratio.median > legs.peak_at_ratio.median
    assert rhythm.tempo.recovery_drive_ratio.median == pytest.approx((STROKE_S - DRIVE_S) / DRIVE_S)
    assert (rhythm.peak_order_count, rhythm.peak_order_of) == (12, 12)


def test_speeds_know_which_way_the_drive_goes():
    backwards = {"knee_deg": ((0.0, 0.55, 1.3, 2.0), (170, 60, 60, 170)), "trunk_lean_deg": ((0.0, 2.0), (5.0, 5.0))}
    series, strokes = row(changes=backwards)
    rhythm = judged(series, strokes)
    assert rhythm.segment("legs").speed_deg_per_s["early_drive"].median == pytest.approx(-200.0, abs=1.0)
    assert not rhythm.segment("trunk").peak_at_ratio.known, "what stands still has no peak"
    assert "trunk" not in rhythm.peak_order


def test_overlap_and_gap():
    series, strokes = row()
    knee_ends = (0.55 - 3.0 / 200.0) / DRIVE_S
    for trunk_s, share in ((0.3, knee_ends - 0.375), (0.7, knee_ends - 0.875)):
        overlap = judged(series, with_onsets(strokes, legs=0.02, trunk=trunk_s, arms=0.61)).overlaps[0]
        assert overlap.ratio.median == pytest.approx(share, abs=0.02)
    without = judged(series, strokes)
    assert not without.overlaps[0].ratio.known, "no onset, no overlap"


def test_what_is_hidden_is_not_measured():
    series, strokes = row()
    first = strokes.strokes[2].catch_time_s
    elbow = series["elbow_deg"].copy()
    elbow[(series.time_s > first + 0.3) & (series.time_s < first + 0.6)] = np.nan
    once = judged(replace(series, values=series.values | {"elbow_deg": elbow}), strokes)
    assert once.segment("arms").peak_deg_per_s.stroke_count == 11
    assert once.segment("arms").speed_deg_per_s["mid_drive"].stroke_count == 11
    assert once.segment("legs").peak_deg_per_s.stroke_count == 12
    assert once.peak_order_of == 11
    never = judged(replace(series, values=series.values | {"elbow_deg": np.full(len(elbow), np.nan)}), strokes)
    assert never.peak_order == ("legs", "trunk")
    assert any("arms" in s and "Not measured" in s for s in never.sentences)


def test_a_frame_or_two_missing_does_no_harm():
    series, strokes = row()
    holed = {name: values.copy() for name, values in series.values.items()}
    for values in holed.values():
        values[7::23] = np.nan
    handle = series.handle_x_px.copy()
    handle[7::23] = np.nan
    a, b = judged(series, strokes), judged(replace(series, values=holed, handle_x_px=handle), strokes)
    for name in ("legs", "trunk", "arms"):
        assert b.segment(name).peak_deg_per_s.stroke_count == 12
        assert b.segment(name).peak_deg_per_s.median == pytest.approx(a.segment(name).peak_deg_per_s.median, rel=0.05)
    assert b.pauses[0].slow_s.stroke_count == 12


def test_strokes_that_do_not_count_are_left_out():
    series, strokes = row(unusable=(1, 5))
    result = assess(series, strokes, np.arange(len(series)), AssessSettings())
    assert result.rhythm.usable_stroke_count == 10
    column = result.metrics["legs_peak_deg_per_s"]
    assert np.flatnonzero(np.isnan(column)).tolist() == [1, 5]
    assert "handle_slow_at_finish_s" in result.metrics


def test_without_a_usable_stroke_there_is_nothing_to_say():
    series, strokes = row(strokes=3, unusable=(0, 1, 2))
    assert judged(series, strokes) is None
    assert judged(series, StrokeList(())) is None


def test_one_stroke_has_medians_but_no_spread():
    series, strokes = row(strokes=1)
    rhythm = judged(replace(series, trunk_px=200.0, leg_px=400.0), strokes, 180.0)
    peak = rhythm.segment("legs").peak_deg_per_s
    assert (peak.stroke_count, np.isnan(peak.spread), np.isnan(peak.sd)) == (1, True, True)
    assert not any("nan" in s for s in rhythm.sentences)


def test_lengths_go_by_the_trunk_and_metres_by_the_height():
    series, strokes = row()
    bare = judged(series, strokes, 180.0).travel
    assert not bare.handle_trunk_ratio.known
    assert bare.scale == ""
    known = replace(series, trunk_px=200.0, leg_px=400.0)
    plain = judged(known, strokes)
    assert plain.travel.handle_trunk_ratio.median == pytest.approx(2.5, abs=0.03)
    assert plain.travel.seat_handle_ratio.median == pytest.approx(0.6, abs=0.01)
    assert not plain.travel.handle_m.known
    assert any("--height-cm" in s for s in plain.sentences)
    scaled = judged(known, strokes, 180.0)
    assert scaled.travel.handle_m.median == pytest.approx(1.25 * LEG_HEIGHT_RATIO * 1.8, rel=0.01)
    assert scaled.travel.handle_m.sd == pytest.approx(0.051 * scaled.travel.handle_m.median, rel=0.1)
    assert any("your height of 180 cm" in s for s in scaled.sentences)


def test_another_picture_size_changes_nothing():
    series, strokes = row()
    one = replace(series, trunk_px=200.0, leg_px=400.0)
    other = replace(
        one, handle_x_px=3.0 * one.handle_x_px - 50.0, seat_x_px=3.0 * one.seat_x_px, trunk_px=600.0, leg_px=1200.0
    )
    a, b = judged(one, strokes, 175.0), judged(other, strokes, 175.0)
    assert b.travel.handle_m.median == pytest.approx(a.travel.handle_m.median)
    assert b.pauses[0].slow_s.median == pytest.approx(a.pauses[0].slow_s.median)
    assert b.sentences == a.sentences


def test_the_doubt_of_a_median_keeps_what_repeats():
    values = np.random.default_rng(1).normal(10.0, 2.0, 400)
    found = typical(values, repeating=0.5)
    assert found.spread == pytest.approx(2.0, rel=0.15)
    assert found.sd == pytest.approx(np.hypot(0.5, 1.2533 * found.spread / 20.0), rel=1e-3)
    assert not typical(np.full(5, np.nan)).known


@pytest.mark.parametrize(("rate_spm", "ratio"), [(18, 1.8), (20, 1.6), (24, 1.3), (28, 1.1), (32, 0.9), (36, 0.8)])
def test_the_line_of_the_water(rate_spm, ratio):
    assert round(water_ratio(rate_spm), 1) == ratio


def test_the_line_ends_where_it_was_measured():
    assert np.isnan(water_ratio(17.9))
    assert np.isnan(water_ratio(36.1))
    assert any("reaches from 18 to 36 only" in s for s in seen(40).sentences)


@pytest.mark.parametrize("rate_spm", RATIO)
@pytest.mark.parametrize("dials", [SEQUENTIAL, SIMULTANEOUS], ids=["sequential", "simultaneous"])
def test_simulated_sequences_come_out_as_they_are(rate_spm, dials):
    found, truth = seen(rate_spm, **dials), true(rate_spm, **dials)
    for a, b in zip(found.segments, truth.segments, strict=True):
        for name in ("peak_at_ratio", "begin_at_ratio", "end_at_ratio"):
            assert getattr(a, name).median == pytest.approx(getattr(b, name).median, abs=0.05), (a.segment, name)
        # Arms that bend within a fifth of the drive are blurred by the low-pass.
        quick = a.segment == "arms" and dials is SEQUENTIAL
        assert a.peak_deg_per_s.median == pytest.approx(b.peak_deg_per_s.median, rel=0.22 if quick else 0.12)
    for a, b in zip(found.overlaps, truth.overlaps, strict=True):
        assert a.ratio.median == pytest.approx(b.ratio.median, abs=0.12)
    assert found.travel.handle_leg_ratio.median == pytest.approx(truth.travel.handle_leg_ratio.median, rel=0.015)
    groups = found.peak_groups
    assert groups == (("legs",), ("trunk",), ("arms",)) if dials is SEQUENTIAL else groups[-1] == ("arms",)
    assert dials is SEQUENTIAL or groups[0] != ("legs",), "legs and trunk together, or the trunk before"


@pytest.mark.parametrize("rate_spm", RATIO)
def test_the_styles_are_told_apart_by_their_overlap(rate_spm):
    apart, together = (seen(rate_spm, **dials).overlaps for dials in (SEQUENTIAL, SIMULTANEOUS))
    assert together[0].ratio.median > apart[0].ratio.median + 0.35
    assert together[1].ratio.median > apart[1].ratio.median + 0.08


@pytest.mark.parametrize("rate_spm", RATIO)
def test_a_rest_at_the_finish_is_found_and_measured(rate_spm):
    none, short, long = (seen(rate_spm, pause_s).pauses for pause_s in (0.0, 0.1, 0.3))
    for finish, catch in (none, short):
        assert (finish.strokes, catch.strokes) == ((), ())
    finish, catch = long
    assert len(finish.strokes) == finish.slow_s.stroke_count
    assert finish.pause_s == pytest.approx(0.3, abs=0.03)
    assert catch.strokes == ()
    assert any("pauses at the finish" in s for s in seen(rate_spm, 0.3).sentences)
    assert any("without a pause" in s for s in seen(rate_spm).sentences)


def test_a_rest_before_the_catch_is_found_and_measured():
    resting = {"handle": ((0.0, 0.8, 1.1, 1.7, 2.0), (700, 200, 450, 700, 700))}
    series, strokes = row(changes=resting)
    finish, catch = judged(series, strokes).pauses
    assert catch.strokes == tuple(range(12))
    assert catch.pause_s == pytest.approx(0.3, abs=0.03)
    assert finish.strokes == ()
    single, strokes = row(changes=resting, only=(3,))
    rhythm = judged(single, strokes)
    assert rhythm.pauses[1].strokes == (3,)
    assert any("without a pause" in s for s in rhythm.sentences), "one of twelve is not spoken of"
