"""Soft tissue: how one body's back, belly and seat differ from the shape that its build gives it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.body import BodyMesh
from rowsense.simulate.cloth import outward_normals, step

FloatArray = NDArray[np.float64]

#: Up and down from a level over which a swelling fades, metres [D: a hand's breadth].
_BREADTH_M = 0.08

#: Height over the seat up to which flesh is pressed out, metres [D].
_PRESSED_M = 0.05


@dataclass(frozen=True, slots=True)
class FleshSpec:
    """How much fuller than usual, metres (less where negative); it goes with the skin and is part of the outline."""

    belly_m: float = 0.0
    waist_m: float = 0.0
    """All round, above the hips."""
    lumbar_m: float = 0.0
    """Over the hollow of the back."""
    upper_back_m: float = 0.0
    """Between and below the shoulder blades: a round or a flat upper back."""
    shoulder_back_m: float = 0.0
    """Behind the shoulders and the base of the neck."""
    buttock_m: float = 0.0
    uneven_m: float = 0.0
    """Height of a smooth relief over the whole trunk that is this body's own."""
    seat_sink_m: float = 0.015
    """How far the softest part of the body sinks into the seat."""
    seat_bulge_m: float = 0.0
    """How far flesh is pressed out, backwards, above the seat."""
    seed: int = 0
    """Decides the relief."""


def reshaped(body: BodyMesh, flesh: FleshSpec) -> BodyMesh:
    """The body with another relief of its trunk; bones and weights stay."""
    if flesh == FleshSpec(seat_sink_m=flesh.seat_sink_m, seat_bulge_m=flesh.seat_bulge_m, seed=flesh.seed):
        return body
    normals, _ = outward_normals(body.vertices, body.faces)
    return replace(body, vertices=body.vertices + normals * _swelling(body, flesh)[:, None])


def pressed_out(posed: FloatArray, sits: NDArray[np.bool_], seat_x_m: float, seat_top_m: float, bulge_m: float) -> None:
    """Push flesh that sits backwards, out from under the weight, in place; ``sits`` (V,) chooses it."""
    if bulge_m <= 0.0:
        return
    above = posed[:, 1] - seat_top_m
    behind = np.clip((seat_x_m - posed[:, 0]) / 0.12, 0.0, 1.0)
    posed[:, 0] -= np.where(sits, bulge_m * behind * np.exp(-((above / _PRESSED_M) ** 2)), 0.0)


def _swelling(body: BodyMesh, flesh: FleshSpec) -> FloatArray:
    """(V,) metres along the normals."""
    v = body.vertices
    hip, waist, ribs, blades, neck = (
        float(body.heads[body.bone(name)][1]) for name in ("upperleg01.R", "spine04", "spine03", "spine01", "neck01")
    )
    behind, ahead = step(-v[:, 0], 0.06), step(v[:, 0] - 0.01, 0.06)

    def level(at_m: float, breadth_m: float = _BREADTH_M) -> FloatArray:
        return np.asarray(np.exp(-(((v[:, 1] - at_m) / breadth_m) ** 2)))

    out = flesh.belly_m * level(waist, 0.12) * ahead + flesh.waist_m * level(0.5 * (waist + ribs), 0.10)
    out += flesh.lumbar_m * level(0.5 * (waist + ribs)) * behind
    out += flesh.upper_back_m * level(blades - 0.04, 0.11) * behind
    out += flesh.shoulder_back_m * level(neck - 0.05) * behind
    out += flesh.buttock_m * level(hip, 0.09) * behind
    out += flesh.uneven_m * _relief(v, flesh.seed)
    return out * _trunk(body)


def _trunk(body: BodyMesh) -> FloatArray:
    """(V,) 1 on the trunk, 0 on arms, head and shins, smooth between."""
    limbs = body.weight_of("arm", "wrist", "finger", "metacarpal", "shoulder01", "clavicle", "head", "neck02", "neck03")
    legs = body.weight_of("lowerleg", "foot", "toe")
    return np.asarray(np.clip(1.0 - 1.5 * (limbs + legs), 0.0, 1.0))


def _relief(vertices: FloatArray, seed: int) -> FloatArray:
    """(V,) a smooth field, about -1..1, alike on both sides."""
    rng = np.random.default_rng([80, seed])
    alike = vertices * [1.0, 1.0, 0.0] + np.abs(vertices) * [0.0, 0.0, 1.0]
    out = np.zeros(len(vertices))
    for _ in range(5):
        direction = rng.normal(size=3) * np.array([0.6, 1.0, 0.6])
        direction *= 2.0 * np.pi / (np.linalg.norm(direction) * rng.uniform(0.14, 0.45))
        out += np.sin(alike @ direction + rng.uniform(0.0, 2.0 * np.pi)) / 2.2
    return out
