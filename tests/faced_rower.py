"""A made-up rower with a whole face of known place, for what must not be recognised."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_COUNT, LANDMARK_INDEX
from rowsense.model import PoseTrack, Session
from tests.session_fixture import make_session

FACE = slice(0, 11)
#: Half of a face where the picture is 1280 pixels wide: what must never be seen.
FACE_PX = 30


def faced_session(stroke_count: int = 2, size: tuple[int, int] = (1280, 720)) -> Session:
    """A session of known motion whose rower has a face before and around her ear."""
    session = make_session(stroke_count, size=size)
    track = session.track
    xy = track.xy_px.copy()
    ear = (xy[:, LANDMARK_INDEX["left_ear"]] + xy[:, LANDMARK_INDEX["right_ear"]]) / 2
    rng = np.random.default_rng(1)
    xy[:, FACE] = ear[:, None] + rng.uniform(-FACE_PX, FACE_PX, (1, 11, 2)) * 0.8 * size[0] / 1280
    return replace(session, track=replace(track, xy_px=xy, visibility=np.ones((len(track), LANDMARK_COUNT))))


def middle_of(track: PoseTrack, row: int) -> NDArray[np.float64]:
    """Of her face."""
    face = track.xy_px[row, FACE]
    return np.asarray((face.min(axis=0) + face.max(axis=0)) / 2, np.float64)


def around(centre: NDArray[np.floating], reach_px: float) -> tuple[slice, slice]:
    """A square of the picture."""
    x, y = np.round(centre).astype(int)
    reach = round(reach_px)
    return slice(max(y - reach, 0), y + reach), slice(max(x - reach, 0), x + reach)


def detail(picture: NDArray[np.uint8]) -> float:
    """How much neighbouring pixels differ; of noise 20 and more, of what is smeared next to nothing."""
    return float(np.abs(np.diff(picture.astype(float).mean(axis=2), axis=1)).mean())


def likeness(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """How far the edges in two pictures are the same: 1 all of them, 0 by chance."""
    edges = [np.diff(picture.astype(float).mean(axis=2), axis=1).ravel() for picture in (one, other)]
    return float(np.corrcoef(*edges)[0, 1])
