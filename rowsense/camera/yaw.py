"""Camera yaw from what shows of the body's far side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.camera.body import BodyPaths

FloatArray = NDArray[np.float64]


def side_offsets(paths: BodyPaths) -> dict[str, float]:
    """Median lead of each far joint over its near twin towards the flywheel, in trunk lengths; NaN unseen."""
    offsets = {}
    for name, near in paths.near.items():
        lead = paths.far[name][:, 0] - near[:, 0]
        lead = lead[np.isfinite(lead)]
        offsets[name] = float(np.median(lead) / paths.trunk_px) if lead.size >= 10 else float("nan")
    return offsets


def yaw_from_sides(paths: BodyPaths) -> tuple[float, float]:
    """Yaw and its standard deviation, + = the camera stands towards the flywheel; NaN where unseen."""
    return float("nan"), float("nan")
