"""The overlay video: every decoded frame drawn and handed on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rowsense.model import Frame, Session
from rowsense.overlay.draw import draw_frame
from rowsense.overlay.scene import Scene


class FrameSink(Protocol):
    """Takes pictures in order of time."""

    def write(self, image: NDArray[np.uint8], time_s: float) -> None:
        """Take one upright RGB picture and its presentation time."""


def render_overlay(
    session: Session, frames: Iterable[Frame], sink: FrameSink, begins: Collection[int] = ()
) -> Iterator[int]:
    """Draw every frame of ``frames`` and write it to ``sink``, one for each step of the iteration.

    Frames the session has no row for (outside the analysed range) pass through undrawn. Nothing happens until
    the iterator is consumed, so that the caller can show progress and stop at any frame. At the frames ``begins``
    labels find their places as if nothing had been drawn before.

    Yields:
        The frame number just written.
    """
    scene = Scene.of(session)
    row_of = {int(frame): row for row, frame in enumerate(session.track.frame)}
    kept: dict[str, int] = {}
    for frame in frames:
        row = row_of.get(frame.index)
        if frame.index in begins:
            kept = {}
        image = frame.image
        if row is not None:
            image = draw_frame(image, scene, row, frame.source_px_per_px, kept)
        sink.write(image, frame.time_s)
        yield frame.index
