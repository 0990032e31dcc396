"""Zero-phase low-pass by local quadratic regression: honest on uneven time steps, at edges and beside gaps.

Around every sample a parabola is fitted with Gaussian weights in *time*; its value (and slope) at the sample is
the result. Symmetric weights give zero phase; a parabola leaves the height of a turning point alone, which a
moving average would cut off. In the interior the response at frequency f is ``(1 + y) exp(-y)`` with
``y = (2 pi f s)^2 / 2`` for a weight of standard deviation ``s``; it falls to 0.707 at ``y = 1.0778``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels._jit import kernel

FloatArray = NDArray[np.float64]

HALF_POWER_Y = 1.0778
"""Solution of (1 + y) exp(-y) = sqrt(1/2)."""
WINDOW_SDS = 4.0
"""Weights beyond are under 4e-4 of the largest and are left out."""


def weight_sd_s(cutoff_hz: float) -> float:
    """Standard deviation of the weights, in seconds, whose half-power frequency is ``cutoff_hz``."""
    return float(np.sqrt(2.0 * HALF_POWER_Y) / (2.0 * np.pi * cutoff_hz))


def lowpass(time_s: FloatArray, values: FloatArray, cutoff_hz: float) -> FloatArray:
    """Zero-phase low-pass of every column.

    Args:
        time_s: (T,) increasing times, any spacing.
        values: (T,) or (T, ...) samples; NaN = missing.
        cutoff_hz: half-power (-3 dB) frequency.
    Returns:
        The same shape. NaN stays NaN: gaps are neither filled nor reached across by more than the weights do.
        Where fewer than four samples lie in the window the sample is returned as it is.
    """
    return local_quadratic(time_s, values, weight_sd_s(cutoff_hz))[0]


def local_quadratic(time_s: FloatArray, values: FloatArray, sd_s: float) -> tuple[FloatArray, FloatArray]:
    """Value and slope (per second) of the local parabola at every sample; shapes as ``values``.

    The slope is NaN where the value is missing or fewer than four samples lie in the window.
    """
    flat = np.ascontiguousarray(np.asarray(values, dtype=np.float64).reshape(len(time_s), -1))
    smooth, slope = _local_quadratic(np.asarray(time_s, dtype=np.float64), flat, float(sd_s))
    return smooth.reshape(np.shape(values)), slope.reshape(np.shape(values))


@kernel
def _local_quadratic(time_s: FloatArray, values: FloatArray, sd_s: float) -> tuple[FloatArray, FloatArray]:
    count, columns = values.shape
    smooth = np.full((count, columns), np.nan)
    slope = np.full((count, columns), np.nan)
    reach = WINDOW_SDS * sd_s
    first = 0
    last = 0
    for i in range(count):
        while time_s[i] - time_s[first] > reach:
            first += 1
        while last < count and time_s[last] - time_s[i] <= reach:
            last += 1
        for c in range(columns):
            if np.isnan(values[i, c]):
                continue
            smooth[i, c], slope[i, c] = _fit_parabola(time_s, values, i, c, first, last, sd_s)
    return smooth, slope


@kernel
def _fit_parabola(
    time_s: FloatArray, values: FloatArray, i: int, c: int, first: int, last: int, sd_s: float
) -> tuple[float, float]:
    s0 = s1 = s2 = s3 = s4 = 0.0
    y0 = y1 = y2 = 0.0
    used = 0
    for j in range(first, last):
        value = values[j, c] - values[i, c]
        if np.isnan(value):
            continue
        u = (time_s[j] - time_s[i]) / sd_s
        w = np.exp(-0.5 * u * u)
        used += 1
        s0 += w
        s1 += w * u
        s2 += w * u * u
        s3 += w * u * u * u
        s4 += w * u * u * u * u
        y0 += w * value
        y1 += w * u * value
        y2 += w * u * u * value
    determinant = s0 * (s2 * s4 - s3 * s3) - s1 * (s1 * s4 - s2 * s3) + s2 * (s1 * s3 - s2 * s2)
    if used < 4 or determinant < 1e-12 * s0 * s2 * s4:
        return values[i, c], np.nan
    level = y0 * (s2 * s4 - s3 * s3) - s1 * (y1 * s4 - s3 * y2) + s2 * (y1 * s3 - s2 * y2)
    slope = s0 * (y1 * s4 - y2 * s3) - y0 * (s1 * s4 - s2 * s3) + s2 * (s1 * y2 - s2 * y1)
    return values[i, c] + level / determinant, slope / determinant / sd_s
