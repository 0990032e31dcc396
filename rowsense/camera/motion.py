"""How the camera moves, from corners of the background.

The picture is shrunk, corners outside the rower are followed from a reference picture by Lucas-Kanade optical flow,
and the median of their shifts is the camera's. The reference is kept as long as it can be seen: adding up steps from
frame to frame would let a camera on a tripod wander.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.model import Frame, PoseObservation

FloatArray = NDArray[np.float64]
Gray = NDArray[np.uint8]

MOTION_HZ: Final = 15.0
"""How often it is looked at: hands shake a phone at a few hertz, and the path between is interpolated [D]."""
STILL_AFTER: Final = 8
"""Looks, half a second, without movement after which the camera stands: then one in ..."""
STILL_ONE_IN: Final = 4
"""... so many is enough, until it moves [D]. A knock at the tripod is spread over a quarter of a second."""
STILL_SHARE: Final = 0.0005
"""A step under this part of the picture's width, one pixel of 1080p, is none [D]: what is followed is that exact."""
_NOT_LOOKED: Final = (float("nan"), float("nan"))

WORK_WIDTH_PX = 320
"""Width of the shrunk picture [D]: an eighth of a pixel here is under one pixel of 1080p."""
SHRINK_OVER = 1.5
"""A picture not much wider is taken as it is: shrinking it would cost more than it saves."""
MAX_CORNERS = 48
MIN_CORNERS = 8
"""Fewer corners that agree are no measurement [D]."""
CORNER_QUALITY = 0.02
CORNER_SPACING_PX = 7
AGREE_PX = 0.6
"""Corners whose shift lies within this of the median agree [D]; hands, chain and people behind do not."""
MIN_AGREE_SHARE = 0.35
BODY_MARGIN_SHARE = 0.12
"""The rower's box is the box of her landmarks, wider by this share of its size [D]: hair, feet, elbows."""
RENEW_SHARE = 0.5
"""A new reference is taken when fewer than this share of its corners that are not behind the rower agree [D]."""


