"""The camera of a simulated clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
_Floats = NDArray[np.floating]

#: Radii of the table by which a lens' bend is undone.
_RADII: Final = 4096


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
        ray = np.stack(self.directions(x_px, y_px), axis=-1)
        return np.asarray(ray / np.linalg.norm(ray, axis=-1, keepdims=True))

    def directions(self, x_px: _Floats, y_px: _Floats) -> tuple[_Floats, _Floats, _Floats]:
        """x, y and z of directions through picture positions, of any length; as precise as the positions are."""
        x, y = x_px - 0.5 * self.width_px, y_px - 0.5 * self.height_px
        if self.spec.distortion_k1 != 0.0:
            x, y = self._straightened(x, y)
        focal_px = float(self.focal_px)
        across, down = x / focal_px, y / focal_px
        one, two, three = (
            float(self.ahead[k]) + across * float(self.right[k]) - down * float(self.up[k]) for k in range(3)
        )
        return one, two, three

    def _bend(self, radius_2: FloatArray) -> FloatArray:
        """How much farther out the lens puts what lies at a squared radius in half picture widths."""
        return 1.0 + self.spec.distortion_k1 * np.minimum(radius_2, self._bend_limit)

    def _straightened(self, x: _Floats, y: _Floats) -> tuple[_Floats, _Floats]:
        """Undo the bend, by a table of radii."""
        half = 0.5 * self.width_px
        bent = np.hypot(x, y) / half
        # To a thousandth of a pixel: the curve is smooth, and two million radii need not be solved one by one.
        table = np.linspace(0.0, float(bent.max()) + 1e-9, _RADII)
        radius = table.copy()
        for _ in range(8):  # Newton's steps
            inside = np.minimum(radius**2, self._bend_limit)
            slope = 1.0 + self.spec.distortion_k1 * np.where(radius**2 < self._bend_limit, 3.0, 1.0) * inside
            radius = np.maximum(radius - (radius * (1.0 + self.spec.distortion_k1 * inside) - table) / slope, 0.0)
        share = np.divide(radius, table, out=np.ones_like(table), where=table > 0.0)
        straight = np.interp(bent, table, share).astype(bent.dtype)
        return x * straight, y * straight
