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


def slab(outline_xy: list[tuple[float, float]], wide_m: float, colour: Colour) -> Solid:
    """A plate across the rail whose side view is a convex outline of (x, y) corners."""
    ring = np.array([(x, y, 0.0) for x, y in outline_xy])
    aside = np.array([0.0, 0.0, 0.5 * wide_m])
    return _prism(ring - aside, ring + aside, colour)


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


def strand(points: FloatArray, half_wide_m: FloatArray, half_thick_m: FloatArray, colour: Colour) -> Solid:
    """A round-edged band along (N, 3) points in an x-y plane; (N,) half widths along z and across the band."""
    tangent = np.gradient(points, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    across = np.stack([-tangent[:, 1], tangent[:, 0], np.zeros(len(points))], axis=1)
    around = np.linspace(0.0, 2.0 * np.pi, 14, endpoint=False)
    aside = np.array([0.0, 0.0, 1.0]) * np.cos(around)[None, :, None] * half_wide_m[:, None, None]
    ring = aside + across[:, None, :] * np.sin(around)[None, :, None] * half_thick_m[:, None, None]
    faces = _grid_faces(len(points), len(around))
    vertices = (points[:, None, :] + ring).reshape(-1, 3)
    return Solid(vertices, faces, np.tile(np.array(colour, float), (len(faces), 1)))


def _grid_faces(rows: int, columns: int) -> IntArray:
    """Triangles of a tube whose rings of ``columns`` vertices follow one another."""
    a = (np.arange(rows - 1)[:, None] * columns + np.arange(columns)).ravel()
    b = (np.arange(rows - 1)[:, None] * columns + (np.arange(columns) + 1) % columns).ravel()
    return np.concatenate([np.stack([a, b, a + columns], 1), np.stack([b, b + columns, a + columns], 1)])


def subdivided(solid: Solid, carried: FloatArray, longest_m: float) -> tuple[Solid, FloatArray]:
    """The same solid in triangles with edges of at most ``longest_m``, with (V, K) values its vertices carry.

    For lenses that bend straight lines: the rasteriser draws straight edges between corners.
    """
    values = np.concatenate([solid.vertices, carried], axis=1)
    long = _longest_2(values[solid.faces]) > longest_m**2
    corners, colours = _cut(values[solid.faces[long]], solid.colours[long], longest_m)
    faces = np.concatenate([solid.faces[~long], len(values) + np.arange(3 * len(corners)).reshape(-1, 3)])
    values = np.concatenate([values, corners.reshape(-1, values.shape[1])])
    return Solid(values[:, :3], faces, np.concatenate([solid.colours[~long], colours])), values[:, 3:]


def _longest_2(corners: FloatArray) -> FloatArray:
    """(N,) squared length of the longest side of (N, 3, K) triangles."""
    side = corners[:, :, :3] - corners[:, (1, 2, 0), :3]
    return np.asarray(np.einsum("nij,nij->ni", side, side).max(axis=1))


def _cut(corners: FloatArray, colours: FloatArray, longest_m: float) -> tuple[FloatArray, FloatArray]:
    """Halve the longest side of (N, 3, K) triangles until none is longer."""
    done, shades = [corners[:0]], [colours[:0]]
    while len(corners):
        side = corners[:, :, :3] - corners[:, (1, 2, 0), :3]
        order = (np.einsum("nij,nij->ni", side, side).argmax(axis=1)[:, None] + np.arange(3)) % 3
        turned = corners[np.arange(len(corners))[:, None], order]
        middle = 0.5 * (turned[:, 0] + turned[:, 1])
        one = np.stack([turned[:, 0], middle, turned[:, 2]], axis=1)
        two = np.stack([middle, turned[:, 1], turned[:, 2]], axis=1)
        corners, colours = np.concatenate([one, two]), np.concatenate([colours, colours])
        fine = _longest_2(corners) <= longest_m**2
        done.append(corners[fine])
        shades.append(colours[fine])
        corners, colours = corners[~fine], colours[~fine]
    return np.concatenate(done), np.concatenate(shades)
