"""Phase borders and onsets against the truth, and what happens where angles are missing."""

from __future__ import annotations

import numpy as np
import pytest

from rowsense.conventions import PHASES
from rowsense.simulate.motion import MotionSpec
from rowsense.strokes.phases import BodySignals, knee_break_time, onsets, phase_borders
from tests.strokes.stroke_cases import changed, strokes_of
from tests.synthetic_rower import make_rower


def ramp(lean: tuple[float, float] = (-20.0, 20.0), knee: tuple[float, float] = (170.0, 60.0)) -> BodySignals:
    """One stroke of straight lines: drive 0..1 s, recovery 1..3 s; lean moves 1..2 s, knee 2..3 s."""
    time_s = np.arange(0.0, 3.001, 0.02)
    drive = np.clip(time_s, 0.0, 1.0)
    lean_deg = np.where(time_s < 1, lean[1] + (lean[0] - lean[1]) * drive, np.interp(time_s, [1, 2], lean))
    knee_deg = np.where(time_s < 1, knee[1] + (knee[0] - knee[1]) * drive, np.interp(time_s, [2, 3], knee))
    elbow_deg = np.where(time_s < 1, np.interp(time_s, [0.5, 1.0], [180, 80]), np.interp(time_s, [1, 1.5], [80, 180]))
    return BodySignals(time_s, lean_deg, knee_deg, elbow_deg)


def test_borders_follow_their_definitions() -> None:
    borders = phase_borders(ramp(), 0.0, 1.0, 3.0)
    assert borders == pytest.approx((0.0, 1 / 3, 2 / 3, 1.0, 1.5, 2.0 + 5 / 110, 3.0), abs=0.01)


def test_onsets_follow_their_definitions() -> None:
    found = onsets(ramp(), 0.0, 1.0, 3.0)
    # The value at the catch is the mean over 0.05 s, here one-sided: it shifts ramps by a fortieth of a second.
    assert found["legs"] == pytest.approx(3 / 110 + 0.025, abs=0.012)
    assert found["trunk"] == pytest.approx(3 / 40 + 0.025, abs=0.012)
    assert found["arms"] == pytest.approx(0.55, abs=0.01)
    assert found["hands_away"] == pytest.approx(1.45, abs=0.01)
    assert found["rock_over"] == pytest.approx(1.5, abs=0.01)
    assert found["knee_break"] == pytest.approx(2.0 + 5 / 110, abs=0.01)


def test_a_trunk_that_never_lays_back_has_no_early_recovery() -> None:
    borders = phase_borders(ramp(lean=(5.0, 25.0)), 0.0, 1.0, 3.0)
    assert borders[4] == pytest.approx(1.0, abs=0.021)


def test_a_trunk_that_never_comes_over_has_no_rock_over_and_no_slide() -> None:
    borders = phase_borders(ramp(lean=(-30.0, -5.0)), 0.0, 1.0, 3.0)
    assert borders[4:] == pytest.approx((3.0, 3.0, 3.0))


def test_unseen_angles_leave_empty_phases_and_missing_onsets() -> None:
    body = ramp()
    hidden = np.full(len(body.time_s), np.nan)
    borders = phase_borders(BodySignals(body.time_s, hidden, hidden, hidden), 0.0, 1.0, 3.0)
    assert borders[3:] == (1.0, 1.0, 1.0, 3.0)
    found = onsets(BodySignals(body.time_s, hidden, hidden, hidden), 0.0, 1.0, 3.0)
    assert all(np.isnan(t) for t in found.values())


def test_one_jumpy_frame_does_not_start_the_slide() -> None:
    body = ramp()
    knee = body.knee_deg.copy()
    knee[np.argmin(np.abs(body.time_s - 1.3))] -= 15.0
    jumpy = BodySignals(body.time_s, body.lean_deg, knee, body.elbow_deg)
    assert knee_break_time(jumpy, 1.0, 3.0) == pytest.approx(knee_break_time(body, 1.0, 3.0), abs=0.01)


def test_borders_of_a_simulated_rower_match_the_truth() -> None:
    rower = make_rower(MotionSpec(duration_s=20.0, seed=31))
    found = strokes_of(rower.series)
    truth = rower.events
    assert len(found) >= len(truth)
    starts = np.array([s.catch_time_s for s in found.strokes])
    for k in range(len(truth)):
        stroke = found.strokes[int(np.argmin(np.abs(starts - truth.stroke_catch_s[k])))]
        np.testing.assert_allclose(stroke.phase_borders_s, truth.borders_s[k], atol=0.03)
        assert stroke.seat_catch_time_s == pytest.approx(truth.seat_catch_s[k], abs=0.03)
        assert len(stroke.phase_borders_s) == len(PHASES) + 1
        assert stroke.catch_frame == int(np.argmin(np.abs(rower.series.time_s - stroke.catch_time_s)))


def test_the_legs_start_before_the_trunk_and_the_arms_last() -> None:
    for stroke in strokes_of(make_rower(MotionSpec(duration_s=14.0, seed=32)).series).strokes:
        assert stroke.onsets_s is not None
        order = [stroke.onsets_s[name] for name in ("legs", "trunk", "arms")]
        assert order == sorted(order)
        assert stroke.finish_time_s < stroke.onsets_s["hands_away"] < stroke.onsets_s["knee_break"] + 0.3


def test_a_seat_that_was_not_seen_has_no_reversal() -> None:
    series = make_rower(MotionSpec(duration_s=10.0, seed=33)).series
    found = strokes_of(changed(series, seat_x_px=np.full(len(series), np.nan)))
    assert all(np.isnan(s.seat_catch_time_s) for s in found.strokes)
