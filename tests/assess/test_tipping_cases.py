"""The noise of the simulated recordings repeats as it was measured, and what is laid over begins where it says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rowsense.conventions import EVENT_WINDOW_S
from rowsense.kernels.smoothing import lowpass
from rowsense.model.change import REPEATING_RATIO
from tests.assess.tipping_cases import HEAD, TILT, base, moving, noise, repeats_of

MOMENTS, STROKES = 9, 10


def means(name, strokes):
    """Mean square of the error at nine moments of a stroke over 0.1 s, means of so many strokes; a clip's mean out."""
    squares = []
    for seed in range(48):
        motion = base(seed % 6 + 1)
        time_s, catch_s = motion.time_s, motion.events.catch_s
        error = lowpass(time_s, noise(np.random.default_rng(seed), motion, 1.0, repeats_of(name)), 3.0)
        at_s = catch_s[:STROKES, None] + np.diff(catch_s)[:STROKES, None] * np.arange(MOMENTS) / MOMENTS
        around_s = np.array([-1.0, 0.0, 1.0]) * EVENT_WINDOW_S * 2.0 / 3.0
        window = np.interp(at_s[..., None] + around_s, time_s, error - error.mean()).mean(axis=-1)
        squares.append(np.mean(window.reshape(-1, strokes, MOMENTS).mean(axis=1) ** 2))
    return float(np.mean(squares))


@pytest.mark.parametrize(("name", "ratio"), [(TILT, REPEATING_RATIO), (HEAD, 2.0 / 3.0)])
def test_so_much_of_a_stroke_s_error_repeats(name, ratio):
    """The share r of its sd with (ten / one)^2 = r^2 + (1 - r^2) / 10, as it was measured."""
    ten_to_one = means(name, STROKES) / means(name, 1)
    assert math.sqrt((ten_to_one - 0.1) / 0.9) == pytest.approx(ratio, abs=0.02)


def test_what_is_laid_over_begins_where_it_says():
    time_s = np.arange(0.0, 3.0, 0.001)
    moved = moving(time_s, np.array([2.0]), -0.5, 10.0, 0.4)
    assert time_s[np.argmax(moved >= 1.0)] == pytest.approx(1.5, abs=0.002)
