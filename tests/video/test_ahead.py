"""Frames decoded ahead: the same ones in order, errors where the frame was to come, and no thread left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from rowsense.errors import VideoError
from rowsense.model import Frame
from rowsense.video.ahead import fetched_ahead


def film(frames: int, made: list[int], then: Exception | None = None) -> Iterator[Frame]:
    for index in range(frames):
        made.append(index)
        yield Frame(index, index / 30.0, np.zeros((2, 2, 3), np.uint8), 1.0)
    if then is not None:
        raise then


def test_all_frames_come_in_order() -> None:
    with fetched_ahead(film(20, []), 3) as frames:
        assert [frame.index for frame in frames] == list(range(20))


def test_who_leaves_early_stops_the_fetching() -> None:
    made: list[int] = []
    before = set(threading.enumerate())  # those of other tests may end meanwhile
    with fetched_ahead(film(1000, made), 3) as frames:
        assert next(frames).index == 0
    assert set(threading.enumerate()) <= before
    # One taken, three waiting, one in hand.
    assert len(made) <= 5


def test_an_error_comes_after_the_frames_before_it() -> None:
    with fetched_ahead(film(2, [], VideoError("broken")), 3) as frames:
        assert [next(frames).index, next(frames).index] == [0, 1]
        with pytest.raises(VideoError, match="broken"):
            next(frames)


def test_a_caller_s_error_ends_it() -> None:
    before = set(threading.enumerate())
    with pytest.raises(KeyboardInterrupt), fetched_ahead(film(1000, []), 2):
        raise KeyboardInterrupt
    assert set(threading.enumerate()) <= before
