"""The spread of the strokes: right on normal strokes, deaf to wild ones, and never what the measurement makes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowsense.assess import consistency, drift
from tests.assess.piece_cases import DOUBT, TILT, make_piece, noise, stroke_times


def spread_of(values, times, rng, doubt=DOUBT):
    piece = make_piece(*times, rng, {TILT: values}, doubt=doubt)
    return consistency.spreads(piece, drift.trends_of(piece, consistency.FOLLOWED))[0]


@pytest.mark.parametrize(("own_deg", "minutes"), [(0.0, 2.0), (3.0, 0.6), (3.0, 8.0)])
def test_the_rowers_own_part_is_found_within_its_interval(own_deg, minutes):
    times, held, found = stroke_times(minutes), 0, []
    count = len(times[0])
    for seed in range(60):
        rng = np.random.default_rng(seed)
        spread = spread_of(noise(count, rng) + rng.normal(0.0, own_deg, count), times, rng)
        held += spread.own_low <= own_deg <= spread.own_high
        found.append(spread.own)
    assert held >= 53
    assert np.median(found) == pytest.approx(own_deg, abs=1.0)
    assert spread.measurement == pytest.approx(DOUBT.fresh_sd_deg)
    assert spread.stroke_count == count


def test_a_dozen_strokes_do_not_look_more_alike_than_they_are():
    """Level, slope and effect of the rate are fitted to them: what is left is smaller by that."""
    times = stroke_times(0.5, rate_sd_spm=2.0)
    count, seen = len(times[0]), []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        seen.append(spread_of(rng.normal(0.0, 3.0, count), times, rng).seen)
    assert count == 12
    assert np.mean(seen) == pytest.approx(3.0, abs=0.25)


def test_what_the_measurement_explains_is_never_less_than_nothing():
    rng = np.random.default_rng(3)
    times = stroke_times(2.0)
    spread = spread_of(rng.normal(0.0, 0.5, len(times[0])), times, rng)
    assert (spread.own, spread.own_low, spread.own_high) == (0.0, 0.0, 0.0)
    assert spread.measurement_ratio == 1.0


def test_drift_and_rate_are_no_spread():
    times = stroke_times(4.0, rate_spm=lambda minute: 20.0 if minute < 2.0 else 28.0)
    rng = np.random.default_rng(3)
    alike = rng.normal(0.0, 1.0, len(times[0]))
    seen = spread_of(alike - 6.0 * times[0] - 2.0 * times[1], times, rng).seen
    assert seen == pytest.approx(1.0, abs=0.2)


def test_a_constant_series():
    times = stroke_times(1.0)
    spread = spread_of(np.full(len(times[0]), 4.0), times, np.random.default_rng(0))
    assert (spread.seen, spread.own) == (0.0, 0.0)
    assert math.isnan(spread.measurement_ratio)


def test_without_a_known_error_only_what_was_seen():
    times = stroke_times(1.0)
    rng = np.random.default_rng(0)
    piece = make_piece(*times, rng, {"knee_deg_catch": rng.normal(0.0, 3.0, len(times[0]))})
    trend = drift.trends_of(piece, ["knee_deg_catch"])["knee_deg_catch"]
    spread = consistency.spread(piece.quantities["knee_deg_catch"], trend)
    assert spread is not None
    assert spread.seen == pytest.approx(3.0, abs=1.2)
    assert math.isnan(spread.own)


def test_few_strokes_have_no_spread():
    times = stroke_times(1.0)
    rng = np.random.default_rng(0)
    tilt_deg = noise(len(times[0]), rng)
    tilt_deg[9:] = np.nan
    piece = make_piece(*times, rng, {TILT: tilt_deg})
    found = consistency.spreads(piece, drift.trends_of(piece, consistency.FOLLOWED))
    assert [s.quantity for s in found] == list(consistency.FOLLOWED[1:])
    assert consistency.too_few(9).startswith("Too few strokes")
    assert consistency.too_few(10) == ""


def test_the_robust_sd_is_an_sd_and_wild_strokes_do_not_move_it():
    rng = np.random.default_rng(1)
    clean = rng.normal(0.0, 2.0, 900)
    assert consistency.robust_sd(clean) == pytest.approx(2.0, abs=0.12)
    wild = clean.copy()
    wild[::5] += 500.0
    assert consistency.robust_sd(wild) < 3.2


@given(st.lists(st.integers(-40, 40), min_size=4, max_size=150), st.integers(-100, 100))
def test_where_it_lies_and_which_way_round_does_not_matter(values, shift):
    y = np.array(values, dtype=float)
    sd = consistency.robust_sd(y)
    assert sd >= 0.0
    assert consistency.robust_sd(y + shift) == pytest.approx(sd)
    assert consistency.robust_sd(-y[::-1]) == pytest.approx(sd)
    assert consistency.robust_sd(4.0 * y) == pytest.approx(4.0 * sd)
