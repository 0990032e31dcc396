"""A small z-buffer rasteriser: triangles to pixels, then one shading pass over what is seen."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int64]

#: Light: mostly from above and the camera's side, with a soft sky and floor.
KEY_SHARE, SKY_SHARE, FLOOR_SHARE = 0.54, 0.36, 0.26


@njit(cache=True, fastmath=True)
def rasterise(
    xy: FloatArray,
    depth: FloatArray,
    faces: IntArray,
    zbuffer: Float32Array,
    face_of: NDArray[np.int32],
    bary: Float32Array,
    x0: int,
    y0: int,
) -> None:
    """Draw triangles into the buffers of a window whose top left pixel is (x0, y0).

    Args:
        xy: (V, 2) positions in buffer pixels of the whole picture.
        depth: (V,) distance along the view; nearer wins.
        faces: (F, 3).
        zbuffer: (H, W) in and out.
        face_of: (H, W) number of the face seen, -1 where none of these.
        bary: (H, W, 2) weights of the face's first two corners.
    """
    height, width = zbuffer.shape
    for f in range(faces.shape[0]):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        ax, ay = xy[a, 0] - x0, xy[a, 1] - y0
        bx, by = xy[b, 0] - x0, xy[b, 1] - y0
        cx, cy = xy[c, 0] - x0, xy[c, 1] - y0
        area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        if abs(area) < 1e-9:
            continue
        left = max(int(np.ceil(min(ax, bx, cx) - 0.5)), 0)
        right = min(int(np.floor(max(ax, bx, cx) - 0.5)), width - 1)
        top = max(int(np.ceil(min(ay, by, cy) - 0.5)), 0)
        bottom = min(int(np.floor(max(ay, by, cy) - 0.5)), height - 1)
        inverse = 1.0 / area
        da, db, dc = depth[a], depth[b], depth[c]
        for y in range(top, bottom + 1):
            py = y + 0.5
            for x in range(left, right + 1):
                px = x + 0.5
                wa = ((bx - px) * (cy - py) - (cx - px) * (by - py)) * inverse
                if wa < 0.0:
                    continue
                wb = ((cx - px) * (ay - py) - (ax - px) * (cy - py)) * inverse
                if wb < 0.0 or wa + wb > 1.0:
                    continue
                z = wa * da + wb * db + (1.0 - wa - wb) * dc
                if z < zbuffer[y, x]:
                    zbuffer[y, x] = z
                    face_of[y, x] = f
                    bary[y, x, 0] = wa
                    bary[y, x, 1] = wb


@njit(cache=True, fastmath=True)
def vertex_normals(vertices: FloatArray, faces: IntArray) -> FloatArray:
    """(V, 3) area-weighted unit normals."""
    out = np.zeros_like(vertices)
    for f in range(faces.shape[0]):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        ux, uy, uz = vertices[b, 0] - vertices[a, 0], vertices[b, 1] - vertices[a, 1], vertices[b, 2] - vertices[a, 2]
        vx, vy, vz = vertices[c, 0] - vertices[a, 0], vertices[c, 1] - vertices[a, 1], vertices[c, 2] - vertices[a, 2]
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        for i in (a, b, c):
            out[i, 0] += nx
            out[i, 1] += ny
            out[i, 2] += nz
    for i in range(out.shape[0]):
        length = np.sqrt(out[i, 0] ** 2 + out[i, 1] ** 2 + out[i, 2] ** 2)
        if length > 0.0:
            for k in range(3):
                out[i, k] /= length
    return out


@njit(cache=True, fastmath=True)
def shade(
    face_of: NDArray[np.int32],
    bary: Float32Array,
    faces: IntArray,
    normals: FloatArray,
    face_colour: Float32Array,
    face_layers: NDArray[np.int8],
    layers: Float32Array,
    layer_colour: Float32Array,
    light: FloatArray,
    view: FloatArray,
    colour: Float32Array,
) -> None:
    """Colour every pixel whose face is known.

    A face has one colour, or (``face_layers`` 1) the colour of the first layer whose field, interpolated over
    the face, is positive: so the border of a garment is sharp whatever the mesh.

    Args:
        layers: (V, L) fields in metres.
        layer_colour: (L + 1, 3); the last is what lies under all layers.
        light, view: unit vectors towards the lamp and towards the camera.
        colour: (H, W, 3) in and out, 0..1.
    """
    height, width = face_of.shape
    count = layers.shape[1]
    for y in range(height):
        for x in range(width):
            f = face_of[y, x]
            if f < 0:
                continue
            a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
            wa, wb = bary[y, x, 0], bary[y, x, 1]
            wc = 1.0 - wa - wb
            nx = wa * normals[a, 0] + wb * normals[b, 0] + wc * normals[c, 0]
            ny = wa * normals[a, 1] + wb * normals[b, 1] + wc * normals[c, 1]
            nz = wa * normals[a, 2] + wb * normals[b, 2] + wc * normals[c, 2]
            length = np.sqrt(nx * nx + ny * ny + nz * nz) + 1e-12
            nx, ny, nz = nx / length, ny / length, nz / length
            facing = nx * view[0] + ny * view[1] + nz * view[2]
            if facing < 0.0:
                nx, ny, nz, facing = -nx, -ny, -nz, -facing
            key = nx * light[0] + ny * light[1] + nz * light[2]
            lit = KEY_SHARE * max(key, 0.0) + SKY_SHARE * (0.5 + 0.5 * ny) + FLOOR_SHARE * (0.5 - 0.3 * ny)
            lit = lit * (0.72 + 0.28 * facing) + 0.12
            if face_layers[f] == 0:
                for k in range(3):
                    colour[y, x, k] = face_colour[f, k] * lit
                continue
            chosen = count
            for layer in range(count):
                if wa * layers[a, layer] + wb * layers[b, layer] + wc * layers[c, layer] > 0.0:
                    chosen = layer
                    break
            for k in range(3):
                colour[y, x, k] = layer_colour[chosen, k] * lit


@njit(cache=True, fastmath=True)
def reduce_into(colour: Float32Array, picture: NDArray[np.uint8], x0: int, y0: int, factor: int) -> None:
    """Average ``factor`` x ``factor`` pixels into an 8-bit picture at (x0, y0)."""
    height, width = colour.shape[0] // factor, colour.shape[1] // factor
    scale = 255.0 / (factor * factor)
    for y in range(height):
        for x in range(width):
            for k in range(3):
                total = 0.0
                for i in range(factor):
                    for j in range(factor):
                        total += min(colour[y * factor + i, x * factor + j, k], 1.0)
                picture[y0 + y, x0 + x, k] = np.uint8(total * scale + 0.5)


@njit(cache=True)
def add_noise(picture: NDArray[np.uint8], noise: NDArray[np.int8], dx: int, dy: int) -> None:
    """Add a tile of noise, shifted, in place."""
    rows, columns = noise.shape
    for y in range(picture.shape[0]):
        row = (y + dy) % rows
        for x in range(picture.shape[1]):
            value = noise[row, (x + dx) % columns]
            for k in range(3):
                picture[y, x, k] = min(max(picture[y, x, k] + value, 0), 255)
