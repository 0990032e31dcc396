"""Faults that need the rower herself: her calibration, or her own easy strokes at the same rate."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from rowsense.assess.judge import assess
from rowsense.assess.own_metrics import Clear
from rowsense.model import AngleRange, SpineReference, Stroke, StrokeList
from rowsense.settings import AssessSettings
from tests.assess import stick

SETTINGS = AssessSettings()
#: Own tall sitting 0, own full slump -21: the rearmost third begins at -14 deg.
CALIBRATED = SpineReference(
    "calibration", 3.1, 3.1, AngleRange(0.0, 2.0, -21.0, 2.0), AngleRange(0.0, 2.0, 30.0, 2.0), "2026-01-01, posing.mp4"
)


def sitting(tilt_deg, reference=CALIBRATED, **kwargs):
    """Upright with this tilt at 1.1 s of each stroke, forward at the catch."""
    curve = ((0.0, 0.3, 0.8, 1.05, 1.15, 1.6, 2.0), (-9, -9, tilt_deg, tilt_deg, tilt_deg, -9, -9))
    series, strokes = stick.row(changes={"pelvic_tilt_deg": curve}, **kwargs)
    return assess(series, strokes, np.arange(len(series)), SETTINGS, reference)


def found(result):
    return {fault.id: fault for fault in result.faults}


def test_sitting_far_back_in_the_own_range_is_told():
    result = sitting(-22.0)
    fault = found(result)["sits_on_back_of_bones"]
    assert fault.rules[0].measured == pytest.approx(8.0, abs=0.2)
    assert fault.strokes == tuple(range(12))
    assert fault.sentence.startswith(
        "In 12 of 12 strokes your hips were 8 deg (± 2) inside the rearmost third of your own"
    )
    assert fault.self_test.startswith("Sit on your hands")


def test_it_takes_more_than_what_two_films_may_differ_by():
    # Each stroke is surely inside the third, but one posture may differ by as much in two films.
    result = sitting(-16.2)
    assert np.nanmedian(result.metrics["pelvis_in_last_third_deg"]) == pytest.approx(2.2, abs=0.2)
    assert "sits_on_back_of_bones" not in found(result)
    assert "sits_on_back_of_bones" not in result.not_judged
    assert "sits_on_back_of_bones" in found(sitting(-18.0))
    unsure = replace(CALIBRATED, pelvic_tilt_range=AngleRange(0.0, 2.0, -21.0, 14.0))
    assert "sits_on_back_of_bones" not in found(sitting(-18.0, unsure))
    assert "sits_on_back_of_bones" in found(sitting(-22.0, unsure))


@pytest.mark.parametrize("reference", [None, SpineReference("none", 10.0, 8.0)])
def test_without_a_calibration_it_is_not_judged_and_said(reference):
    result = sitting(-22.0, reference)
    assert result.not_judged["sits_on_back_of_bones"] == (
        "it needs your own tall and slumped posture (rowsense calibrate)"
    )
    assert np.isnan(result.metrics["pelvis_in_last_third_deg"]).all()


def test_a_stroke_that_never_comes_upright_has_no_such_moment():
    leaning = {"trunk_lean_deg": ((0.0, 0.3, 0.75, 0.85, 2.0), (-8, -8, -25, -25, -8))}
    series, strokes = stick.row(changes=leaning)
    result = assess(series, strokes, np.arange(len(series)), SETTINGS, CALIBRATED)
    assert np.isnan(result.metrics["pelvis_in_last_third_deg"]).all()
    assert "only 0 of 12" in result.not_judged["sits_on_back_of_bones"]


def head(level_deg, head_zero_sd_deg):
    curve = ((0.0, 2.0), (level_deg, level_deg))
    series, strokes = stick.row(changes={"head_trunk_deg": curve})
    reference = replace(CALIBRATED, head_zero_sd_deg=head_zero_sd_deg)
    return assess(series, strokes, np.arange(len(series)), SETTINGS, reference)


def test_a_head_that_is_always_low_is_seen_with_its_own_zero_only():
    known = head(20.0, 4.0)
    fault = found(known)["head_drops"]
    assert [r.quantity for r in fault.rules] == ["head_from_own_tall_deg"]
    assert "20 deg (± 5) lower or further forward at the catch than when you sit tall" in fault.sentence
    assert "head_drops" not in found(head(20.0, math.nan))
    assert np.isnan(head(20.0, math.nan).metrics["head_from_own_tall_deg"]).all()
    # The zero itself may be off by as much.
    assert "head_drops" not in found(head(20.0, 12.0))


def test_clear_needs_known_errors_and_strokes():
    clear = Clear(3.0, 4.0, 6.0)
    assert clear.of(1) == pytest.approx(1.96 * 5.0)
    assert clear.of(10**6) == 6.0
    assert math.isnan(clear.of(0))
    assert math.isnan(Clear(math.nan, 1.0).of(5))


def piece(drives_s, tilts_deg, lengths_s=2.4, spine_sd_deg=3.0, seed=4):
    """Strokes of given drive times with a given tilt around the catch, angles otherwise as in a well rowed piece."""
    rng = np.random.default_rng(seed)
    lengths_s = np.broadcast_to(lengths_s, len(drives_s))
    catch_s = 0.4 + np.concatenate([[0.0], np.cumsum(lengths_s)])
    series, _ = stick.row(time_s=np.arange(0.0, catch_s[-1] + 0.4, 0.02), spine_sd_deg=spine_sd_deg)
    tilt = np.interp(series.time_s, catch_s[:-1], tilts_deg) + rng.normal(0.0, 0.5, len(series))
    strokes = tuple(
        Stroke(
            index=i, catch_time_s=start, finish_time_s=start + drive, end_time_s=start + length,
            phase_borders_s=(*np.linspace(start, start + drive, 4), *np.linspace(start + drive, start + length, 4)[1:]),
            catch_frame=int(start * 50.0),
        )
        for i, (start, drive, length) in enumerate(zip(catch_s[:-1], drives_s, lengths_s, strict=True))
    )  # fmt: skip
    series = replace(series, values=series.values | {"pelvic_tilt_deg": tilt})
    result = assess(series, StrokeList(strokes), np.arange(len(series)), SETTINGS)
    return result


EASY, HARD = np.full(20, 1.0), np.full(20, 0.85)


def test_hard_strokes_with_hips_further_back_are_told_against_the_own_easy_ones():
    result = piece(np.concatenate([EASY, HARD]), np.repeat([0.0, -9.0], 20))
    fault = found(result)["pulls_harder"]
    assert fault.strokes == tuple(range(20, 40))
    drive, tilt = fault.rules
    assert (drive.quantity, drive.unit) == ("drive_under_easy_percent", "percent")
    assert drive.measured == pytest.approx(15.0, abs=0.1)
    assert tilt.measured == pytest.approx(9.0, abs=0.5)
    assert "the drive took 15 % (± 1) less time" in fault.sentence


@pytest.mark.parametrize(
    ("why", "drives_s", "tilts_deg"),
    [
        ("the hips stay", np.concatenate([EASY, HARD]), np.zeros(40)),
        ("the hips go back by too little", np.concatenate([EASY, HARD]), np.repeat([0.0, -4.2], 20)),
        ("too few of them", np.concatenate([np.full(34, 1.0), np.full(6, 0.85)]), np.repeat([0.0, -9.0], [34, 6])),
    ],
)
def test_effort_alone_or_a_little_is_no_fault(why, drives_s, tilts_deg):
    result = piece(drives_s, tilts_deg)
    assert "pulls_harder" not in found(result), why
    assert "pulls_harder" not in result.not_judged, why


def test_what_the_error_of_the_hips_can_make_is_not_told():
    drives_s, tilts_deg = np.concatenate([EASY, HARD]), np.repeat([0.0, -6.0], 20)
    assert "pulls_harder" in found(piece(drives_s, tilts_deg, spine_sd_deg=3.0))
    assert "pulls_harder" not in found(piece(drives_s, tilts_deg, spine_sd_deg=28.0))


@pytest.mark.parametrize(
    ("drives_s", "lengths_s"),
    [
        (np.full(40, 0.9), 2.4),
        (np.concatenate([EASY, HARD]), np.repeat([3.0, 2.0], 20)),  # hard ones at another rate
        (np.concatenate([np.full(38, 1.0), HARD[:2]]), 2.4),
    ],
)
def test_without_easy_and_hard_strokes_at_one_rate_it_is_not_judged(drives_s, lengths_s):
    result = piece(drives_s, np.repeat([0.0, -9.0], 20), lengths_s)
    assert result.not_judged["pulls_harder"].startswith("it needs your own easy strokes at the same rate")


def test_strokes_that_differ_by_chance_have_no_hard_ones():
    rng = np.random.default_rng(1)
    said = [
        "pulls_harder" in found(piece(rng.normal(0.9, 0.02, 30), rng.normal(0.0, 4.0, 30), seed=i)) for i in range(20)
    ]
    assert not any(said)
