"""Window statistics of every quantity in every phase of every stroke, and the 0-100 scores made from them.

Layout: ``values`` is frame-major, (T, Q). All quantities of a frame lie side by side, so the inner loop runs over
quantities and the compiler turns it into vector instructions without reordering any sum; a stroke's frames fit in
the core's own cache, so mean, spread and extremes cost one trip to memory. Strokes are independent: the outer
loop runs over them on all threads.

NaN means "not measured" and is skipped; a window without a finite value gives count 0 and NaN for the rest.
The slow twin that these must match is ``tests/reference/naive_scoring.py``.
"""

from __future__ import annotations

import math

import numpy as np
from numba import prange
from numpy.typing import NDArray

from rowsense.kernels._jit import kernel, parallel_kernel

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

COUNT = 0
MEAN = 1
SD = 2
LOW = 3
HIGH = 4
STATISTIC_COUNT = 5


@kernel
def _seek(time_s: FloatArray, index: int, target_s: float) -> int:
    """First index whose time is at or after ``target_s``, walking from ``index`` in either direction."""
    count = time_s.shape[0]
    while index < count and time_s[index] < target_s:
        index += 1
    while index > 0 and time_s[index - 1] >= target_s:
        index -= 1
    return index


@kernel
def _accumulate(rows: FloatArray, count: FloatArray, mean: FloatArray, low: FloatArray, high: FloatArray) -> None:
    """Sums and extremes over the rows. Two loops: with all four outputs in one, the compiler gives up."""
    for i in range(rows.shape[0]):
        for q in range(rows.shape[1]):
            x = rows[i, q]
            count[q] += 1.0 if x == x else 0.0
            mean[q] += x if x == x else 0.0
    for i in range(rows.shape[0]):
        for q in range(rows.shape[1]):
            x = rows[i, q]
            a = low[q]
            b = high[q]
            low[q] = x if x < a else a
            high[q] = x if x > b else b


@kernel
def _window_statistics(rows: FloatArray, out: FloatArray) -> None:
    """Fill ``out`` (5, Q) with count, mean, population sd, minimum and maximum over ``rows`` (n, Q)."""
    count = out[COUNT]
    mean = out[MEAN]
    spread = out[SD]
    low = out[LOW]
    high = out[HIGH]
    quantities = rows.shape[1]
    for q in range(quantities):
        count[q] = 0.0
        mean[q] = 0.0
        spread[q] = 0.0
        low[q] = np.inf
        high[q] = -np.inf
    _accumulate(rows, count, mean, low, high)
    # np.divide: the plain operator brings a zero check that stops the vectoriser.
    for q in range(quantities):
        mean[q] = np.divide(mean[q], max(count[q], 1.0))
    # A second pass over rows that are still in the cache: the one-pass sum of squares loses digits.
    for i in range(rows.shape[0]):
        for q in range(quantities):
            d = rows[i, q] - mean[q]
            spread[q] += d * d if d == d else 0.0
    for q in range(quantities):
        spread[q] = math.sqrt(np.divide(spread[q], max(count[q], 1.0)))
    for q in range(quantities):
        seen = count[q] > 0.0
        mean[q] = mean[q] if seen else np.nan
        spread[q] = spread[q] if seen else np.nan
        low[q] = low[q] if seen else np.nan
        high[q] = high[q] if seen else np.nan


@parallel_kernel
def _fill_statistics(time_s: FloatArray, values: FloatArray, windows_s: FloatArray, out: FloatArray) -> None:
    for s in prange(windows_s.shape[0]):
        index = np.searchsorted(time_s, windows_s[s, 0, 0])
        for p in range(windows_s.shape[1]):
            first = _seek(time_s, index, windows_s[s, p, 0])
            last = max(first, _seek(time_s, first, windows_s[s, p, 1]))
            _window_statistics(values[first:last], out[s, p])
            index = last


def phase_statistics(time_s: FloatArray, values: FloatArray, windows_s: FloatArray) -> FloatArray:
    """Statistics of every quantity in every window of every stroke.

    Args:
        time_s: (T,) strictly increasing presentation times.
        values: (T, Q) C-ordered; NaN = not measured.
        windows_s: (S, P, 2) half-open time windows [start, end); they may overlap; end <= start is empty.

    Returns:
        (S, P, 5, Q): count, mean, population standard deviation, minimum, maximum of the finite values.
    """
    strokes, phases = windows_s.shape[:2]
    # Allocated here: NumPy asks for huge pages, the compiled allocator does not, and first touches cost more
    # than the arithmetic.
    out = np.empty((strokes, phases, STATISTIC_COUNT, values.shape[1]))
    _fill_statistics(time_s, values, windows_s, out)
    return out


