"""How the studies look at pictures: with the pose model, as the analysis looks at a video's frames."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import FACING_LEFT
from rowsense.model import Frame, PoseObservation
from rowsense.pose.mediapipe_estimator import MediaPipePeople, MediaPipePose
from rowsense.pose.people import Detections, gather
from rowsense.pose.region import RegionPlan

ByteArray = NDArray[np.uint8]


def find_people(frames: Sequence[Frame], pose_model: Path) -> list[Detections]:
    """Everybody in the frames."""
    with MediaPipePeople(pose_model, max_people=3) as finder:
        return gather([finder.find(frame) for frame in frames])


def look_at(
    frames: Sequence[Frame], someone: Detections, facing: str, pose_model: Path
) -> tuple[list[PoseObservation], float]:
    """Landmarks and silhouette of one person in every frame, and the person's trunk length in pixels.

    Parameters
    ----------
    someone : rows count the frames; where the person was not found in one the place is the plan's first
    facing : ``left`` or ``right``
    """
    height, width = frames[0].image.shape[:2]
    plan = RegionPlan.of(someone.xy_px, (0, 0, width, height), facing)
    places = {row: plan.around(xy_px) for row, xy_px in zip(someone.rows, someone.xy_px, strict=True)}
    with MediaPipePose(pose_model, mirror=facing == FACING_LEFT) as pose:
        return [pose.observe(frame, places.get(frame.index, plan.start)) for frame in frames], plan.trunk_px


def grey(picture: ByteArray) -> ByteArray:
    """(H, W) levels of an RGB picture (H, W, 3)."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
