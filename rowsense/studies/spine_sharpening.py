"""Ways to sharpen a silhouette by the picture: filter it, cut it anew, or move its outline to the nearest edge.

Pictures are the small grey ones of ``spine_frames``, silhouettes lie in the same pixels, and outlines run from seat to
neck with the body on their right. What the ways are worth: ``spine_edges``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import BACK_POINT_COUNT
from rowsense.kernels.contour import resample_equal
from rowsense.spine.back_line import EDGE_LEVEL
from rowsense.studies.spine_frames import PX_PER_TRUNK

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.float32]
ByteArray = NDArray[np.uint8]
#: Grey picture (H, W) and silhouette (H, W) 0..1 -> silhouette (H, W) 0..1.
Sharpen = Callable[[ByteArray, SingleArray], SingleArray]

#: Half side of the guided filter's box, trunk lengths, and the variance of grey (0..1) under which a box counts as
#: flat. [D] The nearest outline of 0.03 to 0.15 and 0.0001 to 0.01.
GUIDED_REACH: Final = 0.03
GUIDED_FLAT: Final = 1e-4

#: Half width of the band in which GrabCut decides, trunk lengths, its rounds, and the blur of its hard edge, pixels, so
#: that it is as soft as the pose model's. [D] The nearest outline of 0.02 to 0.1; a band of 0.04 is worse than no cut,
#: and three rounds are no better than one.
CUT_REACH: Final = 0.02
CUT_ROUNDS: Final = 1
CUT_BLUR_PX: Final = 1.0

#: How far from the outline an edge is looked for, trunk lengths, and from what difference of grey levels on it counts.
#: [D] The nearest outline of 0.02 to 0.06, and of 3 to 24 (it hardly matters).
EDGE_REACH: Final = 0.03
MIN_CONTRAST: Final = 6.0
#: Samples along a normal to either side, and from how far in and out the brighter side is told, trunk lengths.
EDGE_SAMPLES: Final = 12
SIDE_AT: Final = 0.06
#: Shifts are averaged over so many neighbouring points. [D] The nearest outline of 1 to 15.
SHIFT_POINTS: Final = 5

#: Fineness at which a moved outline is drawn into the silhouette, parts of a pixel.
DRAWN_PARTS: Final = 4


# -- sharper silhouettes ---------------------------------------------------------------------------------------------


def as_it_is(_grey: ByteArray, mask: SingleArray) -> SingleArray:
    """The pose model's own silhouette."""
    return mask


def guided(grey: ByteArray, mask: SingleArray) -> SingleArray:
    """Guided filter (He, Sun and Tang 2013): in every box the silhouette is a linear function of the picture."""
    side = 2 * round(GUIDED_REACH * PX_PER_TRUNK) + 1
    guide = grey.astype(np.float32) / np.float32(255.0)

    def mean(values: SingleArray) -> SingleArray:
        return np.asarray(cv2.blur(values, (side, side)), dtype=np.float32)

    guide_mean, mask_mean = mean(guide), mean(mask)
    slope = (mean(guide * mask) - guide_mean * mask_mean) / (mean(guide * guide) - guide_mean**2 + GUIDED_FLAT)
    return np.asarray(np.clip(mean(slope) * guide + mean(mask_mean - slope * guide_mean), 0.0, 1.0), dtype=np.float32)


def grab_cut(grey: ByteArray, mask: SingleArray) -> SingleArray:
    """GrabCut in a band around the silhouette's edge; the silhouette itself elsewhere, and where no band has sides."""
    inside = (mask >= EDGE_LEVEL).astype(np.uint8)
    side = 2 * round(CUT_REACH * PX_PER_TRUNK) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    core, reach = cv2.erode(inside, disc), cv2.dilate(inside, disc)
    if not core.any() or reach.all():
        return mask
    labels = np.where(inside == 1, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[core == 1], labels[reach == 0] = cv2.GC_FGD, cv2.GC_BGD
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(cv2.merge([grey] * 3), labels, (0, 0, 0, 0), *models, CUT_ROUNDS, cv2.GC_INIT_WITH_MASK)
    cut = np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.float32)
    return np.where(core == reach, mask, cv2.GaussianBlur(cut, (0, 0), CUT_BLUR_PX)).astype(np.float32)


