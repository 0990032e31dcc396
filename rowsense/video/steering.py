"""Whether a browser comes exactly to a frame of a film: else a copy of it is shown, in which it does."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from rowsense.model.video import VideoInfo
from rowsense.video._source import open_video
from rowsense.video.times import frame_table

#: Eight bits, half the colour both ways: what every browser decodes of H.264.
_PIXELS: Final = frozenset({"yuv420p", "yuvj420p"})
#: Longest way from one frame at which decoding can begin to the next, seconds [D]: a phone has one or two; for every
#: click the browser decodes all between.
_MOST_BETWEEN_S: Final = 10.0


def comes_to_every_frame(path: Path, info: VideoInfo) -> bool:
    """Whether a browser plays the file and can be sent to each of its frames.

    Not in files without an index, with times that are missing or doubled, or with long ways between keyframes.

    Raises
    ------
    VideoError
        The file cannot be read any more.
    """
    if not info.plays_in_browsers:
        return False
    with open_video(path) as (_, stream):
        counted, pixels = stream.frames, stream.codec_context.pix_fmt
    table = frame_table(path)
    # The index of a file in fragments, as some apps write while they film, holds the first of them at most.
    indexed = counted >= table.pts.size
    if not (indexed and pixels in _PIXELS and table.exact and table.timed) or table.duplicates:
        return False
    begins = [float(table.times_s[rank]) for rank in table.keyframes]
    ends = [*begins[1:], float(table.times_s[-1])]
    return max((end - begin for begin, end in zip(begins, ends, strict=True)), default=0.0) <= _MOST_BETWEEN_S
