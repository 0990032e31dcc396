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
    "shoulder": SideOffset(0.154, 0.422, 2.9),
    "elbow": SideOffset(0.091, 0.553, 3.5),
    "wrist": SideOffset(0.013, 0.378, 4.6),
    "hip": SideOffset(0.104, 0.212, 4.8),
    "knee": SideOffset(0.042, 0.297, 6.2),
    "ankle": SideOffset(-0.006, 0.155, 7.7),
}
"""Against the angle from which the rower is seen; fitted on 36 rendered rowers of different build, camera at
-21..21 deg and 3.2-6.5 m away, roll up to 5 deg [D]."""
TRACKING_DEG = 3.0
"""Added because the fit is on single pictures: followed through a video, the model draws the far side closer to the
near one (3 and 7 deg less on the two sample videos) [D]."""
YAW_SD_DEG = 6.0
"""On rendered rowers that were not in the fit the scatter is 3.5 deg (five clips at -20..20 deg: 3.0, worst 4.5); the
two sample videos and real footage lie up to 9 deg off [D], hence more."""
WIDTH_PER_DISTANCE = 0.85
"""Width of what the picture shows / distance: between a phone's normal lens (1.2) and a zoomed one (0.6) [C]."""
USUAL_BEARING_DEG = -7.8
"""Where the rower is in the picture when the machine is in its middle: mean of the rendered clips [D]."""
MIN_WEIGHT_SHARE = 0.5
"""Share of the joints' weight that must be seen [D]; the shoulder and one more suffice."""
MAX_SINE = 0.7
"""Beyond 45 degrees the fit says nothing more."""


def yaw_from_sides(paths: BodyPaths, picture_width_px: float | None = None) -> tuple[float, float]:
    """Turn of the optical axis away from square on to the rail, + = the camera stands towards the flywheel.

    A rower away from the middle of the picture is seen from another angle than the axis has; with the picture's width
    her bearing is known but for the lens, without it the machine is taken to be in the middle.

    Returns:
        (yaw_deg, yaw_sd_deg); NaN where too few joint pairs were seen.
    """
    seen_from_deg = viewing_angle_deg(paths)
    if not np.isfinite(seen_from_deg):
        return float("nan"), float("nan")
    return seen_from_deg + TRACKING_DEG + _bearing_deg(paths, picture_width_px), YAW_SD_DEG


def viewing_angle_deg(paths: BodyPaths) -> float:
    """Angle from which the rower is seen, 0 = square on; weighted mean over the joint pairs, NaN where too few."""
    estimates, weights = [], []
    for name, fit in OFFSETS.items():
        sine = (side_offset(paths, name) - fit.at_zero) / fit.per_sine
        if np.isfinite(sine):
            estimates.append(np.rad2deg(np.arcsin(np.clip(sine, -MAX_SINE, MAX_SINE))))
            weights.append(fit.sd_deg**-2)
    whole = sum(fit.sd_deg**-2 for fit in OFFSETS.values())
    if sum(weights) < MIN_WEIGHT_SHARE * whole:
        return float("nan")
    return float(np.average(estimates, weights=weights))


def _bearing_deg(paths: BodyPaths, picture_width_px: float | None) -> float:
    """Direction of the rower from the optical axis, + = towards the flywheel."""
    if picture_width_px is None:
        return USUAL_BEARING_DEG
    places = [paths.near[name][:, 0] for name in ("shoulder", "hip", "ankle")]
    medians = [float(np.median(x[np.isfinite(x)])) for x in places if np.isfinite(x).any()]
    # The flip in ``body_paths`` negates x for a rower who faces left: the picture's middle goes with it.
    middle_px = np.copysign(0.5 * picture_width_px, np.mean(medians))
    share = (np.mean(medians) - middle_px) / picture_width_px
    return float(np.rad2deg(np.arctan(share * WIDTH_PER_DISTANCE)))


def side_offset(paths: BodyPaths, joint: str) -> float:
    """Median lead of a far joint over its near twin towards the flywheel, in trunk lengths; NaN where unseen."""
    lead = paths.far[joint][:, 0] - paths.near[joint][:, 0]
    lead = lead[np.isfinite(lead)]
    return float(np.median(lead) / paths.trunk_px) if lead.size >= 10 else float("nan")