class WatchedMotion:
    """Shift of the background in a stretch of frames, looked at as often as it takes; feed it those in order.

    Looks are counted from ``first_frame``, which may lie before the stretch. The last one before ``end_frame`` is
    never left out: whoever goes on there begins anew, and could not tell what has moved since.
    """

    def __init__(self, first_frame: int, end_frame: int, stride: int, fps: float) -> None:
        self._motion = BackgroundMotion()
        self._first, self._end, self._stride = first_frame, end_frame, stride
        self._every = max(1, round(fps / stride / MOTION_HZ))
        self._still = 0
        """Looks in a row at a camera that stands."""

    def update(self, frame: Frame, pose: PoseObservation) -> tuple[float, float]:
        """(dx, dy) since the frame before that was looked at for it, source pixels; NaN where this one is not."""
        look, between = divmod((frame.index - self._first) // self._stride, self._every)
        last = frame.index + self._every * self._stride >= self._end
        if between or (self._still >= STILL_AFTER and look % STILL_ONE_IN and not last):
            return _NOT_LOOKED
        step = self._motion.update(frame, pose.landmarks_px)
        least_px = STILL_SHARE * frame.image.shape[1] * frame.source_px_per_px
        stands = max(abs(step[0]), abs(step[1])) < least_px  # not where it is unknown
        self._still = self._still + 1 if stands else 0
        return step


class BackgroundMotion:
    """Shift of the background from frame to frame; feed it the frames in order."""

    def __init__(self) -> None:
        self._reference: Gray | None = None
        self._corners = np.empty((0, 2), dtype=np.float32)
        self._shift = np.zeros(2)
        """Shift since the reference, small pixels."""

    def update(self, frame: Frame, landmarks_px: FloatArray) -> tuple[float, float]:
        """Movement of the background since the previous frame.

        Args:
            frame: the next picture, (H, W, 3) RGB.
            landmarks_px: (33, 2) the rower's landmarks in source pixels, NaN where unseen; her part is left out.
        Returns:
            (dx, dy) in source pixels, x right and y down; (0, 0) for the first frame, NaN where the background
            shows too little to hold on to.
        """
        width = frame.image.shape[1]
        scale = WORK_WIDTH_PX / width if width > SHRINK_OVER * WORK_WIDTH_PX else 1.0
        gray = _shrink(frame.image, scale)
        per_px = frame.source_px_per_px / scale
        box = _body_box(landmarks_px / per_px)
        if self._reference is None or self._reference.shape != gray.shape:
            self._renew(gray, box)
            return 0.0, 0.0
        before = self._shift
        measured, share = self._follow(gray, box)
        if measured is None:
            self._renew(gray, box)
            return float("nan"), float("nan")
        step = (measured - before) * per_px
        self._shift = measured
        if share < RENEW_SHARE:
            self._renew(gray, box)
        return float(step[0]), float(step[1])

    def _renew(self, gray: Gray, box: tuple[int, int, int, int] | None) -> None:
        mask = np.full(gray.shape, 255, dtype=np.uint8)
        if box is not None:
            x0, y0, x1, y1 = box
            mask[y0:y1, x0:x1] = 0
        found = cv2.goodFeaturesToTrack(gray, MAX_CORNERS, CORNER_QUALITY, CORNER_SPACING_PX, mask=mask)
        self._corners = np.asarray([] if found is None else found, dtype=np.float32).reshape(-1, 2)
        self._reference = gray
        self._shift = np.zeros(2)

    def _follow(self, gray: Gray, box: tuple[int, int, int, int] | None) -> tuple[FloatArray | None, float]:
        """Shift since the reference in small pixels, and the share of free corners that agree on it."""
        if len(self._corners) < MIN_CORNERS or self._reference is None:
            return None, 0.0
        guess = (self._corners + self._shift).astype(np.float32)
        moved, status, _ = cv2.calcOpticalFlowPyrLK(
            self._reference,
            gray,
            self._corners,
            guess.copy(),
            winSize=(11, 11),
            maxLevel=2,
            criteria=(cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 10, 0.02),
            flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
        )
        outside = ~_inside(np.asarray(moved, dtype=np.float32), box)
        followed = (status.reshape(-1) == 1) & outside
        shifts = (moved - self._corners)[followed].astype(np.float64)
        if len(shifts) < MIN_CORNERS:
            return None, 0.0
        agree = np.abs(shifts - np.median(shifts, axis=0)).max(axis=1) <= AGREE_PX
        if agree.sum() < MIN_CORNERS or agree.mean() < MIN_AGREE_SHARE:
            return None, 0.0
        return shifts[agree].mean(axis=0), float(agree.sum() / outside.sum())


def _shrink(image: NDArray[np.uint8], scale: float) -> Gray:
    """The green channel, shrunk: corners do not need true luma, and this is three times quicker."""
    gray = cv2.extractChannel(image, 1)
    small = gray if scale == 1.0 else cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def _body_box(landmarks: FloatArray) -> tuple[int, int, int, int] | None:
    """x0, y0, x1, y1 around the landmarks with a margin, not below zero; None without landmarks."""
    seen = landmarks[np.isfinite(landmarks).all(axis=1)]
    if len(seen) == 0:
        return None
    low, high = seen.min(axis=0), seen.max(axis=0)
    margin = BODY_MARGIN_SHARE * float(np.max(high - low))
    x0, y0 = np.maximum(low - margin, 0.0).astype(int)
    x1, y1 = np.maximum(high + margin, 0.0).astype(int) + 1
    return int(x0), int(y0), int(x1), int(y1)


def _inside(points: NDArray[np.float32], box: tuple[int, int, int, int] | None) -> NDArray[np.bool_]:
    if box is None:
        return np.zeros(len(points), dtype=bool)
    x0, y0, x1, y1 = box
    return np.asarray((points[:, 0] >= x0) & (points[:, 0] < x1) & (points[:, 1] >= y0) & (points[:, 1] < y1))
