"""Drift over simulated pieces: found where it is, not where it is not, and not where the rate explains it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rowsense.assess import drift
from rowsense.assess.differences import beyond_chance, detectable
from rowsense.assess.trend import trend_of
from tests.assess.piece_cases import DOUBT, LUMBAR, TILT, make_piece, noise, stroke_times

FOLLOWED = (*drift.POSTURE, *drift.TIMING)
STEADY = stroke_times()


def found(values, times=STEADY, rng=None, **kwargs):
    """Every drift by its quantity."""
    piece = make_piece(*times, rng or np.random.default_rng(99), values, **kwargs)
    return {d.quantity: d for d in drift.drifts(piece, drift.trends_of(piece, FOLLOWED))}


def many(change_deg, seeds, times=STEADY, per_spm=0.0):
    """The drifts of many pieces in which only the pelvis at the catch changes."""
    time_min, rate_spm = times
    out = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        tilt_deg = change_deg * time_min / time_min[-1] + per_spm * (rate_spm - 24.0) + noise(len(time_min), rng)
        out.append(found({TILT: tilt_deg}, times, rng))
    return out


def clear_count(pieces):
    return sum(p[TILT].clear for p in pieces)


@pytest.fixture(scope="module")
def of_0_deg():
    return many(0.0, 100)


@pytest.fixture(scope="module")
def of_5_deg():
    return many(-5.0, 40)


def test_no_drift_is_not_found_in_any_quantity(of_0_deg):
    """Ten minutes at 24: 95 of 100 pieces stay silent, with all eleven quantities looked at."""
    assert sum(any(d.clear for d in piece.values()) for piece in of_0_deg) <= 5
    assert all(len(piece) == 11 for piece in of_0_deg)


def test_5_deg_over_the_piece_are_found_with_their_size_and_minute(of_5_deg):
    assert clear_count(of_5_deg) >= 37
    tilts = [piece[TILT] for piece in of_5_deg]
    assert np.mean([t.change for t in tilts]) == pytest.approx(-5.0, abs=0.5)
    assert np.mean([t.slope_per_min for t in tilts]) == pytest.approx(-0.5, abs=0.05)
    assert sum(t.change_low <= -5.0 <= t.change_high for t in tilts) >= 34
    # The line is beyond the 2.4 deg that two minutes can tell from minute 5.4 on; it must hold in all that follow.
    minutes = [t.from_min for t in tilts if not math.isnan(t.from_min)]
    assert len(minutes) >= 30
    assert 5.0 <= np.median(minutes) <= 8.0


def test_4_deg_are_mostly_found():
    assert 30 <= clear_count(many(4.0, 40)) <= 40


def test_the_intervals_hold_the_truth(of_0_deg):
    held = sum(d.change_low <= 0.0 <= d.change_high for piece in of_0_deg for d in piece.values())
    assert held >= 0.93 * 11 * len(of_0_deg)


def test_a_short_piece_finds_less():
    """Five minutes hold half the strokes: 8 deg are found, 4 deg mostly are not."""
    times = stroke_times(minutes=5.0)
    assert clear_count(many(8.0, 20, times)) >= 18
    assert clear_count(many(4.0, 20, times)) <= 14


def step(minute):
    return 20.0 if minute < 5.0 else 28.0


def test_a_rate_that_explains_it_is_no_drift():
    """-0.8 deg for each stroke a minute more: 6.4 deg between the halves, none of it at equal rate."""
    times = stroke_times(rate_spm=step)
    pieces = many(0.0, 25, times, per_spm=-0.8)
    assert clear_count(pieces) <= 2
    assert {p[TILT].rate_handling for p in pieces} == {"partialled"}
    assert np.mean([p[TILT].per_spm for p in pieces]) == pytest.approx(-0.8, abs=0.1)
    tilt_deg = -0.8 * (times[1] - 24.0) + noise(len(times[0]), np.random.default_rng(0))
    unaware = trend_of(times[0], np.full(len(times[0]), 24.0), tilt_deg)
    assert unaware.slope.high < 0.0, "the test has no teeth where the rate would not show"


def test_a_drift_is_found_beside_a_rate_that_changes_back():
    times = stroke_times(rate_spm=lambda minute: 28.0 if 3.0 < minute < 6.0 else 20.0)
    pieces = many(6.0, 20, times, per_spm=-0.8)
    assert clear_count(pieces) >= 18
    assert np.mean([p[TILT].change for p in pieces]) == pytest.approx(6.0, abs=0.7)


def test_a_rate_that_rises_all_along_is_told_apart_from_nothing():
    times = stroke_times(rate_spm=lambda minute: 20.0 + minute)
    (piece,) = many(8.0, 1, times)
    assert not piece[TILT].clear
    assert math.isnan(piece[TILT].slope_per_min)
    assert "cannot be told apart" in piece[TILT].reason


def test_a_rate_that_creeps_a_little_is_like_rate():
    times = stroke_times(rate_spm=lambda minute: 24.0 + 0.1 * minute)
    pieces = many(6.0, 10, times)
    assert {p[TILT].rate_handling for p in pieces} == {"like"}
    assert clear_count(pieces) >= 9


def test_a_sudden_change_has_its_minute():
    time_min, _ = STEADY
    rng = np.random.default_rng(4)
    found_deg = found({TILT: np.where(time_min < 6.0, 0.0, -9.0) + noise(len(time_min), rng)})[TILT]
    assert found_deg.clear
    assert found_deg.from_min == 6.0


def test_what_comes_back_at_the_end_has_no_minute():
    times = stroke_times(minutes=20.0)
    rng = np.random.default_rng(4)
    level_deg = np.where(times[0] < 19.0, 0.5 * times[0], 0.0)
    drifting = found({TILT: level_deg + noise(len(times[0]), rng)}, times)[TILT]
    assert drifting.clear
    assert math.isnan(drifting.from_min)


def test_strokes_that_grow_unlike_are_found():
    """The drive's time spreads by 10 ms at the beginning and 50 ms at the end."""
    time_min, _ = STEADY
    rng = np.random.default_rng(8)
    drive_s = 0.9 + rng.normal(size=len(time_min)) * np.linspace(0.010, 0.050, len(time_min))
    drifts = found({"drive_s": drive_s})
    assert drifts["spread_of_drive_s"].clear
    assert drifts["spread_of_drive_s"].change == pytest.approx(0.040, abs=0.015)
    assert not drifts["drive_s"].clear


