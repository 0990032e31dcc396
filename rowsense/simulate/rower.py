"""The rower of a clip: her dressed body and what moves with her, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.body import BodyMesh, load_body, skeleton_of
from rowsense.simulate.clip_spec import ClipSpec
from rowsense.simulate.cloth import shift_cloth
from rowsense.simulate.dress import Dressed, dress
from rowsense.simulate.ergometer import chain, handle
from rowsense.simulate.flesh import pressed_out, reshaped
from rowsense.simulate.hair import hang, pull_direction
from rowsense.simulate.kinematics import Joints
from rowsense.simulate.moments import motion_after
from rowsense.simulate.motion import Motion, simulate_motion
from rowsense.simulate.rig import bone_transforms, skin
from rowsense.simulate.seats import seat
from rowsense.simulate.solids import Solid, join

FloatArray = NDArray[np.float64]

_SEAT_BEHIND_HIP_M = 0.03
#: Step for the head's acceleration, which swings hair: about the time hair takes to follow [D].
_SWAY_STEP_S = 0.06


@dataclass(frozen=True)
class Track:
    """Where everything is in each of a clip's frames, or a moment before or after them."""

    joints: Joints
    lumbar_deg: FloatArray
    rotation: FloatArray
    position: FloatArray


class Rower:
    """``posed`` is the mesh of a frame, ``carried`` the solids that move: seat, handle, chain, hair, hood."""

    def __init__(self, spec: ClipSpec) -> None:
        self.body: BodyMesh = reshaped(load_body(spec.body), spec.flesh)
        self._flesh = spec.flesh
        self.motion: Motion = simulate_motion(spec.motion, skeleton_of(self.body))
        self.dressed: Dressed = dress(self.body, spec.look)
        self.now = self._track(self.motion)
        self._sits = (self.body.weight_of("root", "pelvis", "upperleg", "spine05") > 0.5) & (
            self.body.vertices[:, 1] < 0.10
        )
        self.seat_top_m = self._find_seat_top()
        self._seat = seat(self.seat_top_m, spec.ergometer)
        self._pull = self._hair_pull() if self.dressed.hanging is not None else None
        self._last: tuple[int, FloatArray] | None = None

    def after(self, offset_s: float) -> Track:
        """The same clip's frames, each ``offset_s`` later (or earlier)."""
        return self._track(motion_after(self.motion, offset_s))

    def posed(self, index: int, track: Track | None = None) -> FloatArray:
        """Skin and clothes in a frame, (V, 3) metres, flattened where she sits."""
        if track is None and self._last is not None and self._last[0] == index:
            return self._last[1]
        at, body = track or self.now, self.body
        out = skin(self.dressed.vertices, body.weights, body.bones, body.heads, at.rotation[index], at.position[index])
        if self.dressed.loose is not None:
            out = shift_cloth(out, body.faces, self.dressed.loose, float(at.lumbar_deg[index]))
        seat_x = at.joints.hip[index, 0] - _SEAT_BEHIND_HIP_M
        over = self._sits & (np.abs(out[:, 0] - seat_x) < 0.17)
        out[over, 1] = np.maximum(out[over, 1], self.seat_top_m)
        pressed_out(out, self._sits, seat_x, self.seat_top_m, self._flesh.seat_bulge_m)
        if track is None:
            self._last = (index, out)
        return out

    def bare_skin(self, index: int, vertices: NDArray[np.int64]) -> FloatArray:
        """The skin under the clothes at ``vertices`` (N,) in a frame, (N, 3) metres; not flattened by the seat."""
        body, at = self.body, self.now
        weights, bones = body.weights[vertices], body.bones[vertices]
        return skin(body.vertices[vertices], weights, bones, body.heads, at.rotation[index], at.position[index])

    def carried(self, index: int, posed: FloatArray, track: Track | None = None) -> Solid:
        """The solids that move, in a frame whose mesh is ``posed``."""
        at, dressed = track or self.now, self.dressed
        grip = at.joints.handle[index] * np.array([1.0, 1.0, 0.0])
        seat_x = at.joints.hip[index, 0] - _SEAT_BEHIND_HIP_M
        parts = [self._seat.moved((seat_x, 0.0, 0.0)), self._handle(at, index).moved(grip), chain(grip)]
        if dressed.extra is not None:
            parts.append(self._fixed_to("head", "head", dressed.extra, at, index))
        back = posed[dressed.hanging.back] if dressed.hanging is not None else posed[:0]
        if dressed.hood is not None:
            parts.append(self._fixed_to("neck01", "spine01", dressed.hood, at, index))
            back = np.concatenate([back, parts[-1].vertices])
        if dressed.hanging is not None and self._pull is not None:
            turn = at.rotation[index, self.body.bone("head")]
            root = turn @ dressed.hanging.root + at.position[index, self.body.bone("head")]
            backwards = turn @ np.array([-1.0, 0.0, 0.0])
            parts.append(hang(dressed.hanging, root, backwards, self._pull[index], back))
        return join(parts)

    def _handle(self, at: Track, index: int) -> Solid:
        return handle(abs(float(at.joints.handle[index, 2])) + 0.055)

    def _fixed_to(self, joint: str, turns_with: str, solid: Solid, at: Track, index: int) -> Solid:
        turned = solid.vertices @ at.rotation[index, self.body.bone(turns_with)].T
        return Solid(turned + at.position[index, self.body.bone(joint)], solid.faces, solid.colours)

    def _track(self, motion: Motion) -> Track:
        rotation, position = bone_transforms(self.body, motion)
        return Track(motion.joints, motion.posture.lumbar_deg, rotation, position)

    def _hair_pull(self) -> FloatArray:
        before, after = (motion_after(self.motion, s * _SWAY_STEP_S).joints.head for s in (-1.0, 1.0))
        return pull_direction((before - 2.0 * self.motion.joints.head + after) / _SWAY_STEP_S**2)

    def _find_seat_top(self) -> float:
        """As high as lets the softest part of the body sink in a little, over the whole clip."""
        body, lowest = self.body, []
        for index in range(0, len(self.motion.time_s), max(1, len(self.motion.time_s) // 12)):
            skin_now = skin(
                self.dressed.vertices, body.weights, body.bones, body.heads,
                self.now.rotation[index], self.now.position[index],
            )  # fmt: skip
            near = self._sits & (np.abs(skin_now[:, 0] - self.motion.joints.hip[index, 0]) < 0.10)
            lowest.append(skin_now[near, 1].min())
        return float(np.median(lowest)) + self._flesh.seat_sink_m
