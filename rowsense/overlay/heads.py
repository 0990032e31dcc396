"""Where the rower's head and body are in every frame, and heads of others, for what must not be recognised.

Everything here errs towards too much: where the head is not known for a moment its way there and back counts, and where
it is not known for longer, everywhere that it ever was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_COUNT, LANDMARK_INDEX
from rowsense.errors import NotMeasurableError
from rowsense.model import PoseTrack

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

#: Landmarks of the face: nose, eyes, ears, mouth.
_FACE: Final = slice(0, 11)
#: Half of a head from chin to crown is 0.22 of a trunk (hip to shoulder) [R: Drillis and Contini 1966: head and neck
#: 0.182 of the stature, trunk 0.288]; the rest is for hair, for landmarks that are off, and for what leads to a person
#: without being the face [D].
_RADIUS_RATIO: Final = 0.42
#: And no less than so many times from the middle of the landmarks to the outermost of them: nose or ear [D].
_RADIUS_FACES: Final = 2.2
#: A landmark is believed in from here on [D: on real footage those of the face stand at 0.97 and above].
_SEEN_FROM: Final = 0.5
#: A head further than this from the shoulders, trunks, is somebody else's or none [D: measured 0.38 to 0.49].
_NECK_RATIO: Final = 0.9
#: The neighbours in time count, so that landmarks which lag or jitter leave nothing uncovered, s [D].
_AROUND_S: Final = 0.08
#: A head that is not known for so long is on its way between where it was and where it is again, s [D].
_GAP_S: Final = 0.35
#: A head of somebody else, who is found now and then and often only in part, is hidden by so much more [D].
_STRANGERS_FACTOR: Final = 1.3
#: What was found of somebody else counts for so long before and after, s [D: two looks, so that one may miss her].
STRANGERS_S: Final = 0.55
#: Two finds in a row that are so near to each other are one head on its way, radii [D: a quarter of a second of walking
#: is 0.35 m, a radius 0.27 m].
_WAY_RADII: Final = 4.0


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Of one rower over a clip, in upright source pixels, by row of the track."""

    head_px: FloatArray
    """(T, 2) middle of the head; NaN = not known."""
    radius_px: FloatArray
    """(T,) around the middle, with its margin; the largest of the clip where the head is not known."""
    body_px: FloatArray
    """(T, 33, 2) landmarks; NaN = not known."""
    back_px: FloatArray
    """(T, 64, 2) outline of the back; NaN = not known."""
    trunk_px: float
    first: IntArray
    """(T,) first row whose head counts in this one; -1: it is not known for too long."""
    last: IntArray
    """(T,) the last of them."""

    def head_path(self, row: int) -> tuple[FloatArray, float] | None:
        """(N, 2) the way that the head may be on in this row, and the radius around it; None: anywhere."""
        if not 0 <= row < len(self.first) or self.first[row] < 0:
            return None
        around = slice(self.first[row], self.last[row] + 1)
        known = np.isfinite(self.head_px[around]).all(axis=1)
        return self.head_px[around][known], float(self.radius_px[around].max())

    def anywhere(self) -> tuple[FloatArray, float]:
        """Where the head ever was: corners of a box, and the radius around them."""
        low, high = np.nanmin(self.head_px, axis=0), np.nanmax(self.head_px, axis=0)
        return np.array([low, (high[0], low[1]), high, (low[0], high[1])]), float(self.radius_px.max())

    def body(self, row: int) -> tuple[FloatArray, FloatArray] | None:
        """(N, 33, 2) landmarks and (N, 64, 2) back of this row and the ones beside it; None: not known."""
        if not 0 <= row < len(self.body_px):
            return None
        around = slice(max(row - 1, 0), row + 2)
        return self.body_px[around], self.back_px[around]


@dataclass(frozen=True, slots=True)
class Strangers:
    """Heads of others, wherever somebody was found; M of them in order of time, none too many for a film."""

    time_s: FloatArray
    """(M,)"""
    ways_px: FloatArray
    """(M, 2, 2) from the middle of the face to the neck, source pixels."""
    radius_px: FloatArray
    """(M,)"""

    def __len__(self) -> int:
        return len(self.time_s)

    def ways(self, time_s: float) -> list[tuple[FloatArray, float]]:
        """(N, 2) ways that heads may be on at this moment, each with its radius; NaN: all that there ever were."""
        here = np.arange(len(self)) if np.isnan(time_s) else np.flatnonzero(abs(self.time_s - time_s) <= STRANGERS_S)
        ways = [(self.ways_px[one], float(self.radius_px[one])) for one in here]
        for one in here:
            later = here[self.time_s[here] > self.time_s[one]]
            following = later[self.time_s[later] == self.time_s[later].min()] if later.size else later
            for other in following:
                ends, radius = self.ways_px[[one, other], 0], float(self.radius_px[[one, other]].max())
                if np.linalg.norm(ends[1] - ends[0]) <= _WAY_RADII * radius:
                    ways.append((ends, radius))
        return ways


