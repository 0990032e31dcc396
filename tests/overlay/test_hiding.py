"""A face is unrecognisable in every frame, whatever is known of the head there; and nothing else is lost by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_COUNT, LANDMARK_INDEX
from rowsense.errors import NotMeasurableError
from rowsense.model import PoseTrack
from rowsense.overlay.heads import strangers
from rowsense.overlay.hiding import Hidden, Hider
from tests.faced_rower import FACE, FACE_PX, around, detail, faced_session, middle_of

SHAPE = (720, 1280, 3)


def rower() -> PoseTrack:
    return faced_session().track


def noise() -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 255, SHAPE, dtype=np.uint8)


def unseen(track: PoseTrack, rows: slice, what: float) -> PoseTrack:
    xy, visibility = track.xy_px.copy(), track.visibility.copy()
    xy[rows, FACE] = what
    return replace(track, xy_px=xy, visibility=visibility)


def unlikely(track: PoseTrack, rows: slice) -> PoseTrack:
    """Somebody else's face, far from her shoulders."""
    xy = track.xy_px.copy()
    xy[rows, FACE] += (-500.0, 0.0)
    return replace(track, xy_px=xy)


def unsure(track: PoseTrack, rows: slice) -> PoseTrack:
    visibility = track.visibility.copy()
    visibility[rows, FACE] = 0.2
    return replace(track, visibility=visibility)


LOST: dict[str, Callable[[PoseTrack], PoseTrack]] = {
    "known": lambda track: track,
    "a gap": lambda track: unseen(track, slice(40, 46), np.nan),
    "a long gap": lambda track: unseen(track, slice(30, 95), np.nan),
    "the beginning": lambda track: unseen(track, slice(0, 20), np.nan),
    "the end": lambda track: unseen(track, slice(-20, None), np.nan),
    "somebody else's": lambda track: unlikely(track, slice(50, 58)),
    "unsure": lambda track: unsure(track, slice(50, 90)),
}


@pytest.mark.parametrize("lost", LOST)
def test_the_face_is_hidden_in_every_frame_also_where_it_is_not_known(lost: str) -> None:
    truth, picture = rower(), noise()
    hider = Hider(LOST[lost](truth), Hidden(surroundings=False))
    for row in range(0, len(truth), 5):
        face = around(middle_of(truth, row), FACE_PX)
        hidden = hider(picture, row)[face]
        assert detail(hidden) < 4 < 40 < detail(picture[face]), f"row {row}"
        assert (hidden != picture[face]).any(axis=2).mean() > 0.98


def test_the_rest_of_the_picture_stays_as_it_is_and_nothing_is_changed_in_place() -> None:
    track, picture = rower(), noise()
    hidden = Hider(track, Hidden(surroundings=False))(picture, 40)
    head = around(middle_of(track, 40), 160)
    assert not np.array_equal(hidden[head], picture[head]) and np.array_equal(picture, noise())
    hidden[head] = picture[head]
    assert np.array_equal(hidden, picture)
    assert Hider(track, Hidden(face=False, surroundings=False))(picture, 40) is picture


def test_surroundings_are_hidden_and_the_rower_is_not() -> None:
    track, picture = rower(), noise()
    hider = Hider(track, Hidden())
    hidden = hider(picture, 40)
    knee = around(track.xy_px[40, LANDMARK_INDEX["left_knee"]], 20)
    assert np.array_equal(hidden[knee], picture[knee])
    assert detail(hidden[10:110, 10:110]) < 4, "a face in the corner of the room"
    assert detail(hider(picture, -1)) < 4, "a frame of which nothing is known"


def test_shrunk_pictures_and_frames_outside_the_track() -> None:
    track, small = rower(), noise()[::2, ::2].copy()
    hider = Hider(track, Hidden(surroundings=False))
    assert detail(hider(small, 40, source_px_per_px=2.0)[around(middle_of(track, 40) / 2, FACE_PX / 2)]) < 5
    assert hider.row_of(int(track.frame[40])) == 40 and hider.row_of(int(track.frame[-1]) + 1) == -1


def test_without_any_head_nothing_is_shared() -> None:
    with pytest.raises(NotMeasurableError, match="head was found nowhere"):
        Hider(unseen(rower(), slice(None), np.nan), Hidden())


def passer_by(x_px: float, y_px: float) -> NDArray[np.float64]:
    """Somebody upright whose face is there: a head of 30 pixels, a trunk of 150."""
    xy = np.full((LANDMARK_COUNT, 2), (x_px, y_px + 120.0))
    xy[FACE] = (x_px, y_px) + np.random.default_rng(4).uniform(-15, 15, (11, 2))
    for joint, below in (("shoulder", 60.0), ("hip", 210.0)):
        for side in ("left", "right"):
            xy[LANDMARK_INDEX[f"{side}_{joint}"]] = x_px, y_px + below
    return xy


def test_a_head_before_the_rower_is_hidden_all_the_way_past_her_and_for_it_the_room_too() -> None:
    track, picture = rower(), noise()
    knee = track.xy_px[60, LANDMARK_INDEX["left_knee"]].astype(np.float64)
    # Found a quarter of a second before and after, on her way past the knee, and once in the corner.
    places = [knee - (90.0, 0.0), knee + (90.0, 0.0), np.array([1200.0, 60.0])]
    at = float(track.time_s[60])
    found = strangers(np.array([at - 0.25, at + 0.25, at + 3.0]), np.array([passer_by(*place) for place in places]))
    hider = Hider(track, Hidden(surroundings=False), found)
    hidden = hider(picture, 60)
    assert detail(hidden[around(knee, 15)]) < 4, "between the two"
    assert detail(hidden[10:110, 10:110]) < 4, "the room, which nobody asked for"
    hip = around(track.xy_px[0, LANDMARK_INDEX["left_hip"]], 10)
    assert np.array_equal(Hider(track, Hidden(), found)(picture, 0)[hip], picture[hip]), "long before nothing of hers"
    assert Hider(track, Hidden(face=False, surroundings=False), found)(picture, 60) is picture
    seen = Hider(track, Hidden(face=False), found)(picture, 60)[around(middle_of(track, 60), 10)]
    assert detail(seen) > 40, "her own face was not to be hidden"
