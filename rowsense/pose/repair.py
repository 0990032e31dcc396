"""Repairs of raw landmarks over time: somebody else's body, swapped sides, jumps.

Arrays are (N, 33, 2) picture pixels and (N, 33) visibility at the N looked-at frames; NaN = missing. Lengths are
compared in trunk lengths (median over the clip).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_INDEX
from rowsense.pose.people import middle, trunk_length_px

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.floating]
BoolArray = NDArray[np.bool_]

#: Feet further than this from where they usually are, both of them, or a trunk shorter or longer by these factors, are
#: another person's, trunk lengths [D: a rower's feet stay within 0.2, a hand-held camera within about 0.5. Of one of
#: 169 rendered rowers the far foot was put 2 trunk lengths away around every finish, the near one where it is].
STRANGER_FEET_RATIO: Final = 1.0
STRANGER_TRUNK_FACTORS: Final = (0.55, 1.7)
#: Cost of calling a frame's sides swapped, trunk lengths: the network is right unless continuity says more. Limbs a
#: quarter trunk apart that change places pay 1.0 there and back, which covers some 5 s at 30 frames a second [D].
SWAP_PENALTY_RATIO: Final = 0.005
#: Cost of each change between "as named" and "swapped", trunk lengths. Limbs that move along the line between them
#: travel as far in all crossed over as not, so that noise decides: without this cost 5-29 frames of each of thirteen
#: clips were called swapped, and other ones with every second frame; on the twelve whose truth is known the near hand
#: was then off by 11 px instead of 8. From 0.1 on none was [D].
SWAP_CHANGE_RATIO: Final = 0.1
#: A landmark that lies this far off the path of its neighbours in time has jumped, trunk lengths [D: frame-to-frame
#: noise on real footage is 0.01-0.02; from 0.17 on every frame and every second one keep the same hands at the catch
#: of a looped real stroke, which at its seam are out by as much, and simulated clips stay as accurate] ...
JUMP_RATIO: Final = 0.2
#: ... plus what acceleration explains, trunk lengths / s^2 [D: hands turn with about 15 m/s^2, trunk 0.5 m].
JUMP_ACCELERATION: Final = 30.0

_ARM: Final = ("elbow", "wrist", "pinky", "index", "thumb")
_LEG: Final = ("knee", "ankle", "heel", "foot_index")


def typical_trunk_px(xy: SingleArray) -> float:
    """Median trunk length over the clip; NaN without any."""
    lengths = trunk_length_px(xy)
    return float(np.nanmedian(lengths)) if np.isfinite(lengths).any() else np.nan


def strangers(xy: SingleArray) -> BoolArray:
    """(N,) True where the body found cannot be the rower: feet elsewhere, or another size."""
    trunk = typical_trunk_px(xy)
    if not np.isfinite(trunk):
        return np.zeros(len(xy), dtype=bool)
    feet = np.nanmedian(middle(xy, "ankle"), axis=0)
    ankles = xy[:, [LANDMARK_INDEX["left_ankle"], LANDMARK_INDEX["right_ankle"]]]
    off = (np.linalg.norm(ankles - feet, axis=2) > STRANGER_FEET_RATIO * trunk).all(axis=1)
    size = trunk_length_px(xy) / trunk
    low, high = STRANGER_TRUNK_FACTORS
    return np.asarray(off | (size < low) | (size > high), dtype=np.bool_)


def unswap_sides(xy: SingleArray, visibility: SingleArray) -> tuple[SingleArray, SingleArray, int]:
    """Arms and legs that change sides for some frames, changed back; also how many frames were repaired.

    For arms and legs apart the cheapest sequence of "as named" and "swapped" is found: the cost is the way that
    both limbs travel from frame to frame, plus a little for every frame called swapped and more for every change.
    """
    xy, visibility = xy.copy(), visibility.copy()
    trunk = typical_trunk_px(xy)
    repaired = np.zeros(len(xy), dtype=bool)
    if not np.isfinite(trunk):
        return xy, visibility, 0
    for limb in (_ARM, _LEG):
        left = [LANDMARK_INDEX[f"left_{joint}"] for joint in limb]
        right = [LANDMARK_INDEX[f"right_{joint}"] for joint in limb]
        swapped = _swapped_frames(
            xy[:, left], xy[:, right], penalty_px=SWAP_PENALTY_RATIO * trunk, change_px=SWAP_CHANGE_RATIO * trunk
        )
        rows, sides, other_sides = np.flatnonzero(swapped)[:, None], left + right, right + left
        for array in (xy, visibility):
            array[rows, sides] = array[rows, other_sides]
        repaired |= swapped
    return xy, visibility, int(repaired.sum())


def _swapped_frames(left: SingleArray, right: SingleArray, *, penalty_px: float, change_px: float) -> BoolArray:
    """(N,) the cheapest of all sequences of two states (Viterbi); ``left``, ``right``: (N, joints, 2).

    ``penalty_px`` is paid for every frame called swapped, ``change_px`` for every change of the state.
    """
    swapped = np.zeros(len(left), dtype=bool)
    rows = np.flatnonzero(np.isfinite(left).all(axis=(1, 2)) & np.isfinite(right).all(axis=(1, 2)))
    if len(rows) < 2:
        return swapped
    a, b = left[rows], right[rows]
    stay = _way(a[1:], a[:-1]) + _way(b[1:], b[:-1])
    change = _way(a[1:], b[:-1]) + _way(b[1:], a[:-1]) + change_px
    cost = np.array([0.0, penalty_px])
    came_from = np.zeros((len(rows), 2), dtype=np.int64)
    for i in range(1, len(rows)):
        same, other = cost + stay[i - 1], cost[::-1] + change[i - 1]
        came_from[i] = np.where(same <= other, [0, 1], [1, 0])
        cost = np.minimum(same, other) + [0.0, penalty_px]
    state = int(np.argmin(cost))
    for i in range(len(rows) - 1, -1, -1):
        swapped[rows[i]] = bool(state)
        state = int(came_from[i, state])
    return swapped


def _way(a: SingleArray, b: SingleArray) -> FloatArray:
    """(N,) median distance between corresponding joints, pixels: one joint that jumps swaps no limb."""
    return np.asarray(np.median(np.linalg.norm(a - b, axis=2), axis=1), dtype=np.float64)


def jumps(xy: FloatArray, time_s: FloatArray, scale_px: float) -> BoolArray:
    """(N, K) True where a point lies off the path of its neighbours in time; ``xy``: (N, K, 2).

    1. Suspects lie far from the median of four guesses by two neighbours on each side.
    2. A suspect that lies on the curve through the nearest points that are no suspects was only next to a jump.
    """
    found = np.zeros(xy.shape[:2], dtype=bool)
    if len(xy) < 5 or not np.isfinite(scale_px):
        return found
    step_s = (time_s[4:] - time_s[:-4]) / 4.0
    allowed_px = np.full(len(xy), np.inf)
    allowed_px[2:-2] = scale_px * (JUMP_RATIO + JUMP_ACCELERATION * step_s**2)
    for point in range(xy.shape[1]):
        path = xy[:, point]
        suspect = _off_the_line(path, time_s) > allowed_px
        found[:, point] = suspect & (_off_the_curve(path, time_s, suspect) > allowed_px)
    return found


def _off_the_line(path: FloatArray, time_s: FloatArray) -> FloatArray:
    """(N,) distance of each point from the median of four straight guesses; 0 where a neighbour is missing."""
    count = len(path)
    l2, l1, mid, r1, r2 = (path[i : count - 4 + i] for i in range(5))
    t = [time_s[i : count - 4 + i] for i in range(5)]
    guesses = np.stack(
        [
            _line(l2, l1, t[0], t[1], t[2]),
            _line(r1, r2, t[3], t[4], t[2]),
            _line(l1, r1, t[1], t[3], t[2]),
            _line(l2, r2, t[0], t[4], t[2]),
        ]
    )
    off = np.zeros(count)
    off[2:-2] = np.nan_to_num(np.linalg.norm(mid - np.median(guesses, axis=0), axis=1))
    return off


def _off_the_curve(path: FloatArray, time_s: FloatArray, suspect: BoolArray) -> FloatArray:
    """(N,) distance of each suspect from the cubic through two good points on each side; infinite without them."""
    off = np.full(len(path), np.inf)
    good = np.flatnonzero(np.isfinite(path).all(axis=1) & ~suspect)
    for row in np.flatnonzero(suspect):
        at = int(np.searchsorted(good, row))
        if at < 2 or at > len(good) - 2:
            continue
        knots = good[at - 2 : at + 2]
        weights = [
            np.prod([(time_s[row] - time_s[m]) / (time_s[k] - time_s[m]) for m in knots if m != k]) for k in knots
        ]
        off[row] = float(np.linalg.norm(path[row] - np.array(weights) @ path[knots]))
    return off


def _line(a: FloatArray, b: FloatArray, ta: FloatArray, tb: FloatArray, t: FloatArray) -> FloatArray:
    return a + (b - a) * ((t - ta) / (tb - ta))[:, None]
