"""Steps of the stroke rate: where they are, and what is different after them."""

from __future__ import annotations

import numpy as np
import pytest

from rowsense.assess.rate_steps import part_begins, rate_steps
from tests.assess.piece_cases import LUMBAR, TILT, make_piece, noise, stroke_times


def up(minute):
    return 20.0 if minute < 5.0 else 28.0


def test_one_step_with_what_it_changes():
    """1 deg for each stroke a minute more: 8 deg across the step; nothing else changes."""
    times, falls, others = stroke_times(rate_spm=up), 0, 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        tilt_deg = -1.0 * (times[1] - 20.0) + noise(len(times[0]), rng)
        (step,) = rate_steps(make_piece(*times, rng, {TILT: tilt_deg}))
        by_name = {d.quantity: d for d in step.differences}
        falls += by_name[TILT].clear and by_name[TILT].difference < 0.0
        others += any(d.clear for d in step.differences if d.quantity != TILT)
    assert falls >= 28
    assert others <= 4
    assert step.at_min == pytest.approx(5.0, abs=0.05)
    assert (step.rate_before_spm, step.rate_after_spm) == pytest.approx((20.0, 28.0), abs=0.3)
    assert (step.stroke_count_before, step.stroke_count_after) == (20, 20)
    assert step.first_stroke == np.searchsorted(times[0], 5.0)


def test_every_step_of_an_interval_piece():
    times = stroke_times(rate_spm=lambda minute: 20.0 if minute % 2.0 < 1.0 else 30.0)
    steps = rate_steps(make_piece(*times, np.random.default_rng(0)))
    assert [round(s.at_min) for s in steps] == list(range(1, 10))
    assert [s.rate_after_spm > s.rate_before_spm for s in steps] == [True, False] * 4 + [True]


@pytest.mark.parametrize("rate_spm", [24.0, lambda minute: 20.0 + minute, lambda minute: 24.0 + (minute > 5.0)])
def test_no_step_where_the_rate_is_steady_or_goes_slowly(rate_spm):
    assert rate_steps(make_piece(*stroke_times(rate_spm=rate_spm), np.random.default_rng(0))) == ()


def test_a_single_odd_stroke_is_no_part():
    rate_spm = np.full(60, 24.0)
    rate_spm[30] = 34.0
    assert part_begins(rate_spm) == [0]


@pytest.mark.parametrize("count", [0, 1, 9, 19])
def test_too_few_strokes_have_one_part(count):
    assert part_begins(np.linspace(18.0, 36.0, count))[1:] == []


def test_what_was_not_measured_is_left_out():
    times = stroke_times(rate_spm=up)
    piece = make_piece(*times, np.random.default_rng(0), {LUMBAR: np.full(len(times[0]), np.nan)})
    (step,) = rate_steps(piece)
    assert LUMBAR not in {d.quantity for d in step.differences}
    assert TILT in {d.quantity for d in step.differences}
