"""The films of a session: whole ones, or parts that several may make side by side and one joins.

Where parts begin follows from the session alone, and labels find their places anew there, so that what is drawn on a
frame does not depend on who draws it, or on what he drew before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.errors import UsageError
from rowsense.model import Frame, Session
from rowsense.observe import Progress
from rowsense.overlay.render import render_overlay
from rowsense.video.cut import cut_film
from rowsense.video.probe import sha256_of
from rowsense.video.read import read_frames
from rowsense.video.steering import comes_to_every_frame
from rowsense.video.write import GOP_FRAMES, VideoSink

OVERLAY: Final = "overlay.mp4"
#: The film without drawing, for films that browsers do not play, or in which they miss frames.
FILM: Final = "film.mp4"
#: One stroke of the overlay each, to send or to lay side by side.
BEST_STROKE: Final = "best_stroke.mp4"
WORST_STROKE: Final = "worst_stroke.mp4"
#: Longer side of that film: full HD shows all that a coach looks at, and a 4K one stutters [D].
_FILM_SIDE_PX: Final = 1920
#: Length of a part [D]: a whole number of key frames. Finding its first frame costs little, and who is late with a part
#: holds up few.
PART_FRAMES: Final = 32 * GOP_FRAMES

Bounds = tuple[int, int]
"""First frame, and the one after the last."""
Finish = Callable[[Path, Progress], None]
"""Completes the films in a folder."""
FilmMaker = Callable[[Session, Path, tuple[str, ...]], Finish]
"""Begins to make films of these names, from a session and its video; others may work on them until it is finished."""


def films_of(session: Session, source: Path) -> tuple[str, ...]:
    """Names of the films that a session of this video has, in the order in which they are made."""
    return (OVERLAY,) if comes_to_every_frame(source, session.video) else (OVERLAY, FILM)


def films_here(session: Session, source: Path, names: tuple[str, ...]) -> Finish:
    """The maker that makes everything itself, when it is finished."""

    def finish(folder: Path, progress: Progress) -> None:
        for name in names:
            write_film(session, source, folder / name, name, progress)

    return finish


def analysed(session: Session) -> Bounds:
    """The part of the video that was analysed."""
    return int(session.track.frame[0]), int(session.track.frame[-1]) + 1


def part_bounds(session: Session) -> list[Bounds]:
    """Parts of about equal length, all but the last a whole number of key frames long; a short film is one."""
    first, end = analysed(session)
    count = max(1, round((end - first) / PART_FRAMES))
    groups = (end - first) / (count * GOP_FRAMES)
    return list(pairwise([*(first + round(groups * number) * GOP_FRAMES for number in range(count)), end]))


def write_overlay(session: Session, source: Path, target: Path, progress: Progress | None = None) -> None:
    """As :func:`write_film`, of the overlay video."""
    write_film(session, source, target, OVERLAY, progress)


def write_film(
    session: Session, source: Path, target: Path, name: str = FILM, progress: Progress | None = None
) -> None:
    """Write one of the films of a session: the video with what was measured, at its own size and timing, or the
    analysed part of the video without any drawing, as browsers play it and seek in it quickly.

    Raises
    ------
    UsageError
        The source video is gone, or it is another file.
    """
    check_source(session, source)
    report = progress or _silent
    stage = name.partition(".")[0]
    first, end = analysed(session)

    def drawn(done: int) -> None:
        if done % 10 == 0 or done == end - first:
            report(stage, done, end - first)

    write_part(session, source, target, name, (first, end), drawn)
    report(stage, end - first, end - first)


def write_part(
    session: Session, source: Path, target: Path, name: str, bounds: Bounds, drawn: Callable[[int], None]
) -> tuple[int, ...]:
    """Write the frames of one part of a film; the times at which they are shown, in ticks of
    :data:`~rowsense.video.write.TIME_BASE` since the session's first frame.

    ``drawn`` is called with the number of frames that are written, after each; it may raise to stop. Whether ``source``
    is the video of the session is not looked at: :func:`check_source`.
    """
    first, end = bounds
    side_px = _FILM_SIDE_PX if name == FILM else None
    frames = read_frames(source, info=session.video, first_frame=first, end_frame=end, max_side_px=side_px)
    with _sink_for(frames, session, target) as (pictures, sink):
        shifted = _FromZero(sink, float(session.track.time_s[0]))
        steps = _copied(pictures, shifted) if name == FILM else _drawn(session, pictures, shifted)
        for done, _ in enumerate(steps, 1):
            drawn(done)
    return tuple(sink.pts)


def stroke_films(session: Session) -> dict[str, int]:
    """Which stroke has the best and which the worst score, by the names of their films.

    Nothing where fewer than two strokes have a score, or all the same.
    """
    scores = session.assessment.stroke_scores
    known = np.flatnonzero(np.isfinite(scores))
    if np.unique(scores[known]).size < 2:
        return {}
    return {BEST_STROKE: int(known[scores[known].argmax()]), WORST_STROKE: int(known[scores[known].argmin()])}


def write_stroke_films(session: Session, folder: Path, overlay: Path | None = None) -> None:
    """Cut the strokes of :func:`stroke_films` out of the overlay into ``folder``; what is there already goes.

    Each begins up to half a second before its catch, where the overlay has a key frame. Nothing where there is no
    overlay that can be read. ``overlay``: where it lies; None: in ``folder``.

    Raises
    ------
    OutputError
        The disk is full, or the folder may not be written.
    """
    overlay = overlay or folder / OVERLAY
    for name in (BEST_STROKE, WORST_STROKE):
        (folder / name).unlink(missing_ok=True)
    if not overlay.is_file():
        return
    begin_s = float(session.track.time_s[0])
    for name, number in stroke_films(session).items():
        stroke = session.strokes.strokes[number]
        cut_film(overlay, folder / name, stroke.catch_time_s - begin_s, stroke.end_time_s - begin_s)


def check_source(session: Session, source: Path) -> None:
    """Refuse a video that is not there, or not the one the session was made from.

    Raises
    ------
    UsageError
        No file, or another one.
    """
    if not source.is_file():
        raise UsageError(f"{source}: the video is not there any more; give its new place with --video")
    if sha256_of(source) != session.video.sha256:
        raise UsageError(
            f"{source}: is not the video this session was made from ({session.video.path.name}); "
            "name that one with --video"
        )


@contextmanager
def _sink_for(frames: Iterator[Frame], session: Session, target: Path) -> Iterator[tuple[Iterator[Frame], VideoSink]]:
    """The frames, and a video of their size."""
    start = next(frames)
    height_px, width_px = start.image.shape[:2]
    with VideoSink(target, width_px, height_px, session.video.fps) as sink:
        yield chain([start], frames), sink


def _drawn(session: Session, frames: Iterable[Frame], sink: _FromZero) -> Iterator[int]:
    return render_overlay(session, frames, sink, frozenset(first for first, _ in part_bounds(session)))


def _copied(frames: Iterable[Frame], sink: _FromZero) -> Iterator[int]:
    for frame in frames:
        sink.write(frame.image, frame.time_s)
        yield frame.index


class _FromZero:
    """Hands pictures on so that the session's first one is shown at once, wherever in the file that begins."""

    def __init__(self, sink: VideoSink, start_s: float) -> None:
        self._sink, self._start_s = sink, start_s

    def write(self, image: NDArray[np.uint8], time_s: float) -> None:
        self._sink.write(image, time_s - self._start_s)


def _silent(stage: str, done: float, total: float) -> None:
    pass
