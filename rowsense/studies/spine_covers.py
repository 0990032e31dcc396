"""Things that hide a rower's back, painted into a picture: a board, a towel, a bag, a bystander's trousers."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.studies.spine_clips import NEGATIVE

FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]


def cover(picture: ByteArray, outline_px: FloatArray, number: int) -> ByteArray:
    """The picture with something opaque over the back.

    ``outline_px`` (K, 2) is the true outline from the seat to the neck of a rower who faces right. Shape, texture and
    colours follow from ``number``: what is before her stays there through the clip.
    """
    rng = np.random.default_rng([NEGATIVE, 2, number])
    length = float(np.hypot(*(outline_px[-1] - outline_px[0])))
    shape = _cover_shape(outline_px, length, number % 4, rng)
    canvas = np.zeros(picture.shape[:2], dtype=np.uint8)
    cv2.fillPoly(canvas, [np.round(16 * shape).astype(np.int32)], 255, cv2.LINE_AA, 4)
    share = canvas[..., None].astype(np.float32) / 255.0
    paint = _texture(picture.shape[:2], length, number % 5, rng) * rng.uniform(0.5, 1.0)
    return np.asarray(share * paint + (1.0 - share) * picture).astype(np.uint8)


def _cover_shape(line: FloatArray, length: float, kind: int, rng: np.random.Generator) -> FloatArray:
    """(N, 2) corners: an upright board, a hanging towel, a bag on the back, a bystander's two legs and hip."""
    inwards, outwards = rng.uniform(0.22, 0.45) * length, rng.uniform(0.15, 0.35) * length
    low, high = line[:, 1].max() + 0.1 * length, line[:, 1].min() - rng.uniform(-0.05, 0.1) * length
    back, front = line[:, 0].min() - outwards, line[:, 0].max() + inwards
    if kind == 0:
        return np.array([(back, low), (back, high), (front, high), (front, low)])
    along = np.linspace(0.0, 1.0, 40)
    if kind == 1:  # edges that hang in waves
        y = low + (high - low) * along
        wave = 0.05 * length * np.sin(2 * np.pi * (rng.uniform(1, 3) * along + rng.uniform()))
        return np.vstack([np.column_stack([back + wave, y]), np.column_stack([front - wave, y])[::-1]])
    if kind == 2:  # goes with the back: its outer edge bulges, its inner one follows the trunk
        bulge = outwards * (0.5 + 1.2 * np.sin(np.pi * along) ** rng.uniform(0.3, 1.0))
        own = np.column_stack([np.interp(along, np.linspace(0, 1, len(line)), line[:, k]) for k in (0, 1)])
        return np.vstack([own - np.column_stack([bulge, 0 * bulge]), (own + (inwards, 0.0))[::-1]])
    hip, foot = 0.5 * (front - back), low + 0.8 * length
    middle = 0.5 * (front + back)
    return np.array(
        [(middle - hip, high), (middle + hip, high), (middle + 0.9 * hip, foot), (middle + 0.1 * hip, foot),
         (middle, low - 0.3 * length), (middle - 0.1 * hip, foot), (middle - 0.9 * hip, foot)]
    )  # fmt: skip


def _texture(size: tuple[int, int], length: float, kind: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """(H, W, 3) grey levels: plain with a shade, stripes, checks, fine noise, cloudy."""
    first, second = rng.uniform(20, 245, 3), rng.uniform(20, 245, 3)
    y, x = np.mgrid[0 : size[0], 0 : size[1]] / length
    if kind == 0:
        part = 0.15 * np.sin(3.0 * x + y)
    elif kind == 1:
        part = (np.sin(rng.uniform(20, 60) * (x + rng.uniform(-1, 1) * y)) > 0).astype(float)
    elif kind == 2:
        part = ((np.sin(25.0 * x) > 0) ^ (np.sin(25.0 * y) > 0)).astype(float)
    elif kind == 3:
        part = rng.uniform(0, 1, size)
    else:
        part = np.asarray(cv2.GaussianBlur(rng.uniform(-8, 8, size), (0, 0), 0.08 * length)) + 0.5
    return np.asarray(first + (second - first) * np.clip(part, 0, 1)[..., None], dtype=np.float32)
