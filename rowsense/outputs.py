"""What a run writes: the output contract, joined from the outlets. Whole or not at all."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from rowsense.films import FILM, OVERLAY, FilmMaker, films_here, films_of, write_stroke_films
from rowsense.kernels._jit import load_ahead
from rowsense.memory import give_back
from rowsense.model import Session
from rowsense.observe import Progress
from rowsense.overlay.scene import drawn_in
from rowsense.overlay.stills import fault_still, png_bytes
from rowsense.report.summary import summary
from rowsense.report.tables import frames_table, strokes_table, track_table
from rowsense.store.parquet import Table, write_csv
from rowsense.store.session_folder import side_view_columns, staged, write_session
from rowsense.texts.measures import spoken
from rowsense.video.ahead import fetched_ahead
from rowsense.video.choose import read_chosen


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """What to write."""

    overlay: bool = True
    film: bool = True
    """Write the film without drawing too, where the video needs one; False: there is one elsewhere."""
    csv: bool = False
    keep_overlay: bool = False
    """Carry overlay and film that are already there over into the new folder."""
    language: str = ""
    """Of the report and of what is drawn on pictures; empty: English."""


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
        from rowsense.report.page import environment

        packed_library()
        environment().get_template("report.html.j2")


def write_outputs(
    session: Session,
    source: Path,
    target: Path,
    options: OutputOptions,
    progress: Progress | None = None,
    films: FilmMaker = films_here,
) -> None:
    """Write everything of the output contract for ``session`` into ``target``.

    ``source`` is the video; where it is gone, stills that are there already are kept and nothing is drawn anew. Films
    come last, so that others may work on them meanwhile.

    Raises
    ------
    OutputError
        ``target`` cannot be written; it stays as it was.
    """
    report, t = progress or _silent, spoken(options.language)
    session = drawn_in(session, options.language)
    from rowsense.report.card import report_card
    from rowsense.report.html import html_report, page_charts
    from rowsense.report.pdf import pdf_beginning, pdf_report

    names = films_of(session, source) if options.overlay and source.is_file() else ()
    names = names if options.film else tuple(name for name in names if name != FILM)
    finish_films = films(session, source, names) if names else None
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
        if options.keep_overlay and not names:
            for name in (OVERLAY, FILM):
                if (target / name).is_file():
                    shutil.copy2(target / name, folder / name)
        overlay = OVERLAY if OVERLAY in names or (folder / OVERLAY).exists() else None
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
        give_back()
        if finish_films:
            finish_films(folder, report)
        write_stroke_films(session, folder)


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
