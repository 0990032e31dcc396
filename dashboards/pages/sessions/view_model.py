"""What the page says: rows of the list, and one session ready to be laid out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import numpy as np
import plotly.graph_objects as go

from dashboards.media import media_address
from dashboards.sessions import SessionEntry, session_folder
from rowsense.report.curves import session_curves
from rowsense.report.figures import curve_figure, timeline_figure, timeline_of
from rowsense.report.view import ReportView, report_view
from rowsense.report.words import CURVE_QUANTITIES, QUANTITY_WORDS, number, sentence
from rowsense.store.session_folder import read_session

_PREFIX = "/session/"


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session in the list, written out."""

    href: str
    title: str
    detail: str
    score: str
    fault: str
    """The first fault's name; empty where none showed."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure with its heading and its words for those who cannot see it."""

    title: str
    meaning: str
    figure: go.Figure


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One session: the report's words, charts, and the addresses of its files (empty where missing)."""

    view: ReportView
    charts: tuple[Chart, ...]
    timeline: go.Figure | None
    overlay: str
    stills: dict[str, str]
    """Fault id -> address."""
    files: tuple[tuple[str, str], ...]
    """(what it is, address)"""


def session_key(pathname: str | None) -> str:
    """Key of the session an address names; empty for the list."""
    if not pathname or not pathname.startswith(_PREFIX):
        return ""
    return unquote(pathname[len(_PREFIX) :])


def session_row(entry: SessionEntry) -> SessionRow:
    """One line of the list from a session's summary."""
    said = entry.summary
    when = datetime.fromtimestamp(entry.changed_s).strftime("%d %b %Y, %H:%M")
    count, rate = said.get("stroke_count"), said.get("rate_spm")
    strokes = f"{count} stroke{'' if count == 1 else 's'}" if isinstance(count, int) else "strokes not known"
    pace = f" at {number(rate, digits=1)} a minute" if isinstance(rate, int | float) else ""
    name = str(said["video"].get("path") or entry.key)
    return SessionRow(
        href=_PREFIX + quote(entry.key),
        title=str(said.get("athlete") or name),
        detail=f"{name} · {strokes}{pace} · {when}",
        score=number(said.get("score"), digits=0),
        fault=_first_fault(said),
    )


def _first_fault(said: dict[str, Any]) -> str:
    faults = said.get("faults") or []
    return sentence(str(faults[0].get("name", ""))) if faults else ""


def session_page(root: Path, key: str) -> SessionPage | None:
    """One session, or None where there is none of that name.

    Raises
    ------
    RowSenseError
        The session is there and cannot be read.
    """
    folder = session_folder(root, key)
    if folder is None:
        return None
    session = read_session(folder)
    known = [n for n in CURVE_QUANTITIES if np.isfinite(session.angles[n]).any()]
    charts = [Chart(*QUANTITY_WORDS[n], curve_figure(session_curves(session, n))) for n in known]
    has_strokes = bool(session.strokes.strokes)
    stills = {path.stem: media_address(key, f"faults/{path.name}") for path in sorted((folder / "faults").glob("*.*"))}
    return SessionPage(
        view=report_view(session),
        charts=tuple(charts) if has_strokes else (),
        timeline=timeline_figure(timeline_of(session)) if has_strokes else None,
        overlay=media_address(key, "overlay.mp4") if (folder / "overlay.mp4").is_file() else "",
        stills=stills,
        files=_files(folder, key),
    )


def _files(folder: Path, key: str) -> tuple[tuple[str, str], ...]:
    offered = (("Report as a page", "report.html"), ("Report as PDF", "report.pdf"), ("Picture to send", "card.png"))
    return tuple((words, media_address(key, name)) for words, name in offered if (folder / name).is_file())
