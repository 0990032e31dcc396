"""One photograph through the real network, as a video's frames go."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rowsense.model import Frame, PoseObservation
from rowsense.pose.mediapipe_estimator import MediaPipePeople, MediaPipePose
from rowsense.pose.region import RegionPlan


def observe_still(image: NDArray[np.uint8], pose_model: Path, facing: str = "left") -> PoseObservation:
    """The one person in an RGB picture (H, W, 3) who faces this way."""
    frame, mirror = Frame(0, 0.0, np.ascontiguousarray(image)), facing == "left"
    with MediaPipePeople(pose_model, max_people=1) as people:
        (found,) = people.find(frame, mirror=mirror)
    plan = RegionPlan.of(found.landmarks_px[None], (0, 0, image.shape[1], image.shape[0]), facing)
    with MediaPipePose(pose_model, mirror=mirror) as pose:
        return pose.observe(frame, plan.start)
