"""A whole film coded again as browsers play it and come to each of its frames: the film itself, seen elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Final

from rowsense.errors import VideoError
from rowsense.model.video import VideoInfo
from rowsense.video.ahead import fetched_ahead
from rowsense.video.read import read_frames
from rowsense.video.times import frame_table
from rowsense.video.write import VideoSink

#: Longer side [D]: full HD shows all that a coach looks at, and a 4K one stutters.
SIDE_PX: Final = 1920
_AHEAD: Final = 3
_THREADS: Final = 2


def write_copy(source: Path, info: VideoInfo, target: Path, copied: Callable[[int, int], None]) -> None:
    """Write every frame of ``source`` at the time of its own clock, from the first one on; complete, or not at all.

    ``copied`` is called with the frames that are written and how many there are; it may raise to stop.

    Raises
    ------
    VideoError
        Nothing in it can be decoded.
    OutputError
        The disk is full, or the folder may not be written.
    """
    table = frame_table(source)
    count = int(table.pts.size)
    lasts_s = float(table.times_s[-1]) if count > 1 else 0.0
    # The clock of the file, however slow its motion is: then it is the film's own for every analysis of it.
    own = replace(info, speed=1.0)
    with fetched_ahead(read_frames(source, info=own, max_side_px=SIDE_PX), _AHEAD) as frames:
        start = next(frames, None)
        if start is None:
            raise VideoError(f"{source.name}: no frame could be decoded; copy or film it again")
        height_px, width_px = start.image.shape[:2]
        fps = (count - 1) / lasts_s if lasts_s > 0 else info.fps
        with VideoSink(target, width_px, height_px, fps, threads=_THREADS) as sink:
            for done, frame in enumerate(chain([start], frames), 1):
                sink.write(frame.image, frame.time_s)
                copied(done, max(done, count))
