"""Cubic smoothing splines over irregular times with gaps, one signal a column."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels._jit import kernel

FloatArray = NDArray[np.float64]


@kernel
def smooth_columns(
    time_s: FloatArray,
    values: FloatArray,
    trust: FloatArray,
    at_s: FloatArray,
    stiffness: float,
    longest_s: float,
    longest_share_s: float,
) -> FloatArray:
    """Fit and read a natural cubic smoothing spline for each column and each run without a long gap.

    Parameters
    ----------
    time_s : (N,) rising
    values : (N, K); NaN = missing
    trust : (N, K) weight of each sample, > 0
    at_s : (T,) rising, where the splines are read
    stiffness : lambda of  sum w (x - f)^2 + lambda * integral f''^2, with w = trust * time a sample stands for
    longest_s : neighbouring valid samples further apart than this belong to different runs
    longest_share_s : most time that one sample may stand for

    Returns
    -------
    (T, K); NaN outside all runs.
    """
    count, columns = values.shape
    out = np.full((len(at_s), columns), np.nan)
    knots = np.empty(count)
    x = np.empty(count)
    w = np.empty(count)
    for column in range(columns):
        first = 0
        while first < count:
            size = 0
            i = first
            while i < count:
                if not np.isnan(values[i, column]):
                    if size > 0 and time_s[i] - knots[size - 1] > longest_s + 1e-9:
                        break
                    knots[size] = time_s[i]
                    x[size] = values[i, column]
                    w[size] = trust[i, column]
                    size += 1
                i += 1
            first = i
            if size > 0:
                smoothed, bend = _fit(knots[:size], x[:size], w[:size], stiffness, longest_share_s)
                _read(knots[:size], smoothed, bend, at_s, out[:, column])
    return out


@kernel
def _fit(
    t: FloatArray, x: FloatArray, trust: FloatArray, stiffness: float, longest_share_s: float
) -> tuple[FloatArray, FloatArray]:
    """Smoothed values and second derivatives at the knots (Reinsch's equations, solved by Cholesky).

    With Q the second differences and R the spline's mass matrix, the inner second derivatives g solve
    (R + stiffness Q' W^-1 Q) g = Q' x, and the smoothed values are x - stiffness W^-1 Q g.
    """
    n = len(t)
    smoothed = x.copy()
    bend = np.zeros(n)
    if n < 3:
        return smoothed, bend
    h = t[1:] - t[:-1]
    spread = np.empty(n)
    for i in range(n):
        # an end sample stands for a whole step as well: half of it would double the noise there
        share = h[0] if i == 0 else (h[n - 2] if i == n - 1 else (h[i - 1] + h[i]) / 2.0)
        spread[i] = 1.0 / (min(share, longest_share_s) * trust[i])

    m = n - 2
    d0, d1, d2, g = np.empty(m), np.zeros(m), np.zeros(m), np.empty(m)
    for i in range(m):
        a, c = 1.0 / h[i], 1.0 / h[i + 1]
        b = -a - c
        d0[i] = (h[i] + h[i + 1]) / 3.0 + stiffness * (
            a * a * spread[i] + b * b * spread[i + 1] + c * c * spread[i + 2]
        )
        if i + 1 < m:
            b_next = -1.0 / h[i + 1] - 1.0 / h[i + 2]
            d1[i] = h[i + 1] / 6.0 + stiffness * (b * c * spread[i + 1] + c * b_next * spread[i + 2])
        if i + 2 < m:
            d2[i] = stiffness * c / h[i + 2] * spread[i + 2]
        g[i] = a * x[i] + b * x[i + 1] + c * x[i + 2]
    _solve_pentadiagonal(d0, d1, d2, g)

    for i in range(m):
        bend[i + 1] = g[i]
    for i in range(m):
        a, c = 1.0 / h[i], 1.0 / h[i + 1]
        smoothed[i] -= stiffness * spread[i] * a * g[i]
        smoothed[i + 1] += stiffness * spread[i + 1] * (a + c) * g[i]
        smoothed[i + 2] -= stiffness * spread[i + 2] * c * g[i]
    return smoothed, bend


@kernel
def _solve_pentadiagonal(d0: FloatArray, d1: FloatArray, d2: FloatArray, right: FloatArray) -> None:
    """Solve in place for a symmetric positive definite matrix with diagonals d0, d1, d2 (root-free Cholesky)."""
    m = len(d0)
    for i in range(m):
        if i + 1 < m:
            factor = d1[i] / d0[i]
            d0[i + 1] -= factor * d1[i]
            if i + 2 < m:
                d1[i + 1] -= factor * d2[i]
            right[i + 1] -= factor * right[i]
            d1[i] = factor
        if i + 2 < m:
            factor = d2[i] / d0[i]
            d0[i + 2] -= factor * d2[i]
            right[i + 2] -= factor * right[i]
            d2[i] = factor
    for i in range(m - 1, -1, -1):
        right[i] /= d0[i]
        if i + 1 < m:
            right[i] -= d1[i] * right[i + 1]
        if i + 2 < m:
            right[i] -= d2[i] * right[i + 2]


@kernel
def _read(t: FloatArray, x: FloatArray, bend: FloatArray, at_s: FloatArray, out: FloatArray) -> None:
    """Write the natural cubic spline's values into ``out`` at the times between its first and last knot."""
    n = len(t)
    k = 0
    for j in range(len(at_s)):
        at = at_s[j]
        if at < t[0] - 1e-9 or at > t[n - 1] + 1e-9:
            continue
        if n == 1:
            out[j] = x[0]
            continue
        while k < n - 2 and at > t[k + 1]:
            k += 1
        h = t[k + 1] - t[k]
        q = min(max((at - t[k]) / h, 0.0), 1.0)
        p = 1.0 - q
        curve = ((p * p * p - p) * bend[k] + (q * q * q - q) * bend[k + 1]) * h * h / 6.0
        out[j] = p * x[k] + q * x[k + 1] + curve
