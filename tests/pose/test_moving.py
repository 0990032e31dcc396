"""What moves in a handful of pictures: the part of the picture in which to look for a rower whom nobody else found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.model import Frame
from rowsense.pose.moving import moving_box, rower_where_it_moves

Picture = NDArray[np.uint8]


def _frames(pictures: list[Picture], source_px_per_px: float = 1.0) -> list[Frame]:
    return [Frame(i, i / 4.0, one, source_px_per_px) for i, one in enumerate(pictures)]


def _room(seed: int) -> Picture:
    """The same room with another noise each time."""
    room = np.random.default_rng(0).integers(60, 190, (9, 16, 3)).repeat(40, axis=0).repeat(40, axis=1)
    noise = np.random.default_rng(seed + 1).normal(0.0, 3.0, room.shape)
    return np.clip(room + noise, 0, 255).astype(np.uint8)


def _with_mover(seed: int) -> Picture:
    picture = _room(seed)
    left = 200 + round(90 * np.sin(seed))
    picture[120:280, left : left + 60] = 250
    return picture


def test_the_box_is_around_what_moves_in_source_pixels() -> None:
    frames = _frames([_with_mover(k) for k in range(20)], source_px_per_px=2.0)
    box = moving_box(frames)
    assert box is not None
    np.testing.assert_allclose(np.array(box) / 2.0, (110, 120, 350, 280), atol=25)


def test_who_walks_past_once_does_not_count() -> None:
    pictures = [_with_mover(k) for k in range(20)]
    for picture in pictures[7:9]:
        picture[20:340, 560:620] = 0
    box = moving_box(_frames(pictures))
    assert box is not None
    assert box[2] < 380


@pytest.mark.usefixtures("pose_model")
def test_in_a_still_room_and_before_a_moving_camera_nobody_is_looked_for(pose_model: Path) -> None:
    still = _frames([_room(k) for k in range(12)])
    panned = _frames([np.roll(_room(0), 37 * k, axis=1) for k in range(12)])
    for frames in (still, panned, []):
        assert rower_where_it_moves(frames, pose_model) == []


def test_things_that_move_are_no_rower(pose_model: Path) -> None:
    assert rower_where_it_moves(_frames([_with_mover(k) for k in range(20)]), pose_model) == []
