"""How surely strokes are beyond a limit: what repeats in every stroke counts, and what is fresh is shared out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rowsense.assess.moved import AROUND, CHANGE_SD_RATIO, beyond, movement, passing, surely
from rowsense.model import StrokeDoubt

OFFSET_S = np.arange(-28, 2) / 30.0


def found(size_deg, least_sd):
    """18 strokes with the same fall, so large between the two means over 0.1 s from which it is taken."""
    ramp = np.tile(-np.clip((OFFSET_S + 0.6) / 0.3, 0.0, 1.0), (18, 1))
    one = movement(ramp, OFFSET_S, -1.0, 0.0, StrokeDoubt(0.0), 0.8).size[0]
    return movement(ramp * size_deg / one, OFFSET_S, -1.0, 8.0, StrokeDoubt(5.0), 0.8, least_sd=least_sd)


@pytest.mark.parametrize(("ratio", "sure"), [(0.0, 3.394), (0.5, 1.481), (0.9, 0.883)])
def test_what_repeats_does_not_average_out(ratio, sure):
    """18 strokes of 12, 4 over the limit, sd 5: 4 / sqrt(25 r^2 + 25 (1 - r^2) / 18) by hand; one alone has 0.8."""
    assert beyond(np.full(18, 12.0), 8.0, StrokeDoubt(5.0, ratio)) == pytest.approx(sure, abs=1e-3)


def test_what_is_fresh_is_drawn_to_the_others():
    """One stroke of 19 beside 17 of 9 (seen variance 5.56), limit 8, sd 4. Where half repeats, 12 are fresh and all of
    the difference is error; where 0.9 does 3.04 are, and almost half of it is the rower's."""
    sizes = np.array([19.0] + [9.0] * 17)
    half, most = (beyond(sizes, 8.0, StrokeDoubt(4.0, ratio)) for ratio in (0.5, 0.9))
    assert half[0] == most[0] == pytest.approx(11.0 / 4.0), "by itself it is surer"
    assert half[1] == pytest.approx((9.5556 - 8.0) / math.sqrt(12.0 / 18.0 + 4.0), abs=1e-3)
    weight = (5.5556 - 3.04) / 5.5556
    left = weight * 3.04 + (1.0 - weight) ** 2 * 5.5556 / 18.0 + 0.81 * 16.0
    assert most[1] == pytest.approx((9.5556 - 0.5556 * weight - 8.0) / math.sqrt(left), abs=1e-3)


@pytest.mark.parametrize(("size_deg", "least_sd", "moves"), [(12.7, 0.0, True), (12.7, 2.4, False), (13.2, 2.4, True)])
def test_a_fall_that_error_alone_makes_somewhere_is_none(size_deg, least_sd, moves):
    """One frame is off by 5, a change by 5.916; of 18 like strokes 5.357 are left. 12.7 - 8 is 0.877 of that, enough
    for a probability of 0.8 (0.842), and 12.7 is 2.371 of it."""
    assert 12.7 / (CHANGE_SD_RATIO * 5.0 * math.sqrt(0.81 + 0.19 / 18)) == pytest.approx(2.371, abs=2e-3)
    fall = found(size_deg, least_sd)
    assert fall.size == pytest.approx(size_deg)
    assert fall.moved.all() == fall.moved.any() == moves


def rising(begin_s, far=12.0):
    """(S, K) from rest over 0.3 s."""
    return far * np.clip((OFFSET_S[None] - np.atleast_1d(begin_s)[:, None]) / 0.3, 0.0, 1.0)


def test_a_hole_at_one_end_hides_neither_how_far_nor_when():
    """It is as far around the nearest moment that was seen, up to 0.17 s away."""
    table = rising(np.full(6, -0.5)) - 4.0 * OFFSET_S
    table[0, np.searchsorted(OFFSET_S, -0.62) : np.searchsorted(OFFSET_S, -0.49)] = np.nan
    table[1, np.searchsorted(OFFSET_S, -0.25) : np.searchsorted(OFFSET_S, -0.12)] = np.nan
    seen = movement(table, OFFSET_S, 1.0, 5.0, StrokeDoubt(0.0), 0.5)
    assert seen.size == pytest.approx(seen.size[2], abs=2.0)
    assert seen.timed.all() and seen.begin_s[1:] == pytest.approx(-0.5, abs=0.03)


def test_a_movement_that_was_hidden_while_it_went_on_is_not_timed():
    table = rising(np.full(6, -0.5))
    table[0, np.searchsorted(OFFSET_S, -0.45) : np.searchsorted(OFFSET_S, -0.2)] = np.nan
    seen = movement(table, OFFSET_S, 1.0, 5.0, StrokeDoubt(0.0), 0.5)
    assert seen.moved.all() and seen.judged.all()
    assert seen.timed.tolist() == [False] + [True] * 5
    assert np.isnan(seen.begin_s[0])


@pytest.mark.parametrize(("hole", "timed"), [(AROUND - 2, True), (AROUND + 2, False)])
def test_a_limit_that_is_passed_in_a_hole_is_timed_across_a_short_one(hole, timed):
    table = np.tile(90.0 + 100.0 * -(OFFSET_S + 0.6), (3, 1))
    at = int(np.searchsorted(OFFSET_S, -0.48)) - hole // 2
    table[0, at : at + hole] = np.nan
    seen = passing(table, OFFSET_S, -1.0, 78.0, StrokeDoubt(0.0), 0.5)
    assert seen.begin_s[1:] == pytest.approx(-0.48)
    assert seen.timed.tolist() == [timed, True, True]
    assert bool(np.isnan(seen.begin_s[0])) != timed


@pytest.mark.parametrize(("far", "sure"), [(8.0, False), (9.0, True)])
def test_an_error_that_all_strokes_share_makes_no_movement(far, sure):
    """5 and 0.842 times 4 are 8.37; two strokes that do not move count for nothing."""
    table = np.concatenate([rising(np.full(16, -0.5), far), np.zeros((2, len(OFFSET_S)))])
    moving = movement(table, OFFSET_S, 1.0, 5.0, StrokeDoubt(0.0), 0.5)
    assert moving.moved.tolist() == [True] * 16 + [False] * 2 and moving.sure
    assert surely(moving, 5.0, 4.0, 0.8).sure == sure
