"""Camera roll from the rail itself: the long straight, nearly level edges beneath the rower."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_INDEX
from rowsense.model import Frame, PoseTrack

FloatArray = NDArray[np.float64]

#: Edges steeper than this are no rail [D]: nobody tilts a camera on a stand further without seeing it.
MAX_SLOPE_DEG: Final = 8.0
#: Shortest edge that counts, in trunk lengths [D]: shoes, wheels and seat are shorter.
MIN_LENGTH_TRUNKS: Final = 0.3
#: Edges whose slopes differ by less belong to one rail, degrees [D: about the noise of a 100 px edge].
SAME_SLOPE_DEG: Final = 0.5
#: Rail in sight, in trunk lengths per picture, below which nothing is said [D].
MIN_RAIL_TRUNKS: Final = 1.0
#: Standard deviation of the rail's slope as a measure of roll: rails are not quite level and perspective adds to a
#: yawed view from above the rail [D].
RAIL_SD_DEG: Final = 0.8


def rail_roll(frames: Sequence[Frame], track: PoseTrack, near_side: str) -> tuple[float, float]:
    """Roll and its standard deviation from the edges beneath the rower, + = picture turned clockwise.

    1. Look between hip and foot height, along the seat's way.
    2. Find straight edges; keep long, nearly level ones.
    3. The slope on which the longest edges agree (weight: length squared) is the rail's.

    Returns
    -------
    (roll_deg, roll_sd_deg), both NaN where no rail is seen.
    """
    region, trunk_px = _region(track, near_side)
    if not np.isfinite(region).all() or not trunk_px > 0:
        return np.nan, np.nan
    edges = [_edges(frame, region, trunk_px) for frame in frames]
    slope_deg, length_px = np.concatenate([np.zeros((0, 2)), *edges]).T
    if length_px.sum() < MIN_RAIL_TRUNKS * trunk_px * max(len(frames), 1):
        return np.nan, np.nan
    weight = length_px**2
    near = np.abs(slope_deg[:, None] - slope_deg[None, :]) < SAME_SLOPE_DEG
    best = near[np.argmax(near @ weight)]
    return float(np.average(slope_deg[best], weights=weight[best])), RAIL_SD_DEG


def _region(track: PoseTrack, near_side: str) -> tuple[FloatArray, float]:
    """(x0, y0, x1, y1) in source pixels between hip and foot height along the seat's way, and the trunk length."""
    hip, ankle, shoulder = (
        track.xy_px[:, LANDMARK_INDEX[f"{near_side}_{name}"]] for name in ("hip", "ankle", "shoulder")
    )
    if not all(np.isfinite(joint).any() for joint in (hip, ankle, shoulder - hip)):
        return np.full(4, np.nan), float("nan")
    trunk_px = float(np.nanmedian(np.hypot(*(shoulder - hip).T)))
    foot_x, foot_y = np.nanmedian(ankle, axis=0)
    low, high = np.nanmin(hip[:, 0]), np.nanmax(hip[:, 0])
    return np.array(
        [
            min(low, foot_x) - 0.5 * trunk_px,
            np.nanmedian(hip[:, 1]) + 0.2 * trunk_px,
            max(high, foot_x) + 0.5 * trunk_px,
            foot_y + 0.6 * trunk_px,
        ]
    ), trunk_px


def _edges(frame: Frame, region: FloatArray, trunk_px: float) -> FloatArray:
    """(N, 2) slope in degrees (+ = falling to the right, as a clockwise turn does) and length in source pixels."""
    x0, y0, x1, y1 = np.clip(np.round(region / frame.source_px_per_px), 0, None).astype(int)
    part = frame.image[y0:y1, x0:x1]
    if min(part.shape[:2]) < 8:
        return np.zeros((0, 2))
    grey = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY)
    found: Any = cv2.createLineSegmentDetector().detect(grey)[0]
    if found is None:  # a blurred or faded picture has no edge at all
        return np.zeros((0, 2))
    lines = np.asarray(found, dtype=np.float64).reshape(-1, 4)
    step = lines[:, 2:] - lines[:, :2]
    slope_deg = (np.degrees(np.arctan2(step[:, 1], step[:, 0])) + 90.0) % 180.0 - 90.0
    length_px = np.hypot(*step.T) * frame.source_px_per_px
    kept = (np.abs(slope_deg) < MAX_SLOPE_DEG) & (length_px > MIN_LENGTH_TRUNKS * trunk_px)
    return np.stack([slope_deg[kept], length_px[kept]], axis=1)


def combined(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float]:
    """Two estimates (value, sd) weighed by their precision; one that is NaN does not count."""
    known = [(value, sd) for value, sd in (first, second) if np.isfinite(value) and sd > 0]
    if not known:
        return np.nan, np.nan
    weight = np.array([1.0 / sd**2 for _, sd in known])
    value = float(np.average([value for value, _ in known], weights=weight))
    return value, float(1.0 / np.sqrt(weight.sum()))
