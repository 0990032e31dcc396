"""Catches and finishes against the exact times of a simulated rower."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rowsense.model import StrokeList
from rowsense.simulate.events import Events
from rowsense.simulate.motion import MotionSpec
from rowsense.strokes.events import bridge_by_shoulders, find_turns
from tests.strokes.stroke_cases import USUAL_RATIO, changed, cut, joined, retimed, smoothed, strokes_of
from tests.synthetic_rower import Rower, constant_times, make_rower, variable_times

MAE_S = 0.020
BIAS_S = 0.010
ONE_CLIP_BIAS_S = 0.015
"""Eight strokes with noise on the landmarks leave the mean error of one clip uncertain by about 4 ms."""


def errors_s(found: StrokeList, truth: Events) -> tuple[np.ndarray, np.ndarray, int]:
    """Catch and finish errors of the whole strokes, and how many were missed."""
    starts = np.array([s.catch_time_s for s in found.strokes])
    catch, finish, missed = [], [], 0
    for catch_s, finish_s in zip(truth.stroke_catch_s, truth.stroke_finish_s, strict=True):
        nearest = int(np.argmin(np.abs(starts - catch_s)))
        if abs(starts[nearest] - catch_s) > 0.2:
            missed += 1
            continue
        catch.append(starts[nearest] - catch_s)
        finish.append(found.strokes[nearest].finish_time_s - finish_s)
    return np.array(catch), np.array(finish), missed


def check(found: StrokeList, truth: Events) -> None:
    catch, finish, missed = errors_s(found, truth)
    assert missed == 0
    assert len(truth) <= len(found) <= len(truth) + 1  # a clip may start or end exactly at a catch
    for error in (catch, finish):
        assert np.mean(np.abs(error)) < MAE_S
        assert abs(np.mean(error)) < ONE_CLIP_BIAS_S


def at_rate(rate_spm: int) -> Rower:
    spec = MotionSpec(rate_spm=rate_spm, recovery_ratio=USUAL_RATIO[rate_spm], duration_s=24.0, seed=2)
    return make_rower(spec, noise_px=0.7)


@pytest.mark.parametrize("rate_spm", sorted(USUAL_RATIO))
def test_events_at_every_rate(rate_spm: int) -> None:
    rower = at_rate(rate_spm)
    found = strokes_of(smoothed(rower))
    check(found, rower.events)
    assert all(stroke.usable for stroke in found.strokes)
    assert all("left out" not in note.lower() for note in found.notes)


def test_events_are_neither_early_nor_late_over_all_rates() -> None:
    rowers = [at_rate(rate_spm) for rate_spm in USUAL_RATIO]
    errors = [errors_s(strokes_of(smoothed(rower)), rower.events) for rower in rowers]
    assert abs(np.mean(np.concatenate([catch for catch, _, _ in errors]))) < BIAS_S
    assert abs(np.mean(np.concatenate([finish for _, finish, _ in errors]))) < BIAS_S


@pytest.mark.parametrize("fps", [24.0, 29.97, 60.0])
def test_events_at_every_frame_rate(fps: float) -> None:
    rower = make_rower(MotionSpec(fps=fps, duration_s=20.0, seed=6), noise_px=0.7)
    check(strokes_of(smoothed(rower)), rower.events)


def test_events_at_a_variable_frame_rate() -> None:
    rower = make_rower(MotionSpec(duration_s=25.0, seed=7), variable_times(30.0, 25.0), noise_px=0.7)
    check(strokes_of(smoothed(rower)), rower.events)


def test_the_same_motion_at_two_frame_timings_has_the_same_events() -> None:
    spec = MotionSpec(duration_s=20.0, seed=8)
    one = strokes_of(make_rower(spec, constant_times(60.0, 20.0)).series)
    other = strokes_of(make_rower(spec, variable_times(40.0, 20.0)).series)
    first = np.array([s.finish_time_s for s in one.strokes])
    second = np.array([s.finish_time_s for s in other.strokes])
    assert len(first) == len(second)
    assert np.max(np.abs(first - second)) < 0.012


@pytest.mark.parametrize("pause_s", [0.5, 1.0])
def test_a_pause_at_the_body_belongs_to_the_recovery(pause_s: float) -> None:
    spec = MotionSpec(rate_spm=18, recovery_ratio=2.0, pause_finish_s=pause_s, duration_s=20.0)
    without = MotionSpec(rate_spm=18, recovery_ratio=2.0, duration_s=20.0)
    found = strokes_of(smoothed(make_rower(spec, noise_px=0.5)))
    drives = [s.drive_s for s in found.strokes]
    usual = [s.drive_s for s in strokes_of(make_rower(without).series).strokes]
    assert np.allclose(drives, usual, atol=0.05)


@given(scale=st.floats(0.4, 2.5), shift_px=st.floats(-800, 800))
@settings(max_examples=8, deadline=None)
def test_size_and_place_of_the_rower_change_no_event(scale: float, shift_px: float) -> None:
    series = make_rower(MotionSpec(duration_s=12.0, seed=9), noise_px=0.5).series
    moved = changed(
        series, handle_x_px=scale * series.handle_x_px + shift_px, seat_x_px=scale * series.seat_x_px + shift_px
    )
    one, other = strokes_of(series), strokes_of(moved)
    assert len(one) == len(other) > 0
    for a, b in zip(one.strokes, other.strokes, strict=True):
        assert a.catch_time_s == pytest.approx(b.catch_time_s, abs=1e-4)
        assert a.finish_time_s == pytest.approx(b.finish_time_s, abs=1e-4)
        assert a.phase_borders_s == pytest.approx(b.phase_borders_s, abs=1e-4)


@given(start_s=st.floats(-1e4, 1e4))
@settings(max_examples=5, deadline=None)
def test_the_clock_of_the_file_changes_nothing_but_the_clock(start_s: float) -> None:
    series = make_rower(MotionSpec(duration_s=12.0, seed=9), noise_px=0.5).series
    one = strokes_of(series)
    other = strokes_of(retimed(series, series.time_s + start_s))
    for a, b in zip(one.strokes, other.strokes, strict=True):
        assert a.catch_time_s + start_s == pytest.approx(b.catch_time_s, abs=1e-4)


@pytest.mark.parametrize("keep_s", [11.0, 14.3, 17.9, 21.0])
def test_more_strokes_at_the_end_leave_the_earlier_ones_alone(keep_s: float) -> None:
    series = smoothed(make_rower(MotionSpec(duration_s=26.0, seed=10), noise_px=0.7))
    whole, part = strokes_of(series), strokes_of(cut(series, 0.0, keep_s))
    assert len(part) >= 3
    for a, b in zip(part.strokes[:-1], whole.strokes, strict=False):
        assert a.catch_time_s == pytest.approx(b.catch_time_s, abs=2e-3)
        assert a.finish_time_s == pytest.approx(b.finish_time_s, abs=2e-3)
        assert a.usable == b.usable


@pytest.mark.parametrize("first_s", [0.0, 0.5, 0.9, 1.2, 1.7, 2.3])
def test_a_clip_may_begin_and_end_anywhere_in_a_stroke(first_s: float) -> None:
    rower = make_rower(MotionSpec(duration_s=22.0, seed=11), noise_px=0.5)
    last_s = 20.0 - 0.37 * first_s
    inside = (rower.events.stroke_catch_s > first_s + 0.1) & (rower.events.stroke_end_s < last_s - 0.1)
    found = strokes_of(cut(smoothed(rower), first_s, last_s))
    starts = [s.catch_time_s for s in found.strokes]
    for catch_s in rower.events.stroke_catch_s[inside]:
        assert np.min(np.abs(np.array(starts) - catch_s)) < 0.05
    assert len(found) <= inside.sum() + 2
    if found.strokes[0].catch_time_s - first_s > 0.2:
        assert any(note.startswith("The first") for note in found.notes)
    if last_s - found.strokes[-1].end_time_s > 0.2:
        assert any(note.startswith("The last") for note in found.notes)


def test_a_clip_that_begins_exactly_at_the_catch_keeps_that_stroke() -> None:
    rower = make_rower(MotionSpec(duration_s=16.0, seed=12))
    first_s = float(rower.events.stroke_catch_s[1])
    found = strokes_of(cut(rower.series, first_s - 0.01, 16.0))
    assert found.strokes[0].catch_time_s == pytest.approx(first_s, abs=0.04)


def test_joining_two_rates_finds_all_strokes_of_both() -> None:
    slow = make_rower(MotionSpec(rate_spm=20, recovery_ratio=1.6, duration_s=15.0, seed=13))
    fast = make_rower(MotionSpec(rate_spm=34, recovery_ratio=0.9, duration_s=15.0, seed=13))
    found = strokes_of(joined(slow.series, fast.series))
    rates = np.array([s.rate_spm for s in found.strokes])
    assert np.sum(np.abs(rates - 20) < 1.5) >= len(slow.events)
    assert np.sum(np.abs(rates - 34) < 2.0) >= len(fast.events)
    assert len(found.usable) >= len(slow.events) + len(fast.events) - 1


@pytest.mark.parametrize("wrong", ["hands", "near shoulder", "far shoulder"])
def test_a_catch_is_the_middle_one_of_the_turns_of_hands_and_shoulders(wrong: str) -> None:
    time_s = np.arange(0.0, 12.0, 1 / 30)
    early, right, late = (
        300.0 * np.cos(2 * np.pi * (time_s - 0.5 - away_s) / 2.0)  # catches at 0.5, 2.5 ...
        for away_s in (-0.06, 0.0, 0.004)
    )
    places = {
        "hands": (early, right, late),
        "near shoulder": (right, early, late),
        "far shoulder": (late, right, early),
    }
    hands, *shoulders = places[wrong]
    found = find_turns(time_s, hands, np.stack(shoulders))
    truth = 0.5 + 2.0 * np.arange(len(found.catch_s))
    assert np.abs(found.catch_s - truth).max() < 0.002
    np.testing.assert_array_equal(found.finish_s, find_turns(time_s, hands).finish_s)


@pytest.mark.parametrize("shoulder", ["hidden", "elsewhere"])
def test_shoulders_that_do_not_turn_with_the_handle_are_not_believed(shoulder: str) -> None:
    time_s = np.arange(0.0, 12.0, 1 / 30)
    handle = 300.0 * np.cos(2 * np.pi * (time_s - 0.5) / 2.0)
    other = np.full(time_s.size, np.nan) if shoulder == "hidden" else np.roll(handle, 20)
    found = find_turns(time_s, handle, np.stack([other, other]))
    np.testing.assert_array_equal(found.catch_s, find_turns(time_s, handle).catch_s)


def reaching(time_s: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Handle and shoulders of somebody who catches at 0.5, 2.5 ... with straight arms and finishes with bent ones."""
    swing = np.cos(2 * np.pi * (time_s - 0.5) / 2.0)
    shoulder = 150.0 * swing
    return shoulder + np.where(swing > 0.0, 180.0, 180.0 + 150.0 * swing), shoulder


