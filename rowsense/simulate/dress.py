"""Clothes and hair: fields on the rest mesh whose positive side is covered, and how far the cloth stands off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.body import BodyMesh
from rowsense.simulate.raster import vertex_normals
from rowsense.simulate.solids import Colour, Solid, ball

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LookSpec:
    """Clothes, skin and hair. Lengths are shares of a limb: ``sleeve`` 0 = none, 1 = to the elbow;
    ``leg`` 0.4 = shorts, 1 = to the knee, 2 = to the ankle."""

    skin: Colour = (0.86, 0.66, 0.54)
    top: Colour = (0.16, 0.20, 0.38)
    bottom: Colour = (0.10, 0.10, 0.13)
    shoes: Colour = (0.78, 0.16, 0.14)
    socks: Colour = (0.92, 0.92, 0.92)
    hair: Colour = (0.20, 0.13, 0.09)
    sleeve: float = 0.0
    leg: float = 0.5
    loose_m: float = 0.004
    """How far the top stands off the skin."""
    hair_style: str = "short"
    """``short``, ``bun`` or ``cap``."""


@dataclass(frozen=True)
class Dressed:
    """A body ready to pose: the mesh with its cloth, layers from the outermost in, and their colours."""

    vertices: FloatArray
    """(V, 3) rest mesh with cloth and hair thickness."""
    layers: NDArray[np.float32]
    """(V, L) fields, metres; the first positive one is seen."""
    colours: NDArray[np.float32]
    """(L + 1, 3)"""
    extra: Solid | None
    """A solid that moves with the head (a bun), relative to the head joint in rest."""


def dress(body: BodyMesh, look: LookSpec) -> Dressed:
    """Put ``look`` on a body."""
    vertices = body.vertices
    shoe, sock = _footwear(body)
    hair = _hair(body, look.hair_style)
    top, bottom = _top(body, look.sleeve), _bottom(body, look.leg)
    eyes = np.where(body.weight_of("eye.") > 0.6, 1.0, -1.0)
    normals = vertex_normals(vertices, body.faces)
    if np.mean(np.sum(normals * (vertices - vertices.mean(axis=0)), axis=1)) < 0:
        normals = -normals
    thickness = look.loose_m * _step(top, 0.03) + 0.004 * _step(bottom, 0.02) + 0.007 * _step(hair, 0.03)
    thickness = thickness + 0.005 * _step(shoe, 0.01)
    covered = vertices + normals * thickness[:, None]
    covered = _sole(body, covered, shoe)
    colours = [look.shoes, look.hair, (0.12, 0.09, 0.08), look.top, look.bottom, look.socks, look.skin]
    return Dressed(
        vertices=covered,
        layers=np.stack([shoe, hair, eyes, top, bottom, sock], axis=1).astype(np.float32),
        colours=np.array(colours, dtype=np.float32),
        extra=_bun(look) if look.hair_style == "bun" else None,
    )


def _step(field: FloatArray, width_m: float) -> FloatArray:
    x = np.clip(field / width_m, 0.0, 1.0)
    return x * x * (3.0 - 2.0 * x)


def _arm(body: BodyMesh) -> FloatArray:
    return body.weight_of("upperarm", "lowerarm", "wrist", "finger", "metacarpal")


def _top(body: BodyMesh, sleeve: float) -> FloatArray:
    v = body.vertices
    shoulder = body.heads[body.bone("upperarm01.R")]
    elbow = body.heads[body.bone("lowerarm01.R")]
    neck = body.heads[body.bone("neck01")]
    waist = body.heads[body.bone("spine04")][1] - 0.005
    upper = np.linalg.norm(elbow - shoulder)
    mirrored = np.stack([v[:, 0], v[:, 1], np.abs(v[:, 2])], axis=1)
    collar = (neck[1] - 0.012 - 0.55 * (v[:, 0] - neck[0])) - v[:, 1]
    if sleeve > 0.0:
        down_arm = (mirrored - shoulder) @ ((elbow - shoulder) / upper)
        arm_limit = np.where(_arm(body) > 0.02, sleeve * upper - down_arm, 1.0)
    else:
        # A vest: one slanting cut a little inside the shoulder joint leaves the arm bare.
        cut = np.array([0.0, 0.35, 0.94])
        arm_limit = (shoulder - [0.0, 0.0, 0.20 * shoulder[2]] - mirrored) @ cut
    return np.minimum(np.minimum(v[:, 1] - waist, collar), arm_limit)


def _bottom(body: BodyMesh, leg: float) -> FloatArray:
    v = body.vertices
    hip, knee, ankle = (body.heads[body.bone(f"{n}.R")][1] for n in ("upperleg01", "lowerleg01", "foot"))
    hem = hip + leg * (knee - hip) if leg <= 1.0 else knee + (leg - 1.0) * (ankle + 0.05 - knee)
    waist = body.heads[body.bone("spine04")][1] + 0.01
    field = np.minimum(waist - v[:, 1], v[:, 1] - hem)
    return np.where(_arm(body) > 0.02, -0.05, field)


def _footwear(body: BodyMesh) -> tuple[FloatArray, FloatArray]:
    v = body.vertices
    ankle = body.heads[body.bone("foot.R")]
    shoe = ankle[1] + 0.01 - 0.25 * np.maximum(v[:, 0] - ankle[0], 0.0) - v[:, 1]
    sock = ankle[1] + 0.055 - v[:, 1]
    return shoe, sock


def _sole(body: BodyMesh, vertices: FloatArray, shoe: FloatArray, sole_m: float = 0.018) -> FloatArray:
    """Make the underside of the shoe flat and let the toe box hide the toes."""
    out = vertices.copy()
    foot = shoe > 0.0
    bottom = body.vertices[:, 1].min()
    low = foot & (body.vertices[:, 1] < bottom + 0.03)
    out[low, 1] = bottom - sole_m + 0.4 * (out[low, 1] - bottom)
    return out


def _hair(body: BodyMesh, style: str) -> FloatArray:
    v = body.vertices
    head = body.weight_of("head") > 0.5
    eye = body.heads[body.bone("eye.R")]
    back = np.maximum(eye[0] + 0.01 - v[:, 0], 0.0)
    scale = (v[head, 1].max() - eye[1]) / 0.125
    if style == "cap":
        line = eye[1] + 0.05 * scale - 0.10 * back
    else:
        # Level with the forehead in front, above the ear, then down to the nape.
        line = eye[1] + 0.068 * scale - 0.30 * back - 2.4 * np.maximum(back - 0.100 * scale, 0.0)
        line = np.maximum(line, eye[1] - 0.075 * scale)
    return np.where(head, v[:, 1] - line, -0.05)


def _bun(look: LookSpec) -> Solid:
    return ball(np.array([-0.115, 0.10, 0.0]), np.array([0.045, 0.042, 0.045]), look.hair)
