"""The rower's outline from her landmarks, wide enough for what is hers: limbs as bars, the trunk as what lies between.

All that is outside of it can be hidden. It is narrower than the hull of her body: who is seen between arms and thighs
or right behind her back is outside.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_INDEX

FloatArray = NDArray[np.float64]
Mask = NDArray[np.uint8]

#: Half the width of a part of the body with clothes and what landmarks are off, trunk lengths [D: half a thigh from the
#: side is 0.16, an upper arm 0.10, half a chest 0.22 of a trunk; the rest is margin].
_LIMBS: Final = (
    ("shoulder", "elbow", 0.19),
    ("elbow", "wrist", 0.17),
    ("wrist", "index", 0.19),
    ("hip", "knee", 0.27),
    ("knee", "ankle", 0.22),
    ("heel", "foot_index", 0.19),
    ("ankle", "heel", 0.19),
)
_TRUNK_RATIO: Final = 0.27
_HEAD_RATIO: Final = 0.40
_FACE: Final = slice(0, 11)
_SIDES: Final = ("left", "right")


def outline_mask(xy: FloatArray, back: FloatArray, trunk_px: float, shape: tuple[int, int]) -> Mask:
    """(H, W) 255 within her outline.

    ``xy``: (N, 33, 2) landmarks of one or more rows, all of which count; ``back``: (N, 64, 2); pixels of the picture,
    NaN = not known: that part is then outside. ``trunk_px``: the length of her trunk.
    """
    mask = np.zeros(shape, np.uint8)
    for row, outline in zip(xy, back, strict=True):
        _trunk(mask, row, outline, trunk_px)
        for side in _SIDES:
            for begins, ends, ratio in _LIMBS:
                _bar(mask, _at(row, side, begins), _at(row, side, ends), ratio * trunk_px)
        face = row[_FACE][np.isfinite(row[_FACE]).all(axis=1)]
        neck = (_at(row, "left", "shoulder") + _at(row, "right", "shoulder")) / 2
        for point in face:
            _bar(mask, point, neck, _HEAD_RATIO * trunk_px)
    return mask


def _trunk(mask: Mask, row: FloatArray, outline: FloatArray, trunk_px: float) -> None:
    joints = np.array([_at(row, side, joint) for side in _SIDES for joint in ("shoulder", "hip")])
    points = np.concatenate([joints, outline])
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) < 3:
        return
    hull = cv2.convexHull(np.round(points).astype(np.int32))
    cv2.fillConvexPoly(mask, hull, 255)
    cv2.polylines(mask, [hull], True, 255, max(1, round(2 * _TRUNK_RATIO * trunk_px)))


def _bar(mask: Mask, begins: FloatArray, ends: FloatArray, radius_px: float) -> None:
    if not (np.isfinite(begins).all() and np.isfinite(ends).all()):
        return
    first, last = ((int(x), int(y)) for x, y in np.round([begins, ends]))
    cv2.line(mask, first, last, 255, max(1, round(2 * radius_px)))


def _at(row: FloatArray, side: str, joint: str) -> FloatArray:
    return np.asarray(row[LANDMARK_INDEX[f"{side}_{joint}"]], np.float64)
