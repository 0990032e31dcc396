"""The detectable change against numbers worked out by hand, and what must hold for all of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowsense.model.change import BETWEEN_SESSIONS_DEG, REPEATING_RATIO, StrokeDoubt

DOUBTS = st.builds(StrokeDoubt, st.floats(0.01, 30.0), st.floats(0.0, 1.0))
COUNTS = st.integers(1, 500)


@pytest.mark.parametrize(("stroke_count", "mdc_deg"), [(1, 13.9), (20, 3.1)])
def test_without_a_repeating_part_it_is_the_textbook_number(stroke_count: int, mdc_deg: float) -> None:
    doubt = StrokeDoubt(5.0, repeating_ratio=0.0)
    assert doubt.between_phases_deg(stroke_count) == pytest.approx(mdc_deg, abs=0.05)
    assert doubt.between_strokes_deg(stroke_count, stroke_count) == pytest.approx(mdc_deg, abs=0.05)


def test_a_repeating_half_by_hand() -> None:
    doubt = StrokeDoubt(5.0, repeating_ratio=0.5)  # 2.5 repeats, sqrt(25 - 6.25) = 4.330 is fresh
    assert doubt.standard_error_deg(20) == pytest.approx(2.681, abs=0.001)  # sqrt(6.25 + 18.75 / 20)
    assert doubt.between_phases_deg(1) == pytest.approx(13.859, abs=0.001)
    assert doubt.between_phases_deg(20) == pytest.approx(7.431, abs=0.001)
    assert doubt.between_strokes_deg(20, 20) == pytest.approx(2.684, abs=0.001)  # 1.96 sqrt(2 x 18.75 / 20)
    assert doubt.between_strokes_deg(1, 4) == pytest.approx(9.489, abs=0.001)  # 1.96 sqrt(18.75 + 18.75 / 4)
    assert doubt.between_sessions_deg(20, 1) == pytest.approx(11.120, abs=0.001)  # 1.96 sqrt(7.1875 + 25)


def test_simulated_errors_stay_under_it_95_times_in_100() -> None:
    rng = np.random.default_rng(4)
    doubt, trials, strokes = StrokeDoubt(5.0, repeating_ratio=0.6), 20_000, 8

    def fresh() -> np.ndarray:
        return rng.normal(0.0, doubt.fresh_sd_deg, (trials, strokes)).mean(axis=1)

    here, there = rng.normal(0.0, doubt.repeating_sd_deg, (2, trials))
    between_phases = np.abs(here + fresh() - there - fresh())
    between_strokes = np.abs(here + fresh() - here - fresh())
    assert np.mean(between_phases < doubt.between_phases_deg(strokes)) == pytest.approx(0.95, abs=0.005)
    assert np.mean(between_strokes < doubt.between_strokes_deg(strokes, strokes)) == pytest.approx(0.95, abs=0.005)


@given(DOUBTS, COUNTS, COUNTS)
def test_more_strokes_never_make_it_larger(doubt: StrokeDoubt, count: int, more: int) -> None:
    slack = 1.0 + 1e-12
    assert doubt.between_phases_deg(count + more) <= doubt.between_phases_deg(count) * slack
    assert doubt.between_strokes_deg(count + more, 3) <= doubt.between_strokes_deg(count, 3) * slack
    assert doubt.between_sessions_deg(count + more, 3) <= doubt.between_sessions_deg(count, 3) * slack


@given(DOUBTS, COUNTS)
def test_its_bounds(doubt: StrokeDoubt, count: int) -> None:
    error_deg = doubt.standard_error_deg(count)
    assert doubt.repeating_sd_deg * (1 - 1e-9) <= error_deg <= doubt.sd_deg * (1 + 1e-9)
    assert doubt.between_strokes_deg(count, count) <= doubt.between_phases_deg(count) * (1 + 1e-9)
    assert doubt.between_sessions_deg(count, count) >= BETWEEN_SESSIONS_DEG
    assert doubt.between_sessions_deg(count, count) >= doubt.between_phases_deg(count) * (1 - 1e-9)


@given(st.floats(0.1, 20.0), st.floats(0.0, 0.9), COUNTS)
def test_the_more_repeats_the_less_strokes_help(sd_deg: float, ratio: float, count: int) -> None:
    less, more = StrokeDoubt(sd_deg, ratio), StrokeDoubt(sd_deg, ratio + 0.1)
    assert less.standard_error_deg(count) <= more.standard_error_deg(count) * (1 + 1e-9)
    assert StrokeDoubt(2.0 * sd_deg, ratio).between_phases_deg(count) == pytest.approx(
        2.0 * less.between_phases_deg(count)
    )


def test_what_is_not_known_stays_not_known() -> None:
    unknown, known = StrokeDoubt(math.nan), StrokeDoubt(4.0)
    for nothing in (
        unknown.standard_error_deg(5), unknown.between_phases_deg(5), unknown.between_strokes_deg(5, 5),
        unknown.between_sessions_deg(5, 5), known.standard_error_deg(0), known.between_phases_deg(0),
        known.between_strokes_deg(3, 0), known.between_sessions_deg(0, 3),
    ):  # fmt: skip
        assert math.isnan(nothing)


def test_no_error_is_no_doubt_but_between_sessions() -> None:
    exact = StrokeDoubt(0.0)
    assert exact.between_phases_deg(1) == exact.between_strokes_deg(1, 1) == 0.0
    assert exact.between_sessions_deg(1, 1) == BETWEEN_SESSIONS_DEG


def test_it_checks_itself() -> None:
    assert StrokeDoubt(4.0).repeating_ratio == REPEATING_RATIO
    with pytest.raises(ValueError, match=r"sd_deg must be finite and >= 0; repeating_ratio must lie"):
        StrokeDoubt(-1.0, 1.2)
    with pytest.raises(ValueError, match="repeating_ratio"):
        StrokeDoubt(1.0, math.nan)
    with pytest.raises(ValueError, match="-1 strokes"):
        StrokeDoubt(4.0).between_phases_deg(-1)
