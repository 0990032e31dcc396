"""What a column of values does around moments: means of short windows, crossings of a level, speeds, extremes.

``c`` holds one column a row, (Q, T), and ``row`` says which; a view of a row would be counted in and out at every call,
which costs more than a mean does. NaN = not measured and passed over. Indices are half-open. Moments of neighbouring
strokes lie close together, so places in time are found by walking from a place nearby, not by a search of all frames.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels._jit import kernel

FloatArray = NDArray[np.float64]


@kernel
def seek(time_s: FloatArray, index: int, target_s: float) -> int:
    """First index whose time is at or after ``target_s``, walking from ``index`` in either direction."""
    count = time_s.shape[0]
    while index < count and time_s[index] < target_s:
        index += 1
    while index > 0 and time_s[index - 1] >= target_s:
        index -= 1
    return index


@kernel
def mean_between(c: FloatArray, row: int, first: int, last: int) -> float:
    """Mean of the finite values of [first, last); NaN without any."""
    total, count = 0.0, 0
    for i in range(first, last):
        if c[row, i] == c[row, i]:
            total += c[row, i]
            count += 1
    return total / count if count > 0 else np.nan


@kernel
def mean_around(time_s: FloatArray, c: FloatArray, row: int, centre_s: float, near: int, half_s: float) -> float:
    """Mean of the finite values in [centre - half, centre + half), searched from index ``near``."""
    first = seek(time_s, near, centre_s - half_s)
    return mean_between(c, row, first, seek(time_s, first, centre_s + half_s))


@kernel
def means_around_frames(
    time_s: FloatArray, c: FloatArray, row: int, first: int, last: int, half_s: float, out: FloatArray
) -> None:
    """Mean around every frame of [first, last) into ``out``, which is at least as long."""
    if first >= last:
        return
    low = seek(time_s, first, time_s[first] - half_s)
    high = first
    for i in range(first, last):
        while time_s[low] < time_s[i] - half_s:
            low += 1
        while high < time_s.shape[0] and time_s[high] < time_s[i] + half_s:
            high += 1
        out[i - first] = mean_between(c, row, low, high)


@kernel
def crossing_s(
    time_s: FloatArray, c: FloatArray, row: int, first: int, last: int, level: float, sign: float
) -> tuple[float, int]:
    """Time at which ``sign`` times the column first reaches ``sign * level`` in [first, last), and the index after it.

    Interpolated from the previous finite frame; the first frame's time where it is already there; NaN, -1 never.
    """
    before = -1
    for i in range(first, last):
        x = c[row, i]
        if x != x:
            continue
        if sign * (x - level) >= 0.0:
            if before < 0:
                return time_s[i], i
            share = (level - c[row, before]) / (x - c[row, before])
            return time_s[before] + share * (time_s[i] - time_s[before]), i
        before = i
    return np.nan, -1


@kernel
def highest(values: FloatArray, first: int, last: int) -> int:
    """Index of the highest value of [first, last), the first of equals; -1 without a finite one."""
    top, index = -np.inf, -1
    for i in range(first, last):
        if values[i] > top:
            top = values[i]
            index = i
    return index


@kernel
def top_speed(time_s: FloatArray, c: FloatArray, row: int, first: int, last: int, half_s: float) -> float:
    """Highest speed around the frames of [first, last): between the outermost finite frames within +-half of each.

    Minus infinity where no frame has two of them.
    """
    peak = -np.inf
    if first >= last:
        return peak
    low = seek(time_s, first, time_s[first] - half_s)
    high = first
    for i in range(first, last):
        while time_s[low] < time_s[i] - half_s:
            low += 1
        while high < time_s.shape[0] and time_s[high] <= time_s[i] + half_s:
            high += 1
        a, b = low, high - 1
        while a < b and c[row, a] != c[row, a]:
            a += 1
        while b > a and c[row, b] != c[row, b]:
            b -= 1
        if b > a:
            speed = (c[row, b] - c[row, a]) / (time_s[b] - time_s[a])
            if speed > peak:
                peak = speed
    return peak


@kernel
def excursion(c: FloatArray, row: int, first: int, last: int) -> float:
    """Highest less lowest finite value of [first, last); NaN without any."""
    low, high = np.inf, -np.inf
    for i in range(first, last):
        x = c[row, i]
        low = x if x < low else low
        high = x if x > high else high
    return high - low if high >= low else np.nan
