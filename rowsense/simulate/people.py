"""Other people in the room: they stand or sit behind the rower and do not move."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.body import BodyMesh
from rowsense.simulate.dress import dress
from rowsense.simulate.look import LookSpec
from rowsense.simulate.rig import skin
from rowsense.simulate.solids import Colour, Solid, beam, join

FloatArray = NDArray[np.float64]

_BENCH_M = 0.46


def _street_look() -> LookSpec:
    return LookSpec(top=(0.55, 0.22, 0.20), bottom=(0.20, 0.22, 0.28), sleeve=0.7, leg=1.9)


@dataclass(frozen=True, slots=True)
class PersonSpec:
    """Someone in the room, in the rower's body shape at another size."""

    x_m: float = -0.6
    """Along the wall."""
    behind_m: float = 1.2
    """How far behind the rower's plane; keep it above 0.8 m, or arms and knees reach into the ergometer."""
    sits: bool = False
    kneels: bool = False
    """Upright on both knees, the shanks on the floor behind."""
    turn_deg: float = 0.0
    """0 = looks where the rower looks, 90 = towards the camera."""
    arms_deg: float = 12.0
    """How far the arms are held away from the body; they hang, straight."""
    size_ratio: float = 1.0
    look: LookSpec = field(default_factory=_street_look)


def person(body: BodyMesh, spec: PersonSpec, side: float) -> Solid:
    """The person as a solid; ``side`` is +1 when the camera stands on the rower's right."""
    dressed = dress(body, spec.look)
    posed = _pose(body, dressed.vertices, spec)
    posed[:, 1] -= posed[:, 1].min()
    posed *= spec.size_ratio
    turn = np.deg2rad(spec.turn_deg) * -side
    about = np.array([[np.cos(turn), 0.0, np.sin(turn)], [0.0, 1.0, 0.0], [-np.sin(turn), 0.0, np.cos(turn)]])
    figure = Solid(posed @ about.T, body.faces, _face_colours(body, dressed.layers, dressed.colours))
    at = np.array([spec.x_m, 0.0, -side * spec.behind_m])
    if not spec.sits:
        return figure.moved(at)
    height_m = _BENCH_M * spec.size_ratio
    return join([figure.moved(at), _bench(height_m).moved(at)])


def _pose(body: BodyMesh, vertices: FloatArray, spec: PersonSpec) -> FloatArray:
    """Arms down at the sides and, for someone who sits, thighs level; shanks level for someone who kneels."""
    turns: dict[int, FloatArray] = {}
    for name, sign in (("R", 1.0), ("L", -1.0)):
        aside = np.array([0.0, -np.cos(np.deg2rad(spec.arms_deg)), sign * np.sin(np.deg2rad(spec.arms_deg))])
        _straighten(body, f"upperarm01.{name}", f"lowerarm01.{name}", aside, turns)
        _straighten(body, f"lowerarm01.{name}", f"wrist.{name}", aside + np.array([0.25, 0.0, 0.0]), turns)
        if spec.sits:
            _straighten(body, f"upperleg01.{name}", f"lowerleg01.{name}", np.array([1.0, -0.05, 0.12 * sign]), turns)
            _straighten(body, f"lowerleg01.{name}", f"foot.{name}", np.array([-0.05, -1.0, 0.0]), turns)
            turns[body.bone(f"foot.{name}")] = np.eye(3)
        elif spec.kneels:
            _straighten(body, f"upperleg01.{name}", f"lowerleg01.{name}", np.array([0.05, -1.0, 0.08 * sign]), turns)
            _straighten(body, f"lowerleg01.{name}", f"foot.{name}", np.array([-1.0, -0.05, 0.0]), turns)
    rotation = np.empty((len(body.labels), 3, 3))
    position = np.empty((len(body.labels), 3))
    for i, parent in enumerate(body.parents):
        above = max(int(parent), 0)
        rotation[i] = turns.get(i, rotation[above] if i else np.eye(3))
        position[i] = position[above] + rotation[above] @ (body.heads[i] - body.heads[above]) if i else body.heads[0]
    return skin(vertices, body.weights, body.bones, body.heads, rotation, position)


def _straighten(body: BodyMesh, joint: str, end: str, towards: FloatArray, turns: dict[int, FloatArray]) -> None:
    """Turn a limb's bone by the shortest way until it points ``towards``."""
    rest = body.heads[body.bone(end)] - body.heads[body.bone(joint)]
    first, last = rest / np.linalg.norm(rest), towards / np.linalg.norm(towards)
    axis = np.cross(first, last)
    cross = np.array([[0.0, -axis[2], axis[1]], [axis[2], 0.0, -axis[0]], [-axis[1], axis[0], 0.0]])
    turns[body.bone(joint)] = np.eye(3) + cross + cross @ cross / (1.0 + float(first @ last))


def _face_colours(body: BodyMesh, layers: NDArray[np.float32], colours: NDArray[np.float32]) -> FloatArray:
    """The colour of the outermost layer that covers a face's middle."""
    covers = layers[body.faces].mean(axis=1) > 0.0
    chosen = np.where(covers.any(axis=1), covers.argmax(axis=1), layers.shape[1])
    return colours[chosen].astype(np.float64)


def _bench(height_m: float) -> Solid:
    wood: Colour = (0.45, 0.34, 0.24)
    legs = [beam((x, 0.0, z), (x, height_m - 0.05, z), 0.04, 0.04, wood) for x in (-0.18, 0.16) for z in (-0.42, 0.42)]
    return join([beam((-0.24, height_m - 0.03, 0), (0.20, height_m - 0.03, 0), 0.05, 1.0, wood), *legs])
