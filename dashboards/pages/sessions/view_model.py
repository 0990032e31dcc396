"""What the page says: rows of the list, and one session ready to be laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

import numpy as np

from dashboards.addresses import player_address, still_address
from dashboards.keeping import KeptNote, keeper
from dashboards.library import Library
from dashboards.listing import Wanted
from dashboards.monitor.view_model import MonitorBlock, monitor_block
from dashboards.pages.sessions.files import FileGroup, file_groups
from dashboards.player.films import FilmNote, film_note, films_of
from dashboards.player.moments import SEVERITY, FaultPlaces, Moment, fault_places
from dashboards.remarks import remarks
from dashboards.session_files import SessionFiles
from dashboards.sessions import SessionEntry
from rowsense.model import Session
from rowsense.model.monitor import FilmStrokes
from rowsense.report.curve_block import curve_block
from rowsense.report.curves import session_curves, some_of
from rowsense.report.view import ReportView, report_view
from rowsense.report.words import CURVE_QUANTITIES, sentence
from rowsense.texts.measures import fault_label, measure
from rowsense.texts.texts import Texts

_PREFIX = "/session/"
#: Of the number of a stroke.
_FIGURES = 7
#: Of the id of a fault.
_LETTERS = 60
#: Occurrences of a fault that get a button beside the worst; the timeline has them all.
MOST_BUTTONS = 8


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session in the list, written out."""

    key: str
    href: str
    title: str
    detail: str
    score: str
    fault: str
    """The first fault's name; empty where none showed."""
    unread: int = 0
    """Notes that the reader has not read."""
    ask_first: bool = False
    """She is asked what she felt before anything measured is shown."""
    tags: tuple[str, ...] = ()
    """None where names are hidden: a tag may be one."""


@dataclass(frozen=True, slots=True)
class FrameButton:
    """One frame of the film to go to."""

    row: int
    words: str
    """Short, on the button."""


@dataclass(frozen=True, slots=True)
class FrameCard:
    """One fault in the strip: its worst frame, and where else it shows."""

    fault_id: str
    name: str
    severity: str
    severity_words: str
    still: str
    """Address; empty where there is none."""
    worst: FrameButton
    others: tuple[FrameButton, ...]
    more: int
    """Occurrences that have no button."""


@dataclass(frozen=True, slots=True)
class CurveBlock:
    """A curve of all strokes in words and numbers; the page draws it."""

    quantity: str
    title: str
    meaning: str
    alt: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One session: the report's words, what the player needs, and addresses of files (empty where missing)."""

    view: ReportView
    key: str
    player: str
    notes: str
    """Address of the notes pinned to its frames; empty where there are none."""
    first_row: int
    """Where the film opens: the stroke asked for, else the worst frame of the fault asked for or of the first, else the
    first catch."""
    film_note: FilmNote | None
    """Where there is no clean film."""
    frames: tuple[FrameCard, ...]
    curves: tuple[CurveBlock, ...]
    lines: tuple[int, int]
    """Of how many strokes a line is drawn, and how many there are."""
    files: tuple[FileGroup, ...]
    """Without those that say the name, where it is hidden."""
    name_hidden: bool
    other_name: str
    """The address that hides the name, or shows it again; empty where the club hides all names."""
    kept: KeptNote | None = None
    """How long it is kept, where somebody decides about that."""
    monitor: MonitorBlock | None = None
    """What the ergometer's monitor recorded."""
    monitor_rows: tuple[int, ...] = ()
    """Frame of the catch of each of its strokes."""


def session_key(pathname: str | None) -> str:
    """Key of the session an address names; empty for the list."""
    if not pathname or not pathname.startswith(_PREFIX):
        return ""
    return unquote(pathname[len(_PREFIX) :])


