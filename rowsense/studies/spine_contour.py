"""How near the drawn back line lies to the back in the plain-background stills, cut out with care at full resolution.

The pose network's mask has 256 pixels for a whole person. The stills show a rower before a plain wall, so that colour
alone tells him from it: GrabCut, told what is surely him and surely wall by the mask, cuts him out to a pixel. Part of
``rowsense.studies.spine_reality``, which reports the distances; only numbers about the stills are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.model import PoseObservation
from rowsense.pose.people import trunk_length_px
from rowsense.spine.back_line import back_line
from rowsense.spine.gate import in_range
from rowsense.spine.network import SpineNetwork
from rowsense.studies.spine_seen import SeenClip

FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]

#: The mask's edge is doubtful this far to either side, trunk lengths: colours decide there.
BAND: Final = 0.04
GRABCUT_ROUNDS: Final = 4
GRABCUT_SEED: Final = 3
#: Colours on both sides of the line, so far from it, must differ by this many levels: a white vest before a white wall
#: has no edge that anybody could cut along.
LEAST_CONTRAST: Final = 40.0
#: Points of the back line that count: the neck, where hair hangs, and the seat, where the cushion does, are left out.
BACK: Final = slice(4, 56)


@dataclass(frozen=True, slots=True)
class Contour:
    """One picture's back line beside the cut-out."""

    away_ratio: FloatArray
    """(N,) distance of the points that were seen and can be told from the wall, trunk lengths."""
    told_ratio: float
    """Part of the seen points that can be told from the wall; NaN where nothing was seen."""


def contour(picture: ByteArray, clip: SeenClip, row: int, network: SpineNetwork) -> Contour:
    """Compare one RGB picture, the clip's frame ``row``."""
    patch, seen = clip.patch(row), clip.observation(row)
    if patch is None:
        return Contour(np.empty(0), float("nan"))
    line = back_line(seen, clip.facing, clip.near_side, in_range(network.read(patch), patch).outline_px)
    trunk_px = float(trunk_length_px(seen.landmarks_px))
    counted = line.seen[BACK] > 0.5
    told = _contrast(picture, line.xy_px, BAND * trunk_px)[BACK] > LEAST_CONTRAST
    edge_px = edge_distance_px(cut_out(picture, seen, trunk_px))
    away_px = _at(edge_px, line.xy_px[BACK][counted & told])
    return Contour(away_px / trunk_px, float(told[counted].mean()) if counted.any() else float("nan"))


def _contrast(picture: ByteArray, xy_px: FloatArray, reach_px: float) -> FloatArray:
    """(K,) distance of the colours so far to both sides of a line."""
    along = np.gradient(xy_px, axis=0)
    normal = np.column_stack([-along[:, 1], along[:, 0]]) / np.hypot(*along.T)[:, None]
    smooth = cv2.GaussianBlur(picture, (0, 0), 1.0).astype(np.float32)
    one, other = (_at(smooth, xy_px + side * reach_px * normal) for side in (-1.0, 1.0))
    return np.asarray(np.linalg.norm(one - other, axis=-1))


def _at(image: NDArray[np.float32], xy_px: FloatArray) -> FloatArray:
    """(K, ...) what an image has at positions; remap counts from pixel centres, positions count from edges."""
    if not len(xy_px):
        return np.empty((0, *image.shape[2:]))
    x, y = (xy_px - 0.5).astype(np.float32).T[..., None]
    return np.asarray(cv2.remap(image, x, y, cv2.INTER_LINEAR)[:, 0], dtype=np.float64)


def cut_out(picture: ByteArray, seen: PoseObservation, trunk_px: float) -> ByteArray:
    """(H, W) 1 where the person is."""
    assert seen.mask is not None
    height, width = picture.shape[:2]
    linear, shift = seen.mask_to_picture[:, :2], seen.mask_to_picture[:, 2]
    centred = np.column_stack([linear, linear @ (0.5, 0.5) + shift - 0.5])
    person = (cv2.warpAffine(seen.mask, centred, (width, height), flags=cv2.INTER_LINEAR) > 0.5).astype(np.uint8)
    reach = 2 * round(BAND * trunk_px) + 1
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    told = np.where(person == 1, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    told[cv2.erode(person, brush) == 1] = cv2.GC_FGD
    told[cv2.dilate(person, brush) == 0] = cv2.GC_BGD
    cv2.setRNGSeed(GRABCUT_SEED)
    models = np.zeros((1, 65)), np.zeros((1, 65))  # of the colours; grabCut fills them in
    whole, way = (0, 0, width, height), cv2.GC_INIT_WITH_MASK
    cv2.grabCut(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), told, whole, *models, GRABCUT_ROUNDS, way)
    return np.isin(told, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)


def edge_distance_px(inside: ByteArray) -> NDArray[np.float32]:
    """(H, W) distance of every pixel's centre from the border between the pixels inside and those outside."""
    to_outside = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    to_inside = cv2.distanceTransform(1 - inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(np.abs(np.where(inside == 1, to_outside - 0.5, to_inside - 0.5)), dtype=np.float32)
