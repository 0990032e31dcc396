"""Stroke metrics that depend on the order of events: what had moved how far when something else happened.

Columns are separate contiguous (T,) rows of one (9, T) array, because each metric reads only two or three of them.
Values at an instant are means over +-``half_window_s``; NaN = not measured. The slow twin is in
``tests/reference/naive_scoring.py``.
"""

from __future__ import annotations

import numpy as np
from numba import prange
from numpy.typing import NDArray

from rowsense.kernels._jit import kernel, parallel_kernel

FloatArray = NDArray[np.float64]

LEAN, TILT, KNEE, ELBOW, TRUNK_THIGH, PROTRACTION, HANDLE, SEAT, PAST_KNEE = range(9)
COLUMN_COUNT = 9

(
    SEAT_HANDLE,
    LEAN_FALL,
    ELBOW_AT_KNEE,
    LATE_LEAN,
    SEAT_RUSH,
    GIVE_WAY_LEAD,
    GIVE_WAY_ANGLE,
    GIVE_WAY_FALL,
    PELVIC_SHARE,
    LATE_SHOULDER,
    LATE_TILT_FALL,
    KNEES_LEAD,
) = range(12)
TIMING_COUNT = 12

(
    P_HALF_WINDOW_S,
    P_HANDLE_SHARE,
    P_KNEE_SHARE,
    P_KNEE_LEVEL_DEG,
    P_LATE_SHARE,
    P_RUSH_SHARE,
    P_GIVE_WAY_FALL_DEG,
    P_GIVE_WAY_ONSET_DEG,
    P_MIN_KNEE_TRAVEL_DEG,
    P_SHOULDER_SHARE,
    P_TOGETHER_S,
) = range(11)
PARAMETER_COUNT = 11


@kernel
def _index_at(time_s: FloatArray, target_s: float) -> int:
    return int(np.searchsorted(time_s, target_s))


@kernel
def _mean_around(time_s: FloatArray, column: FloatArray, centre_s: float, near: int, half_s: float) -> float:
    """Mean of the finite values in [centre - half, centre + half), searched outwards from index ``near``."""
    total, count = 0.0, 0
    i = min(near, time_s.shape[0]) - 1
    while i >= 0 and time_s[i] >= centre_s - half_s:
        if time_s[i] < centre_s + half_s and column[i] == column[i]:
            total += column[i]
            count += 1
        i -= 1
    i = max(near, 0)
    while i < time_s.shape[0] and time_s[i] < centre_s + half_s:
        if time_s[i] >= centre_s - half_s and column[i] == column[i]:
            total += column[i]
            count += 1
        i += 1
    return total / count if count > 0 else np.nan


@kernel
def _crossing_s(
    time_s: FloatArray, column: FloatArray, first: int, last: int, level: float, sign: float
) -> tuple[float, int]:
    """Time at which ``sign * column`` first reaches ``sign * level`` in [first, last), and the index after it.

    Interpolated from the previous finite frame; the first frame's time where it is already there; NaN, -1 never.
    """
    before = -1
    for i in range(first, last):
        x = column[i]
        if x != x:
            continue
        if sign * (x - level) >= 0.0:
            if before < 0:
                return time_s[i], i
            share = (level - column[before]) / (x - column[before])
            return time_s[before] + share * (time_s[i] - time_s[before]), i
        before = i
    return np.nan, -1


@kernel
def _seat_handle(time_s: FloatArray, c: FloatArray, marks: FloatArray, at: FloatArray, p: FloatArray) -> float:
    """Seat travel / handle travel when the handle has gone ``P_HANDLE_SHARE`` of its way to the finish."""
    half = p[P_HALF_WINDOW_S]
    i0, i1 = int(at[0]), int(at[1])
    handle0 = _mean_around(time_s, c[HANDLE], marks[0], i0, half)
    travel = handle0 - _mean_around(time_s, c[HANDLE], marks[1], i1, half)
    if not travel > 0.0:
        return np.nan
    when, near = _crossing_s(time_s, c[HANDLE], i0, i1, handle0 - p[P_HANDLE_SHARE] * travel, -1.0)
    if near < 0:
        return np.nan
    moved = handle0 - _mean_around(time_s, c[HANDLE], when, near, half)
    if not moved > 0.0:
        return np.nan
    seat0 = _mean_around(time_s, c[SEAT], marks[0], i0, half)
    return (seat0 - _mean_around(time_s, c[SEAT], when, near, half)) / moved