def session_row(
    t: Texts,
    entry: SessionEntry,
    unread: int = 0,
    numbers: Mapping[str, str] | None = None,
    *,
    ask_first: bool = False,
) -> SessionRow:
    """One line of the list from a session's summary; ``numbers``: what stands for rowers whose names are hidden."""
    said = entry.summary
    when = t.day(entry.rowed_on) if entry.rowed_on else _written(t, entry.changed_s)
    count, rate = said.get("stroke_count"), said.get("rate_spm")
    strokes = t("sessions.strokes", n=count) if isinstance(count, int) else t("sessions.strokes_unknown")
    if isinstance(rate, int | float):
        strokes = t("sessions.pace", strokes=strokes, rate=measure(t, rate, digits=1))
    name = str(said["video"].get("path") or entry.key)
    title = str(said.get("athlete") or name) if numbers is None else nameless(t, entry, numbers)
    detail = t("sessions.nameless_detail", strokes=strokes, when=when)
    if numbers is None:
        detail = t("sessions.detail", name=name, strokes=strokes, when=when)
    return SessionRow(
        key=entry.key,
        href=_PREFIX + quote(entry.key) + Wanted(names_hidden=numbers is not None).but(),
        title=title,
        detail=detail,
        score=measure(t, said.get("score"), digits=0),
        fault=_first_fault(t, said),
        unread=unread,
        ask_first=ask_first,
        tags=entry.tags if numbers is None else (),
    )


def nameless(t: Texts, entry: SessionEntry, numbers: Mapping[str, str]) -> str:
    """What stands for the rower of a session."""
    return numbers.get(entry.rower or str(entry.summary.get("athlete") or ""), t("sessions.a_rower"))


def _written(t: Texts, changed_s: float) -> str:
    moment = datetime.fromtimestamp(changed_s)
    return t("sessions.at_clock", day=t.day(moment), clock=f"{moment:%H:%M}")


def _first_fault(t: Texts, said: dict[str, Any]) -> str:
    faults = said.get("faults") or []
    return fault_label(t, str(faults[0].get("id", "")), sentence(str(faults[0].get("name", "")))) if faults else ""


