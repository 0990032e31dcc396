"""The robust slope against the textbook, against every order there is, and what must hold for all of them."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowsense.assess.slope import kendall_sd, long_run_ratio, pairs, slope_of, theil_sen, two_sided

VALUES = st.lists(st.integers(-60, 60), min_size=3, max_size=70).map(lambda v: np.array(v, dtype=float))


def test_by_hand():
    x, y = np.array([0.0, 1.0, 2.0, 4.0]), np.array([1.0, 3.0, 4.0, 20.0])
    # Slopes of the six pairs: 2, 1.5, 4.75, 1, 5.667, 8.
    slope = theil_sen(x, y)
    assert slope.value == pytest.approx((2.0 + 4.75) / 2.0)
    assert slope.deviate == pytest.approx(6.0 / math.sqrt(4 * 3 * 13 / 18))
    assert (slope.low, slope.high) == (-math.inf, math.inf), "four strokes cannot rule out any slope"
    assert two_sided(1.959964) == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize("count", [3, 7, 20])
def test_the_spread_of_kendalls_statistic_is_the_textbooks(count):
    first, later = pairs(count)
    variance = count * (count - 1) * (2 * count + 5) / 18
    assert kendall_sd(count, first, later, np.ones(len(first))) == pytest.approx(math.sqrt(variance))


def test_the_spread_holds_for_any_choice_of_pairs():
    """All orders of six values, over pairs that are only part of all and do not run in order."""
    first, later, run = np.array([0, 0, 2, 3, 1, 4]), np.array([1, 3, 4, 5, 5, 5]), np.array([1, -1, 1, 1, -1, 1.0])
    statistics = []
    for order in itertools.permutations(range(6)):
        value = np.array(order)
        statistics.append(np.sum(np.sign(value[later] - value[first]) * np.sign(run)))
    assert kendall_sd(6, first, later, run) == pytest.approx(np.std(statistics))


def test_long_pieces_pair_fewer_strokes_and_lose_nothing():
    first, later = pairs(1000)
    assert len(first) < 30_000
    assert (later > first).all()
    x = np.arange(1000.0)
    errors = [np.random.default_rng(seed).normal(size=1000) for seed in range(60)]
    spread = np.std([slope_of(x, e) for e in errors])
    assert spread == pytest.approx(math.sqrt(12.0 / 1000**3), rel=0.25), "as precise as least squares"


def test_a_quarter_of_wild_strokes_does_not_move_it():
    rng = np.random.default_rng(2)
    x = np.linspace(0.0, 10.0, 120)
    y = 0.8 * x + rng.normal(0.0, 0.5, 120)
    y[rng.choice(120, 30, replace=False)] += 80.0
    assert theil_sen(x, y).value == pytest.approx(0.8, abs=0.2)


@pytest.mark.parametrize(("count", "scale"), [(50, 1.0), (300, 1.0), (120, 0.0)])
def test_the_interval_holds_the_truth_95_times_in_100(count, scale):
    """Normal errors, and (scale 0) errors with heavy tails."""
    x, held = np.linspace(0.0, 10.0, count), 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        error = rng.normal(0.0, scale, count) if scale else rng.standard_t(2.0, count)
        slope = theil_sen(x, 0.3 * x + error)
        held += slope.low <= 0.3 <= slope.high
    assert 136 <= held <= 150


def test_errors_that_stay_widen_it():
    rng = np.random.default_rng(5)
    fresh = rng.normal(size=400)
    staying = np.convolve(rng.normal(size=430), np.ones(8) / math.sqrt(8.0), mode="valid")[:400]
    assert long_run_ratio(fresh) < 1.6
    assert long_run_ratio(staying) > 3.0
    assert long_run_ratio(np.zeros(30)) == 1.0
    assert long_run_ratio(np.tile([1.0, -1.0], 50)) == 1.0, "never narrower than for fresh errors"


def test_no_step_in_x_is_no_slope():
    assert math.isnan(theil_sen(np.ones(8), np.arange(8.0)).value)
    assert math.isnan(theil_sen(np.empty(0), np.empty(0)).value)
    assert math.isnan(slope_of(np.array([0.0, 0.4]), np.array([0.0, 1.0]), least_step=0.5))


@given(VALUES, st.integers(-300, 300))
def test_a_shift_changes_nothing(y, shift):
    x = np.arange(len(y)) / 4.0
    before, after = theil_sen(x, y), theil_sen(x, y + shift)
    assert (after.value, after.low, after.high) == pytest.approx((before.value, before.low, before.high))
    assert after.deviate == pytest.approx(before.deviate)


@given(VALUES)
def test_the_other_way_round_it_has_the_other_sign(y):
    x = np.arange(len(y)) / 4.0
    there, back = theil_sen(x, y), theil_sen(x, y[::-1].copy())
    assert (back.value, back.low, back.high) == pytest.approx((-there.value, -there.high, -there.low))
    assert back.deviate == pytest.approx(-there.deviate)


@given(VALUES, st.sampled_from([0.25, 2.0, 16.0]))
def test_it_goes_with_the_units(y, factor):
    x = np.arange(len(y)) / 4.0
    one, other = theil_sen(x, y), theil_sen(x * factor, y)
    assert one.low <= one.value <= one.high
    assert other.value == pytest.approx(one.value / factor)


@given(VALUES)
def test_the_interval_leaves_out_0_only_beyond_chance(y):
    slope = theil_sen(np.arange(len(y)) / 4.0, y)
    if slope.low > 0.0 or slope.high < 0.0:
        assert abs(slope.deviate) > 1.95
