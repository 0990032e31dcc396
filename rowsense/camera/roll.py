"""Camera roll from the path of the hips along the rail."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.camera.body import BodyPaths

FloatArray = NDArray[np.float64]

BINS = 10
"""Stretches of the rail; each counts once, however long the rower stays in it [D]."""
ENDS_SHARE = 0.08
"""Left out at both ends of the travel, where the pelvis turns on the spot [D]."""
MIN_TRAVEL_SHARE = 0.5
"""Seat travel in trunk lengths under which its direction says nothing [D]; a stroke has about 1."""
HIP_RISE_DEG = 2.5
"""Slope of the near hip landmark's path on a level rail with a level camera, + = rising towards the flywheel: mean
over seven rendered clips (-2 to 6) and a real one (3) [D]. The far hip scatters more: not used."""
HIP_RISE_SD_DEG = 3.0
"""Its scatter from rower to rower [D]."""
LEVEL_SD_DEG = 2.5
"""How level people hold a phone or set a tripod [C]; the path is weighed against it."""


def roll_from_seat(paths: BodyPaths) -> tuple[float, float]:
    """Roll and its standard deviation, + = turned clockwise in a picture with the flywheel on the right.

    The landmark of the hip is not the seat: it climbs a little as the thigh rises. So the path's slope has a known
    mean error and a spread from rower to rower, and is weighed against how level cameras usually are.

    Returns:
        (roll_deg, roll_sd_deg); NaN where the seat hardly moves or was hardly seen.
    """
    slope_deg = seat_slope_deg(paths.near["hip"], paths.trunk_px)
    if not np.isfinite(slope_deg):
        return float("nan"), float("nan")
    rise_deg = slope_deg - HIP_RISE_DEG
    trust = LEVEL_SD_DEG**2 / (LEVEL_SD_DEG**2 + HIP_RISE_SD_DEG**2)
    return -trust * rise_deg, float(np.sqrt(trust) * HIP_RISE_SD_DEG)


def seat_slope_deg(hip: FloatArray, trunk_px: float) -> float:
    """Slope of the hip's path, + = rising towards the flywheel; median of the slopes between all pairs of bins."""
    hip = hip[np.isfinite(hip).all(axis=1)]
    if len(hip) < 3 * BINS:
        return float("nan")
    low, high = np.percentile(hip[:, 0], [1.0, 99.0])
    if not high - low > MIN_TRAVEL_SHARE * trunk_px:
        return float("nan")
    edges = np.linspace(low + ENDS_SHARE * (high - low), high - ENDS_SHARE * (high - low), BINS + 1)
    which = np.digitize(hip[:, 0], edges) - 1
    centres = np.array([np.median(hip[which == b], axis=0) for b in range(BINS) if (which == b).sum() >= 3])
    if len(centres) < BINS // 2:
        return float("nan")
    first, second = np.triu_indices(len(centres), k=3)
    step = centres[second] - centres[first]
    return float(np.median(np.rad2deg(np.arctan(step[:, 1] / step[:, 0]))))
