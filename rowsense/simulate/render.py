"""Pictures of a simulated clip, one frame after the other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.body import BodyMesh, load_body, skeleton_of
from rowsense.simulate.camera import Camera
from rowsense.simulate.clip_spec import ClipSpec
from rowsense.simulate.dress import Dressed, dress
from rowsense.simulate.ergometer import chain, handle, seat, standing_parts, straps
from rowsense.simulate.motion import Motion, simulate_motion
from rowsense.simulate.raster import add_noise, rasterise, reduce_into, shade, vertex_normals
from rowsense.simulate.rig import bone_transforms, skin
from rowsense.simulate.room import paint_room
from rowsense.simulate.solids import Solid, join

FloatArray = NDArray[np.float64]
Picture = NDArray[np.uint8]

#: Pixels are drawn at twice the size each way and averaged.
OVERSAMPLING = 2
_SEAT_BEHIND_HIP_M = 0.03
_SEAT_SINK_M = 0.015


class ClipRenderer:
    """Holds what does not change over a clip; ``frame`` draws one picture (H, W, 3) RGB."""

    def __init__(self, spec: ClipSpec) -> None:
        self.spec = spec
        self.body: BodyMesh = load_body(spec.body)
        self.motion: Motion = simulate_motion(spec.motion, skeleton_of(self.body))
        self.camera = Camera(spec.camera, spec.width_px, spec.height_px)
        self.dressed: Dressed = dress(self.body, spec.look)
        self.rotation, self.position = bone_transforms(self.body, self.motion)
        self._last_posed: tuple[int, FloatArray] | None = None
        self._sits = (self.body.weight_of("root", "pelvis", "upperleg", "spine05") > 0.5) & (
            self.body.vertices[:, 1] < 0.10
        )
        self.seat_top_m = self._find_seat_top()
        towards = 1.0 if spec.camera.facing == "right" else -1.0
        light = np.array([0.25, 0.75, 0.62 * towards])
        self._light = light / np.linalg.norm(light)
        self._view = -self.camera.ahead
        self._background()
        rng = np.random.default_rng([77, spec.motion.seed])
        self._noise = np.clip(np.round(rng.normal(0, spec.noise_sd, (521, 769))), -9, 9).astype(np.int8)

    def __len__(self) -> int:
        return len(self.motion.time_s)

    def posed(self, index: int) -> FloatArray:
        """The rower's skin and clothes in a frame, (V, 3) metres, flattened where she sits."""
        if self._last_posed is not None and self._last_posed[0] == index:
            return self._last_posed[1]
        body = self.body
        out = skin(
            self.dressed.vertices, body.weights, body.bones, body.heads, self.rotation[index], self.position[index]
        )
        seat_x = self.motion.joints.hip[index, 0] - _SEAT_BEHIND_HIP_M
        over = self._sits & (np.abs(out[:, 0] - seat_x) < 0.17)
        out[over, 1] = np.maximum(out[over, 1], self.seat_top_m)
        self._last_posed = (index, out)
        return out

    def frame(self, index: int) -> Picture:
        """Draw one frame."""
        moving, posed = self._moving(index), self.posed(index)
        picture = self._still.copy()
        xyz = np.concatenate([posed, moving.vertices])
        faces = np.concatenate([self.body.faces, moving.faces + len(posed)])
        smooth = vertex_normals(posed, self.body.faces)
        normals = np.concatenate([smooth, vertex_normals(moving.vertices, moving.faces)])
        self._draw(picture, xyz, faces, normals, len(self.body.faces), moving.colours)
        rng = np.random.default_rng([self.spec.motion.seed, index])
        dx, dy = rng.integers(0, 500, 2)
        add_noise(picture, self._noise, int(dx), int(dy))
        return picture

    def frames(self) -> Iterator[Picture]:
        """All frames in order."""
        for index in range(len(self)):
            yield self.frame(index)

    def _find_seat_top(self) -> float:
        """As high as lets the softest part of the body sink in a little, over the whole clip."""
        body, lowest = self.body, []
        for index in range(0, len(self.motion.time_s), max(1, len(self.motion.time_s) // 12)):
            skin_now = skin(
                self.dressed.vertices, body.weights, body.bones, body.heads, self.rotation[index], self.position[index]
            )
            near = self._sits & (np.abs(skin_now[:, 0] - self.motion.joints.hip[index, 0]) < 0.10)
            lowest.append(skin_now[near, 1].min())
        return float(np.median(lowest)) + _SEAT_SINK_M

    def _moving(self, index: int) -> Solid:
        joints = self.motion.joints
        grip = joints.handle[index] * np.array([1.0, 1.0, 0.0])
        seat_x = joints.hip[index, 0] - _SEAT_BEHIND_HIP_M
        half = abs(joints.handle[index, 2]) + 0.055
        parts = [seat(self.seat_top_m).moved((seat_x, 0.0, 0.0)), handle(half).moved(grip), chain(grip)]
        if self.dressed.extra is not None:
            head = self.body.bone("head")
            turned = self.dressed.extra.vertices @ self.rotation[index, head].T + self.position[index, head]
            parts.append(Solid(turned, self.dressed.extra.faces, self.dressed.extra.colours))
        return join(parts)

    def _background(self) -> None:
        spec = self.spec
        colour = paint_room(self.camera, spec.room, OVERSAMPLING)
        still = join([standing_parts(spec.frame_colour, self.seat_top_m), straps()])
        xy, depth = self.camera.project(still.vertices)
        height, width = colour.shape[:2]
        self._depth = np.full((height, width), np.inf, dtype=np.float32)
        face_of = np.full((height, width), -1, dtype=np.int32)
        bary = np.zeros((height, width, 2), dtype=np.float32)
        rasterise(xy * OVERSAMPLING, depth, still.faces, self._depth, face_of, bary, 0, 0)
        shade(
            face_of, bary, still.faces, vertex_normals(still.vertices, still.faces),
            still.colours.astype(np.float32), np.zeros(len(still.faces), np.int8),
            np.zeros((len(still.vertices), 1), np.float32), np.zeros((2, 3), np.float32),
            self._light, self._view, colour,
        )  # fmt: skip
        self._colour = colour
        self._still = np.zeros((spec.height_px, spec.width_px, 3), dtype=np.uint8)
        reduce_into(colour, self._still, 0, 0, OVERSAMPLING)

    def _draw(
        self,
        picture: Picture,
        xyz: FloatArray,
        faces: NDArray[np.int64],
        normals: FloatArray,
        body_faces: int,
        colours: FloatArray,
    ) -> None:
        xy, depth = self.camera.project(xyz)
        spec = self.spec
        low = np.clip(np.floor(xy.min(axis=0)).astype(int) - 1, 0, None)
        high = np.minimum(np.ceil(xy.max(axis=0)).astype(int) + 2, [spec.width_px, spec.height_px])
        x0, y0, x1, y1 = int(low[0]), int(low[1]), int(high[0]), int(high[1])
        if x1 <= x0 or y1 <= y0:
            return
        n = OVERSAMPLING
        window = (slice(y0 * n, y1 * n), slice(x0 * n, x1 * n))
        zbuffer, colour = self._depth[window].copy(), self._colour[window].copy()
        face_of = np.full(zbuffer.shape, -1, dtype=np.int32)
        bary = np.empty((*zbuffer.shape, 2), dtype=np.float32)
        rasterise(xy * n, depth, faces, zbuffer, face_of, bary, x0 * n, y0 * n)
        face_colour = np.zeros((len(faces), 3), dtype=np.float32)
        face_colour[body_faces:] = colours
        kind = np.zeros(len(faces), dtype=np.int8)
        kind[:body_faces] = 1
        layers = np.zeros((len(xyz), self.dressed.layers.shape[1]), dtype=np.float32)
        layers[: len(self.dressed.layers)] = self.dressed.layers
        shade(
            face_of, bary, faces, normals, face_colour, kind, layers, self.dressed.colours,
            self._light, self._view, colour,
        )  # fmt: skip
        reduce_into(colour, picture, x0, y0, n)
