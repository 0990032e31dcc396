"""The landmarks that tell of the camera, turned so that the flywheel is at +x and up is +y."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_INDEX
from rowsense.model import PoseTrack

FloatArray = NDArray[np.float64]

PAIRED_JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")


@dataclass(frozen=True, slots=True)
class BodyPaths:
    """Joints of both sides by name, each (T, 2), flywheel at +x, y up, pixels; NaN = not measured."""

    time_s: FloatArray
    near: dict[str, FloatArray]
    far: dict[str, FloatArray]
    trunk_px: float
    """Median distance of near hip and shoulder; NaN where never seen."""
    leg_px: float
    """Median thigh plus median shank."""


def body_paths(track: PoseTrack, facing: str, near_side: str = "right") -> BodyPaths:
    """Take the paired joints out of a track."""
    flip = np.array([1.0 if facing == "right" else -1.0, -1.0])
    far_side = "left" if near_side == "right" else "right"
    near = {name: track.xy_px[:, LANDMARK_INDEX[f"{near_side}_{name}"]] * flip for name in PAIRED_JOINTS}
    far = {name: track.xy_px[:, LANDMARK_INDEX[f"{far_side}_{name}"]] * flip for name in PAIRED_JOINTS}
    return BodyPaths(
        time_s=track.time_s,
        near=near,
        far=far,
        trunk_px=_median_distance(near["hip"], near["shoulder"]),
        leg_px=_median_distance(near["hip"], near["knee"]) + _median_distance(near["knee"], near["ankle"]),
    )


def _median_distance(first: FloatArray, second: FloatArray) -> float:
    distance = np.hypot(*(second - first).T)
    seen = distance[np.isfinite(distance)]
    return float(np.median(seen)) if seen.size else float("nan")
