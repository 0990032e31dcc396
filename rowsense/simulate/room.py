"""The room behind the rower: floor and wall, painted once per clip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.camera import Camera
from rowsense.simulate.people import PersonSpec
from rowsense.simulate.solids import Colour
from rowsense.simulate.wallpaper import curtain, inside, mirror, mix, texture, within

FloatArray = NDArray[np.floating]
Float32Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class RoomSpec:
    """Colours and furniture of the room. Every ``*_x_m`` is where a thing is along the wall; None = it is not there."""

    wall: Colour = (0.80, 0.80, 0.78)
    floor: Colour = (0.52, 0.49, 0.45)
    skirting: Colour = (0.40, 0.41, 0.44)
    window_x_m: float | None = -0.9
    door_x_m: float | None = None
    poster_x_m: float | None = 1.3
    poster: Colour = (0.25, 0.45, 0.55)
    stripe: Colour | None = None
    wall_away_m: float = 2.2
    planks: bool = False
    seed: int = 0
    """Decides textures, furniture and clutter."""
    wall_texture: str = "plain"
    """``plain``, ``brick``, ``tiles``, ``panels`` or ``speckle``."""
    texture_ratio: float = 0.25
    """How strongly the texture shows."""
    curtain_x_m: float | None = None
    curtain: Colour = (0.55, 0.50, 0.42)
    curtain_stripe: Colour = (0.42, 0.38, 0.34)
    mirror_x_m: float | None = None
    shelf_x_m: float | None = None
    rack_x_m: float | None = None
    plant_x_m: float | None = None
    chair_x_m: float | None = None
    """A chair close behind the rail."""
    chair_colour: Colour = (0.25, 0.27, 0.32)
    second_ergometer_behind_m: float | None = None
    """How far behind the rower's another ergometer stands."""
    second_ergometer_x_m: float = 0.3
    clutter_count: int = 0
    """Balls, piles, coats and bags behind the back."""
    clutter_colours: tuple[Colour, ...] = ()
    """Their colours, to resemble skin or clothes; empty = usual ones."""
    people: tuple[PersonSpec, ...] = ()


#: Something that stands on the floor: where along the rail and across it (metres), and half its width.
Spot = tuple[float, float, float]


def paint_room(camera: Camera, room: RoomSpec, factor: int, spots: Sequence[Spot] = ()) -> Float32Array:
    """Colours (H, W, 3) 0..1 of the empty room at ``factor`` times the camera's resolution, dark under ``spots``."""
    # Single precision is enough for colours, and takes a third of the time.
    y = (np.arange(camera.height_px * factor, dtype=np.float32) + np.float32(0.5)) / np.float32(factor)
    x = (np.arange(camera.width_px * factor, dtype=np.float32) + np.float32(0.5)) / np.float32(factor)
    ray_x, ray_y, ray_z = camera.directions(x[None, :], y[:, None])
    start_x, start_y, start_z = (np.float32(v) for v in camera.position)
    to_wall = (np.float32(wall_z_m(camera, room)) - start_z) / ray_z
    wall_y = start_y + ray_y * to_wall
    colour = _wall(start_x + ray_x * to_wall, wall_y, room)
    is_floor = wall_y < 0.0
    ray_x, ray_y, ray_z = ray_x[is_floor], ray_y[is_floor], ray_z[is_floor]
    to_floor = -start_y / np.minimum(ray_y, np.float32(-1e-6))
    side = 1.0 if start_z > 0 else -1.0
    colour[is_floor] = _floor(start_x + ray_x * to_floor, start_z + ray_z * to_floor, side, room, spots)
    return np.clip(colour, 0.0, 1.0)


def wall_z_m(camera: Camera, room: RoomSpec) -> float:
    """Where the wall is across the rail: on the side away from the camera."""
    return (-1.0 if camera.position[2] > 0 else 1.0) * room.wall_away_m


def glare_point(camera: Camera, room: RoomSpec) -> NDArray[np.float64]:
    """(2,) picture position that light from behind comes from: the window, or above the middle."""
    if room.window_x_m is None:
        return np.array([0.5 * camera.width_px, 0.0])
    xy, _ = camera.project(np.array([room.window_x_m, 1.6, wall_z_m(camera, room)]))
    return xy