def stroke_asked(search: str | None) -> int | None:
    """The stroke at which the film is to open, from the end of the address."""
    said = dict(parse_qsl((search or "").removeprefix("?"))).get("stroke", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < _FIGURES else None


def fault_asked(search: str | None) -> str:
    """The fault at whose worst frame it is to open; empty: none."""
    return dict(parse_qsl((search or "").removeprefix("?"))).get("fault", "")[:_LETTERS]


def numbers_only(shelf: Library, key: str) -> bool:
    """Whether a session has nothing but its strokes' numbers, as those of a made-up club."""
    files = None if shelf.is_folder else shelf.files(key)
    return files is not None and "session.json" not in files.names()


def session_page(
    t: Texts, shelf: Library, key: str, stroke: int | None = None, fault: str = "", *, names_hidden: bool = False
) -> SessionPage | None:
    """One session, or None where there is none of that name; ``stroke``, ``fault``: where the film opens, if there is
    such a one.

    Raises
    ------
    RowSenseError
        The session is there and cannot be read.
    """
    files = shelf.files(key)
    if files is None:
        return None
    session, names = files.session(), files.names()
    felt = remarks().felt(key)
    session = session if felt is None else replace(session, felt=felt)
    entry = shelf.entry(key)
    # Who it is the library knows: a film is claimed for a rower of the club, who may have been renamed since.
    session = replace(
        session, athlete=str(entry.summary.get("athlete") or session.athlete) if entry else session.athlete
    )
    places = fault_places(session)
    asked_for = {**({} if stroke is None else {"stroke": str(stroke)}), **({"fault": fault} if fault else {})}
    other = asked_for if names_hidden else {**asked_for, "names": "off"}
    monitor = _monitor(t, session, key)
    return SessionPage(
        view=report_view(_without_name(t, session, entry, shelf) if names_hidden else session, t),
        key=key,
        player=player_address(key),
        notes=remarks().notes_address(key),
        first_row=_first_row(session, places, stroke, fault),
        film_note=_film_note(t, session, files, key) if shelf.is_folder and not names_hidden else None,
        frames=tuple(_frame_card(t, place, names, key) for place in places),
        curves=_curves(t, session),
        lines=(len(some_of(len(session.strokes))), len(session.strokes)),
        files=file_groups(t, names, key, nameless=names_hidden),
        kept=keeper().note(key),
        monitor=monitor,
        monitor_rows=() if monitor is None else tuple(_row_at(session, line.at_s) for line in monitor.lines),
        name_hidden=names_hidden,
        other_name="" if shelf.hides_names else _PREFIX + quote(key) + (f"?{urlencode(other)}" if other else ""),
    )


def _without_name(t: Texts, session: Session, entry: SessionEntry | None, shelf: Library) -> Session:
    name = t("sessions.a_rower") if entry is None else nameless(t, entry, shelf.numbers())
    return numbered(t, session, name)


def numbered(t: Texts, session: Session, name: str) -> Session:
    """The session as of a rower who is called ``name``; what films are called names people too."""
    reference = session.spine_reference
    source = t("session.a_calibration") if reference.source else ""
    return replace(
        session,
        athlete=name,
        video=replace(session.video, path=Path("film")),
        spine_reference=replace(reference, source=source),
    )


def _monitor(t: Texts, session: Session, key: str) -> MonitorBlock | None:
    attached = keeper().monitor(key)
    if attached is None:
        return None
    strokes = session.strokes.usable
    names = ("catch_time_s", "finish_time_s", "end_time_s")
    times = (np.array([getattr(stroke, name) for stroke in strokes], dtype=np.float64) for name in names)
    return monitor_block(t, attached, FilmStrokes(np.array([s.index for s in strokes], dtype=np.int64), *times))


def _row_at(session: Session, time_s: float) -> int:
    return int(np.searchsorted(session.track.time_s, time_s))


def _first_row(session: Session, places: tuple[FaultPlaces, ...], stroke: int | None, fault: str) -> int:
    if stroke is not None and stroke < len(session.strokes.strokes):
        return _row_at(session, session.strokes.strokes[stroke].catch_time_s)
    if places:
        return next((place for place in places if place.id == fault), places[0]).moments[0].row
    catches = [s.catch_time_s for s in session.strokes.strokes[:1]]
    return int(np.searchsorted(session.track.time_s, catches[0])) if catches else 0


def _film_note(t: Texts, session: Session, files: SessionFiles, key: str) -> FilmNote | None:
    return film_note(t, session, films_of(session, files.names(), files.films(), key), files.folder())


def _frame_card(t: Texts, place: FaultPlaces, there: frozenset[str], key: str) -> FrameCard:
    stills = [f"faults/{place.id}{suffix}" for suffix in (".png", ".jpg")]
    shown, rest = place.moments[1 : MOST_BUTTONS + 1], place.moments[MOST_BUTTONS + 1 :]
    return FrameCard(
        fault_id=place.id,
        name=fault_label(t, place.id, place.name),
        severity=place.severity,
        severity_words=t(f"report.severity.{list(SEVERITY.values()).index(place.severity) + 1}"),
        still=next((still_address(key, name) for name in stills if name in there), ""),
        worst=_button(t, place.moments[0]),
        others=tuple(_button(t, moment) for moment in shown),
        more=len(rest),
    )


def _button(t: Texts, moment: Moment) -> FrameButton:
    return FrameButton(moment.row, _where(t, moment.stroke))


def _where(t: Texts, stroke: int) -> str:
    return t("session.stroke", number=stroke + 1) if stroke >= 0 else t("session.between")


def _curves(t: Texts, session: Session) -> tuple[CurveBlock, ...]:
    if not session.strokes.strokes:
        return ()
    known = [n for n in CURVE_QUANTITIES if np.isfinite(session.angles[n]).any()]
    blocks = [(n, curve_block(session_curves(session, n), t)) for n in known]
    return tuple(CurveBlock(n, b["name"], b["meaning"], b["alt"], tuple(b["rows"])) for n, b in blocks)
