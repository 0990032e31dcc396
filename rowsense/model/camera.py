"""What is known of the camera, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class CameraEstimate:
    """Roll, yaw and movement of the camera; NaN = could not be estimated."""

    roll_deg: float = np.nan
    """+ = picture turned clockwise, from the straight path of the seat."""
    roll_sd_deg: float = np.nan
    yaw_deg: float = np.nan
    """Turn of the optical axis away from perpendicular to the rail; + = camera stands towards the flywheel."""
    yaw_sd_deg: float = np.nan
    movement_px: float = 0.0
    """Root mean square of the background's movement that was taken out, source pixels."""
    warnings: tuple[str, ...] = ()
    """Sentences for the reader, each with how to film next time."""