@kernel
def _window_sd(mean_sd: float, count: float, correlation: float, frames_per_sample: float) -> float:
    """Standard deviation of a window's mean: a part common to its frames, and a part that averages out."""
    samples = max(count / frames_per_sample, 1.0)
    return mean_sd * math.sqrt(correlation + (1.0 - correlation) / samples)


@parallel_kernel
def _fill_metrics(
    statistics: FloatArray,
    plan: IntArray,
    fixed_sd: FloatArray,
    correlation: float,
    frames_per_sample: float,
    values: FloatArray,
    sds: FloatArray,
) -> None:
    for s in prange(statistics.shape[0]):
        window = statistics[s]
        for m in range(plan.shape[0]):
            q, to, origin, sign, sd_column = plan[m, 0], plan[m, 1], plan[m, 2], plan[m, 3], plan[m, 4]
            value = window[to, MEAN, q]
            variance = fixed_sd[m] * fixed_sd[m]
            if sd_column >= 0:
                part = _window_sd(window[to, MEAN, sd_column], window[to, COUNT, q], correlation, frames_per_sample)
                variance = part * part
            if origin >= 0:
                value -= window[origin, MEAN, q]
                if sd_column >= 0:
                    part = _window_sd(
                        window[origin, MEAN, sd_column], window[origin, COUNT, q], correlation, frames_per_sample
                    )
                    variance += part * part
            values[s, m] = sign * value
            sds[s, m] = math.sqrt(variance)


def window_metrics(
    statistics: FloatArray, plan: IntArray, fixed_sd: FloatArray, correlation: float, frames_per_sample: float
) -> tuple[FloatArray, FloatArray]:
    """Means of windows, and changes between two windows, with their standard deviations.

    Args:
        statistics: (S, P, 5, Q) from :func:`phase_statistics`.
        plan: (M, 5): quantity, window, window to subtract (-1: none), sign (+1 or -1), column of the quantity's
            per-frame sd (-1: none, use ``fixed_sd``).
        fixed_sd: (M,) sd of the metric where the quantity has none of its own; NaN = unknown.
        correlation: share of a spine angle's error variance that all frames of a window have in common.
        frames_per_sample: frames that count as one independent sample (1 at 30 frames a second).

    Returns:
        values (S, M) and sds (S, M). Errors of two windows are taken as independent, so their variances add.
    """
    values = np.empty((statistics.shape[0], plan.shape[0]))
    sds = np.empty(values.shape)
    _fill_metrics(statistics, plan, fixed_sd, correlation, frames_per_sample, values, sds)
    return values, sds


@kernel
def _blend(total: float, weight: float, worst: float) -> float:
    """Half the weighted mean, half the worst: one bad part is not hidden by many good ones."""
    return 0.5 * total / weight + 0.5 * worst


@parallel_kernel
def scores(
    metrics: FloatArray, item_column: IntArray, item_phase: IntArray, limits: FloatArray, phase_count: int
) -> tuple[FloatArray, FloatArray]:
    """Scores 0-100 (100 best) per phase and per stroke.

    Args:
        metrics: (S, M) one value a stroke; NaN = not measured.
        item_column: (I,) column of ``metrics`` that item i scores.
        item_phase: (I,) phase the item belongs to.
        limits: (I, 3) value that scores 100, value that scores 0, weight; linear between the two, flat outside.
        phase_count: P.

    Returns:
        (S, P) and (S,). A phase needs at least half of its weight measured, a stroke at least half of the phases
        that have items; otherwise NaN. Either is half the (weighted) mean and half the worst of its parts.
    """
    strokes, items = metrics.shape[0], item_column.shape[0]
    by_phase = np.empty((strokes, phase_count))
    by_stroke = np.empty(strokes)
    for s in prange(strokes):
        stroke_total, stroke_count, stroke_worst, wanted = 0.0, 0.0, 100.0, 0.0
        for p in range(phase_count):
            total, weight, worst, phase_weight = 0.0, 0.0, 100.0, 0.0
            for i in range(items):
                if item_phase[i] != p:
                    continue
                phase_weight += limits[i, 2]
                x = metrics[s, item_column[i]]
                if x == x:
                    part = (x - limits[i, 1]) / (limits[i, 0] - limits[i, 1])
                    part = 100.0 * min(max(part, 0.0), 1.0)
                    total += limits[i, 2] * part
                    weight += limits[i, 2]
                    worst = min(worst, part)
            by_phase[s, p] = np.nan
            if phase_weight > 0.0:
                wanted += 1.0
            if weight > 0.0 and weight >= 0.5 * phase_weight:
                by_phase[s, p] = _blend(total, weight, worst)
                stroke_total += by_phase[s, p]
                stroke_count += 1.0
                stroke_worst = min(stroke_worst, by_phase[s, p])
        by_stroke[s] = np.nan
        if stroke_count > 0.0 and stroke_count >= 0.5 * wanted:
            by_stroke[s] = _blend(stroke_total, stroke_count, stroke_worst)
    return by_phase, by_stroke
