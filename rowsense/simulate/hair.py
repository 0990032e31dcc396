"""Hair: the part of the head it covers, the bun, and hair that hangs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.body import BodyMesh
from rowsense.simulate.cloth import step
from rowsense.simulate.look import LookSpec
from rowsense.simulate.solids import Colour, Solid, ball, strand

FloatArray = NDArray[np.float64]

_GRAVITY_M_S2 = 9.81
#: Hair follows the head's changes of speed only partly, and never swings wider than this [D].
_SWAY_SHARE, _SWAY_LIMIT = 0.6, 0.6


@dataclass(frozen=True)
class HangingHair:
    """Hair that falls from a point of the head; lengths in metres."""

    root: FloatArray
    """(3,) where it starts, relative to the head joint in rest."""
    jut_m: float
    """How far it stands off the head before it falls."""
    length_m: float
    half_wide_m: float
    half_thick_m: float
    colour: Colour
    back: NDArray[np.int64]
    """Vertices of the rower it may not sink into."""


def hair_field(body: BodyMesh, style: str) -> FloatArray:
    """(V,) metres above the hairline; positive where hair covers the head."""
    v = body.vertices
    head = body.weight_of("head") > 0.5
    eye = body.heads[body.bone("eye.R")]
    back = np.maximum(eye[0] + 0.01 - v[:, 0], 0.0)
    scale = (v[head, 1].max() - eye[1]) / 0.125
    if style == "cap":
        line = eye[1] + 0.05 * scale - 0.10 * back
    elif style == "long":
        # From the forehead down in front of the ear, and over it.
        line = eye[1] + 0.075 * scale - 0.30 * back - 4.0 * np.maximum(back - 0.062 * scale, 0.0)
    else:
        # Level with the forehead in front, above the ear, then down to the nape.
        line = eye[1] + 0.068 * scale - 0.30 * back - 2.4 * np.maximum(back - 0.100 * scale, 0.0)
        line = np.maximum(line, eye[1] - 0.075 * scale)
    return np.where(head, v[:, 1] - line, -0.05)


def hair_thickness(look: LookSpec, hair: FloatArray) -> FloatArray:
    """(V,) metres."""
    thick_m = 0.012 if look.hair_style == "long" else 0.007
    return thick_m * step(hair, 0.03)


def bun(look: LookSpec) -> Solid:
    """A bun, relative to the head joint in rest."""
    return ball(np.array([-0.115, 0.10, 0.0]), np.array([0.045, 0.042, 0.045]), look.hair)


def hanging_hair(body: BodyMesh, look: LookSpec, normals: FloatArray) -> HangingHair | None:
    """The hair that hangs, for the styles that have any."""
    if look.hair_style not in ("long", "ponytail"):
        return None
    v = body.vertices
    trunk = body.weight_of("spine", "neck", "clavicle", "head") > 0.6
    back = np.flatnonzero(trunk & (normals[:, 0] < -0.35) & (np.abs(v[:, 2]) < 0.06) & (v[:, 1] > 0.15))
    if look.hair_style == "long":
        return HangingHair(np.array([-0.040, 0.10, 0.0]), 0.0, 0.42, 0.085, 0.040, look.hair, back)
    return HangingHair(np.array([-0.085, 0.115, 0.0]), 0.055, 0.30, 0.030, 0.026, look.hair, back)


def hang(hair: HangingHair, root: FloatArray, backwards: FloatArray, pull: FloatArray, back: FloatArray) -> Solid:
    """The hair in one frame.

    Args:
        root: (3,) where it leaves the head.
        backwards: unit vector out of the back of the head.
        pull: (3,) unit vector the hair hangs along.
        back: (N, 3) what it may not sink into.
    """
    along = np.linspace(0.0, hair.length_m, 14)
    points = root + pull * along[:, None]
    points += backwards * (hair.jut_m * (1.0 - np.exp(-along / 0.03)))[:, None]
    for point in points[1:]:
        level = np.abs(back[:, 1] - point[1]) < 0.035
        if level.any():
            point[0] = min(point[0], back[level, 0].min() - 0.35 * hair.half_thick_m)
    points[1:-1] = (points[:-2] + 2.0 * points[1:-1] + points[2:]) / 4.0
    share = along / hair.length_m
    taper = np.sqrt(np.clip((1.03 - share) / 0.35, 0.0, 1.0))
    gathered = np.clip(0.55 + share / 0.25, 0.0, 1.0) if hair.jut_m > 0.0 else np.ones_like(share)
    return strand(points, hair.half_wide_m * taper * gathered, hair.half_thick_m * taper * gathered, hair.colour)


def pull_direction(acceleration_m_s2: FloatArray) -> FloatArray:
    """(T, 3) unit vectors that hair hangs along while the head speeds up by (T, 3): against it, and down."""
    lean = np.clip(-_SWAY_SHARE * acceleration_m_s2[:, 0] / _GRAVITY_M_S2, -_SWAY_LIMIT, _SWAY_LIMIT)
    pull = np.stack([lean, -np.ones_like(lean), np.zeros_like(lean)], axis=1)
    return pull / np.linalg.norm(pull, axis=1, keepdims=True)
