"""Turning points of a signal that goes to and fro: which samples, and where between the samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels._jit import kernel

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@kernel
def turning_points(values: FloatArray, swing: float) -> tuple[IntArray, IntArray]:
    """Alternating maxima and minima between which the signal moves by at least ``swing``.

    A turn is *confirmed* when the signal has come back by ``swing`` from it; smaller wiggles never count
    (hysteresis). The first extreme may be where the signal merely begins: the caller has to look at what lies
    before it. The last extreme is never confirmed and is left out.

    Args:
        values: (T,); NaN is skipped.
        swing: smallest movement between two turns, > 0.
    Returns:
        (N,) sample numbers and (N,) kinds, +1 maximum and -1 minimum, in order.
    """
    count = len(values)
    index = np.empty(count, dtype=np.int64)
    kind = np.empty(count, dtype=np.int64)
    found = 0
    heading = 0
    high = low = -1
    for i in range(count):
        value = values[i]
        if np.isnan(value):
            continue
        if high < 0 or value > values[high]:
            high = i
        if low < 0 or value < values[low]:
            low = i
        if heading >= 0 and values[high] - value >= swing:
            index[found] = high
            kind[found] = 1
            found += 1
            heading = -1
            low = i
        elif heading <= 0 and value - values[low] >= swing:
            index[found] = low
            kind[found] = -1
            found += 1
            heading = 1
            high = i
    return index[:found].copy(), kind[:found].copy()


@kernel
def crossing_time(time_s: FloatArray, values: FloatArray, level: float, start_s: float, end_s: float) -> float:
    """First time in [start_s, end_s] at which ``values`` rises to ``level``; NaN where it does not.

    Linear between neighbouring samples; a signal already at or above the level at the first sample in the range
    gives that sample's time. Missing samples are stepped over.
    """
    before = -1
    for i in range(len(time_s)):
        if time_s[i] > end_s:
            break
        if time_s[i] < start_s or np.isnan(values[i]):
            continue
        if values[i] >= level:
            if before < 0:
                return time_s[i]
            share = (level - values[before]) / (values[i] - values[before])
            return time_s[before] + share * (time_s[i] - time_s[before])
        before = i
    return np.nan


@kernel
def vertex_time(time_s: FloatArray, values: FloatArray, first_s: float, last_s: float) -> tuple[float, float]:
    """Time and height of a turn, from two half parabolas that meet in it.

    ``height + a (t - vertex)^2`` before and ``height + b (t - vertex)^2`` after, least squares over the samples in
    the window; ``a`` and ``b`` differ because a handle that comes in fast and leaves slowly is no symmetric arch,
    and one parabola through it would be late. The vertex is searched in [first_s, last_s].

    Args:
        time_s: (n,) sample times of the window, (n,) values; NaN is skipped.
    Returns:
        (vertex time, height); NaN where fewer than five samples are there or no vertex fits.
    """
    best = np.inf
    vertex = np.nan
    height = np.nan
    steps = 16
    low, high = first_s, last_s
    for _ in range(4):
        step = (high - low) / steps
        for k in range(steps + 1):
            candidate = low + k * step
            cost, level = _half_parabolas(time_s, values, candidate)
            if cost < best:
                best, vertex, height = cost, candidate, level
        if np.isnan(vertex) or step <= 0.0:
            break
        low, high = max(first_s, vertex - step), min(last_s, vertex + step)
    return vertex, height


@kernel
def _half_parabolas(time_s: FloatArray, values: FloatArray, vertex: float) -> tuple[float, float]:
    """Residual sum of squares and height of the best half parabolas that meet at ``vertex``."""
    n = 0
    offset = 0.0
    s_a = s_b = s_aa = s_bb = 0.0
    y0 = y_a = y_b = yy = 0.0
    for i in range(len(time_s)):
        if np.isnan(values[i]):
            continue
        if n == 0:
            offset = values[i]
        u = time_s[i] - vertex
        q = u * u
        value = values[i] - offset
        n += 1
        y0 += value
        yy += value * value
        if u < 0.0:
            s_a += q
            s_aa += q * q
            y_a += q * value
        else:
            s_b += q
            s_bb += q * q
            y_b += q * value
    if n < 5 or s_aa <= 0.0 or s_bb <= 0.0:
        return np.inf, np.nan
    denominator = n - s_a * s_a / s_aa - s_b * s_b / s_bb
    if denominator <= 1e-9 * n:
        return np.inf, np.nan
    height = (y0 - s_a * y_a / s_aa - s_b * y_b / s_bb) / denominator
    a = (y_a - height * s_a) / s_aa
    b = (y_b - height * s_b) / s_bb
    return yy - height * y0 - a * y_a - b * y_b, height + offset
