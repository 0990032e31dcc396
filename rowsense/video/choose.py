"""A few chosen frames of a video, without decoding all that lies between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rowsense.model import Frame, VideoInfo
from rowsense.video.read import read_frames

#: A gap wider than this is jumped over by a seek; phones place a keyframe about every 30 frames [D].
_SEEK_OVER_FRAMES: Final = 30


def read_chosen(info: VideoInfo, wanted: Iterable[int], *, max_side_px: int | None = None) -> Iterator[Frame]:
    """Frames with the given numbers, in order; a number that does not decode is left out.

    Raises
    ------
    VideoError
        The file cannot be read.
    """
    for run in _runs(sorted(set(wanted))):
        yield from read_frames(
            info.path, info=info, first_frame=run[0], end_frame=run[-1] + 1, only=set(run), max_side_px=max_side_px
        )


def _runs(numbers: list[int]) -> Iterator[list[int]]:
    start = 0
    for place in range(1, len(numbers) + 1):
        if place == len(numbers) or numbers[place] - numbers[place - 1] > _SEEK_OVER_FRAMES:
            if place > start:
                yield numbers[start:place]
            start = place
