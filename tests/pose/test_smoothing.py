"""The zero-phase low-pass: its gain, its times, its ends and its gaps."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.pose.smoothing import CUTOFF_OVER_F0, gain, smooth_at

FloatArray = NDArray[np.float64]
SMOOTH = {"cutoff_hz": 6.0, "max_gap_s": 0.2}


def naive_spline_at_knots(t: FloatArray, x: FloatArray, trust: FloatArray, cutoff_hz: float) -> FloatArray:
    """The same minimum by dense matrices: (W + lambda K) f = W x with K = Q R^-1 Q'."""
    n, h = len(t), np.diff(t)
    q, r = np.zeros((n, n - 2)), np.zeros((n - 2, n - 2))
    for i in range(n - 2):
        q[i : i + 3, i] = 1 / h[i], -1 / h[i] - 1 / h[i + 1], 1 / h[i + 1]
        r[i, i] = (h[i] + h[i + 1]) / 3
        if i + 1 < n - 2:
            r[i, i + 1] = r[i + 1, i] = h[i + 1] / 6
    stands_for = np.concatenate([[h[0]], (h[:-1] + h[1:]) / 2, [h[-1]]])
    w = np.diag(np.minimum(stands_for, 3 * np.median(h)) * trust)
    stiffness = (2 * np.pi * cutoff_hz / CUTOFF_OVER_F0) ** -4
    return np.linalg.solve(w + stiffness * q @ np.linalg.solve(r, q.T), w @ x)


@pytest.mark.parametrize("seed", range(4))
def test_kernel_equals_its_plain_twin(seed: int) -> None:
    rng = np.random.default_rng(seed)
    t = np.cumsum(rng.uniform(0.02, 0.05, 60))
    x, trust = rng.normal(size=60), rng.uniform(0.05, 1.0, 60)
    got = smooth_at(t, x[:, None], t, trust=trust[:, None], **SMOOTH)[:, 0]
    np.testing.assert_allclose(got, naive_spline_at_knots(t, x, trust, 6.0), atol=1e-9)


@pytest.mark.parametrize("frequency_hz", [0.5, 1.5, 3.0, 5.0])
def test_gain_and_phase_of_a_wave(frequency_hz: float) -> None:
    t = np.arange(0, 20, 1 / 30)
    inner = slice(150, 450)
    wave, quarter = np.sin(2 * np.pi * frequency_hz * t), np.cos(2 * np.pi * frequency_hz * t)
    out = smooth_at(t, wave[:, None], t, **SMOOTH)[:, 0]
    kept = np.dot(out[inner], wave[inner]) / np.dot(wave[inner], wave[inner])
    assert kept == pytest.approx(gain(frequency_hz, 6.0), abs=0.003)
    assert abs(np.dot(out[inner], quarter[inner]) / np.dot(quarter[inner], quarter[inner])) < 1e-3


def test_cutoff_is_three_decibels() -> None:
    assert gain(6.0, 6.0) == pytest.approx(np.sqrt(0.5))


@pytest.mark.parametrize("rate_spm", [14, 30, 44])
def test_turning_points_stay_where_they_are(rate_spm: int) -> None:
    """A fast drive and a slow recovery: the turn is not symmetric, and must neither move nor shrink."""
    fine = np.arange(0, 12, 1e-3)
    phase = 2 * np.pi * rate_spm / 60
    shape = lambda t: np.cos(phase * t + 0.45 * np.sin(phase * t)) + 0.08 * np.cos(2 * phase * t)  # noqa: E731
    t = np.arange(0, 12, 1 / 30)
    out = smooth_at(t, shape(t)[:, None], fine, **SMOOTH)[:, 0]
    inner = (fine > 3) & (fine < 9)
    for sign in (1, -1):
        true_peaks, got_peaks = _peaks(sign * shape(fine), inner), _peaks(sign * out, inner)
        assert np.max(np.abs(fine[true_peaks] - fine[got_peaks])) <= 0.003
        assert np.max(np.abs(shape(fine)[true_peaks] - out[got_peaks])) < 0.006  # of a travel of 2


def _peaks(x: FloatArray, where: NDArray[np.bool_]) -> NDArray[np.int64]:
    top = np.flatnonzero((x[1:-1] >= x[:-2]) & (x[1:-1] > x[2:]) & where[1:-1] & (x[1:-1] > 0)) + 1
    return top


def test_ends_do_not_ring() -> None:
    t = np.arange(0, 3, 1 / 30)
    line = 5.0 + 40.0 * t
    np.testing.assert_allclose(smooth_at(t, line[:, None], t, **SMOOTH)[:, 0], line, atol=1e-8)
    step = np.where(t < 1.5, 0.0, 1.0)
    out = smooth_at(t, step[:, None], t, **SMOOTH)[:, 0]
    assert np.max(np.abs(out[:20])) < 0.01
    assert np.max(np.abs(out[-20:] - 1)) < 0.01
    assert out.min() > -0.1
    assert out.max() < 1.1


def test_uneven_times_give_the_same_curve() -> None:
    rng = np.random.default_rng(1)
    even = np.arange(0, 8, 1 / 30)
    uneven = np.sort(even + rng.uniform(-0.012, 0.012, even.size))
    curve = lambda t: 100 * np.sin(2 * np.pi * 0.6 * t) + 20 * np.sin(2 * np.pi * 1.7 * t)  # noqa: E731
    at = np.arange(1, 7, 0.01)
    a = smooth_at(even, curve(even)[:, None], at, **SMOOTH)
    b = smooth_at(uneven, curve(uneven)[:, None], at, **SMOOTH)
    assert np.max(np.abs(a - b)) < 0.15


def test_short_gaps_are_bridged_and_long_ones_stay_missing() -> None:
    t = np.arange(0, 4, 1 / 30)
    x = 100 * np.sin(2 * np.pi * 0.5 * t)
    holed = x.copy()
    holed[20:24] = np.nan  # 0.167 s between the neighbours
    holed[60:68] = np.nan  # 0.3 s
    holed[:3] = np.nan
    out = smooth_at(t, holed[:, None], t, **SMOOTH)[:, 0]
    assert np.array_equal(np.flatnonzero(np.isnan(out)), [0, 1, 2, *range(60, 68)])
    assert np.nanmax(np.abs(out - x)) < 2.0


def test_a_sample_without_trust_hardly_counts() -> None:
    t = np.arange(0, 2, 1 / 30)
    x = np.zeros((60, 1))
    x[30] = 50.0
    trust = np.ones((60, 1))
    trust[30] = 0.0
    believed = smooth_at(t, x, t, **SMOOTH)[30, 0]
    doubted = smooth_at(t, x, t, trust=trust, **SMOOTH)[30, 0]
    assert believed > 15
    assert doubted < 2


def test_nothing_in_nothing_out() -> None:
    assert np.isnan(smooth_at(np.zeros(0), np.zeros((0, 2)), np.arange(3.0), **SMOOTH)).all()
    one = smooth_at(np.array([1.0]), np.array([[7.0]]), np.array([0.0, 1.0, 2.0]), **SMOOTH)[:, 0]
    np.testing.assert_array_equal(one, [np.nan, 7.0, np.nan])
