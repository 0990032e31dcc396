"""What chance alone would do: known probabilities, no word where nothing goes together."""

from __future__ import annotations

import numpy as np
import pytest

from rowsense.assess.chance import at_least, partial_rank_correlation, ranks, slow


@pytest.mark.parametrize(
    ("shown", "count", "expected"),
    [(6, 6, 1 / 64), (5, 6, 7 / 64), (0, 9, 1.0), (14, 18, 4048 / 2**18), (600, 1000, 1.3642e-10), (501, 1000, 0.4874)],
)
def test_so_many_of_so_many(shown, count, expected):
    assert at_least(shown, count, 0.5) == pytest.approx(expected, rel=1e-3)


def test_ranks_of_equals_are_shared():
    assert ranks(np.array([3.0, 1.0, 3.0, 7.0])).tolist() == [1.5, 0.0, 1.5, 3.0]


def held(count, rng):
    return np.column_stack([ranks(rng.normal(size=count)), slow(count)])


def test_what_goes_together_is_found_in_any_monotone_form():
    rng = np.random.default_rng(1)
    a = rng.normal(size=60)
    found = partial_rank_correlation(a, np.exp(a + rng.normal(0.0, 0.8, 60)), held(60, rng))
    assert 0.5 < found.coefficient < 0.95
    assert found.low > 0.2
    assert found.probability == pytest.approx(0.001)
    opposite = partial_rank_correlation(a, -a, held(60, rng))
    assert opposite.coefficient == pytest.approx(-1.0)


def test_what_the_rate_explains_is_nothing():
    rng = np.random.default_rng(2)
    rate = rng.normal(24.0, 2.0, 200)
    a, b = rate + rng.normal(0.0, 0.5, 200), 3.0 * rate + rng.normal(0.0, 1.5, 200)
    alone = partial_rank_correlation(a, b, slow(200))
    equal = partial_rank_correlation(a, b, np.column_stack([ranks(rate), slow(200)]))
    assert alone.coefficient > 0.8, "the test has no teeth where the rate would not show"
    assert abs(equal.coefficient) < 0.2


@pytest.mark.parametrize("count", [12, 20, 200])
def test_nothing_is_found_where_nothing_is(count):
    rng = np.random.default_rng(count)
    found = [partial_rank_correlation(*rng.normal(size=(2, count)), held(count, rng)) for _ in range(200)]
    assert sum(f.probability < 0.05 for f in found) <= 18
    assert sum(f.low <= 0.0 <= f.high for f in found) >= 182


def test_few_strokes_are_held_to_five_percent_and_not_to_less():
    rng = np.random.default_rng(10)
    found = [partial_rank_correlation(*rng.normal(size=(2, 10)), held(10, rng)) for _ in range(1000)]
    assert 36 <= sum(f.probability <= 0.05 for f in found) <= 64


def test_columns_that_say_the_same_count_once():
    rng = np.random.default_rng(4)
    a, b, rate = rng.normal(size=(3, 30))
    once = partial_rank_correlation(a, b, np.column_stack([rate, slow(30)]))
    twice = partial_rank_correlation(a, b, np.column_stack([rate, 5.0 * rate + 1.0, np.ones(30), slow(30)]))
    assert twice.coefficient == pytest.approx(once.coefficient, abs=1e-9)
    assert (twice.low, twice.high) == pytest.approx((once.low, once.high), abs=1e-9)


def test_two_slow_wanderers_are_not_taken_for_a_pair():
    rng = np.random.default_rng(5)
    wander = np.cumsum(0.2 * rng.normal(size=(100, 2, 200)), axis=2) + rng.normal(size=(100, 2, 200))
    found = [partial_rank_correlation(a, b, held(200, rng)) for a, b in wander]
    assert sum(f.probability < 0.05 for f in found) <= 10


def test_what_does_not_vary_has_no_coefficient():
    found = partial_rank_correlation(np.ones(20), np.arange(20.0) ** 2 % 7, slow(20))
    assert np.isnan(found.coefficient)
    assert found.probability == 1.0


def test_the_same_strokes_give_the_same_answer():
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, 1000))
    other = held(1000, rng)
    assert partial_rank_correlation(a, b, other) == partial_rank_correlation(a, b, other)