@kernel
def _lean_fall(time_s: FloatArray, c: FloatArray, marks: FloatArray, at: FloatArray, p: FloatArray) -> float:
    """How far the trunk has opened when the knee has made ``P_KNEE_SHARE`` of its way from catch to finish."""
    half = p[P_HALF_WINDOW_S]
    i0, i1 = int(at[0]), int(at[1])
    knee0 = _mean_around(time_s, c[KNEE], marks[0], i0, half)
    travel = _mean_around(time_s, c[KNEE], marks[1], i1, half) - knee0
    if not travel >= p[P_MIN_KNEE_TRAVEL_DEG]:
        return np.nan
    when, near = _crossing_s(time_s, c[KNEE], i0, i1, knee0 + p[P_KNEE_SHARE] * travel, 1.0)
    if near < 0:
        return np.nan
    lean0 = _mean_around(time_s, c[LEAN], marks[0], i0, half)
    return lean0 - _mean_around(time_s, c[LEAN], when, near, half)


@kernel
def _late_growth(
    time_s: FloatArray, column: FloatArray, marks: FloatArray, at: FloatArray, share: float, half_s: float
) -> float:
    """Growth of a column in the last ``share`` of the recovery."""
    start_s = marks[2] - share * (marks[2] - marks[1])
    near = int(at[2])
    while near > 0 and time_s[near - 1] >= start_s:
        near -= 1
    at_catch = _mean_around(time_s, column, marks[2], int(at[2]), half_s)
    return at_catch - _mean_around(time_s, column, start_s, near, half_s)


@kernel
def _late_tilt_fall(time_s: FloatArray, c: FloatArray, marks: FloatArray, at: FloatArray, p: FloatArray) -> float:
    """Fall of the pelvic tilt to the catch from its highest value since ``P_TOGETHER_S`` before the last
    ``P_SHOULDER_SHARE`` of the recovery began."""
    half = p[P_HALF_WINDOW_S]
    start_s = marks[2] - p[P_SHOULDER_SHARE] * (marks[2] - marks[1]) - p[P_TOGETHER_S]
    top = -np.inf
    i = int(at[2]) - 1
    while i >= 0 and time_s[i] >= start_s:
        smooth = _mean_around(time_s, c[TILT], time_s[i], i, half)
        if smooth > top:
            top = smooth
        i -= 1
    return top - _mean_around(time_s, c[TILT], marks[2], int(at[2]), half) if top > -np.inf else np.nan


@kernel
def _knees_lead(
    time_s: FloatArray, c: FloatArray, knee_break_s: float, marks: FloatArray, at: FloatArray, p: FloatArray
) -> float:
    """How long before the handle passes the knees these break; - = after, NaN where it does not pass them."""
    first, last = int(at[1]), int(at[2])
    if not _mean_around(time_s, c[PAST_KNEE], marks[1], first, p[P_HALF_WINDOW_S]) < 0.0:
        return np.nan
    when, _ = _crossing_s(time_s, c[PAST_KNEE], first, last, 0.0, 1.0)
    return when - knee_break_s


@kernel
def _window_speed(time_s: FloatArray, column: FloatArray, i: int, half_s: float) -> float:
    """Speed between the outermost finite frames within +-half of frame i; NaN with fewer than two."""
    a, b = -1, -1
    j = i
    while j >= 0 and time_s[j] >= time_s[i] - half_s:
        if column[j] == column[j]:
            a = j
            b = max(b, j)
        j -= 1
    j = i + 1
    while j < time_s.shape[0] and time_s[j] <= time_s[i] + half_s:
        if column[j] == column[j]:
            b = j
            a = j if a < 0 else a
        j += 1
    if b <= a:
        return np.nan
    return (column[b] - column[a]) / (time_s[b] - time_s[a])


@kernel
def _seat_rush(time_s: FloatArray, c: FloatArray, marks: FloatArray, at: FloatArray, p: FloatArray) -> float:
    """Peak seat speed in the last ``P_RUSH_SHARE`` of the recovery / mean seat speed of the recovery."""
    half = p[P_HALF_WINDOW_S]
    length = marks[2] - marks[1]
    first, last = int(at[1]), int(at[2])
    travel = _mean_around(time_s, c[SEAT], marks[2], last, half) - _mean_around(time_s, c[SEAT], marks[1], first, half)
    if not travel > 0.0:
        return np.nan
    peak = -np.inf
    for i in range(first, last):
        if time_s[i] >= marks[2] - p[P_RUSH_SHARE] * length:
            speed = _window_speed(time_s, c[SEAT], i, half)
            if speed > peak:
                peak = speed
    return peak * length / travel if peak > -np.inf else np.nan


