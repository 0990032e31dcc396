"""What a link shows of one session: report, films, stills and card of its own, with nobody in them who should not be.

Made anew from the stored session and a film of it, so that nothing which is not meant to be seen is anywhere in it:
no name unless asked for, no other session, no calibration's film, nothing that the rower felt.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rowsense.films import BEST_STROKE, WORST_STROKE, Bounds, stroke_films, write_stroke_films
from rowsense.model import Frame, Session
from rowsense.overlay.draw import draw_frame
from rowsense.overlay.hiding import NOBODY, Hidden
from rowsense.overlay.scene import Scene, drawn_in
from rowsense.overlay.stills import fault_still, png_bytes
from rowsense.report.card import report_card
from rowsense.report.html import html_report
from rowsense.report.pdf import pdf_beginning, pdf_report
from rowsense.report.view import report_view
from rowsense.shared_frames import Source, hidden_frames, others_in
from rowsense.texts.measures import spoken
from rowsense.texts.texts import Texts
from rowsense.unnamed import text_without_names, without_traces
from rowsense.video.write import VideoSink

FILM: Final = "film.mp4"
REPORT: Final = "report.html"
PAPER: Final = "report.pdf"
CARD: Final = "card.png"
WORDS: Final = "page.json"
STILLS: Final = "faults"
#: Some strokes at any rate; made in a minute [D].
_CLIP_S: Final = 20.0
#: How much is done when it is known who else is in the film [D].
_LOOKED: Final = 0.3
Told = Callable[[float], None]
"""How much is done, 0..1."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """What is to be seen, and what not."""

    name: str = ""
    """Of the rower; empty: she is not named."""
    hidden: Hidden = field(default_factory=Hidden)
    film: str = "whole"
    """``whole``, ``clip``: some seconds around the first thing to look at, or ``none``."""
    language: str = ""
    """Of page, report and pictures; empty: English."""


def write_shared(
    session: Session, source: Source | None, stills: Path, target: Path, asked: Sharing, told: Told = lambda share: None
) -> None:
    """Write page, film and stills into the folder ``target``, which is empty.

    ``source`` None: no film is there any more. ``stills``: the folder of the stored session's stills, which are used
    only where nothing is to be hidden.

    Raises
    ------
    NotMeasurableError
        Something is to be hidden, and the head was found nowhere.
    VideoError, OutputError
        The film cannot be read, or the new one not written.
    """
    t = spoken(asked.language)
    session = drawn_in(session, asked.language)
    shown = without_traces(session, asked.name, Path(FILM), t)
    (target / STILLS).mkdir(parents=True)
    hiding = asked.hidden.anything
    if hiding and source is not None:
        pictures = _rendered(session, source, target, asked, told)
    elif not hiding:
        pictures = _copied(session, source, stills, target, asked, told)
    else:
        pictures = {}
    for fault_id, data in pictures.items():
        (target / STILLS / f"{fault_id}.png").write_bytes(data)
    (target / CARD).write_bytes(report_card(shown, pictures, t))
    (target / PAPER).write_bytes(pdf_report(shown, pictures, pdf_beginning(shown, t)))
    film = FILM if (target / FILM).exists() else None
    files = [name for name in (PAPER, BEST_STROKE, WORST_STROKE) if (target / name).exists()]
    words = json.dumps(_words(shown, pictures, film, files, t), ensure_ascii=False)
    for name, text in ((REPORT, html_report(shown, pictures, film, t=t)), (WORDS, words)):
        (target / name).write_text(text_without_names(text, session, asked.name, t), encoding="utf-8")
    told(1.0)


def _rendered(session: Session, source: Source, target: Path, asked: Sharing, told: Told) -> dict[str, bytes]:
    """The films, where they are asked for, and a still of every fault, all from frames in which things are hidden."""
    worst = frozenset(fault.worst_frame for fault in session.assessment.faults)
    parts = film_parts(session, asked.film)
    whole = asked.film == "whole"
    wanted = None if whole else worst.union(*(range(*part) for part in parts.values()))
    count = len(session.track) if wanted is None else len(wanted)
    others = NOBODY  # where nothing is hidden, nobody else is either, and no pose model is needed
    if asked.hidden.anything:
        others = others_in(session, source, wanted, worst, lambda share: told(_LOOKED * share))
    scene, kept = Scene.of(session), dict[str, int]()
    stills: dict[str, bytes] = {}
    with ExitStack() as open_films:
        sinks = {name: open_films.enter_context(_Sink(target / name, session)) for name in parts}
        for done, (row, frame) in enumerate(hidden_frames(session, source, asked.hidden, others, wanted)):
            picture = frame.image
            if row >= 0 and frame.index in worst:
                stills |= _stills_of(session, row, frame, draw=source.kind != "overlay")
            shows = [
                name for name, (first, end) in parts.items()
                if (whole and name == FILM) or first <= frame.index < end
            ]  # fmt: skip
            if shows and source.kind != "overlay" and row >= 0:
                picture = draw_frame(picture, scene, row, frame.source_px_per_px, kept)
            for name in shows:
                sinks[name].write(picture, frame.time_s)
            told(_LOOKED + (0.9 - _LOOKED) * min(1.0, done / max(count, 1)))
    return stills


def film_parts(session: Session, film: str) -> dict[str, Bounds]:
    """The films that are made, and which frames are in each: what was asked for, and the best and the worst stroke."""
    if film == "none":
        return {}
    strokes, time_s = session.strokes.strokes, session.track.time_s
    parts = {FILM: filmed_frames(session, film)}
    for name, number in stroke_films(session).items():
        moments = (strokes[number].catch_time_s, strokes[number].end_time_s)
        first, end = (int(row) for row in np.searchsorted(time_s, moments))
        if first < end:
            parts[name] = int(session.track.frame[first]), int(session.track.frame[end - 1]) + 1
    return parts


def filmed_frames(session: Session, film: str) -> tuple[int, int]:
    """Half-open frame numbers of the part that is in the film."""
    track = session.track
    if film == "none":
        return 0, 0
    if film == "whole":
        return int(track.frame[0]), int(track.frame[-1]) + 1
    faults, strokes = session.assessment.faults, session.strokes.strokes
    at = faults[0].worst_frame if faults else strokes[0].catch_frame if strokes else int(track.frame[0])
    row = min(int(np.searchsorted(track.frame, at)), len(track) - 1)
    # Where the film ends, the part begins earlier instead of being shorter.
    latest_s = float(track.time_s[-1]) - _CLIP_S
    begin_s = max(min(float(track.time_s[row]) - _CLIP_S / 2, latest_s), float(track.time_s[0]))
    rows = np.flatnonzero((track.time_s >= begin_s) & (track.time_s <= begin_s + _CLIP_S))
    return int(track.frame[rows[0]]), int(track.frame[rows[-1]]) + 1


def _stills_of(session: Session, row: int, frame: Frame, *, draw: bool) -> dict[str, bytes]:
    faults = [fault for fault in session.assessment.faults if fault.worst_frame == frame.index]
    return {
        fault.id: png_bytes(fault_still(session, fault, frame.image, row, frame.source_px_per_px, draw=draw))
        for fault in faults
    }


class _Sink:
    """A film of the size of its first picture, which is shown at once; none where there is no picture."""

    def __init__(self, path: Path, session: Session) -> None:
        self._path, self._fps, self._start_s = path, session.video.fps, 0.0
        self._sink: VideoSink | None = None

    def __enter__(self) -> _Sink:
        return self

    def write(self, picture: NDArray[np.uint8], time_s: float) -> None:
        """Append one."""
        if self._sink is None:
            height, width = picture.shape[:2]
            self._start_s = time_s
            self._sink = VideoSink(self._path, width, height, self._fps)
            self._sink.__enter__()
        self._sink.write(picture, time_s - self._start_s)

    def __exit__(self, *raised: Any) -> None:
        if self._sink is not None:
            self._sink.__exit__(*raised)


def _copied(
    session: Session, source: Source | None, stills: Path, target: Path, asked: Sharing, told: Told
) -> dict[str, bytes]:
    """Film and stills as they are; a film that is not drawn on is drawn on first."""
    if asked.film != "none" and source is not None:
        if source.kind == "overlay" and asked.film == "whole":
            shutil.copyfile(source.path, target / FILM)
            write_stroke_films(session, target, target / FILM)
        else:
            _rendered(session, source, target, asked, told)
    files = {fault.id: stills / f"{fault.id}.png" for fault in session.assessment.faults}
    return {fault_id: file.read_bytes() for fault_id, file in files.items() if file.is_file()}


def _words(shown: Session, pictures: dict[str, bytes], film: str | None, files: list[str], t: Texts) -> dict[str, Any]:
    """What the page before the report says; plain, so that whoever serves it needs no analysis."""
    view = report_view(shown, t)
    head = view.headline
    return {
        "language": t.language,
        "name": shown.athlete,
        "lead_in": view.lead_in,
        "headline": {"title": head.title, "sentence": head.sentence, "cue": head.cue},
        "well": view.well,
        "film": bool(film),
        "files": files,
        "stills": [
            {"id": fault.id, "words": view.faults[number].name}
            for number, fault in enumerate(shown.assessment.faults)
            if fault.id in pictures
        ],
    }
