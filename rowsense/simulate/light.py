"""The light of a simulated clip: on the rower, over the picture, and the shadow she throws."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.camera import Camera
from rowsense.simulate.raster import BASE_SHARE, FLOOR_SHARE, KEY_SHARE, SKY_SHARE

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]

#: Shadows are found on a grid this many times coarser than the picture: they are soft anyway.
_SHADOW_GRID = 8
#: The wall's shadow is this much weaker than the floor's, which lies close behind what throws it [D].
_WALL_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class LightSpec:
    """Where light comes from, how strong and what colour."""

    direction: tuple[float, float, float] = (0.25, 0.75, 0.62)
    """Towards the lamp: along the rail to the flywheel, up, and towards the camera (- = from behind the rower)."""
    key_ratio: float = 1.0
    """Strength of the lamp."""
    ambient_ratio: float = 1.0
    """Strength of the light from everywhere."""
    level_ratio: float = 1.0
    """Brightness of the whole picture; below 1 the sensor's noise rises as light gets scarce."""
    temperature_k: float = 6500.0
    """Colour of the light: 2700 = warm lamps, 9000 = a blue sky."""
    gradient_right: float = 0.0
    """How much brighter the right edge of the picture is than the left, as a share of the middle."""
    gradient_down: float = 0.0
    """How much brighter the bottom of the picture is than the top."""
    rim_ratio: float = 0.0
    """Light from behind along the outline, and less of it in front."""
    glare_ratio: float = 0.0
    """A bright veil round the window (or the upper middle of the picture), which flattens contrast near it."""
    shadow_ratio: float = 0.0
    """Darkness of the rower's soft shadow on floor and wall."""
    flicker_ratio: float = 0.0
    """Slow beat of lamps against the shutter."""


def lamp(light: LightSpec, facing: str) -> FloatArray:
    """Unit vector towards the lamp."""
    along, up, near = light.direction
    out = np.array([along, up, near * (1.0 if facing == "right" else -1.0)])
    return out / np.linalg.norm(out)


def light_shares(light: LightSpec) -> FloatArray:
    """What ``shade`` takes: lamp, sky, floor, base and rim."""
    front = 1.0 - 0.45 * min(light.rim_ratio, 1.0)
    ambient = light.ambient_ratio * front
    return np.array(
        [KEY_SHARE * light.key_ratio * front, SKY_SHARE * ambient, FLOOR_SHARE * ambient, BASE_SHARE * ambient,
         light.rim_ratio]
    )  # fmt: skip


def light_colour(temperature_k: float) -> FloatArray:
    """(3,) gain of red, green and blue [D: black-body ratios of the three, to a tenth, with green held]."""
    warm = np.log(6500.0 / temperature_k)
    return np.exp(np.array([0.32, 0.0, -0.62]) * warm)


def flicker(light: LightSpec, time_s: float) -> float:
    """Gain at a time; lamps at 100 Hz against a picture rate beat at something like 0.7 Hz."""
    return 1.0 + light.flicker_ratio * float(np.sin(2.0 * np.pi * 0.7 * time_s))


def gain_map(light: LightSpec, width_px: int, height_px: int) -> Float32Array:
    """(H, W) brightness over the picture."""
    right = 1.0 + light.gradient_right * np.linspace(-0.5, 0.5, width_px)
    down = 1.0 + light.gradient_down * np.linspace(-0.5, 0.5, height_px)
    return (light.level_ratio * down[:, None] * right[None, :]).astype(np.float32)


def veil_map(light: LightSpec, source_px: FloatArray, width_px: int, height_px: int) -> Float32Array:
    """(H, W) grey levels that glare adds; ``source_px`` is where it comes from."""
    y, x = np.mgrid[0:height_px, 0:width_px]
    away = np.hypot(x - source_px[0], y - source_px[1]) / (0.28 * width_px)
    return (light.level_ratio * light.glare_ratio * 110.0 / (1.0 + away**2)).astype(np.float32)


def shadow_mask(posed: FloatArray, lamp_direction: FloatArray, camera: Camera, wall_z_m: float) -> Float32Array:
    """(h, w) 0..1 on a coarse grid: where the rower keeps the lamp from floor or wall.

    An approximation: vertices are thrown along the light as points and blurred, by more on the wall.
    """
    width, height = camera.width_px // _SHADOW_GRID, camera.height_px // _SHADOW_GRID
    wall, out = np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
    to_floor = posed[:, 1] / max(lamp_direction[1], 1e-3)
    beyond = (posed[:, 2] - wall_z_m) / (lamp_direction[2] if abs(lamp_direction[2]) > 1e-3 else 1e-3)
    hits_wall = (beyond > 0.0) & (beyond < to_floor)
    landed = posed - lamp_direction * np.where(hits_wall, beyond, to_floor)[:, None]
    xy, depth = camera.project(landed)
    cell = np.floor(xy / _SHADOW_GRID).astype(int)
    seen = (depth > 0.1) & (cell >= 0).all(axis=1) & (cell[:, 0] < width) & (cell[:, 1] < height)
    for mask, chosen in ((out, seen & ~hits_wall), (wall, seen & hits_wall)):
        mask[cell[chosen, 1], cell[chosen, 0]] = 1.0
    sigma = 0.010 * width
    out = cv2.GaussianBlur(out, (0, 0), sigma) + _WALL_SHARE * cv2.GaussianBlur(wall, (0, 0), 2.2 * sigma)
    return np.minimum(out, 1.0).astype(np.float32)
