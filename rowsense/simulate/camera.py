"""The camera of a simulated clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CameraSpec:
    """Where the camera stands. It looks at the rower from the side, level with ``height_m``.

    ``yaw_deg`` turns the camera round the rower: + = it stands further towards the flywheel end than square on.
    ``roll_deg``: + = the picture is turned clockwise. ``facing`` is where the flywheel is in the picture.
    """

    distance_m: float = 5.2
    height_m: float = 0.55
    look_x_m: float = -0.05
    look_y_m: float = 0.62
    yaw_deg: float = 0.0
    roll_deg: float = 0.0
    facing: str = "right"
    span_m: float = 3.35
    """Width of what the picture shows at the rower's distance."""


class Camera:
    """A pinhole camera; ``project`` gives picture pixels (x right, y down)."""

    def __init__(self, spec: CameraSpec, width_px: int, height_px: int) -> None:
        self.spec = spec
        self.width_px, self.height_px = width_px, height_px
        side = 1.0 if spec.facing == "right" else -1.0
        yaw = np.deg2rad(spec.yaw_deg)
        target = np.array([spec.look_x_m, spec.look_y_m, 0.0])
        away = np.array([np.sin(yaw), 0.0, side * np.cos(yaw)]) * spec.distance_m
        self.position = target + away + np.array([0.0, spec.height_m - spec.look_y_m, 0.0])
        ahead = (target - self.position) / np.linalg.norm(target - self.position)
        right = np.cross(ahead, np.array([0.0, 1.0, 0.0]))
        right /= np.linalg.norm(right)
        up = np.cross(right, ahead)
        roll = np.deg2rad(spec.roll_deg)
        # Turning the picture clockwise is turning the camera anticlockwise.
        self.right = np.cos(roll) * right + np.sin(roll) * up
        self.up = np.cos(roll) * up - np.sin(roll) * right
        self.ahead = ahead
        self.focal_px = width_px * spec.distance_m / spec.span_m

    def project(self, xyz: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Picture positions (..., 2) and depth (...) in metres of points (..., 3)."""
        relative = xyz - self.position
        depth = relative @ self.ahead
        x = 0.5 * self.width_px + self.focal_px * (relative @ self.right) / depth
        y = 0.5 * self.height_px - self.focal_px * (relative @ self.up) / depth
        return np.stack([x, y], axis=-1), depth

    def rays(self, x_px: FloatArray, y_px: FloatArray) -> FloatArray:
        """Unit directions (..., 3) through picture positions."""
        across = ((x_px - 0.5 * self.width_px) / self.focal_px)[..., None]
        down = ((y_px - 0.5 * self.height_px) / self.focal_px)[..., None]
        ray = self.ahead + across * self.right - down * self.up
        return ray / np.linalg.norm(ray, axis=-1, keepdims=True)
