"""The rower's bones in the rest pose, as far as the side view needs them.

Axes (metres): x forward (towards the flywheel), y up, z to the rower's right. Positions are relative to the
root joint of the rig, in the standing rest pose in which all spine angles are zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: Spine joints from the pelvis upwards; a bone turns about its own joint. The first three are lumbar, the next
#: two thoracic, then the neck; the lowest one sits at the root itself.
SPINE_JOINTS = ("spine05", "spine04", "spine03", "spine02", "spine01", "neck01", "neck02", "neck03", "head")
LUMBAR = slice(0, 3)
THORACIC = slice(3, 5)
NECK = slice(5, 8)


@dataclass(frozen=True)
class Skeleton:
    """Rest positions (x, y[, z]) and lengths in metres; the defaults are a slim adult of 1.63 m scaled by 1.08."""

    spine_xy_m: tuple[tuple[float, float], ...] = (
        (0.0, 0.0),
        (-0.036, 0.073),
        (-0.023, 0.147),
        (-0.021, 0.228),
        (-0.046, 0.372),
        (-0.003, 0.551),
        (0.005, 0.582),
        (0.018, 0.624),
        (0.033, 0.656),
    )
    hip_xyz_m: tuple[float, float, float] = (-0.003, -0.012, 0.110)
    shoulder_xyz_m: tuple[float, float, float] = (0.006, 0.450, 0.175)
    thigh_m: float = 0.425
    shank_m: float = 0.434
    upper_arm_m: float = 0.272
    forearm_m: float = 0.247
    ankle_over_ball_m: tuple[float, float] = (-0.125, 0.082)
    """Ankle relative to the ball of the foot, foot flat on the floor."""
    heel_over_ball_m: tuple[float, float] = (-0.185, 0.0)
    toe_over_ball_m: tuple[float, float] = (0.06, 0.0)
    knee_z_m: float = 0.125
    ankle_z_m: float = 0.125
    hand_z_m: float = 0.20
    ear_over_head_m: tuple[float, float] = (-0.01, 0.075)
    nose_over_head_m: tuple[float, float] = (0.125, 0.055)
    eye_over_head_m: tuple[float, float] = (0.095, 0.090)
    mouth_over_head_m: tuple[float, float] = (0.105, 0.005)

    @property
    def thigh_sagittal_m(self) -> float:
        """Thigh length seen from the side."""
        return float(np.sqrt(self.thigh_m**2 - (self.knee_z_m - self.hip_xyz_m[2]) ** 2))

    @property
    def shank_sagittal_m(self) -> float:
        """Shank length seen from the side."""
        return float(np.sqrt(self.shank_m**2 - (self.ankle_z_m - self.knee_z_m) ** 2))


def rotate_forward(xy: FloatArray, angle_deg: FloatArray) -> FloatArray:
    """Turn vectors (..., 2) forward (from up towards the flywheel) by angles that broadcast over ``...``."""
    angle = np.deg2rad(angle_deg)
    cos, sin = np.cos(angle), np.sin(angle)
    x, y = xy[..., 0], xy[..., 1]
    return np.stack([x * cos + y * sin, -x * sin + y * cos], axis=-1)


def spine_chain(skeleton: Skeleton, tilt_deg: FloatArray, bends_deg: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Spine joints and bone directions in the sagittal plane.

    Args:
        skeleton: the rest pose.
        tilt_deg: (T,) pelvic tilt.
        bends_deg: (T, 9) forward bend at each joint of ``SPINE_JOINTS``.
    Returns:
        (T, 9, 2) positions relative to the root joint, and (T, 9) the forward turn of each bone in gravity.
    """
    rest = np.asarray(skeleton.spine_xy_m)
    turn_deg = tilt_deg[:, None] + np.cumsum(bends_deg, axis=1)
    xy = np.zeros((len(tilt_deg), len(rest), 2))
    xy[:, 0] = rotate_forward(rest[0], tilt_deg)
    for i in range(1, len(rest)):
        xy[:, i] = xy[:, i - 1] + rotate_forward(rest[i] - rest[i - 1], turn_deg[:, i - 1])
    return xy, turn_deg
