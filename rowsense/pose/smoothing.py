"""Zero-phase low-pass of positions at irregular times, with gaps: a cubic smoothing spline.

The spline f that minimises

    sum_i w_i (x_i - f(t_i))^2 + lambda * integral f''(t)^2 dt,      w_i = time that sample i stands for,

passes a frequency with the gain 1 / (1 + (f/f0)^4), lambda = 1 / (2 pi f0)^4, without any shift in time. That is
the gain of a second-order Butterworth low-pass run forwards and backwards, the filter that movement science uses
by convention; as a spline it also takes variable frame rates, missing samples and the two ends of a clip as they
are, where a recursive filter must be fed invented samples. The equivalence is known (Woltring 1986, on the
splines of movement science; the gain follows from the Euler-Lagrange equation f'''' lambda + f = x).

The cut-off is where a passing wave loses 3 dB (gain 0.71) in all, as Winter defines it for the double pass:
f0 = cutoff / (sqrt 2 - 1)^(1/4).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solveh_banded

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Cut-off over f0: where the gain 1 / (1 + (f/f0)^4) is 1/sqrt(2) [D].
CUTOFF_OVER_F0: Final = float((np.sqrt(2.0) - 1.0) ** 0.25)
#: Fewest samples of a run that is smoothed; shorter ones stay as they are [D: the spline needs three].
MIN_RUN: Final = 3


def smooth_at(
    time_s: FloatArray,
    values: FloatArray,
    at_s: FloatArray,
    *,
    cutoff_hz: float,
    max_gap_s: float,
    weight: FloatArray | None = None,
) -> FloatArray:
    """Smooth ``values`` and read them at other times.

    Parameters
    ----------
    time_s : (N,) seconds, rising
    values : (N, K) one signal a column; NaN = missing
    at_s : (T,) seconds, rising, where values are wanted
    cutoff_hz : -3 dB frequency
    max_gap_s : two neighbouring valid samples further apart than this, and further than 1.5 usual steps, are not
        bridged
    weight : (N, K) 0..1 trust in each sample; None = 1

    Returns
    -------
    (T, K); NaN between samples that are not bridged, before the first and after the last.
    """
    out = np.full((len(at_s), values.shape[1]), np.nan)
    valid = np.isfinite(values)
    if len(time_s) == 0 or not valid.any():
        return out
    longest = max(max_gap_s, 1.5 * _usual_step_s(time_s))
    trust = np.ones_like(values) if weight is None else np.clip(weight, 0.02, 1.0)
    for columns in _same_pattern(valid):
        rows = np.flatnonzero(valid[:, columns[0]])
        for run in _runs(time_s, rows, longest):
            inside = (at_s >= time_s[run[0]] - 1e-9) & (at_s <= time_s[run[-1]] + 1e-9)
            if not inside.any():
                continue
            block = np.ix_(run, columns)
            shared = weight is None
            groups = [np.arange(len(columns))] if shared else [np.array([k]) for k in range(len(columns))]
            for group in groups:
                spline = _smoothing_spline(
                    time_s[run], values[block][:, group], trust[block][:, group[0]], cutoff_hz
                )
                out[np.ix_(np.flatnonzero(inside), columns[group])] = _evaluate(*spline, at_s[inside])
    return out


def gain(frequency_hz: float, cutoff_hz: float) -> float:
    """What remains of a wave of this frequency after smoothing, 0..1."""
    return float(1.0 / (1.0 + (frequency_hz / cutoff_hz * CUTOFF_OVER_F0) ** 4))


def _usual_step_s(time_s: FloatArray) -> float:
    return float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0


def _same_pattern(valid: BoolArray) -> list[NDArray[np.int64]]:
    """Columns grouped by which samples are valid, so that one matrix serves a whole group."""
    groups: dict[bytes, list[int]] = {}
    for column in range(valid.shape[1]):
        if valid[:, column].any():
            groups.setdefault(np.packbits(valid[:, column]).tobytes(), []).append(column)
    return [np.array(group, dtype=np.int64) for group in groups.values()]


def _runs(time_s: FloatArray, rows: NDArray[np.int64], longest_s: float) -> list[NDArray[np.int64]]:
    """Valid rows cut where two neighbours are too far apart to be bridged."""
    breaks = np.flatnonzero(np.diff(time_s[rows]) > longest_s + 1e-9) + 1
    return list(np.split(rows, breaks))


def _smoothing_spline(
    time_s: FloatArray, values: FloatArray, trust: FloatArray, cutoff_hz: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Knots (N,), smoothed values (N, K) and second derivatives (N, K) of the natural cubic spline (Reinsch).

    With h the steps, Q the second-difference matrix and R the spline's mass matrix, the inner second derivatives
    solve (R + lambda Q' W^-1 Q) g = Q' x, and the smoothed values are x - lambda W^-1 Q g.
    """
    count = len(time_s)
    if count < MIN_RUN:
        return time_s, values, np.zeros_like(values)
    step = np.diff(time_s)
    stands_for = np.empty(count)
    stands_for[1:-1] = (step[:-1] + step[1:]) / 2.0
    # an end sample stands for a whole usual step too: half of it would double its noise
    stands_for[0], stands_for[-1] = step[0], step[-1]
    spread = 1.0 / (np.minimum(stands_for, 3.0 * np.median(step)) * trust)
    stiffness = (2.0 * np.pi * cutoff_hz / CUTOFF_OVER_F0) ** -4

    a, c = 1.0 / step[:-1], 1.0 / step[1:]
    b = -(a + c)
    band = np.zeros((3, count - 2))
    s0, s1, s2 = spread[:-2], spread[1:-1], spread[2:]
    band[2] = (step[:-1] + step[1:]) / 3.0 + stiffness * (a * a * s0 + b * b * s1 + c * c * s2)
    band[1, 1:] = step[1:-1] / 6.0 + stiffness * (b[:-1] * a[1:] * s1[:-1] + c[:-1] * b[1:] * s2[:-1])
    band[0, 2:] = stiffness * c[:-2] * a[2:] * s2[:-2]
    right = a[:, None] * values[:-2] + b[:, None] * values[1:-1] + c[:, None] * values[2:]
    inner = solveh_banded(band, right, check_finite=False)

    bend = np.zeros_like(values)
    bend[1:-1] = inner
    pull = np.zeros_like(values)
    pull[:-2] += a[:, None] * inner
    pull[1:-1] += b[:, None] * inner
    pull[2:] += c[:, None] * inner
    return time_s, values - stiffness * spread[:, None] * pull, bend


def _evaluate(knots_s: FloatArray, values: FloatArray, bend: FloatArray, at_s: FloatArray) -> FloatArray:
    """(T, K) the natural cubic spline with these values and second derivatives at the knots."""
    if len(knots_s) == 1:
        return np.repeat(values, len(at_s), axis=0)
    right = np.clip(np.searchsorted(knots_s, at_s, side="right"), 1, len(knots_s) - 1)
    left = right - 1
    step = (knots_s[right] - knots_s[left])[:, None]
    q = np.clip((at_s - knots_s[left])[:, None] / step, 0.0, 1.0)
    p = 1.0 - q
    curve = ((p**3 - p) * bend[left] + (q**3 - q) * bend[right]) * step**2 / 6.0
    return p * values[left] + q * values[right] + curve
