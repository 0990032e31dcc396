"""A small z-buffer rasteriser: triangles to pixels, then one shading pass over what is seen."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int64]

#: Light: mostly from above and the camera's side, with a soft sky and floor.
KEY_SHARE, SKY_SHARE, FLOOR_SHARE, BASE_SHARE = 0.54, 0.36, 0.26, 0.12
#: How narrow the lamp's reflection is on smooth cloth [D: lycra, a hand's breadth on a thigh].
GLOSS_POWER = 12


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
    layer_gloss: Float32Array,
    light: FloatArray,
    view: FloatArray,
    shares: FloatArray,
    colour: Float32Array,
) -> None:
    """Colour every pixel whose face is known.

    A face has one colour, or (``face_layers`` 1) the colour of the first layer whose field, interpolated over
    the face, is positive: so the border of a garment is sharp whatever the mesh.

    Args:
        layers: (V, L) fields in metres.
        layer_colour: (L + 1, 3); the last is what lies under all layers.
        layer_gloss: (L + 1,) how much each mirrors the lamp.
        light, view: unit vectors towards the lamp and towards the camera.
        shares: strength of lamp, sky, floor, base and rim (light from behind, seen along outlines).
        colour: (H, W, 3) in and out, 0..1.
    """
    height, width = face_of.shape
    count = layers.shape[1]
    key_share, sky_share, floor_share, base_share, rim_share = shares
    halfway = (light + view) / np.sqrt(max(np.sum((light + view) ** 2), 1e-9))
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
            lit = key_share * max(key, 0.0) + sky_share * (0.5 + 0.5 * ny) + floor_share * (0.5 - 0.3 * ny)
            lit = lit * (0.72 + 0.28 * facing) + base_share
            if rim_share > 0.0:
                lit += rim_share * (1.0 - facing) ** 3 * (0.6 + 0.4 * ny)
            if face_layers[f] == 0:
                for k in range(3):
                    colour[y, x, k] = face_colour[f, k] * lit
                continue
            chosen = count
            for layer in range(count):
                if wa * layers[a, layer] + wb * layers[b, layer] + wc * layers[c, layer] > 0.0:
                    chosen = layer
                    break
            mirrored = 0.0
            if layer_gloss[chosen] > 0.0:
                towards = max(nx * halfway[0] + ny * halfway[1] + nz * halfway[2], 0.0)
                mirrored = layer_gloss[chosen] * towards**GLOSS_POWER
            for k in range(3):
                colour[y, x, k] = layer_colour[chosen, k] * lit + mirrored


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


@njit(cache=True, fastmath=True)
def average_into(
    first: Float32Array, second: Float32Array, third: Float32Array, fourth: Float32Array,
    picture: NDArray[np.uint8], x0: int, y0: int,
) -> None:  # fmt: skip
    """Average the four samples of every pixel, each in a picture of its own, at (x0, y0)."""
    for y in range(first.shape[0]):
        for x in range(first.shape[1]):
            for k in range(3):
                total = min(first[y, x, k], 1.0) + min(second[y, x, k], 1.0)
                total += min(third[y, x, k], 1.0) + min(fourth[y, x, k], 1.0)
                picture[y0 + y, x0 + x, k] = np.uint8(total * 63.75 + 0.5)


@njit(cache=True)
def bare_samples(face_of: NDArray[np.int32], depth: Float32Array, factor: int) -> NDArray[np.uint8]:
    """(h, w) how many of a pixel's samples show the painted room: no face drawn now, nothing standing before."""
    out = np.zeros((face_of.shape[0] // factor, face_of.shape[1] // factor), dtype=np.uint8)
    for y in range(out.shape[0] * factor):
        for x in range(out.shape[1] * factor):
            if face_of[y, x] < 0 and depth[y, x] == np.inf:
                out[y // factor, x // factor] += 1
    return out


@njit(cache=True, fastmath=True)
def darken(picture: NDArray[np.uint8], bare: NDArray[np.uint8], shadow: NDArray[np.uint8], share: float) -> None:
    """Darken the painted room where ``shadow`` (0..255) lies, in place; ``share`` is a full shadow's per sample."""
    for y in range(picture.shape[0]):
        for x in range(picture.shape[1]):
            if shadow[y, x] > 0 and bare[y, x] > 0:
                keep = 1.0 - share * bare[y, x] * shadow[y, x] / 255.0
                for k in range(3):
                    picture[y, x, k] = np.uint8(picture[y, x, k] * keep + 0.5)


@njit(cache=True, fastmath=True)
def expose(
    picture: NDArray[np.uint8], gain: Float32Array, veil: Float32Array, tone: NDArray[np.uint8], beat: float
) -> None:
    """Light over the picture and glare, then a table (3, 256) for each colour, in place."""
    for y in range(picture.shape[0]):
        for x in range(picture.shape[1]):
            scale, added = gain[y, x] * beat, veil[y, x] + 0.5
            for k in range(3):
                picture[y, x, k] = tone[k, int(min(picture[y, x, k] * scale + added, 255.0))]


@njit(cache=True)
def add_noise(picture: NDArray[np.uint8], noise: NDArray[np.int8], dx: int, dy: int) -> None:
    """Add a tile of noise (h, w, 1 or 3), shifted, in place."""
    rows, columns, own = noise.shape
    for y in range(picture.shape[0]):
        row = (y + dy) % rows
        for x in range(picture.shape[1]):
            column = (x + dx) % columns
            for k in range(3):
                value = picture[y, x, k] + noise[row, column, k if own == 3 else 0]
                picture[y, x, k] = min(max(value, 0), 255)
