"""The mean body of some strokes at four moments, for laying two groups of strokes over each other.

Every stroke's body is moved so that the hip is the origin and measured in the rower's own trunk lengths; then the
strokes are averaged point by point.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import PHASES
from rowsense.model import Posture, SideView, Stroke

FloatArray = NDArray[np.float64]

MOMENTS: Final = ("catch", "mid_drive", "finish", "rock_over")
#: A point is drawn where it was seen in at least this share of the strokes [D].
SEEN_SHARE: Final = 0.5
#: A point of the back line counts as seen from here on, as in the overlay.
_SEEN: Final = 0.5


def mean_postures(view: SideView, strokes: Sequence[Stroke]) -> tuple[Posture, ...]:
    """One posture for each of :data:`MOMENTS`.

    Args:
        view: the whole recording in the canonical side view.
        strokes: of which the mean is taken; at least one.
    """
    trunk_px = _trunk_px(view)
    return tuple(_mean_posture(view, moment, [moment_s(s, moment) for s in strokes], trunk_px) for moment in MOMENTS)


def moment_s(stroke: Stroke, moment: str) -> float:
    """When it is: the event itself, or the middle of the phase."""
    if moment in ("catch", "finish"):
        return stroke.catch_time_s if moment == "catch" else stroke.finish_time_s
    first = PHASES.index(moment)
    return 0.5 * (stroke.phase_borders_s[first] + stroke.phase_borders_s[first + 1])


def _trunk_px(view: SideView) -> float:
    length = np.linalg.norm(view.joints["shoulder"] - view.joints["hip"], axis=1)
    known = length[np.isfinite(length)]
    return float(np.median(known)) if known.size else np.nan


def _mean_posture(view: SideView, moment: str, times_s: list[float], trunk_px: float) -> Posture:
    rows = [int(np.argmin(np.abs(view.time_s - time_s))) for time_s in times_s]
    hip = view.joints["hip"][rows]
    joints = {name: _mean((xy[rows] - hip) / trunk_px) for name, xy in view.joints.items()}
    seen = (np.asarray(view.back_seen)[rows] >= _SEEN)[..., None]
    back = np.where(seen, (view.back_xy[rows] - hip[:, None]) / trunk_px, np.nan)
    return Posture(moment, joints, _mean(back))


def _mean(points: FloatArray) -> FloatArray:
    """(S, ..., 2) -> (..., 2) over the strokes that show a point; NaN where too few do."""
    known = np.isfinite(points).all(axis=-1, keepdims=True)
    count = known.sum(axis=0)
    total = np.where(known, points, 0.0).sum(axis=0)
    enough = count >= max(SEEN_SHARE * len(points), 1.0)
    return np.where(enough, total / np.maximum(count, 1), np.nan)