def _wall(x: Float32Array, y: Float32Array, room: RoomSpec) -> Float32Array:
    light = 0.93 + 0.07 * np.cos(0.8 * (x - 0.4)) - 0.05 * np.exp(-y / 0.25) + 0.03 * np.clip(y - 1.0, -1, 1)
    colour = np.asarray(room.wall, dtype=np.float32) * light[..., None]
    if room.wall_texture != "plain":
        rough = texture(room.wall_texture, x, y, room.seed)
        colour = colour * (1.0 + room.texture_ratio * rough)[..., None]
    if room.stripe is not None:
        colour = mix(colour, room.stripe, inside(y, 0.92, 1.02))
    colour = mix(colour, room.skirting, inside(y, -1.0, 0.10))
    if room.window_x_m is not None:
        colour = within(colour, x - room.window_x_m, y, (0.8, 0.9, 2.4), _window)
    if room.door_x_m is not None:
        colour = _door(colour, x - room.door_x_m, y)
    if room.mirror_x_m is not None:
        glass = partial(mirror, floor=room.floor, wall=room.wall)
        colour = within(colour, x - room.mirror_x_m, y, (1.2, 0.1, 2.4), glass)
    if room.poster_x_m is not None:
        colour = within(colour, x - room.poster_x_m, y, (0.4, 0.9, 1.8), partial(_poster, room=room))
    if room.curtain_x_m is not None:
        cloth = partial(curtain, cloth=room.curtain, other=room.curtain_stripe)
        colour = within(colour, x - room.curtain_x_m, y, (0.9, 0.0, 99.0), cloth)
    return colour


def _poster(colour: FloatArray, u: FloatArray, y: FloatArray, room: RoomSpec) -> FloatArray:
    frame = inside(u, -0.34, 0.34) * inside(y, 0.95, 1.75)
    colour = mix(colour, (0.15, 0.15, 0.16), frame)
    picture = np.stack([np.full_like(u, c) for c in room.poster], -1) * (0.75 + 0.5 * (y - 0.95))[..., None]
    wave = 0.12 * np.sin(7 * u) + 1.22
    picture = mix(picture, (0.88, 0.90, 0.92), np.clip((wave - y) / 0.01, 0, 1) * 0.85)
    return mix(colour, picture, inside(u, -0.31, 0.31) * inside(y, 0.98, 1.72))


def _window(colour: FloatArray, u: FloatArray, y: FloatArray) -> FloatArray:
    colour = mix(colour, (0.90, 0.90, 0.89), inside(u, -0.66, 0.66) * inside(y, 0.98, 2.3))
    sky = np.stack([0.80 + 0.05 * y, 0.86 + 0.04 * y, 0.92 + 0.02 * y], axis=-1)
    hill = np.clip((1.25 + 0.06 * np.sin(4 * u) + 0.03 * np.sin(11 * u + 1) - y) / 0.01, 0, 1)
    sky = mix(sky, (0.60, 0.68, 0.58), hill)
    for low, high in ((-0.61, -0.02), (0.02, 0.61)):
        colour = mix(colour, sky, inside(u, low, high) * inside(y, 1.04, 2.25))
    return mix(colour, (0.78, 0.78, 0.77), inside(u, -0.72, 0.72) * inside(y, 0.945, 0.98))


def _door(colour: FloatArray, u: FloatArray, y: FloatArray) -> FloatArray:
    colour = mix(colour, (0.36, 0.30, 0.25), inside(u, -0.50, 0.50) * inside(y, 0.0, 2.15))
    colour = mix(colour, (0.55, 0.42, 0.30), inside(u, -0.44, 0.44) * inside(y, 0.0, 2.09))
    for low, high in ((0.2, 0.95), (1.15, 1.95)):
        colour = mix(colour, (0.50, 0.38, 0.27), inside(u, -0.32, 0.32) * inside(y, low, high, 0.02))
    return mix(colour, (0.75, 0.73, 0.68), inside(u, 0.34, 0.40) * inside(y, 1.02, 1.05))


def _floor(x: FloatArray, z: FloatArray, side: float, room: RoomSpec, spots: Sequence[Spot]) -> Float32Array:
    toward = side * z
    light = 0.96 + 0.05 * np.cos(0.9 * (x + 0.3)) + 0.03 * toward
    # Something of the wall is mirrored far back on a gym floor.
    light = light + 0.10 * np.exp((-room.wall_away_m - toward) / 0.8 + 0.0)
    colour = np.asarray(room.floor, dtype=np.float32) * light[:, None]
    if room.planks:
        plank = np.floor(toward / 0.14)
        shade = 0.05 * np.sin(12.9898 * plank + room.seed) * np.cos(3.1 * plank)
        colour = colour * (1.0 + shade)[:, None]
        seam = np.abs(toward / 0.14 - np.round(toward / 0.14)) * 0.14
        colour = colour * (1.0 - 0.18 * np.clip(1.0 - seam / 0.005, 0, 1))[:, None]
    # Soft shadow under the ergometer, deeper under the flywheel and the rail.
    shadow = 0.42 * np.exp(-((z / 0.30) ** 2)) * np.clip((x + 1.75) / 0.35, 0, 1) * np.clip((1.42 - x) / 0.35, 0, 1)
    shadow = shadow + 0.18 * np.exp(-((z / 0.20) ** 2) - ((x - 0.9) / 0.25) ** 2)
    for spot_x, spot_z, half_m in spots:
        shadow = shadow + 0.40 * np.exp(-(((x - spot_x) / half_m) ** 4) - ((z - spot_z) / 0.24) ** 2)
    return colour * (1.0 - np.clip(shadow, 0, 0.8))[:, None]
