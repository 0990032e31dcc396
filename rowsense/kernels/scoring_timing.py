"""Stroke metrics that depend on the order of events: what had moved how far when something else happened.

Columns are separate contiguous (T,) rows of one (10, T) array, because each metric reads only two or three of them.
Values at an instant are means over +-``half_window_s``; NaN = not measured. The slow twin is in
``tests/reference/naive_scoring.py``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels._jit import kernel, parallel_kernel, prange
from rowsense.kernels.around import (
    crossing_s,
    excursion,
    highest,
    mean_around,
    mean_between,
    means_around_frames,
    seek,
    top_speed,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LEAN, TILT, KNEE, ELBOW, TRUNK_THIGH, PROTRACTION, HANDLE, SEAT, PAST_KNEE, SHOULDER = range(10)
COLUMN_COUNT = 10

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

#: Places of a stroke in its column: of three moments, and the ends of the windows around them.
AT_CATCH, AT_FINISH, AT_END, AROUND_CATCH, _, AROUND_FINISH, _, AROUND_END, _ = range(9)
PLACE_COUNT = 9
#: Strokes that a thread takes at once, and frames of a recovery that it has room for without asking for more.
BLOCK = 256
ROOM = 1024


@kernel
def _seat_handle(time_s: FloatArray, c: FloatArray, at: IntArray, p: FloatArray) -> float:
    """Seat travel / handle travel when the handle has gone ``P_HANDLE_SHARE`` of its way to the finish.

    The arms are long then, so that the handle goes as far as the shoulder, which is seen where hands are behind knees.
    """
    half = p[P_HALF_WINDOW_S]
    handle0 = mean_between(c, HANDLE, at[AROUND_CATCH], at[AROUND_CATCH + 1])
    travel = handle0 - mean_between(c, HANDLE, at[AROUND_FINISH], at[AROUND_FINISH + 1])
    if not travel > 0.0:
        return np.nan
    shoulder0 = mean_between(c, SHOULDER, at[AROUND_CATCH], at[AROUND_CATCH + 1])
    level = shoulder0 - p[P_HANDLE_SHARE] * travel
    when, near = crossing_s(time_s, c, SHOULDER, at[AT_CATCH], at[AT_FINISH], level, -1.0)
    if near < 0:
        return np.nan
    first = seek(time_s, near, when - half)
    last = seek(time_s, near, when + half)
    moved = shoulder0 - mean_between(c, SHOULDER, first, last)
    if not moved > 0.0:
        return np.nan
    seat0 = mean_between(c, SEAT, at[AROUND_CATCH], at[AROUND_CATCH + 1])
    return (seat0 - mean_between(c, SEAT, first, last)) / moved


@kernel
def _lean_fall(time_s: FloatArray, c: FloatArray, at: IntArray, p: FloatArray) -> float:
    """How far the trunk has opened when the knee has made ``P_KNEE_SHARE`` of its way from catch to finish."""
    knee0 = mean_between(c, KNEE, at[AROUND_CATCH], at[AROUND_CATCH + 1])
    travel = mean_between(c, KNEE, at[AROUND_FINISH], at[AROUND_FINISH + 1]) - knee0
    if not travel >= p[P_MIN_KNEE_TRAVEL_DEG]:
        return np.nan
    level = knee0 + p[P_KNEE_SHARE] * travel
    when, near = crossing_s(time_s, c, KNEE, at[AT_CATCH], at[AT_FINISH], level, 1.0)
    if near < 0:
        return np.nan
    lean0 = mean_between(c, LEAN, at[AROUND_CATCH], at[AROUND_CATCH + 1])
    return lean0 - mean_around(time_s, c, LEAN, when, near, p[P_HALF_WINDOW_S])


@kernel
def _late_growth(
    time_s: FloatArray, c: FloatArray, row: int, marks: FloatArray, at: IntArray, share: float, half_s: float
) -> float:
    """Growth of a column in the last ``share`` of the recovery."""
    start_s = marks[2] - share * (marks[2] - marks[1])
    before = mean_around(time_s, c, row, start_s, at[AROUND_END], half_s)
    return mean_between(c, row, at[AROUND_END], at[AROUND_END + 1]) - before


@kernel
def _knees_lead(time_s: FloatArray, c: FloatArray, knee_break_s: float, at: IntArray) -> float:
    """How long before the handle passes the knees these break; - = after, NaN where it does not pass them."""
    if not mean_between(c, PAST_KNEE, at[AROUND_FINISH], at[AROUND_FINISH + 1]) < 0.0:
        return np.nan
    when, _ = crossing_s(time_s, c, PAST_KNEE, at[AT_FINISH], at[AT_END], 0.0, 1.0)
    return when - knee_break_s


@kernel
def _seat_rush(
    time_s: FloatArray, c: FloatArray, knee_break_s: float, end_s: float, at: IntArray, p: FloatArray
) -> float:
    """Peak seat speed in the last ``P_RUSH_SHARE`` of the slide / mean seat speed of the slide."""
    half, length = p[P_HALF_WINDOW_S], end_s - knee_break_s
    if not length > 0.0:
        return np.nan
    begin = seek(time_s, at[AT_FINISH], knee_break_s)
    seat0 = mean_around(time_s, c, SEAT, knee_break_s, begin, half)
    travel = mean_between(c, SEAT, at[AROUND_END], at[AROUND_END + 1]) - seat0
    if not travel > 0.0:
        return np.nan
    first = seek(time_s, begin, end_s - p[P_RUSH_SHARE] * length)
    peak = top_speed(time_s, c, SEAT, first, at[AT_END], half)
    return peak * length / travel if peak > -np.inf else np.nan


@kernel
def _pelvis(
    time_s: FloatArray,
    c: FloatArray,
    rock_s: float,
    marks: FloatArray,
    at: IntArray,
    p: FloatArray,
    smooth: FloatArray,
    out: FloatArray,
) -> None:
    """What the pelvis does before the catch, from its tilt around every frame of it, for which ``smooth`` has room.

    When it starts to tip back since rock-over: lead, trunk-thigh angle there, and how far it falls. Without a fall of
    ``P_GIVE_WAY_FALL_DEG`` it does not give way: the lead is 0 and the angle NaN. And the fall from its highest value
    since ``P_TOGETHER_S`` before the last ``P_SHOULDER_SHARE`` of the recovery.
    """
    half, last = p[P_HALF_WINDOW_S], at[AT_END]
    rock = seek(time_s, last, rock_s)
    late_s = marks[2] - p[P_SHOULDER_SHARE] * (marks[2] - marks[1]) - p[P_TOGETHER_S]
    late = seek(time_s, last, late_s)
    first = min(rock, late)
    if last - first > smooth.shape[0]:
        smooth = np.empty(last - first)
    means_around_frames(time_s, c, TILT, first, last, half, smooth)
    at_catch = mean_between(c, TILT, at[AROUND_END], at[AROUND_END + 1])
    top = highest(smooth, late - first, last - first)
    if top >= 0:
        out[LATE_TILT_FALL] = smooth[top] - at_catch
    top = highest(smooth, rock - first, last - first)
    if top < 0 or at_catch != at_catch:
        return
    fall = smooth[top] - at_catch
    out[GIVE_WAY_FALL] = fall
    out[GIVE_WAY_LEAD] = 0.0
    if fall < p[P_GIVE_WAY_FALL_DEG]:
        return
    level = smooth[top] - p[P_GIVE_WAY_ONSET_DEG]
    for i in range(top, last - first):
        if smooth[i] <= level:
            out[GIVE_WAY_LEAD] = marks[2] - time_s[first + i]
            out[GIVE_WAY_ANGLE] = mean_around(time_s, c, TRUNK_THIGH, time_s[first + i], first + i, half)
            return


@kernel
def _mark_places(time_s: FloatArray, marks: FloatArray, near: int, half_s: float, at: IntArray) -> None:
    """Indices of catch, finish and next catch and of the windows around them, walking from ``near``."""
    for k in range(3):
        near = seek(time_s, near, marks[k])
        at[k] = near
        at[AROUND_CATCH + 2 * k] = seek(time_s, near, marks[k] - half_s)
        at[AROUND_CATCH + 2 * k + 1] = seek(time_s, near, marks[k] + half_s)


@kernel
def _stroke_timing(
    time_s: FloatArray,
    c: FloatArray,
    marks: FloatArray,
    rock_s: float,
    knee_break_s: float,
    p: FloatArray,
    at: IntArray,
    smooth: FloatArray,
    out: FloatArray,
) -> None:
    """All timing metrics of one stroke; ``marks`` = catch, finish, next catch, ``at`` their places."""
    half = p[P_HALF_WINDOW_S]
    out[:] = np.nan
    out[SEAT_HANDLE] = _seat_handle(time_s, c, at, p)
    out[LEAN_FALL] = _lean_fall(time_s, c, at, p)
    when, near = crossing_s(time_s, c, KNEE, at[AT_CATCH], at[AT_FINISH], p[P_KNEE_LEVEL_DEG], 1.0)
    if near >= 0:
        out[ELBOW_AT_KNEE] = mean_around(time_s, c, ELBOW, when, near, half)
    out[LATE_LEAN] = _late_growth(time_s, c, LEAN, marks, at, p[P_LATE_SHARE], half)
    out[LATE_SHOULDER] = _late_growth(time_s, c, PROTRACTION, marks, at, p[P_SHOULDER_SHARE], half)
    out[KNEES_LEAD] = _knees_lead(time_s, c, knee_break_s, at)
    out[SEAT_RUSH] = _seat_rush(time_s, c, knee_break_s, marks[2], at, p)
    _pelvis(time_s, c, rock_s, marks, at, p, smooth, out)
    lean = excursion(c, LEAN, at[AT_CATCH], at[AT_END])
    if lean > 0.0:
        out[PELVIC_SHARE] = excursion(c, TILT, at[AT_CATCH], at[AT_END]) / lean


@parallel_kernel
def _fill_timing(
    time_s: FloatArray,
    columns: FloatArray,
    marks_s: FloatArray,
    rock_over_s: FloatArray,
    knee_break_s: FloatArray,
    parameters: FloatArray,
    values: FloatArray,
) -> None:
    strokes = marks_s.shape[0]
    for block in prange((strokes + BLOCK - 1) // BLOCK):
        at, smooth, out = np.zeros(PLACE_COUNT, np.int64), np.empty(ROOM), np.empty(TIMING_COUNT)
        near = np.searchsorted(time_s, marks_s[block * BLOCK, 0])
        for s in range(block * BLOCK, min((block + 1) * BLOCK, strokes)):
            _mark_places(time_s, marks_s[s], near, parameters[P_HALF_WINDOW_S], at)
            _stroke_timing(
                time_s, columns, marks_s[s], rock_over_s[s], knee_break_s[s], parameters, at, smooth, out
            )  # fmt: skip
            values[:, s] = out
            near = at[AT_END]


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
        columns: (10, T) C-ordered: lean, tilt, knee, elbow, trunk-thigh (degrees), shoulder protraction (ratio), handle
            x, seat x, handle past the knee, near shoulder x (pixels, + towards the flywheel).
        marks_s: (S, 3) catch, finish, next catch; fastest where strokes are in order.
        rock_over_s: (S,) start of rock-over.
        knee_break_s: (S,) when the knees break; NaN = not seen.
        parameters: (11,) in the order of the ``P_`` constants.

    Returns:
        (12, S) in the order of the constants above; NaN where it could not be measured.
    """
    values = np.empty((TIMING_COUNT, marks_s.shape[0]))
    _fill_timing(time_s, columns, marks_s, rock_over_s, knee_break_s, parameters, values)
    return values
