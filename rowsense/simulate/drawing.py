"""Draws solids into a window of a clip's buffers, whose pixels are sampled 2 x 2."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.raster import rasterise, shade

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int64]

#: Pixels are drawn at twice the size each way and averaged.
OVERSAMPLING = 2
#: The four samples of a pixel, across and down, in the order in which a shutter that is open fills them.
_SAMPLES = ((0, 0), (1, 1), (1, 0), (0, 1))


@dataclass(frozen=True)
class Lighting:
    """Unit vectors towards lamp and camera, and the shares of the kinds of light (``light_shares``)."""

    lamp: FloatArray
    view: FloatArray
    shares: FloatArray


@dataclass(frozen=True)
class Surface:
    """What is drawn, apart from where it is now."""

    faces: IntArray
    normals: FloatArray
    """(V, 3)"""
    face_colour: Float32Array
    """(F, 3)"""
    kind: NDArray[np.int8]
    """(F,) 1 = coloured by layers."""
    layers: Float32Array
    """(V, L)"""
    layer_colour: Float32Array
    """(L + 1, 3)"""
    layer_gloss: Float32Array
    """(L + 1,) how much each layer mirrors the lamp."""


@dataclass
class Buffers:
    """Depth, colour and face numbers (-1 = nothing drawn) at the sampled size; the window starts at ``origin``."""

    depth: Float32Array
    colour: Float32Array
    face_of: NDArray[np.int32]
    origin: tuple[int, int] = (0, 0)


def window_of(room: Buffers, x0: int, y0: int, x1: int, y1: int, factor: int) -> Buffers:
    """A copy of a window of the room's buffers to draw into; corners in pixels of the picture."""
    part = (slice(y0 * factor, y1 * factor), slice(x0 * factor, x1 * factor))
    depth = room.depth[part].copy()
    return Buffers(depth, room.colour[part].copy(), np.full(depth.shape, -1, dtype=np.int32), (x0, y0))


def plain_surface(faces: IntArray, normals: FloatArray, colours: FloatArray) -> Surface:
    """Faces with one colour each."""
    return Surface(
        faces, normals, colours.astype(np.float32), np.zeros(len(faces), np.int8),
        np.zeros((len(normals), 1), np.float32), np.zeros((2, 3), np.float32),
        np.zeros(2, np.float32),
    )  # fmt: skip


def draw(into: Buffers, xy_px: FloatArray, depth: FloatArray, surface: Surface, lighting: Lighting) -> None:
    """Draw one moment; ``xy_px`` (V, 2) in pixels of the finished picture."""
    bary = np.empty((*into.depth.shape, 2), dtype=np.float32)
    n, (x0, y0) = OVERSAMPLING, into.origin
    rasterise(xy_px * n, depth, surface.faces, into.depth, into.face_of, bary, x0 * n, y0 * n)
    _shade(into.face_of, bary, surface, lighting, into.colour)


def split_samples(buffers: Buffers) -> list[Buffers]:
    """The buffers of each of a pixel's four samples apart, at the picture's size."""
    parts = [(slice(down, None, 2), slice(right, None, 2)) for right, down in _SAMPLES]
    return [
        Buffers(buffers.depth[part].copy(), buffers.colour[part].copy(), buffers.face_of[part].copy()) for part in parts
    ]


def draw_smeared(
    into: list[Buffers], moments: list[tuple[FloatArray, FloatArray]], surface: Surface, lighting: Lighting
) -> None:
    """Draw four moments (positions and depths), each into one of the four samples of every pixel."""
    for (right, down), buffers, (xy_px, depth) in zip(_SAMPLES, into, moments, strict=True):
        x0, y0 = buffers.origin
        bary = np.empty((*buffers.depth.shape, 2), dtype=np.float32)
        shifted = xy_px + (0.25 - 0.5 * np.array([right, down]))
        rasterise(shifted, depth, surface.faces, buffers.depth, buffers.face_of, bary, x0, y0)
        _shade(buffers.face_of, bary, surface, lighting, buffers.colour)


def _shade(
    face_of: NDArray[np.int32], bary: Float32Array, surface: Surface, lighting: Lighting, colour: Float32Array
) -> None:
    shade(
        face_of, bary, surface.faces, surface.normals, surface.face_colour, surface.kind, surface.layers,
        surface.layer_colour, surface.layer_gloss, lighting.lamp, lighting.view, lighting.shares, colour,
    )  # fmt: skip
