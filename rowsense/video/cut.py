"""A stretch of a film as a film of its own: packets are passed on, nothing is coded again."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import av
from av.error import FFmpegError

from rowsense.errors import OutputError
from rowsense.video.write import cannot_write


def cut_film(source: Path, target: Path, from_s: float, to_s: float) -> bool:
    """Write the pictures of ``source`` from the key frame at or before ``from_s`` to the last one before ``to_s``.

    ``source`` is what a :class:`~rowsense.video.write.VideoSink` wrote: pictures in the order in which they are shown.
    The target is complete, or not there at all: False where the film cannot be read, or shows nothing in the stretch.

    Raises
    ------
    OutputError
        The disk is full, or the folder may not be written.
    """
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part.mp4")
    try:
        with av.open(str(source.absolute())) as film:
            template = film.streams.video[0]
            first, end = (round(at_s / (template.time_base or 1)) for at_s in (from_s, to_s))
            film.seek(max(0, first), stream=template)
            with av.open(str(unfinished.absolute()), "w", container_options={"movflags": "+faststart"}) as part:
                stream = part.add_stream_from_template(template)
                begin = None
                for packet in film.demux(template):
                    if packet.pts is None or packet.pts >= end:
                        break
                    begin = packet.pts if begin is None else begin
                    packet.pts = packet.dts = packet.pts - begin
                    packet.stream = stream
                    part.mux(packet)
        if begin is not None:
            unfinished.replace(target)
        return begin is not None
    except OSError as error:
        raise OutputError(cannot_write(target, error)) from None
    except (FFmpegError, ValueError, IndexError):
        return False
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
