"""Things that stand behind the rower, as solids: furniture, a second ergometer, clutter, people."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.body import BodyMesh
from rowsense.simulate.ergometer import standing_parts, straps
from rowsense.simulate.people import person
from rowsense.simulate.room import RoomSpec, Spot
from rowsense.simulate.seats import seat
from rowsense.simulate.solids import Colour, Solid, ball, beam, join, rod

if TYPE_CHECKING:
    from rowsense.simulate.clip_spec import ClipSpec

FloatArray = NDArray[np.float64]

_SEAT_TOP_M = 0.36
_GREYS: tuple[Colour, ...] = ((0.12, 0.12, 0.13), (0.35, 0.36, 0.38), (0.62, 0.62, 0.63))
_CLUTTER_COLOURS: tuple[Colour, ...] = (*_GREYS, (0.55, 0.18, 0.16), (0.18, 0.30, 0.50), (0.75, 0.62, 0.25))


def furnish(spec: ClipSpec, body: BodyMesh) -> list[Solid]:
    """All that stands in the room besides the ergometer."""
    room, side = spec.room, (1.0 if spec.camera.facing == "right" else -1.0)
    rng = np.random.default_rng([81, room.seed])
    at_wall = -side * (room.wall_away_m - 0.22)
    out: list[Solid] = []
    for x_m, build in ((room.shelf_x_m, _shelf), (room.rack_x_m, _rack), (room.plant_x_m, _plant)):
        if x_m is not None:
            out.append(build(rng).moved((x_m, 0.0, at_wall)))
    if room.chair_x_m is not None:
        out.append(_chair(room.chair_colour).moved((room.chair_x_m, 0.0, -side * min(0.85, room.wall_away_m - 0.4))))
    if room.second_ergometer_behind_m is not None:
        shift = (room.second_ergometer_x_m, 0.0, -side * room.second_ergometer_behind_m)
        look, empty = spec.ergometer, seat(_SEAT_TOP_M, spec.ergometer).moved((-0.5, 0.0, 0.0))
        parts = [standing_parts(spec.frame_colour, _SEAT_TOP_M, look), straps(), empty]
        out.append(join(parts).moved(shift))
    out += [_clutter(room, side, rng) for _ in range(room.clutter_count)]
    return out + [person(body, someone, side) for someone in room.people]


def spots_under(solids: list[Solid]) -> list[Spot]:
    """Where things touch the floor, for the shadow under them."""
    spots = []
    for solid in solids:
        low = solid.vertices[solid.vertices[:, 1] < 0.10]
        if len(low):
            (x0, _, z0), (x1, _, z1) = low.min(axis=0), low.max(axis=0)
            spots.append((float(x0 + x1) / 2.0, float(z0 + z1) / 2.0, float(x1 - x0) / 2.0 + 0.08))
    return spots


def _pick(colours: tuple[Colour, ...], rng: np.random.Generator) -> Colour:
    return colours[int(rng.integers(len(colours)))]


def _box(centre: tuple[float, float, float], size: tuple[float, float, float], colour: Colour) -> Solid:
    """A box, its middle at ``centre``; size along x, y, z."""
    x, y, z = centre
    return beam((x - 0.5 * size[0], y, z), (x + 0.5 * size[0], y, z), size[1], size[2], colour)


def _shelf(rng: np.random.Generator) -> Solid:
    frame = _pick(((0.30, 0.30, 0.32), (0.60, 0.48, 0.34), (0.86, 0.85, 0.82)), rng)
    parts = [_box((x, 0.9, z), (0.04, 1.8, 0.04), frame) for x in (-0.5, 0.5) for z in (-0.15, 0.15)]
    for level in (0.25, 0.75, 1.25, 1.75):
        parts.append(_box((0.0, level, 0.0), (1.04, 0.03, 0.34), frame))
        x = -0.46
        while level < 1.7 and x < 0.36:
            wide, high = rng.uniform(0.06, 0.24), rng.uniform(0.12, 0.38)
            parts.append(_box((x + wide / 2, level + high / 2 + 0.015, 0.0), (wide, high, 0.24), _any_colour(rng)))
            x += wide + rng.uniform(0.01, 0.10)
    return join(parts)


def _any_colour(rng: np.random.Generator) -> Colour:
    return (float(rng.uniform(0.08, 0.9)), float(rng.uniform(0.08, 0.9)), float(rng.uniform(0.08, 0.9)))


def _rack(rng: np.random.Generator) -> Solid:
    """Two rows of dumbbells, lying towards the camera."""
    steel, head = (0.45, 0.46, 0.48), _pick(_GREYS, rng)
    parts = [_box((x, 0.42, 0.0), (0.05, 0.84, 0.40), steel) for x in (-0.75, 0.75)]
    for level in (0.40, 0.80):
        parts.append(_box((0.0, level, 0.0), (1.5, 0.04, 0.36), steel))
        for x in np.linspace(-0.62, 0.62, 7):
            radius = float(rng.uniform(0.05, 0.085))
            y = level + 0.02 + radius
            parts.append(rod((x, y, -0.12), (x, y, 0.12), 0.016, steel))
            parts += [rod((x, y, z - 0.035), (x, y, z + 0.035), radius, head) for z in (-0.14, 0.14)]
    return join(parts)


def _plant(rng: np.random.Generator) -> Solid:
    pot = _pick(((0.60, 0.36, 0.26), (0.85, 0.84, 0.80), (0.20, 0.21, 0.22)), rng)
    parts = [rod((0, 0, 0), (0, 0.34, 0), 0.17, pot, sides=24)]
    for _ in range(26):
        angle, lean, reach = rng.uniform(0, 2 * np.pi), rng.uniform(0.1, 1.0), rng.uniform(0.45, 0.95)
        tip = np.array([np.sin(lean) * np.cos(angle), np.cos(lean), 0.5 * np.sin(lean) * np.sin(angle)]) * reach
        green = (0.10 + 0.12 * rng.random(), 0.30 + 0.25 * rng.random(), 0.12 + 0.10 * rng.random())
        leaf = ball(np.zeros(3), np.array([0.055, 0.5 * reach, 0.02]), green, rows=6, columns=8)
        turn = np.array([[np.cos(lean), np.sin(lean)], [-np.sin(lean), np.cos(lean)]])
        leaf.vertices[:, :2] = leaf.vertices[:, :2] @ turn.T * [np.sign(np.cos(angle)) or 1.0, 1.0]
        middle = np.array([np.sign(np.cos(angle)) * abs(np.sin(lean)) * 0.5 * reach, 0.5 * tip[1], 0.3 * tip[2]])
        parts.append(leaf.moved(middle + np.array([0.0, 0.34, 0.0])))
    return join(parts)


def _chair(colour: Colour) -> Solid:
    """A chair seen from the side, its back towards -x."""
    steel = (0.30, 0.30, 0.32)
    parts = [_box((0.0, 0.46, 0.0), (0.44, 0.05, 0.44), colour), _box((-0.23, 0.78, 0.0), (0.05, 0.46, 0.42), colour)]
    parts += [rod((x, 0.0, z), (x, 0.44, z), 0.014, steel) for x in (-0.2, 0.2) for z in (-0.2, 0.2)]
    parts += [rod((-0.22, 0.44, z), (-0.23, 1.0, z), 0.014, steel) for z in (-0.2, 0.2)]
    return join(parts)


def _clutter(room: RoomSpec, side: float, rng: np.random.Generator) -> Solid:
    """One thing behind the back's way along the rail: on the floor, in a pile, or hanging at the wall."""
    colour = _pick(room.clutter_colours or _CLUTTER_COLOURS, rng)
    kind = int(rng.integers(len(_THINGS)))
    hangs = _THINGS[kind] is _jacket
    behind = room.wall_away_m - 0.07 if hangs else rng.uniform(min(0.9, room.wall_away_m - 0.5), room.wall_away_m - 0.4)
    return _THINGS[kind](colour, rng).moved((rng.uniform(-1.5, 0.3), 0.0, -side * behind))


