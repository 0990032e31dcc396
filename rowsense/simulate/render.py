"""Pictures of a simulated clip, one frame after the other."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.body import BodyMesh
from rowsense.simulate.camera import Camera
from rowsense.simulate.clip_spec import ClipSpec
from rowsense.simulate.drawing import (
    OVERSAMPLING,
    Buffers,
    Lighting,
    Surface,
    draw,
    draw_smeared,
    plain_surface,
    split_samples,
    window_of,
)
from rowsense.simulate.ergometer import standing_parts, straps
from rowsense.simulate.furniture import furnish, spots_under
from rowsense.simulate.light import lamp, light_shares, shadow_mask
from rowsense.simulate.motion import Motion
from rowsense.simulate.raster import average_into, bare_samples, darken, reduce_into, vertex_normals
from rowsense.simulate.room import glare_point, paint_room, wall_z_m
from rowsense.simulate.rower import Rower, Track
from rowsense.simulate.sensor import Sensor
from rowsense.simulate.solids import Solid, join, subdivided

FloatArray = NDArray[np.float64]
Picture = NDArray[np.uint8]

#: Longest straight edge under a lens that bends lines: 10 cm at 380 px/m are off by 0.3 px at the picture's edge for
#: a k1 of 0.15 [D: sagitta of r + k1 r^3].
_EDGE_M = 0.10

#: Moments of an exposure that are drawn, as shares of it.
_MOMENTS = (0.125, 0.375, 0.625, 0.875)


class ClipRenderer:
    """Holds what does not change over a clip; ``frame`` draws one picture (H, W, 3) RGB.

    With ``fine_room`` false joints of tiles and planks are not smoothed: a room takes a quarter of the time.
    """

    def __init__(self, spec: ClipSpec, *, fine_room: bool = True) -> None:
        self.spec = spec
        self.rower = Rower(spec)
        self.body: BodyMesh = self.rower.body
        self.motion: Motion = self.rower.motion
        self.camera = Camera(spec.camera, spec.width_px, spec.height_px)
        self._lighting = Lighting(lamp(spec.light, spec.camera.facing), -self.camera.ahead, light_shares(spec.light))
        self._open_close = [self.rower.after(s * 0.5 * spec.sensor.exposure_s) for s in self._shutter_ends()]
        self._background(OVERSAMPLING if fine_room else 1)
        size = (spec.width_px, spec.height_px)
        glare_px = glare_point(self.camera, spec.room)
        self._sensor = Sensor(spec.sensor, spec.light, spec.noise_sd, spec.motion.seed, size, glare_px)

    def __len__(self) -> int:
        return len(self.motion.time_s)

    @property
    def seat_top_m(self) -> float:
        """Height of the seat."""
        return self.rower.seat_top_m

    def posed(self, index: int) -> FloatArray:
        """The rower's skin and clothes in a frame, (V, 3) metres, flattened where she sits."""
        return self.rower.posed(index)

    def frame(self, index: int) -> Picture:
        """Draw one frame."""
        picture = self._still.copy()
        bare = self._bare.copy() if self.spec.light.shadow_ratio > 0.0 else None
        self._draw_rower(picture, bare, index)
        if bare is not None:
            self._throw_shadow(picture, bare, index)
        return self._sensor.finish(picture, index, float(self.motion.time_s[index]))

    def without_rower(self, index: int) -> Picture:
        """The same room, camera and sensor with nobody on the ergometer, and no seat."""
        return self._sensor.finish(self._still.copy(), index, float(self.motion.time_s[index]))

    def frames(self) -> Iterator[Picture]:
        """All frames in order."""
        for index in range(len(self)):
            yield self.frame(index)

    def _shutter_ends(self) -> tuple[float, ...]:
        return (-1.0, 1.0) if self.spec.sensor.exposure_s > 0.0 else ()

    def _bent(self, solid: Solid, carried: FloatArray) -> tuple[Solid, FloatArray]:
        """Cut long edges where the lens bends straight lines; ``carried`` (V, K) goes with the vertices."""
        return (solid, carried) if self.spec.camera.distortion_k1 == 0.0 else subdivided(solid, carried, _EDGE_M)

    def _background(self, painted: int) -> None:
        """``painted``: how many times the picture's size the room is painted at."""
        spec, n = self.spec, OVERSAMPLING
        furniture = furnish(spec, self.body)
        colour = paint_room(self.camera, spec.room, painted, spots_under(furniture))
        colour = colour.repeat(n // painted, axis=0).repeat(n // painted, axis=1)
        still = join([standing_parts(spec.frame_colour, self.seat_top_m, spec.ergometer), straps(), *furniture])
        still, normals = self._bent(still, vertex_normals(still.vertices, still.faces))
        height, width = colour.shape[:2]
        depth = np.full((height, width), np.inf, dtype=np.float32)
        self._room = Buffers(depth, colour, np.full((height, width), -1, dtype=np.int32))
        surface = plain_surface(still.faces, normals, still.colours)
        draw(self._room, *self.camera.project(still.vertices), surface, self._lighting)
        self._samples = split_samples(self._room) if self._open_close else []
        self._still = np.zeros((spec.height_px, spec.width_px, 3), dtype=np.uint8)
        reduce_into(colour, self._still, 0, 0, n)
        self._bare = bare_samples(self._room.face_of, depth, n)

    def _draw_rower(self, picture: Picture, bare: NDArray[np.uint8] | None, index: int) -> None:
        posed = self.posed(index)
        carried = self.rower.carried(index, posed)
        ends = [self._at_shutter(index, track) for track in self._open_close]
        values = [vertex_normals(carried.vertices, carried.faces), *(solid.vertices for _, solid in ends)]
        solid, values_cut = self._bent(carried, np.concatenate(values, axis=1))
        surface = self._surface(posed, solid, values_cut[:, :3].copy())
        if ends:
            first, last = (np.concatenate([ends[k][0], values_cut[:, 3 + 3 * k : 6 + 3 * k]]) for k in (0, 1))
            moments = [self.camera.project(first + (last - first) * share) for share in _MOMENTS]
        else:
            moments = [self.camera.project(np.concatenate([posed, solid.vertices]))]
        reach = np.concatenate([xy for xy, _ in moments])
        low = np.clip(np.floor(reach.min(axis=0)).astype(int) - 1, 0, None)
        high = np.minimum(np.ceil(reach.max(axis=0)).astype(int) + 2, [self.spec.width_px, self.spec.height_px])
        x0, y0, x1, y1 = int(low[0]), int(low[1]), int(high[0]), int(high[1])
        if x1 <= x0 or y1 <= y0:
            return
        box = (x0, y0, x1, y1)
        if ends:
            parts = [window_of(part, *box, 1) for part in self._samples]
            draw_smeared(parts, moments, surface, self._lighting)
            first, second, third, fourth = (part.colour for part in parts)
            average_into(first, second, third, fourth, picture, x0, y0)
        else:
            parts = [window_of(self._room, *box, OVERSAMPLING)]
            draw(parts[0], *moments[0], surface, self._lighting)
            reduce_into(parts[0].colour, picture, x0, y0, OVERSAMPLING)
        if bare is not None:
            bare[y0:y1, x0:x1] = self._bare_in(parts, box)

    def _bare_in(self, drawn: list[Buffers], box: tuple[int, int, int, int]) -> NDArray[np.uint8]:
        """How many of a pixel's four samples still show the painted room."""
        x0, y0, x1, y1 = box
        if len(drawn) == 1:
            n = OVERSAMPLING
            return np.asarray(bare_samples(drawn[0].face_of, self._room.depth[y0 * n : y1 * n, x0 * n : x1 * n], n))
        count = np.zeros((y1 - y0, x1 - x0), dtype=np.uint8)
        for part, room in zip(drawn, self._samples, strict=True):
            count += bare_samples(part.face_of, room.depth[y0:y1, x0:x1], 1)
        return count

    def _surface(self, posed: FloatArray, solid: Solid, normals: FloatArray) -> Surface:
        """The rower's mesh, coloured by its layers, and the solids she moves."""
        body, dressed = self.body, self.rower.dressed
        faces = np.concatenate([body.faces, solid.faces + len(posed)])
        face_colour = np.zeros((len(faces), 3), dtype=np.float32)
        face_colour[len(body.faces) :] = solid.colours
        kind = np.zeros(len(faces), dtype=np.int8)
        kind[: len(body.faces)] = 1
        layers = np.zeros((len(posed) + len(normals), dressed.layers.shape[1]), dtype=np.float32)
        layers[: len(posed)] = dressed.layers
        own = vertex_normals(posed, body.faces)
        if dressed.wrinkles is not None:
            own = own + dressed.wrinkles
        gloss = np.zeros(len(dressed.colours), np.float32) if dressed.gloss is None else dressed.gloss
        return Surface(faces, np.concatenate([own, normals]), face_colour, kind, layers, dressed.colours, gloss)

    def _at_shutter(self, index: int, track: Track) -> tuple[FloatArray, Solid]:
        """The rower and what she moves when the shutter opens or closes."""
        posed = self.rower.posed(index, track)
        return posed, self.rower.carried(index, posed, track)

    def _throw_shadow(self, picture: Picture, bare: NDArray[np.uint8], index: int) -> None:
        wall_m = wall_z_m(self.camera, self.spec.room)
        mask = shadow_mask(self.posed(index), self._lighting.lamp, self.camera, wall_m)
        size = (self.spec.width_px, self.spec.height_px)
        shadow = np.asarray(
            cv2.resize((mask * 255.0).astype(np.uint8), size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8
        )
        darken(picture, bare, shadow, self.spec.light.shadow_ratio / OVERSAMPLING**2)