def test_hands_that_are_lost_at_the_catch_are_bridged_by_the_shoulders() -> None:
    time_s = np.arange(0.0, 12.0, 1 / 30)
    handle, shoulder = reaching(time_s)
    whole = find_turns(time_s, handle, np.stack([shoulder, shoulder]))
    lost = np.abs((time_s + 0.5) % 2.0 - 1.0) < 0.22
    handle[lost] = np.nan
    found = find_turns(time_s, handle, np.stack([shoulder, shoulder]))
    assert len(found.catch_s) == len(whole.catch_s) == 6
    assert np.abs(found.catch_s - (0.5 + 2.0 * np.arange(6))).max() < 0.005
    np.testing.assert_allclose(found.finish_s, whole.finish_s, atol=1e-9)
    filled = bridge_by_shoulders(time_s, handle, np.stack([shoulder, shoulder]))
    np.testing.assert_allclose(filled[lost], 180.0 + shoulder[lost], atol=1e-9)


def test_hands_that_are_lost_for_long_stay_lost() -> None:
    time_s = np.arange(0.0, 12.0, 1 / 30)
    handle, shoulder = reaching(time_s)
    handle[(time_s > 4.2) & (time_s < 6.9)] = np.nan
    filled = bridge_by_shoulders(time_s, handle, np.stack([shoulder, shoulder]))
    np.testing.assert_array_equal(np.isnan(filled), np.isnan(handle))


def test_hands_that_slip_back_at_the_catch_do_not_draw_it_along() -> None:
    """A third of a second late by the hands, which the network had on the knees; both shoulders know better."""
    time_s = np.arange(0.0, 12.0, 1 / 30)
    handle, shoulder = reaching(time_s)
    since_s = (time_s - 0.5 + 1.0) % 2.0 - 1.0
    slipped = handle - 90.0 * np.exp(-0.5 * (since_s / 0.15) ** 2) + 40.0 * np.exp(-0.5 * ((since_s - 0.33) / 0.1) ** 2)
    by_hands = find_turns(time_s, slipped)
    assert np.abs(by_hands.catch_s[1:-1] - (2.5 + 2.0 * np.arange(len(by_hands.catch_s) - 2))).min() > 0.25
    found = find_turns(time_s, slipped, np.stack([shoulder, shoulder]))
    assert np.abs(found.catch_s - (0.5 + 2.0 * np.arange(len(found.catch_s)))).max() < 0.005
