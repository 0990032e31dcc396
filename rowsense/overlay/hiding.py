"""Faces, and all that is not the rower, made unrecognisable: pixels are replaced, nothing is laid over them.

Of what is hidden a few cells are left, each the mean of its pixels, and smooth ways between them. Where somebody else
was found, all that is not within the rower's outline is hidden, and heads of others wherever they are, also before her.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_COUNT
from rowsense.model import Frame, PoseTrack
from rowsense.overlay.heads import FloatArray, Strangers, Whereabouts, strangers, whereabouts
from rowsense.overlay.outline import outline_mask

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

    @property
    def anything(self) -> bool:
        """Whether there is something to hide."""
        return self.face or self.surroundings


#: No heads of others.
NOBODY: Final = strangers(np.empty(0), np.empty((0, LANDMARK_COUNT, 2)))


class Hider:
    """Hides what is to be hidden in the frames of one track."""

    def __init__(self, track: PoseTrack, hidden: Hidden, others: Strangers = NOBODY) -> None:
        """Look where the rower is; ``others``: who else was found in the film.

        Where anybody was, and anything is to be hidden, the surroundings are too: a face that was found in one picture
        was not found in others.

        Raises
        ------
        NotMeasurableError
            Her face is to be hidden, and the head was found nowhere.
        """
        self._hidden = replace(hidden, surroundings=True) if hidden.anything and len(others) else hidden
        self._where = whereabouts(track) if hidden.anything else None
        self._others = others
        self._frames, self._time_s = np.asarray(track.frame), np.asarray(track.time_s, np.float64)

    def frames(self, frames: Iterator[Frame]) -> Iterator[Frame]:
        """The same frames with new pictures."""
        for frame in frames:
            row = self.row_of(frame.index)
            yield replace(frame, image=self(frame.image, row, frame.source_px_per_px, frame.time_s))

    def row_of(self, frame: int) -> int:
        """The track's row of a frame of the file; -1: it has none."""
        row = int(np.searchsorted(self._frames, frame))
        return row if row < len(self._frames) and self._frames[row] == frame else -1

    def __call__(self, image_rgb: Image, row: int, source_px_per_px: float = 1.0, time_s: float | None = None) -> Image:
        """A new (H, W, 3) picture of a row of the track; -1: nothing is known, so all that may be her is hidden.

        ``time_s``: its moment, by which heads of others are looked up; None: that of the row.
        """
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
        if time_s is None:
            time_s = float(self._time_s[row]) if row >= 0 else math.nan
        for way, radius_px in self._others.ways(time_s):
            _hide_head(picture, way * scale, radius_px * scale, anywhere=False)
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
    """In place: everything that is not within the rower's outline."""
    height, width = picture.shape[:2]
    body = where.body(row)
    if body is None:
        inside = np.zeros((height, width), np.uint8)
    else:
        inside = outline_mask(body[0] * scale, body[1] * scale, where.trunk_px * scale, (height, width))
    cv2.copyTo(_smeared(picture, max(width, height) / _ROOM_CELLS), cv2.bitwise_not(inside), picture)


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
