"""Each stroke against the rower's own easy strokes at the same rate, for many sessions.

The slow twin that this must match is ``tests/reference/naive_easy.py``.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels._jit import kernel, parallel_kernel, prange

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

UNDER, BACK, BACK_SE = range(3)
COLUMN_COUNT = 3


@kernel
def _median(ordered: FloatArray, first: int, last: int) -> float:
    """Of ascending values [first, last), one at least."""
    middle = (first + last) // 2
    if (last - first) % 2:
        return ordered[middle]
    return 0.5 * (ordered[middle - 1] + ordered[middle])


@kernel
def _known_mean(values: FloatArray, first: int, last: int) -> tuple[float, int]:
    """Mean of the finite values of [first, last), and their number."""
    total, count = 0.0, 0
    for i in range(first, last):
        if values[i] == values[i]:
            total += values[i]
            count += 1
    return (total / count if count else math.nan), count


@kernel
def _against_easy(
    drive_s: FloatArray, tilt_deg: FloatArray, count: int, own_s: float, share: float, hard: float, fewest: int
) -> tuple[float, float, float]:
    """One stroke with a drive of ``own_s`` among ``count`` strokes alike in rate, in the order of their drives."""
    place = (count - 1) * (1.0 - share)
    below = int(place)
    above = min(below + 1, count - 1)
    border_s = drive_s[below] + (place - below) * (drive_s[above] - drive_s[below])
    first = below
    while first < count and drive_s[first] < border_s:
        first += 1
    while first > 0 and drive_s[first - 1] >= border_s:
        first -= 1
    easy_s = _median(drive_s, first, count)
    last = 0
    while last < count and drive_s[last] <= (1.0 - hard) * easy_s:
        last += 1
    if min(count - first, last) < fewest:
        return math.nan, math.nan, math.nan
    under = 100.0 * (1.0 - own_s / easy_s)
    easy_deg, easy_count = _known_mean(tilt_deg, first, count)
    hard_deg, hard_count = _known_mean(tilt_deg, 0, last)
    if min(easy_count, hard_count) < fewest:
        return under, math.nan, math.nan
    return under, easy_deg - hard_deg, math.sqrt(1.0 / easy_count + 1.0 / hard_count)


@parallel_kernel
def _fill(
    drive_s: FloatArray,
    rate_spm: FloatArray,
    tilt_deg: FloatArray,
    usable: BoolArray,
    session: IntArray,
    equal_spm: float,
    share: float,
    hard: float,
    fewest: int,
    out: FloatArray,
) -> None:
    for n in prange(session.shape[0] - 1):
        members = session[n] + np.flatnonzero(usable[session[n] : session[n + 1]])
        order = members[np.argsort(drive_s[members])]
        drives, tilts = np.empty(order.shape[0]), np.empty(order.shape[0])
        for s in members:
            count = 0
            for k in order:
                # Written every time and kept only where it belongs: no guess of the processor to go wrong.
                drives[count] = drive_s[k]
                tilts[count] = tilt_deg[k]
                count += abs(rate_spm[k] - rate_spm[s]) <= equal_spm
            under, back, error = _against_easy(drives, tilts, count, drive_s[s], share, hard, fewest)
            out[UNDER, s], out[BACK, s], out[BACK_SE, s] = under, back, error


def against_easy(
    drive_s: FloatArray,
    rate_spm: FloatArray,
    tilt_deg: FloatArray,
    usable: BoolArray,
    session: IntArray,
    equal_spm: float,
    share: float,
    hard: float,
    fewest: int,
) -> FloatArray:
    """Drive time under the own easy value at equal rate, and how much further back the pelvis is in the hard strokes.

    To each stroke belong the usable ones of its session within ``equal_spm`` of its rate. Their longest drives, a share
    of ``share``, are the easy ones, the median of these the easy value; hard ones are under it by ``hard``.

    Args:
        drive_s: (S,) finite.
        rate_spm: (S,) finite.
        tilt_deg: (S,) pelvic tilt at the catch; NaN = not measured.
        usable: (S,)
        session: (N + 1,) first stroke of each session, and S.
        equal_spm, share, hard: as said above.
        fewest: easy strokes and hard strokes that it takes of each.

    Returns:
        (3, S) percent under the easy value; mean tilt of the easy ones minus that of the hard ones, degrees; its
        standard error where one stroke's is 1. NaN where there are too few.
    """
    out = np.full((COLUMN_COUNT, len(drive_s)), np.nan)
    _fill(drive_s, rate_spm, tilt_deg, usable, session, equal_spm, share, hard, fewest, out)
    return out
