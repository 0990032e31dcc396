"""The beginning of a movement, fitted: exact where the movement is one, and never guessed."""

from __future__ import annotations

import numpy as np
import pytest

from rowsense.assess.ramp import DURATIONS_S, fit_ramps
from rowsense.simulate.curves import ease

OFFSET_S = np.arange(-30, 4) / 30.0


def ramp(begin_s, duration_s=0.3):
    return np.clip((OFFSET_S[None] - np.atleast_1d(begin_s)[:, None]) / duration_s, 0.0, 1.0)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_straight_ramp_on_a_bent_line_begins_where_it_begins(sign):
    begin_s = np.array([-0.7, -0.5, -0.437, -0.21])
    values = 40.0 + 0.5 * OFFSET_S + 0.5 * OFFSET_S**2 + sign * 12.0 * ramp(begin_s)
    found = fit_ramps(OFFSET_S, values, sign)
    assert found.begin_s == pytest.approx(begin_s, abs=0.02)
    assert found.rise == pytest.approx(12.0, rel=0.15)
    assert found.duration_s in DURATIONS_S


def test_a_movement_from_rest_to_rest_begins_where_a_tenth_is_done():
    """Whatever its time: the fitted beginning is that of nine to twelve hundredths of the movement."""
    for duration_s in (0.2, 0.35, 0.5):
        begin_s = np.array([-0.75, -0.55])
        values = ease((OFFSET_S[None] - begin_s[:, None]) / duration_s)
        found = fit_ramps(OFFSET_S, 10.0 * values, 1.0)
        assert found.begin_s == pytest.approx(begin_s + 0.247 * duration_s, abs=0.03)


def test_what_had_begun_before_the_window_has_no_beginning():
    found = fit_ramps(OFFSET_S, 12.0 * ramp(-1.3, 0.7), 1.0)
    assert np.isnan(found.begin_s).all()
    assert not found.hidden.any()


def test_a_hole_in_one_stroke_leaves_the_others_alone():
    values = 12.0 * ramp([-0.6, -0.5, -0.4])
    values[0, 4:7] = np.nan
    values[1, :15] = np.nan
    found = fit_ramps(OFFSET_S, values, 1.0)
    assert found.begin_s[[0, 2]] == pytest.approx([-0.6, -0.4], abs=0.02)
    assert np.isnan(found.begin_s[1])
    assert np.isnan(found.rise[1])
    assert found.hidden.tolist() == [False, True, False]


@pytest.mark.parametrize("values", [np.full((3, 34), np.nan), np.empty((0, 34))])
def test_nothing_seen_gives_nothing(values):
    found = fit_ramps(OFFSET_S, values, 1.0)
    assert found.begin_s.shape == (len(values),)
    assert np.isnan(found.begin_s).all()


def test_a_window_too_short_for_any_ramp():
    assert np.isnan(fit_ramps(OFFSET_S[:3], np.ones((2, 3)), 1.0).begin_s).all()
