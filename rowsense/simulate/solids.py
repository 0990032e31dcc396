"""Simple solids as triangle meshes with one colour a face."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Solid:
    """Vertices (V, 3) in metres, faces (F, 3), colours (F, 3) 0..1."""

    vertices: FloatArray
    faces: IntArray
    colours: FloatArray

    def moved(self, xyz: ArrayLike) -> Solid:
        """The same solid, shifted."""
        return Solid(self.vertices + np.asarray(xyz), self.faces, self.colours)


def join(solids: list[Solid]) -> Solid:
    """All solids as one."""
    counts = np.cumsum([0] + [len(s.vertices) for s in solids])
    return Solid(
        np.concatenate([s.vertices for s in solids]),
        np.concatenate([s.faces + n for s, n in zip(solids, counts[:-1], strict=True)]),
        np.concatenate([s.colours for s in solids]),
    )


def beam(start: ArrayLike, end: ArrayLike, thick_m: float, wide_m: float, colour: Colour) -> Solid:
    """A bar with a rectangular section from ``start`` to ``end``; ``wide_m`` along z (or x for bars along z)."""
    first, last = np.asarray(start, float), np.asarray(end, float)
    along = (last - first) / np.linalg.norm(last - first)
    aside = np.array([0.0, 0.0, 1.0]) if abs(along[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    aside = aside - along * (aside @ along)
    aside /= np.linalg.norm(aside)
    across = np.cross(aside, along)
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    ring = np.array([0.5 * wide_m * i * aside + 0.5 * thick_m * j * across for i, j in corners])
    return _prism(first + ring, last + ring, colour)


def rod(start: ArrayLike, end: ArrayLike, radius_m: float, colour: Colour, sides: int = 12) -> Solid:
    """A round bar."""
    first, last = np.asarray(start, float), np.asarray(end, float)
    along = (last - first) / np.linalg.norm(last - first)
    aside = np.cross(along, [0.0, 1.0, 0.0] if abs(along[1]) < 0.9 else [1.0, 0.0, 0.0])
    aside /= np.linalg.norm(aside)
    across = np.cross(along, aside)
    angle = np.linspace(0.0, 2.0 * np.pi, sides, endpoint=False)
    ring = radius_m * (np.cos(angle)[:, None] * aside + np.sin(angle)[:, None] * across)
    return _prism(first + ring, last + ring, colour)


def _prism(first: FloatArray, last: FloatArray, colour: Colour) -> Solid:
    """Own vertices for every side, so that edges stay sharp under smooth normals."""
    count = len(first)
    vertices: list[FloatArray] = []
    faces: list[tuple[int, int, int]] = []
    for i in range(count):
        j, n = (i + 1) % count, len(vertices)
        vertices += [first[i], first[j], last[j], last[i]]
        faces += [(n, n + 1, n + 2), (n, n + 2, n + 3)]
    for ring in (first, last):
        n = len(vertices)
        vertices += list(ring)
        faces += [(n, n + i, n + i + 1) for i in range(1, count - 1)]
    return Solid(np.array(vertices), np.array(faces), np.tile(np.array(colour, float), (len(faces), 1)))


def ring_sectors(centre: ArrayLike, inner_m: float, outer_m: float, colours: list[Colour], sectors: int = 48) -> Solid:
    """A flat ring in the x-y plane whose sectors take the colours in turn."""
    angle = np.linspace(0.0, 2.0 * np.pi, sectors + 1)
    unit = np.stack([np.cos(angle), np.sin(angle), np.zeros_like(angle)], axis=1)
    vertices: list[FloatArray] = []
    faces: list[tuple[int, int, int]] = []
    shades: list[Colour] = []
    for i in range(sectors):
        n = len(vertices)
        vertices += [unit[i] * inner_m, unit[i] * outer_m, unit[i + 1] * outer_m, unit[i + 1] * inner_m]
        faces += [(n, n + 1, n + 2), (n, n + 2, n + 3)]
        shades += [colours[i % len(colours)]] * 2
    return Solid(np.array(vertices) + np.asarray(centre), np.array(faces), np.array(shades))


def ball(centre: ArrayLike, radii_m: ArrayLike, colour: Colour, rows: int = 10, columns: int = 16) -> Solid:
    """An ellipsoid with shared vertices (smooth)."""
    polar = np.linspace(0.0, np.pi, rows + 1)
    around = np.linspace(0.0, 2.0 * np.pi, columns, endpoint=False)
    grid = np.stack(
        [
            np.sin(polar)[:, None] * np.cos(around),
            np.repeat(np.cos(polar)[:, None], columns, axis=1),
            np.sin(polar)[:, None] * np.sin(around),
        ],
        axis=-1,
    )
    vertices = grid.reshape(-1, 3) * np.asarray(radii_m) + np.asarray(centre)
    faces = []
    for i in range(rows):
        for j in range(columns):
            a, b = i * columns + j, i * columns + (j + 1) % columns
            faces += [(a, b, a + columns), (b, b + columns, a + columns)]
    return Solid(vertices, np.array(faces), np.tile(np.array(colour, float), (len(faces), 1)))
