"""Clothes and hair: fields on the rest mesh whose positive side is covered, and how far the cloth stands off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.body import BodyMesh
from rowsense.simulate.cloth import (
    LooseCloth,
    bottom_stand_off,
    loose_cloth,
    outward_normals,
    step,
    top_stand_off,
    wrinkles,
)
from rowsense.simulate.hair import HangingHair, bun, hair_field, hair_thickness, hanging_hair
from rowsense.simulate.look import LookSpec
from rowsense.simulate.pattern import leg_bands, leg_stripe, side_seam, top_pattern
from rowsense.simulate.solids import Colour, Solid, ball, join

FloatArray = NDArray[np.float64]


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
    hood: Solid | None = None
    """A solid that moves with the upper back, relative to the neck joint in rest."""
    hanging: HangingHair | None = None
    loose: LooseCloth | None = None
    gloss: NDArray[np.float32] | None = None
    """(L + 1,) how much each colour mirrors the lamp; None = none does."""
    wrinkles: FloatArray | None = None
    """(V, 3) what small wrinkles add to the unit normals."""


def dress(body: BodyMesh, look: LookSpec) -> Dressed:
    """Put ``look`` on a body."""
    vertices = body.vertices
    shoe, sock = _footwear(body)
    hair = hair_field(body, look.hair_style)
    top, bottom = _top(body, look), _bottom(body, look.leg)
    eyes = np.where(body.weight_of("eye.") > 0.6, 1.0, -1.0)
    normals, outward = outward_normals(vertices, body.faces)
    thickness = np.maximum(top_stand_off(body, look, top, normals), 0.0) + bottom_stand_off(body, look, bottom)
    thickness = thickness + hair_thickness(look, hair)
    thickness = thickness + 0.005 * step(shoe, 0.01)
    covered = vertices + normals * thickness[:, None]
    covered = _sole(body, covered, shoe)
    fields = {"shoe": shoe, "hair": hair, "eyes": eyes, "top": top, "bottom": bottom}
    layers, colours = _layers(body, look, fields)
    return Dressed(
        vertices=covered,
        layers=np.stack([*layers, sock], axis=1).astype(np.float32),
        colours=np.array([*colours, look.socks, look.skin], dtype=np.float32),
        extra=bun(look) if look.hair_style == "bun" else None,
        hood=_hood(look) if look.hood_m > 0.0 else None,
        hanging=hanging_hair(body, look, normals),
        loose=loose_cloth(body, look, top, bottom, outward),
        gloss=_gloss(look, len(layers)) if look.shine_ratio > 0.0 else None,
        wrinkles=wrinkles(body, look, np.maximum(top, bottom)) if look.wrinkle_ratio > 0.0 else None,
    )


#: Layers that are no cloth: shoe, hair and eyes come first, socks last, then skin.
_BEFORE_CLOTH, _AFTER_CLOTH = 3, 2


def _gloss(look: LookSpec, layers: int) -> NDArray[np.float32]:
    """(L + 1,): ``layers`` fields before the socks, all cloth alike; skin a little."""
    out = np.full(layers + 2, look.shine_ratio, dtype=np.float32)
    out[:_BEFORE_CLOTH] = 0.0
    out[-_AFTER_CLOTH:] = (0.0, 0.25 * look.shine_ratio)
    return out


def _layers(body: BodyMesh, look: LookSpec, fields: dict[str, FloatArray]) -> tuple[list[FloatArray], list[Colour]]:
    """Fields from the outermost in and their colours; a pattern lies over its garment."""
    waist, hems = leg_bands(body, look, fields["bottom"], _leg_ends(body, look.leg))
    found: list[tuple[FloatArray | None, Colour]] = [
        (fields["shoe"], look.shoes),
        (fields["hair"], look.hair),
        (fields["eyes"], (0.12, 0.09, 0.08)),
        (side_seam(body, look, fields["top"]), look.seam or look.top),
        (top_pattern(body, look, fields["top"]), look.pattern_colour),
        (fields["top"], look.top),
        (waist, look.waistband or look.bottom),
        (hems, look.hem_band or look.bottom),
        (leg_stripe(body, look, fields["bottom"]), look.side_stripe or look.bottom),
        (fields["bottom"], look.bottom),
    ]
    return [f for f, _ in found if f is not None], [c for f, c in found if f is not None]


def _hood(look: LookSpec) -> Solid:
    """A hood lying on the upper back: a collar round the neck and a soft bag behind it, relative to the neck joint."""
    collar = ball(np.array([-0.045, 0.008, 0.0]), np.array([0.064, 0.044, 0.088]), look.top)
    thick = 0.55 * look.hood_m
    bag = ball(np.array([-0.066 - thick, -0.045, 0.0]), np.array([thick + 0.022, 0.085, 0.105]), look.top)
    return join([collar, bag])


def _arm(body: BodyMesh) -> FloatArray:
    return body.weight_of("upperarm", "lowerarm", "wrist", "finger", "metacarpal")


def _top(body: BodyMesh, look: LookSpec) -> FloatArray:
    sleeve = look.sleeve
    v = body.vertices
    shoulder = body.heads[body.bone("upperarm01.R")]
    elbow = body.heads[body.bone("lowerarm01.R")]
    neck = body.heads[body.bone("neck01")]
    waist = body.heads[body.bone("spine04")][1] - 0.005 - _hem_below_waist(v, look)
    upper = np.linalg.norm(elbow - shoulder)
    mirrored = np.stack([v[:, 0], v[:, 1], np.abs(v[:, 2])], axis=1)
    collar = (neck[1] - 0.012 - 0.55 * (v[:, 0] - neck[0])) - v[:, 1]
    if sleeve > 1.0:
        wrist = body.heads[body.bone("wrist.R")]
        fore = np.linalg.norm(wrist - elbow)
        down_arm = (mirrored - elbow) @ ((wrist - elbow) / fore)
        arm_limit = np.where(_arm(body) > 0.02, (sleeve - 1.0) * fore - down_arm, 1.0)
    elif sleeve > 0.0:
        down_arm = (mirrored - shoulder) @ ((elbow - shoulder) / upper)
        arm_limit = np.where(_arm(body) > 0.02, sleeve * upper - down_arm, 1.0)
    else:
        # A vest: one slanting cut a little inside the shoulder joint leaves the arm bare.
        cut = np.array([0.0, 0.35, 0.94])
        arm_limit = (shoulder - [0.0, 0.0, 0.20 * shoulder[2]] - mirrored) @ cut
    return np.minimum(np.minimum(v[:, 1] - waist, collar), arm_limit)


def _hem_below_waist(v: FloatArray, look: LookSpec) -> FloatArray | float:
    """(V,) how far below the waist the top reaches; shorter in front, where it lies in the lap."""
    if look.hem_drop_m <= 0.0:
        return 0.0
    behind = step(0.02 - v[:, 0], 0.08)
    return look.hem_drop_m * (0.45 + 0.55 * behind) - look.hem_rise_m * behind


def _bottom(body: BodyMesh, leg: float) -> FloatArray:
    hem, waist = _leg_ends(body, leg)
    field = np.minimum(waist - body.vertices[:, 1], body.vertices[:, 1] - hem)
    return np.where(_arm(body) > 0.02, -0.05, field)


def _leg_ends(body: BodyMesh, leg: float) -> tuple[float, float]:
    """Heights of hem and waist of shorts or trousers."""
    hip, knee, ankle = (float(body.heads[body.bone(f"{n}.R")][1]) for n in ("upperleg01", "lowerleg01", "foot"))
    hem = hip + leg * (knee - hip) if leg <= 1.0 else knee + (leg - 1.0) * (ankle + 0.05 - knee)
    return hem, float(body.heads[body.bone("spine04")][1]) + 0.01


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
