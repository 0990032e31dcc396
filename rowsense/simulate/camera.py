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
    distortion_k1: float = 0.0
    """Bend of the lens: a point ``r`` half picture widths from the middle moves to r (1 + k1 r^2).

    - = barrel (wide phone lenses), + = pincushion. Picture and projected truth bend alike.
    """


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
        # Beyond this radius (squared) a barrel would fold back on itself; from there on it only scales.
        self._bend_limit = 0.30 / max(-spec.distortion_k1, 1e-9)

    def project(self, xyz: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Picture positions (..., 2) and depth (...) in metres of points (..., 3)."""
        relative = xyz - self.position
        depth = relative @ self.ahead
        x = self.focal_px * (relative @ self.right) / depth
        y = self.focal_px * (relative @ self.up) / depth
        if self.spec.distortion_k1 != 0.0:
            bend = self._bend((x / (0.5 * self.width_px)) ** 2 + (y / (0.5 * self.width_px)) ** 2)
            x, y = x * bend, y * bend
        return np.stack([0.5 * self.width_px + x, 0.5 * self.height_px - y], axis=-1), depth

    def rays(self, x_px: FloatArray, y_px: FloatArray) -> FloatArray:
        """Unit directions (..., 3) through picture positions."""
        x, y = x_px - 0.5 * self.width_px, y_px - 0.5 * self.height_px
        if self.spec.distortion_k1 != 0.0:
            x, y = self._straightened(x, y)
        across, down = (x / self.focal_px)[..., None], (y / self.focal_px)[..., None]
        ray = self.ahead + across * self.right - down * self.up
        return ray / np.linalg.norm(ray, axis=-1, keepdims=True)

    def _bend(self, radius_2: FloatArray) -> FloatArray:
        """How much farther out the lens puts what lies at a squared radius in half picture widths."""
        return 1.0 + self.spec.distortion_k1 * np.minimum(radius_2, self._bend_limit)

    def _straightened(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Undo the bend, by Newton's steps on the radius."""
        half = 0.5 * self.width_px
        bent = np.hypot(x, y) / half
        radius = np.array(bent, dtype=float)
        for _ in range(8):
            inside = np.minimum(radius**2, self._bend_limit)
            slope = 1.0 + self.spec.distortion_k1 * np.where(radius**2 < self._bend_limit, 3.0, 1.0) * inside
            radius = np.maximum(radius - (radius * (1.0 + self.spec.distortion_k1 * inside) - bent) / slope, 0.0)
        straight = radius / np.maximum(bent, 1e-12)
        return x * straight, y * straight
