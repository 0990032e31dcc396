"""Camera yaw from what shows of the body's far side.

Square on, the far shoulder, elbow or hip hides behind the near one; from further towards the flywheel it shows on the
flywheel's side of it. The pose model places hidden joints by its own idea of a body, so the offsets are not pure
geometry: how each grows with the yaw was fitted on rendered rowers seen through the pose model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.camera.body import BodyPaths

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SideOffset:
    """Lead of a far joint over its near twin in trunk lengths: ``at_zero + per_sine * sin(yaw)``."""

    at_zero: float
    per_sine: float
    sd_deg: float
    """Scatter of the yaw that this joint alone gives."""


OFFSETS = {
    "shoulder": SideOffset(0.210, 0.429, 4.2),
    "elbow": SideOffset(0.164, 0.566, 4.5),
    "wrist": SideOffset(0.063, 0.385, 5.6),
    "hip": SideOffset(0.132, 0.219, 4.9),
    "knee": SideOffset(0.081, 0.315, 5.6),
    "ankle": SideOffset(0.015, 0.158, 7.8),
}
"""Fitted on 36 rendered rowers of different build, machine in the middle of the picture, camera at -21..21 deg and
3.2-6.5 m away, roll up to 5 deg [D]."""
YAW_SD_DEG = 6.0
"""Scatter on rendered rowers is 4 deg; real footage lies up to 10 deg from the rendered [D], hence more."""
MIN_WEIGHT_SHARE = 0.5
"""Share of the joints' weight that must be seen [D]; the shoulder and one more suffice."""
MAX_SINE = 0.7
"""Beyond 45 degrees the fit says nothing more."""


def yaw_from_sides(paths: BodyPaths) -> tuple[float, float]:
    """Turn of the optical axis away from square on to the rail, + = the camera stands towards the flywheel.

    Taken for granted: the machine, not the rower, is in the middle of the picture, as people film. A rower in the
    middle is seen from some 7 degrees less than is said here.

    Returns:
        (yaw_deg, yaw_sd_deg); NaN where too few joint pairs were seen.
    """
    estimates, weights = [], []
    for name, fit in OFFSETS.items():
        sine = (side_offset(paths, name) - fit.at_zero) / fit.per_sine
        if np.isfinite(sine):
            estimates.append(np.rad2deg(np.arcsin(np.clip(sine, -MAX_SINE, MAX_SINE))))
            weights.append(fit.sd_deg**-2)
    whole = sum(fit.sd_deg**-2 for fit in OFFSETS.values())
    if sum(weights) < MIN_WEIGHT_SHARE * whole:
        return float("nan"), float("nan")
    return float(np.average(estimates, weights=weights)), YAW_SD_DEG


def side_offset(paths: BodyPaths, joint: str) -> float:
    """Median lead of a far joint over its near twin towards the flywheel, in trunk lengths; NaN where unseen."""
    lead = paths.far[joint][:, 0] - paths.near[joint][:, 0]
    lead = lead[np.isfinite(lead)]
    return float(np.median(lead) / paths.trunk_px) if lead.size >= 10 else float("nan")
