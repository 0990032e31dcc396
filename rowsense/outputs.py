"""What a run writes: the output contract, joined from the outlets. Whole or not at all."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rowsense.errors import UsageError
from rowsense.kernels._jit import load_ahead
from rowsense.memory import give_back
from rowsense.model import Frame, Session
from rowsense.observe import Progress
from rowsense.overlay.render import render_overlay
from rowsense.overlay.stills import fault_still, png_bytes
from rowsense.report.summary import summary
from rowsense.report.tables import frames_table, strokes_table, track_table
from rowsense.store.parquet import Table, write_csv
from rowsense.store.session_folder import side_view_columns, staged, write_session
from rowsense.texts.measures import spoken
from rowsense.video.ahead import fetched_ahead
from rowsense.video.choose import read_chosen
from rowsense.video.probe import sha256_of
from rowsense.video.read import read_frames
from rowsense.video.steering import comes_to_every_frame
from rowsense.video.write import VideoSink

OVERLAY = "overlay.mp4"
#: The film without drawing, for films that browsers do not play, or in which they miss frames.
FILM = "film.mp4"
#: Longer side of that film: full HD shows all that a coach looks at, and a 4K one stutters [D].
_FILM_SIDE_PX = 1920


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """What to write."""

    overlay: bool = True
    csv: bool = False
    keep_overlay: bool = False
    """Carry overlay and film that are already there over into the new folder."""
    language: str = ""
    """Of the report; empty: English."""


def warming_up(progress: Progress) -> Progress:
    """Tells ``progress`` the same. As soon as the rower is searched, when a core is idle, a thread loads the kernels'
    library and what draws the report."""
    started = threading.Event()

    def tell(stage: str, done: float, total: float) -> None:
        if stage == "scout" and not started.is_set():
            started.set()
            threading.Thread(target=_load_ahead, daemon=True).start()
        progress(stage, done, total)

    return tell


def _load_ahead() -> None:
    load_ahead()
    # Nothing is lost where this fails: what writes the report imports the same, and says so.
    with suppress(ImportError):
        from rowsense.report import card, html, pdf  # noqa: F401
        from rowsense.report.figures.script import packed_library

        packed_library()


def write_outputs(
    session: Session, source: Path, target: Path, options: OutputOptions, progress: Progress | None = None
) -> None:
    """Write everything of the output contract for ``session`` into ``target``.

    ``source`` is the video; where it is gone, stills that are there already are kept and nothing is drawn anew.

    Raises
    ------
    OutputError
        ``target`` cannot be written; it stays as it was.
    """
    report, t = progress or _silent, spoken(options.language)
    from rowsense.report.card import report_card
    from rowsense.report.html import html_report, page_charts
    from rowsense.report.pdf import pdf_beginning, pdf_report

    with staged(target) as folder, ThreadPoolExecutor(3) as pool:
        drawing = pool.submit(_stills, session, source) if source.is_file() else None
        # What needs no pictures, while they are decoded for the stills.
        # One after the other: both want the interpreter all the time.
        ahead = pool.submit(lambda: (page_charts(session, t), pdf_beginning(session, t)))
        tables = session_tables(session)
        write_session(folder, session, summary(session), tables)
        if options.csv:
            for name, table in tables.items():
                write_csv(folder / f"{name}.csv", table)
        stills = drawing.result() if drawing else _kept_stills(session, target)
        _write_stills(folder, stills)
        if options.overlay and source.is_file():
            write_overlay(session, source, folder / OVERLAY, report)
            if not comes_to_every_frame(source, session.video):
                write_film(session, source, folder / FILM, report)
        elif options.keep_overlay:
            for name in (OVERLAY, FILM):
                if (target / name).is_file():
                    shutil.copy2(target / name, folder / name)
        overlay = OVERLAY if (folder / OVERLAY).exists() else None
        report("report", 0, 1)
        give_back()  # what tables and stills took, before three files are made at once
        # Side by side: packing pictures leaves the interpreter to the other two.
        charts, beginning = ahead.result()
        paper = pool.submit(pdf_report, session, stills, beginning)
        card = pool.submit(report_card, session, stills, t)
        page = pool.submit(html_report, session, stills, overlay, charts, t)
        (folder / "report.html").write_text(page.result(), encoding="utf-8")
        (folder / "report.pdf").write_bytes(paper.result())
        (folder / "card.png").write_bytes(card.result())
        report("report", 1, 1)


def write_overlay(session: Session, source: Path, target: Path, progress: Progress | None = None) -> None:
    """Write the overlay video of ``session`` at the source's size and timing.

    Raises
    ------
    UsageError
        The source video is gone, or it is another file.
    """
    with _drawn_on(session, source, target) as (frames, started):
        _count("overlay", render_overlay(session, frames, started), session, progress)


def write_film(session: Session, source: Path, target: Path, progress: Progress | None = None) -> None:
    """Write the analysed part of the video without any drawing, as browsers play it and seek in it quickly.

    Raises
    ------
    UsageError
        The source video is gone, or it is another file.
    """
    with _drawn_on(session, source, target, _FILM_SIDE_PX) as (frames, started):
        _count("film", _copied(frames, started), session, progress)


@contextmanager
def _drawn_on(
    session: Session, source: Path, target: Path, max_side_px: int | None = None
) -> Iterator[tuple[Iterator[Frame], _FromZero]]:
    """The analysed frames of the source, and a video of their size that begins with the first."""
    check_source(session, source)
    first, end = _analysed(session)
    frames = read_frames(source, info=session.video, first_frame=first, end_frame=end, max_side_px=max_side_px)
    start = next(frames)
    height_px, width_px = start.image.shape[:2]
    with VideoSink(target, width_px, height_px, session.video.fps) as sink:
        yield chain([start], frames), _FromZero(sink, float(session.track.time_s[0]))


def _copied(frames: Iterable[Frame], sink: _FromZero) -> Iterator[int]:
    for frame in frames:
        sink.write(frame.image, frame.time_s)
        yield frame.index


def _count(stage: str, steps: Iterable[object], session: Session, progress: Progress | None) -> None:
    """Do all steps, one a frame, and tell how far they are."""
    report = progress or _silent
    first, end = _analysed(session)
    for done, _ in enumerate(steps):
        if done % 10 == 0:
            report(stage, done, end - first)
    report(stage, end - first, end - first)


def _analysed(session: Session) -> tuple[int, int]:
    """Half-open frame numbers of the part of the video that was analysed."""
    return int(session.track.frame[0]), int(session.track.frame[-1]) + 1


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


class _FromZero:
    """Hands pictures on so that the first one is shown at once, wherever in the file the session begins."""

    def __init__(self, sink: VideoSink, start_s: float) -> None:
        self._sink, self._start_s = sink, start_s

    def write(self, image: NDArray[np.uint8], time_s: float) -> None:
        self._sink.write(image, time_s - self._start_s)


def session_tables(session: Session) -> dict[str, Table]:
    """The three tables of the contract."""
    return {
        "frames": {**frames_table(session), **side_view_columns(session)},
        "track": track_table(session),
        "strokes": strokes_table(session),
    }


def _stills(session: Session, source: Path) -> dict[str, bytes]:
    """A still of every fault by its id; three pictures of the video in memory at a time, or fewer."""
    from rowsense.report.images import PICTURE_PX, jpeg_bytes

    faults = session.assessment.faults
    chosen = read_chosen(replace(session.video, path=source), {fault.worst_frame for fault in faults})
    stills = {}
    with fetched_ahead(chosen, 1) as frames:
        for frame in frames:
            for fault in faults:
                if fault.worst_frame == frame.index:
                    stills[fault.id] = png_bytes(fault_still(session, fault, frame.image))
                    jpeg_bytes(stills[fault.id], PICTURE_PX)  # kept there for page and PDF, which are made at once
    return stills


def _kept_stills(session: Session, target: Path) -> dict[str, bytes]:
    """Stills of an earlier run, for a session whose video is gone."""
    files = {fault.id: target / "faults" / f"{fault.id}.png" for fault in session.assessment.faults}
    return {fault_id: file.read_bytes() for fault_id, file in files.items() if file.is_file()}


def _write_stills(folder: Path, stills: dict[str, bytes]) -> None:
    (folder / "faults").mkdir()
    for fault_id, data in stills.items():
        (folder / "faults" / f"{fault_id}.png").write_bytes(data)


def _silent(stage: str, done: float, total: float) -> None:
    pass
