"""Parts of a film that were written one by one, as one film: packets are passed on, nothing is coded again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from rowsense.errors import OutputError
from rowsense.video.write import TIME_BASE, cannot_write


@dataclass(frozen=True, slots=True)
class FilmPart:
    """What a :class:`~rowsense.video.write.VideoSink` wrote, and when its pictures are shown in the whole."""

    path: Path
    pts: Sequence[int]
    """In ticks of :data:`~rowsense.video.write.TIME_BASE`, one for each picture."""


def join_parts(parts: Iterable[FilmPart], target: Path) -> None:
    """Write the film that begins with the first part and goes on with the others; complete, or not there at all.

    Parts may be generated as they are needed: each is read to its end before the next is asked for.

    Raises
    ------
    OutputError
        A part is not what it should be, or the disk is full.
    """
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part.mp4")
    try:
        with av.open(str(unfinished.absolute()), "w", container_options={"movflags": "+faststart"}) as film:
            count = _pass_on(parts, film)
        with av.open(str(unfinished.absolute())) as written:
            if written.streams.video[0].frames != count:
                raise OSError("not all frames arrived; is the disk full?")
        unfinished.replace(target)
    except OSError as error:
        raise OutputError(cannot_write(target, error)) from None
    except (FFmpegError, ValueError) as error:
        raise OutputError(f"{target}: its parts do not fit together ({error}); make it again") from None
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _pass_on(parts: Iterable[FilmPart], film: OutputContainer) -> int:
    count = 0
    stream: VideoStream | None = None
    for part in parts:
        with av.open(str(part.path.absolute())) as one:
            template = one.streams.video[0]
            if stream is None:
                stream = film.add_stream_from_template(template)
                stream.time_base = TIME_BASE
            elif template.codec_context.extradata != stream.codec_context.extradata:
                raise OutputError(f"{part.path.name}: was coded in another way than the parts before it")
            packets = (packet for packet in one.demux(template) if packet.size)
            for packet, pts in zip(packets, part.pts, strict=True):
                packet.pts = packet.dts = pts
                packet.time_base = TIME_BASE
                packet.stream = stream
                film.mux(packet)
                count += 1
    return count
