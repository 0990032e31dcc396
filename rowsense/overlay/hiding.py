"""Faces, and all that is not the rower, made unrecognisable: pixels are replaced, nothing is laid over them.

Of what is hidden a few cells are left, each the mean of its pixels, and smooth ways between them. What others in the
picture look like is hidden outside the rower's outline only: whoever stands before or right behind her is in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.model import Frame, PoseTrack
from rowsense.overlay.heads import FloatArray, Whereabouts, whereabouts

Image = NDArray[np.uint8]
_Box = tuple[int, int, int, int]

#: Cells across a hidden head with its margin; across the face itself it is half of them [D: faces of fewer than about
#: 8 cells are not told apart by people, and these are smoothed as well].
_HEAD_CELLS: Final = 5
#: Cells along the longer side of the surroundings: a face in the back of the room is one of them or two [D].
_ROOM_CELLS: Final = 36


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is to be hidden."""

    face: bool = True
    surroundings: bool = True


class Hider:
    """Hides what is to be hidden in the frames of one track."""

    def __init__(self, track: PoseTrack, hidden: Hidden) -> None:
        """Look where the rower is.

        Raises
        ------
        NotMeasurableError
            Her face is to be hidden, and the head was found nowhere.
        """
        self._hidden = hidden
        self._where = whereabouts(track) if hidden.face or hidden.surroundings else None
        self._frames = np.asarray(track.frame)

    def frames(self, frames: Iterator[Frame]) -> Iterator[Frame]:
        """The same frames with new pictures."""
        for frame in frames:
            yield replace(frame, image=self(frame.image, self.row_of(frame.index), frame.source_px_per_px))

    def row_of(self, frame: int) -> int:
        """The track's row of a frame of the file; -1: it has none."""
        row = int(np.searchsorted(self._frames, frame))
        return row if row < len(self._frames) and self._frames[row] == frame else -1

    def __call__(self, image_rgb: Image, row: int, source_px_per_px: float = 1.0) -> Image:
        """A new (H, W, 3) picture of a row of the track; -1: nothing is known, so all that may be her is hidden."""
        if self._where is None:
            return image_rgb
        picture = image_rgb.copy()
        scale = 1.0 / source_px_per_px
        if self._hidden.surroundings:
            _hide_room(picture, self._where, row, scale)
        if self._hidden.face:
            path = self._where.head_path(row)
            points, radius_px = self._where.anywhere() if path is None else path
            _hide_head(picture, points * scale, radius_px * scale, anywhere=path is None)
        return picture


def _hide_head(picture: Image, points: FloatArray, radius_px: float, *, anywhere: bool) -> None:
    """In place: everything within the radius of the way through the points, or of the box that they are corners of."""
    box = _box(points, radius_px, picture.shape)
    if box is None:
        return
    x0, y0, x1, y1 = box
    mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
    corners = np.round(points - (x0, y0)).astype(np.int32)
    if anywhere:
        cv2.fillConvexPoly(mask, cv2.convexHull(corners), 255)
    cv2.polylines(mask, [corners], anywhere, 255, max(1, round(2 * radius_px)))
    for corner in corners:
        cv2.circle(mask, (int(corner[0]), int(corner[1])), max(1, round(radius_px)), 255, -1)
    part = picture[y0:y1, x0:x1]
    cell_px = max(2.0, 2 * radius_px / _HEAD_CELLS)
    part[mask > 0] = _smeared(part, cell_px)[mask > 0]


def _hide_room(picture: Image, where: Whereabouts, row: int, scale: float) -> None:
    """In place: everything that is not within the margin of the rower's outline."""
    height, width = picture.shape[:2]
    mask = np.full((height, width), 255, np.uint8)
    body = where.body(row)
    if body is not None:
        hull = cv2.convexHull(np.round(body * scale).astype(np.int32))
        cv2.fillConvexPoly(mask, hull, 0)
        cv2.polylines(mask, [hull], True, 0, max(1, round(2 * where.margin_px * scale)))
    cv2.copyTo(_smeared(picture, max(width, height) / _ROOM_CELLS), mask, picture)


def _smeared(picture: Image, cell_px: float) -> Image:
    """The means of cells, with smooth ways between them."""
    height, width = picture.shape[:2]
    small = (max(1, round(width / cell_px)), max(1, round(height / cell_px)))
    means = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(means, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _box(points: FloatArray, radius_px: float, shape: tuple[int, ...]) -> _Box | None:
    """Around everything within the radius, inside the picture; None: all of it is outside."""
    low = np.floor(points.min(axis=0) - radius_px).astype(int)
    high = np.ceil(points.max(axis=0) + radius_px).astype(int) + 1
    x0, y0 = max(int(low[0]), 0), max(int(low[1]), 0)
    x1, y1 = min(int(high[0]), shape[1]), min(int(high[1]), shape[0])
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None
