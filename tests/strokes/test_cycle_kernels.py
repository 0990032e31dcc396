"""The compiled cycle and smoothing kernels against their slow twins, and against what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rowsense.kernels import cycles, smoothing
from tests.reference import naive_cycles as naive

SIGNALS = st.lists(st.one_of(st.integers(-20, 20).map(float), st.just(float("nan"))), min_size=1, max_size=40)


@given(SIGNALS, st.integers(1, 15))
@settings(max_examples=150, deadline=None)
def test_turning_points_agree_with_the_slow_twin(values: list[float], swing: int) -> None:
    index, kind = cycles.turning_points(np.array(values), float(swing))
    assert list(zip(index.tolist(), kind.tolist(), strict=True)) == naive.turning_points(values, float(swing))


def test_small_wiggles_on_a_big_swing_do_not_turn() -> None:
    time_s = np.arange(0.0, 10.0, 0.02)
    values = np.sin(2 * np.pi * 0.4 * time_s) + 0.1 * np.sin(2 * np.pi * 5.0 * time_s)
    index, kind = cycles.turning_points(values, 0.5)
    assert np.all(kind[:-1] == -kind[1:])
    tops = time_s[index[kind > 0]]
    assert np.allclose(np.diff(tops), 2.5, atol=0.11)


@given(SIGNALS, st.integers(-15, 15), st.integers(0, 10), st.integers(0, 40))
@settings(max_examples=150, deadline=None)
def test_crossing_time_agrees_with_the_slow_twin(values: list[float], level: int, start: int, length: int) -> None:
    times = np.arange(len(values)) * 0.5
    fast = cycles.crossing_time(times, np.array(values), float(level), 0.5 * start, 0.5 * (start + length))
    slow = naive.crossing_time(times.tolist(), values, float(level), 0.5 * start, 0.5 * (start + length))
    assert fast == pytest.approx(slow, nan_ok=True)


@pytest.mark.parametrize("seed", range(6))
def test_vertex_time_agrees_with_the_slow_twin(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time_s = np.sort(rng.uniform(-0.15, 0.15, 11))
    turn_s = rng.uniform(-0.05, 0.05)
    bend = np.where(time_s < turn_s, rng.uniform(200, 900), rng.uniform(50, 900))
    values = 400.0 - bend * (time_s - turn_s) ** 2 + rng.normal(0.0, 0.3, time_s.size)
    values[rng.integers(11)] = np.nan
    fast, _ = cycles.vertex_time(time_s, values, -0.07, 0.07)
    slow = naive.vertex_time(time_s, values, -0.07, 0.07)
    assert naive.half_parabola_cost(time_s, values, fast) <= naive.half_parabola_cost(time_s, values, slow) + 1e-6


def test_vertex_of_a_lopsided_turn_is_exact() -> None:
    time_s = np.arange(-5, 6) / 30.0
    values = 100.0 - np.where(time_s < 0.013, 900.0, 150.0) * (time_s - 0.013) ** 2
    vertex_s, height = cycles.vertex_time(time_s, values, -0.08, 0.08)
    assert vertex_s == pytest.approx(0.013, abs=1e-4)
    assert height == pytest.approx(100.0, abs=1e-3)


def test_vertex_needs_samples_on_both_sides() -> None:
    assert np.isnan(cycles.vertex_time(np.arange(4) / 30.0, np.zeros(4), -0.1, 0.1)[0])
    assert np.isnan(cycles.vertex_time(np.arange(8) / 30.0, np.full(8, np.nan), -0.1, 0.1)[0])


@pytest.mark.parametrize("seed", range(4))
def test_lowpass_agrees_with_the_slow_twin(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time_s = np.cumsum(rng.uniform(0.02, 0.06, 60))
    values = np.cumsum(rng.normal(size=60)) * 20.0
    values[rng.random(60) < 0.2] = np.nan
    sd_s = smoothing.weight_sd_s(5.0)
    fast, _ = smoothing.local_quadratic(time_s, values, sd_s)
    slow = naive.local_quadratic(time_s, values, sd_s)
    np.testing.assert_allclose(fast, slow, rtol=0, atol=1e-7)
    np.testing.assert_array_equal(np.isnan(fast), np.isnan(values))


@pytest.mark.parametrize("fps", [30.0, 60.0, 120.0])
def test_half_power_frequency_is_the_one_asked_for(fps: float) -> None:
    time_s = np.arange(0.0, 8.0, 1.0 / fps)
    wave = np.sin(2 * np.pi * 5.0 * time_s)
    out = smoothing.lowpass(time_s, wave, 5.0)
    middle = slice(len(time_s) // 4, -len(time_s) // 4)
    gain = np.dot(out[middle], wave[middle]) / np.dot(wave[middle], wave[middle])
    assert gain == pytest.approx(np.sqrt(0.5), abs=0.02)


def test_lowpass_keeps_parabolas_and_gives_their_slope() -> None:
    time_s = np.sort(np.random.default_rng(2).uniform(0.0, 2.0, 50))
    values = 3.0 + 2.0 * time_s - 5.0 * time_s**2
    out, slope = smoothing.local_quadratic(time_s, values, 0.1)
    np.testing.assert_allclose(out, values, atol=1e-8)
    fitted = np.isfinite(slope)
    assert fitted.sum() > 40
    np.testing.assert_allclose(slope[fitted], (2.0 - 10.0 * time_s)[fitted], atol=1e-6)


def test_lowpass_treats_columns_apart_and_keeps_the_shape() -> None:
    time_s = np.arange(30) / 30.0
    values = np.random.default_rng(0).normal(size=(30, 3, 2))
    values[4:9, 1, 0] = np.nan
    out = smoothing.lowpass(time_s, values, 6.0)
    assert out.shape == values.shape
    np.testing.assert_allclose(out[:, 2, 1], smoothing.lowpass(time_s, values[:, 2, 1], 6.0))
