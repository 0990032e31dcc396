"""How cloth stands off the body: what is fixed in the rest pose, and what shifts as the rower moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.body import BodyMesh
from rowsense.simulate.look import LookSpec
from rowsense.simulate.raster import vertex_normals

FloatArray = NDArray[np.float64]

_DRAPE_STEPS = 250
#: No cloth bridges a deeper hollow than this [D: a loose shirt over the hollow of the back].
_DRAPE_LIMIT_M = 0.030
#: Degrees of low-back bend over which a set of folds gives way to the next [D: the usual change over one stroke].
_FOLD_TURN_DEG = 25.0


@dataclass(frozen=True)
class LooseCloth:
    """What of the cloth shifts from frame to frame; (V,) metres each."""

    hang: FloatArray
    fold_upright: FloatArray
    fold_bent: FloatArray
    outward: float
    """Sign that makes the mesh's normals point out of the body."""


def step(field: FloatArray, width_m: float) -> FloatArray:
    """0 outside a field, 1 where it is at least ``width_m``, smooth between."""
    x = np.clip(field / width_m, 0.0, 1.0)
    return x * x * (3.0 - 2.0 * x)


def outward_normals(vertices: FloatArray, faces: NDArray[np.int64]) -> tuple[FloatArray, float]:
    """(V, 3) unit normals that point out of the rest mesh, and the sign that made them so."""
    normals = vertex_normals(vertices, faces)
    sign = -1.0 if np.mean(np.sum(normals * (vertices - vertices.mean(axis=0)), axis=1)) < 0 else 1.0
    return (normals if sign > 0 else -normals), sign


def top_stand_off(body: BodyMesh, look: LookSpec, top: FloatArray, normals: FloatArray) -> FloatArray:
    """(V,) how far the top stands off the skin in the rest pose, metres."""
    out = look.loose_m * step(top, 0.03)
    if look.drape_ratio > 0.0:
        out = out + look.drape_ratio * _bridged(body, top > 0.0, normals) * step(top, 0.02)
    if look.bag_m > 0.0:
        out = out + look.bag_m * _low_back(body) * step(top, 0.02)
    return out


def bottom_stand_off(body: BodyMesh, look: LookSpec, bottom: FloatArray) -> FloatArray:
    """(V,) how far shorts or trousers stand off the skin; what is sat on lies tight."""
    out = look.bottom_loose_m * step(bottom, 0.02)
    tight = LookSpec().bottom_loose_m
    if look.bottom_loose_m <= tight:
        return out
    v = body.vertices
    hip = body.heads[body.bone("upperleg01.R")]
    sat_on = np.exp(-(((v[:, 1] - hip[1] + 0.08) / 0.10) ** 2)) * step(0.03 - v[:, 0], 0.05)
    return out - (out - np.minimum(out, tight)) * np.clip(1.2 * sat_on, 0.0, 1.0)


def loose_cloth(
    body: BodyMesh, look: LookSpec, top: FloatArray, bottom: FloatArray, outward: float
) -> LooseCloth | None:
    """What shifts while the rower moves, or None for clothes that fit."""
    if look.hang_m <= 0.0 and look.fold_m <= 0.0:
        return None
    legs = np.clip(look.bottom_loose_m / 0.02, 0.0, 1.0) * step(bottom, 0.03) * (body.vertices[:, 1] < -0.06)
    upper = step(top, 0.05)
    cover = np.maximum(upper, legs)
    rng = np.random.default_rng([78, look.seed])
    folds = [look.fold_m * cover * (0.45 + 0.55 * _low_back(body)) * _waves(body.vertices, rng) for _ in range(2)]
    return LooseCloth(
        hang=look.hang_m * np.maximum(upper, 0.6 * legs), fold_upright=folds[0], fold_bent=folds[1], outward=outward
    )


def shift_cloth(posed: FloatArray, faces: NDArray[np.int64], cloth: LooseCloth, lumbar_deg: float) -> FloatArray:
    """Let loose cloth of a posed body hang and fold; (V, 3) metres.

    An approximation without time: cloth hangs where the surface looks down, and folds follow the bend of the low
    back, so the same posture always has the same folds.
    """
    normals = cloth.outward * vertex_normals(posed, faces)
    turn = np.deg2rad(90.0) * lumbar_deg / _FOLD_TURN_DEG
    lift = np.cos(turn) * cloth.fold_upright + np.sin(turn) * cloth.fold_bent
    out = posed + normals * lift[:, None]
    looks_down = np.clip(0.25 - normals[:, 1], 0.0, 1.0)
    out[:, 1] -= cloth.hang * looks_down
    return out + normals * (0.4 * cloth.hang * looks_down)[:, None]


def wrinkles(body: BodyMesh, look: LookSpec, cover: FloatArray) -> FloatArray:
    """(V, 3) what small wrinkles add to the unit normals of cloth (``cover`` > 0)."""
    rng = np.random.default_rng([82, look.seed])
    along = np.stack([_waves(body.vertices, rng) for _ in range(3)], axis=1)
    return look.wrinkle_ratio * along * step(cover, 0.02)[:, None]


def _low_back(body: BodyMesh) -> FloatArray:
    """1 in the hollow of the back, fading over a hand's breadth."""
    v = body.vertices
    level = body.heads[body.bone("spine03")][1]
    behind = step(-0.02 - v[:, 0], 0.05) * (body.weight_of("arm", "wrist", "finger", "metacarpal") < 0.02)
    return np.exp(-(((v[:, 1] - level) / 0.11) ** 2)) * behind


def _bridged(body: BodyMesh, covered: NDArray[np.bool_], normals: FloatArray) -> FloatArray:
    """(V,) how far a sheet stretched over the covered part stands off its hollows."""
    edges = np.concatenate([body.faces[:, [0, 1]], body.faces[:, [1, 2]], body.faces[:, [2, 0]]])
    edges = np.concatenate([edges, edges[:, ::-1]])
    edges = edges[covered[edges[:, 0]]]  # nothing else moves
    rows = np.flatnonzero(covered)
    place, beside = np.searchsorted(rows, edges[:, 0]), edges[:, 1]
    count = np.maximum(np.bincount(place, minlength=len(rows)), 1)[:, None]
    sheet, skin, outward = body.vertices.copy(), body.vertices[rows], normals[rows]
    for _ in range(_DRAPE_STEPS):
        total = [np.bincount(place, sheet[beside, k], minlength=len(rows)) for k in range(3)]
        moved = np.stack(total, axis=1) / count
        inside = np.sum((moved - skin) * outward, axis=1) < 0.0
        sheet[rows] = np.where(inside[:, None], skin, moved)
    return np.clip(np.sum((sheet - body.vertices) * normals, axis=1), 0.0, _DRAPE_LIMIT_M)


def _waves(vertices: FloatArray, rng: np.random.Generator) -> FloatArray:
    """A smooth random field of folds over rest positions, about -1..1, folds mostly slanting across."""
    out = np.zeros(len(vertices))
    for _ in range(5):
        length_m = rng.uniform(0.055, 0.18)
        direction = rng.normal(size=3) * np.array([0.7, 1.0, 0.6])
        direction /= np.linalg.norm(direction)
        out += np.sin(vertices @ direction * (2.0 * np.pi / length_m) + rng.uniform(0, 2.0 * np.pi)) / 2.2
    return out