def _gym_ball(colour: Colour, rng: np.random.Generator) -> Solid:
    radius = float(rng.uniform(0.22, 0.38))
    return ball(np.array([0.0, radius, 0.0]), np.full(3, radius), colour, rows=20, columns=32)


def _pile(colour: Colour, rng: np.random.Generator) -> Solid:
    """Boxes or mats on one another, up to the height of a rower's back."""
    parts, level, wide = [], 0.0, rng.uniform(0.3, 0.7)
    while level < rng.uniform(0.5, 1.1):
        high = float(rng.uniform(0.06, 0.4))
        shade = float(rng.uniform(0.7, 1.1))
        tint = (min(colour[0] * shade, 1.0), min(colour[1] * shade, 1.0), min(colour[2] * shade, 1.0))
        parts.append(_box((rng.uniform(-0.05, 0.05), level + high / 2, 0.0), (wide, high, 0.4), tint))
        level += high
    return join(parts)


def _jacket(colour: Colour, rng: np.random.Generator) -> Solid:
    """A coat on a hook: as wide and as long as a trunk."""
    top = float(rng.uniform(1.15, 1.6))
    body = ball(np.array([0.0, top - 0.36, 0.0]), np.array([0.20, 0.38, 0.06]), colour)
    shoulders = ball(np.array([0.0, top - 0.12, 0.0]), np.array([0.23, 0.12, 0.06]), colour)
    arms = [ball(np.array([x, top - 0.36, 0.01]), np.array([0.06, 0.30, 0.05]), colour) for x in (-0.21, 0.21)]
    return join([body, shoulders, *arms])


def _column(colour: Colour, rng: np.random.Generator) -> Solid:
    """A punch bag, roller or bin."""
    return rod((0, 0, 0), (0, rng.uniform(0.4, 1.5), 0), rng.uniform(0.10, 0.20), colour, sides=24)


_THINGS: tuple[Callable[[Colour, np.random.Generator], Solid], ...] = (_gym_ball, _pile, _jacket, _column)
