"""Means of every quantity in every window of every stroke, and the metrics made from them.

Layout: ``values`` is frame-major, (T, Q). All quantities of a frame lie side by side, so the inner loop runs over
quantities and the compiler turns it into vector instructions without reordering any sum; a stroke's means never leave
the core's own cache. Strokes are independent: the outer loop runs over blocks of them on all threads.

NaN means "not measured" and is skipped; a window without a finite value gives NaN. The slow twin that these must match
is ``tests/reference/naive_scoring.py``.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels._jit import kernel, parallel_kernel, prange
from rowsense.kernels.around import seek

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: Strokes that a thread takes at once.
BLOCK = 256


@kernel
def _window_means(frames: FloatArray, first: int, last: int, p: int, mean: FloatArray, count: FloatArray) -> None:
    """Mean and number of the finite values of [first, last) into row ``p`` of (P, Q) each."""
    quantities = frames.shape[1]
    for q in range(quantities):
        mean[p, q] = 0.0
        count[p, q] = 0.0
    i = first
    # Three frames at a time, as many as an event window has at 30 a second: sums wait for memory less often.
    while i + 3 <= last:
        for q in range(quantities):
            x, y, z = frames[i, q], frames[i + 1, q], frames[i + 2, q]
            mean[p, q] += (x if x == x else 0.0) + (y if y == y else 0.0) + (z if z == z else 0.0)
            count[p, q] += (1.0 if x == x else 0.0) + (1.0 if y == y else 0.0) + (1.0 if z == z else 0.0)
        i += 3
    while i < last:
        for q in range(quantities):
            x = frames[i, q]
            mean[p, q] += x if x == x else 0.0
            count[p, q] += 1.0 if x == x else 0.0
        i += 1
    # np.divide: the plain operator brings a zero check that stops the vectoriser. 0 / 0 is NaN.
    for q in range(quantities):
        mean[p, q] = np.divide(mean[p, q], count[p, q])


@kernel
def _variance(sd: float, count: float, correlation: float, frames_per_sample: float) -> float:
    """Variance of a window's mean: a part common to its frames, and a part that averages out."""
    samples = max(count / frames_per_sample, 1.0)
    return sd * sd * (correlation + (1.0 - correlation) / samples)


@kernel
def _stroke_metrics(
    mean: FloatArray,
    count: FloatArray,
    plan: IntArray,
    fixed_sd: FloatArray,
    correlation: float,
    frames_per_sample: float,
    values: FloatArray,
    sds: FloatArray,
) -> None:
    """Metrics (M,) of a stroke and their sds from its means and counts (P, Q)."""
    for m in range(plan.shape[0]):
        q, to, origin, sign, sd_column = plan[m, 0], plan[m, 1], plan[m, 2], plan[m, 3], plan[m, 4]
        value = mean[to, q]
        sd = abs(fixed_sd[m])
        if sd_column >= 0:
            variance = _variance(mean[to, sd_column], count[to, q], correlation, frames_per_sample)
            if origin >= 0:
                variance += _variance(mean[origin, sd_column], count[origin, q], correlation, frames_per_sample)
            sd = math.sqrt(variance)
        if origin >= 0:
            value -= mean[origin, q]
        values[m] = sign * value
        sds[m] = sd


@parallel_kernel
def _fill_metrics(
    time_s: FloatArray,
    frames: FloatArray,
    windows_s: FloatArray,
    wanted: BoolArray,
    plan: IntArray,
    fixed_sd: FloatArray,
    correlation: float,
    frames_per_sample: float,
    values: FloatArray,
    sds: FloatArray,
) -> None:
    strokes, windows = windows_s.shape[:2]
    for block in prange((strokes + BLOCK - 1) // BLOCK):
        mean = np.full((windows, frames.shape[1]), np.nan)
        count = np.zeros((windows, frames.shape[1]))
        value, sd = np.empty(plan.shape[0]), np.empty(plan.shape[0])
        # In the order of time there is little to walk from one window to the next.
        order = np.argsort(windows_s[block * BLOCK, :, 0])
        near = np.searchsorted(time_s, windows_s[block * BLOCK, order[0], 0])
        for s in range(block * BLOCK, min((block + 1) * BLOCK, strokes)):
            for p in order:
                if wanted[p]:
                    first = seek(time_s, near, windows_s[s, p, 0])
                    near = max(first, seek(time_s, first, windows_s[s, p, 1]))
                    _window_means(frames, first, near, p, mean, count)
            _stroke_metrics(mean, count, plan, fixed_sd, correlation, frames_per_sample, value, sd)
            values[:, s] = value
            sds[:, s] = sd


def window_metrics(
    time_s: FloatArray,
    frames: FloatArray,
    windows_s: FloatArray,
    plan: IntArray,
    fixed_sd: FloatArray,
    correlation: float,
    frames_per_sample: float,
) -> tuple[FloatArray, FloatArray]:
    """Means of windows, and changes between two windows, with their standard deviations.

    Args:
        time_s: (T,) strictly increasing presentation times.
        frames: (T, Q) C-ordered; NaN = not measured.
        windows_s: (S, P, 2) half-open time windows [start, end); they may overlap; end <= start is empty. Fastest where
            strokes are in order.
        plan: (M, 5): quantity, window, window to subtract (-1: none), sign (+1 or -1), column of the quantity's
            per-frame sd (-1: none, use ``fixed_sd``).
        fixed_sd: (M,) sd of the metric where the quantity has none of its own; NaN = unknown.
        correlation: share of a spine angle's error variance that all frames of a window have in common.
        frames_per_sample: frames that count as one independent sample (1 at 30 frames a second).

    Returns:
        values (M, S) and sds (M, S). Errors of two windows are taken as independent, so their variances add.
    """
    wanted = np.isin(np.arange(windows_s.shape[1]), plan[:, 1:3])
    values = np.empty((plan.shape[0], windows_s.shape[0]))
    sds = np.empty(values.shape)
    _fill_metrics(
        time_s, frames, windows_s, wanted, plan, fixed_sd, correlation, frames_per_sample, values, sds
    )  # fmt: skip
    return values, sds