def test_gaps_and_wild_strokes():
    time_min, _ = STEADY
    rng = np.random.default_rng(6)
    tilt_deg = 8.0 * time_min / time_min[-1] + noise(len(time_min), rng)
    tilt_deg[rng.choice(len(time_min), 60, replace=False)] = np.nan
    tilt_deg[(time_min > 4.0) & (time_min < 6.0)] = np.nan
    tilt_deg[::17] += 70.0
    drifting = found({TILT: tilt_deg})[TILT]
    assert drifting.clear
    assert drifting.stroke_count == np.isfinite(tilt_deg).sum()
    assert drifting.change == pytest.approx(8.0, abs=2.5)


@pytest.mark.parametrize(
    ("hidden", "reason"),
    [(lambda t: t > -1.0, "in 0 strokes; it takes 50"), (lambda t: t > 6.0, "in a part of the piece only")],
)
def test_what_was_not_seen_is_not_judged(hidden, reason):
    time_min, _ = STEADY
    tilt_deg = np.where(hidden(time_min), np.nan, time_min)
    drifting = found({TILT: tilt_deg})[TILT]
    assert reason in drifting.reason
    assert math.isnan(drifting.change)


def test_without_a_known_error_nothing_is_claimed():
    time_min, _ = STEADY
    piece = make_piece(*STEADY, np.random.default_rng(0), {"knee_deg_catch": 3.0 * time_min})
    names = (*FOLLOWED, "knee_deg_catch")
    trends = drift.trends_of(piece, names)
    assert trends["knee_deg_catch"].slope.value == pytest.approx(3.0)
    assert "error" in drift._why_not(piece, piece.quantities["knee_deg_catch"], trends["knee_deg_catch"])


def test_a_constant_series_has_no_drift():
    constant = found({TILT: np.full(len(STEADY[0]), -12.0)})[TILT]
    assert (constant.change, constant.change_low, constant.change_high) == (0.0, 0.0, 0.0)
    assert not constant.clear
    assert not constant.reason


def test_a_real_but_tiny_drift_is_under_what_can_be_told():
    time_min, _ = STEADY
    rng = np.random.default_rng(1)
    tiny = found({LUMBAR: time_min * 0.15 + rng.normal(0.0, 0.1, len(time_min))})[LUMBAR]
    assert tiny.change_low > 0.0
    assert tiny.change < tiny.detectable_change
    assert not tiny.clear


@pytest.mark.parametrize(("count", "minutes"), [(49, 2.5), (60, 1.9), (0, 0.0), (1, 0.1)])
def test_short_pieces_say_so(count, minutes):
    text = drift.too_short(count, minutes)
    assert text.startswith("Too short")
    assert "50 strokes and 2 minutes" in text


def test_long_enough_says_nothing():
    assert drift.too_short(50, 2.0) == ""


def test_the_detectable_change_is_that_of_the_model():
    assert detectable(DOUBT.fresh_sd_deg, 24, 7) == pytest.approx(DOUBT.between_strokes_deg(24, 7), rel=1e-4)


def test_holm_by_hand():
    assert beyond_chance([0.012, 0.04, 0.015, math.nan]).tolist() == [True, False, True, False]
    assert beyond_chance([0.013, 0.001]).tolist() == [True, True]
    assert beyond_chance([0.03, 0.03]).tolist() == [False, False]
    assert beyond_chance([]).tolist() == []