# -- moved outlines --------------------------------------------------------------------------------------------------


def normals(line_px: FloatArray) -> FloatArray:
    """Unit normals (N, 2) of an outline from seat to neck whose body is on the right: away from the body."""
    along = np.gradient(line_px, axis=0)
    return np.asarray(np.column_stack([along[:, 1], -along[:, 0]]) / np.hypot(*along.T)[:, None])


def to_strongest_edge(grey: ByteArray, line_px: FloatArray) -> FloatArray:
    """The outline (N, 2), each point moved along its normal to the strongest step of grey within ``EDGE_REACH``.

    Only steps in the direction that the picture has there from well inside to well outside count, so that the dark edge
    of a bright body is not taken for a bright one. Near steps are preferred to far ones, and shifts are smoothed along
    the outline.
    """
    across = np.linspace(-EDGE_REACH, EDGE_REACH, 2 * EDGE_SAMPLES + 1) * PX_PER_TRUNK
    normal = normals(line_px)
    profile = _sampled(grey, line_px[:, None] + across[None, :, None] * normal[:, None])
    inner, outer = (_sampled(grey, line_px + side * SIDE_AT * PX_PER_TRUNK * normal) for side in (-1.0, 1.0))
    step = outer - inner
    # Half a pixel to either side of each sample.
    reach = max(1, round(0.5 / float(across[1] - across[0])))
    rise = (profile[:, 2 * reach :] - profile[:, : -2 * reach]) * np.sign(step)[:, None]
    at = across[reach:-reach]
    strength = rise * np.exp(-0.5 * (2.0 * at / (EDGE_REACH * PX_PER_TRUNK)) ** 2)
    best = strength.argmax(axis=1)
    shift = np.where(rise[np.arange(len(best)), best] >= MIN_CONTRAST, at[best], 0.0)
    smooth = cv2.blur(shift[:, None], (1, SHIFT_POINTS), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(line_px + smooth * normal)


def _sampled(grey: ByteArray, xy_px: FloatArray) -> FloatArray:
    """Grey levels (...) at positions (..., 2) that count from the outer edge of the first pixel."""
    column, row = (xy_px.reshape(-1, 2).T - 0.5).astype(np.float32)
    values = cv2.remap(grey.astype(np.float32), column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(values, dtype=np.float64).reshape(xy_px.shape[:-1])


def redrawn(mask: SingleArray, old_px: FloatArray, new_px: FloatArray, inner_px: FloatArray) -> SingleArray:
    """The silhouette (H, W) with its edge at ``new_px`` (N, 2) instead of ``old_px`` (M, 2), both from seat to neck.

    ``inner_px`` (2, 2): shoulder and hip, which both outlines go around.
    """
    old, new = (_filled(mask.shape, np.vstack([line, inner_px])) for line in (old_px, new_px))
    added, taken = np.clip(new - old, 0.0, 1.0), np.clip(old - new, 0.0, 1.0)
    return np.asarray(np.maximum(mask, added) * (1.0 - taken), dtype=np.float32)


def _filled(shape: tuple[int, ...], corners_px: FloatArray) -> SingleArray:
    """Part (H, W) of each pixel that lies in a polygon (K, 2)."""
    drawn = np.zeros((DRAWN_PARTS * shape[0], DRAWN_PARTS * shape[1]), dtype=np.uint8)
    cv2.fillPoly(drawn, [np.round(corners_px * DRAWN_PARTS - 0.5).astype(np.int32)], 255)
    small = cv2.resize(drawn, shape[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(small / np.float32(255.0), dtype=np.float32)


def between(outline_px: FloatArray, ends_px: FloatArray) -> FloatArray:
    """The part of an outline (K, 2) between the points of it nearest to two ends (2, 2): (64, 2), equal arc length."""
    fine, _ = resample_equal(outline_px, np.ones(len(outline_px)), 16 * BACK_POINT_COUNT)
    first, last = (int(np.hypot(*(fine - end).T).argmin()) for end in ends_px)
    part = fine[first : max(last, first + 1) + 1]
    return resample_equal(part, np.ones(len(part)), BACK_POINT_COUNT)[0]