@kernel
def _give_way(
    time_s: FloatArray, c: FloatArray, rock_s: float, marks: FloatArray, p: FloatArray, out: FloatArray
) -> None:
    """When the pelvis starts to tip back before the catch: lead, trunk-thigh angle there, and how far it falls.

    Without a fall of ``P_GIVE_WAY_FALL_DEG`` it does not give way: the lead is 0 and the angle NaN.
    """
    half = p[P_HALF_WINDOW_S]
    first, last = _index_at(time_s, rock_s), _index_at(time_s, marks[2])
    top, top_index = -np.inf, -1
    for i in range(first, last):
        smooth = _mean_around(time_s, c[TILT], time_s[i], i, half)
        if smooth > top:
            top = smooth
            top_index = i
    fall = top - _mean_around(time_s, c[TILT], marks[2], last, half)
    if top_index < 0 or fall != fall:
        return
    out[GIVE_WAY_FALL] = fall
    out[GIVE_WAY_LEAD] = 0.0
    if fall < p[P_GIVE_WAY_FALL_DEG]:
        return
    level = top - p[P_GIVE_WAY_ONSET_DEG]
    for i in range(top_index, last):
        if _mean_around(time_s, c[TILT], time_s[i], i, half) <= level:
            out[GIVE_WAY_LEAD] = marks[2] - time_s[i]
            out[GIVE_WAY_ANGLE] = _mean_around(time_s, c[TRUNK_THIGH], time_s[i], i, half)
            return


@kernel
def _excursion(column: FloatArray, first: int, last: int) -> float:
    low, high = np.inf, -np.inf
    for i in range(first, last):
        if column[i] < low:
            low = column[i]
        if column[i] > high:
            high = column[i]
    return high - low if high >= low else np.nan


@kernel
def _stroke_timing(
    time_s: FloatArray,
    c: FloatArray,
    marks: FloatArray,
    rock_s: float,
    knee_break_s: float,
    p: FloatArray,
    out: FloatArray,
) -> None:
    """All timing metrics of one stroke; ``marks`` = catch, finish, next catch."""
    half = p[P_HALF_WINDOW_S]
    out[:] = np.nan
    at = np.empty(3)
    for k in range(3):
        at[k] = _index_at(time_s, marks[k])
    out[SEAT_HANDLE] = _seat_handle(time_s, c, marks, at, p)
    out[LEAN_FALL] = _lean_fall(time_s, c, marks, at, p)
    when, near = _crossing_s(time_s, c[KNEE], int(at[0]), int(at[1]), p[P_KNEE_LEVEL_DEG], 1.0)
    if near >= 0:
        out[ELBOW_AT_KNEE] = _mean_around(time_s, c[ELBOW], when, near, half)
    out[LATE_LEAN] = _late_growth(time_s, c[LEAN], marks, at, p[P_LATE_SHARE], half)
    out[LATE_SHOULDER] = _late_growth(time_s, c[PROTRACTION], marks, at, p[P_SHOULDER_SHARE], half)
    out[LATE_TILT_FALL] = _late_tilt_fall(time_s, c, marks, at, p)
    out[KNEES_LEAD] = _knees_lead(time_s, c, knee_break_s, marks, at, p)
    out[SEAT_RUSH] = _seat_rush(time_s, c, marks, at, p)
    _give_way(time_s, c, rock_s, marks, p, out)
    lean = _excursion(c[LEAN], int(at[0]), int(at[2]))
    if lean > 0.0:
        out[PELVIC_SHARE] = _excursion(c[TILT], int(at[0]), int(at[2])) / lean


@parallel_kernel
def timing_metrics(
    time_s: FloatArray,
    columns: FloatArray,
    marks_s: FloatArray,
    rock_over_s: FloatArray,
    knee_break_s: FloatArray,
    parameters: FloatArray,
) -> FloatArray:
    """Timing metrics of every stroke.

    Args:
        time_s: (T,) strictly increasing.
        columns: (9, T) C-ordered: lean, tilt, knee, elbow, trunk-thigh (degrees), shoulder protraction (ratio), handle
            x, seat x, handle past the knee (pixels, + towards the flywheel).
        marks_s: (S, 3) catch, finish, next catch.
        rock_over_s: (S,) start of rock-over.
        knee_break_s: (S,) when the knees break; NaN = not seen.
        parameters: (11,) in the order of the ``P_`` constants.

    Returns:
        (S, 12) in the order of the constants above; NaN where it could not be measured.
    """
    out = np.empty((marks_s.shape[0], TIMING_COUNT))
    for s in prange(marks_s.shape[0]):
        _stroke_timing(time_s, columns, marks_s[s], rock_over_s[s], knee_break_s[s], parameters, out[s])
    return out