def strangers(time_s: FloatArray, xy_px: FloatArray) -> Strangers:
    """Where heads of others are: (M,) moments in order, (M, 33, 2) landmarks of who was found then, source pixels."""
    xy = np.asarray(xy_px, np.float64).reshape(-1, LANDMARK_COUNT, 2)
    neck = _between(xy, "left_shoulder", "right_shoulder")
    trunk = np.linalg.norm(neck - _between(xy, "left_hip", "right_hip"), axis=1)
    low, high = xy[:, _FACE].min(axis=1), xy[:, _FACE].max(axis=1)
    middle = (low + high) / 2
    spread = np.linalg.norm(xy[:, _FACE] - middle[:, None], axis=2).max(axis=1)
    radius = _STRANGERS_FACTOR * np.maximum(_RADIUS_RATIO * trunk, _RADIUS_FACES * spread)
    return Strangers(np.asarray(time_s, np.float64), np.stack([middle, neck], axis=1), radius)


def whereabouts(track: PoseTrack) -> Whereabouts:
    """Where head and body are in every row of a track.

    Raises
    ------
    NotMeasurableError
        The head is known nowhere, so nothing could be hidden.
    """
    xy, seen = np.asarray(track.xy_px, np.float64), np.asarray(track.visibility, np.float64)
    trunk_px = _trunk_px(xy)
    head, spread = _heads(xy, seen, trunk_px)
    known: BoolArray = np.asarray(np.isfinite(head).all(axis=1), np.bool_)
    if not known.any() or not np.isfinite(trunk_px):
        raise NotMeasurableError("the head was found nowhere in this film, so the face cannot be blurred")
    radius = np.maximum(_RADIUS_RATIO * trunk_px, _RADIUS_FACES * np.where(known, spread, 0.0))
    radius = np.where(known, radius, radius.max())
    first, last = _counting(known, np.asarray(track.time_s, np.float64))
    return Whereabouts(head, radius, xy, np.asarray(track.back_xy_px, np.float64), trunk_px, first, last)


def _heads(xy: FloatArray, seen: FloatArray, trunk_px: float) -> tuple[FloatArray, FloatArray]:
    """(T, 2) middles and (T,) distance of the outermost landmark, NaN where no face is believed in."""
    face = np.where((seen[:, _FACE] >= _SEEN_FROM)[..., None], xy[:, _FACE], np.nan)
    counted = np.isfinite(face).all(axis=2).sum(axis=1)
    # A row without any landmark has no middle, which is no reason for NumPy to warn.
    filled = np.where(np.isfinite(face), face, 0.0)
    with np.errstate(invalid="ignore"):
        low = np.where(np.isfinite(face), face, np.inf).min(axis=1)
        high = np.where(np.isfinite(face), face, -np.inf).max(axis=1)
        middle = np.where((counted > 0)[:, None], (low + high) / 2, np.nan)
        off = np.linalg.norm(filled - middle[:, None], axis=2)
    spread = np.where(np.isfinite(face).all(axis=2), off, 0.0).max(axis=1)
    from_neck = np.linalg.norm(middle - _between(xy, "left_shoulder", "right_shoulder"), axis=1)
    good = (counted >= 3) & (from_neck <= _NECK_RATIO * trunk_px)
    return np.where(good[:, None], middle, np.nan), np.where(good, spread, np.nan)


def _trunk_px(xy: FloatArray) -> float:
    """Median from the middle of the hips to that of the shoulders; NaN without any."""
    trunk = _between(xy, "left_shoulder", "right_shoulder") - _between(xy, "left_hip", "right_hip")
    lengths = np.linalg.norm(trunk, axis=1)
    lengths = lengths[np.isfinite(lengths)]
    return float(np.median(lengths)) if lengths.size else float("nan")


def _between(xy: FloatArray, left: str, right: str) -> FloatArray:
    middle: FloatArray = (xy[:, LANDMARK_INDEX[left]] + xy[:, LANDMARK_INDEX[right]]) / 2
    return middle


def _counting(known: BoolArray, time_s: FloatArray) -> tuple[IntArray, IntArray]:
    """(T,) each: from which to which row the head counts in a row; -1 where the gap is too long or has one end only."""
    rows = np.arange(len(known))
    before = np.maximum.accumulate(np.where(known, rows, -1))
    after = np.minimum.accumulate(np.where(known, rows, len(known))[::-1])[::-1]
    bridged = (before >= 0) & (after < len(known))
    bridged[bridged] &= known[bridged] | (time_s[after[bridged]] - time_s[before[bridged]] <= _GAP_S)
    early = np.searchsorted(time_s, time_s - _AROUND_S - 1e-9)
    late = np.searchsorted(time_s, time_s + _AROUND_S + 1e-9, side="right") - 1
    first, last = np.minimum(early, before), np.maximum(late, np.minimum(after, len(known) - 1))
    return np.where(bridged, first, -1), np.where(bridged, last, -1)
