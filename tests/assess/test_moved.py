"""How surely strokes are beyond a limit: what repeats in every stroke counts, and what is fresh is shared out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rowsense.assess.five import HEAD_DOUBT, SHOULDER_DOUBT
from rowsense.assess.moved import CHANGE_SD_RATIO, beyond, movement
from rowsense.assess.piece_strokes import LANDMARK_REPEATING_RATIO
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
    """One stroke of 19 beside 17 of 9 (seen variance 5.56), limit 8, sd 4. Of landmarks, half repeating, 12 are fresh
    and all of the difference is error; of the pelvis 3.04 are, and almost half of it is the rower's."""
    sizes = np.array([19.0] + [9.0] * 17)
    landmarks, pelvis = (beyond(sizes, 8.0, StrokeDoubt(4.0, ratio)) for ratio in (0.5, 0.9))
    assert landmarks[0] == pelvis[0] == pytest.approx(11.0 / 4.0), "by itself it is surer"
    assert landmarks[1] == pytest.approx((9.5556 - 8.0) / math.sqrt(12.0 / 18.0 + 4.0), abs=1e-3)
    weight = (5.5556 - 3.04) / 5.5556
    left = weight * 3.04 + (1.0 - weight) ** 2 * 5.5556 / 18.0 + 0.81 * 16.0
    assert pelvis[1] == pytest.approx((9.5556 - 0.5556 * weight - 8.0) / math.sqrt(left), abs=1e-3)


def test_head_and_shoulders_repeat_less_than_the_pelvis():
    assert HEAD_DOUBT.repeating_ratio == SHOULDER_DOUBT.repeating_ratio == LANDMARK_REPEATING_RATIO
    assert StrokeDoubt(5.0).repeating_ratio > LANDMARK_REPEATING_RATIO


@pytest.mark.parametrize(("size_deg", "least_sd", "moves"), [(12.7, 0.0, True), (12.7, 2.4, False), (13.2, 2.4, True)])
def test_a_fall_that_error_alone_makes_somewhere_is_none(size_deg, least_sd, moves):
    """One frame is off by 5, a change by 5.916; of 18 like strokes 5.357 are left. 12.7 - 8 is 0.877 of that, enough
    for a probability of 0.8 (0.842), and 12.7 is 2.371 of it."""
    assert 12.7 / (CHANGE_SD_RATIO * 5.0 * math.sqrt(0.81 + 0.19 / 18)) == pytest.approx(2.371, abs=2e-3)
    fall = found(size_deg, least_sd)
    assert fall.size == pytest.approx(size_deg)
    assert fall.moved.all() == fall.moved.any() == moves
