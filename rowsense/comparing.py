"""Comparing stored sessions: read, choose the strokes, compare, and write page, picture and numbers. No analysis."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rowsense import __version__
from rowsense.assess.postures import mean_postures
from rowsense.assess.sides import Choice
from rowsense.conventions import SCHEMA_VERSION
from rowsense.errors import OutputError, UsageError
from rowsense.model import Comparison, Posture, Session, Side
from rowsense.pose.side_view import to_side_view
from rowsense.report.comparison_card import comparison_card
from rowsense.report.comparison_html import comparison_html
from rowsense.report.comparison_view import ComparisonView, comparison_view
from rowsense.side_by_side import Part, held_against, same_athlete, why_not_two_rowers
from rowsense.store.codec import to_json
from rowsense.store.session_folder import check_target, read_session, staged

OWN_NAMES: Final = frozenset({"compare.html", "compare.png", "compare.json"})
Progress = Callable[[str, float, float], None]


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """One call of ``rowsense compare``."""

    first: Path
    second: Path | None
    """None: another part of the first one."""
    choice: Choice
    against: Choice
    any_athlete: bool
    out: Path
    force: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """The result, and what the page of it says."""

    comparison: Comparison
    view: ComparisonView
    data: dict[str, Any]
    """As in ``compare.json``."""


def compare_stored(request: CompareRequest, progress: Progress) -> Compared:
    """Compare and write ``compare.html``, ``compare.png`` and ``compare.json`` into ``request.out``.

    Raises
    ------
    UsageError
        No such session or strokes, the same strokes on both sides, or two rowers.
    NotMeasurableError
        None of the strokes of a side counts.
    OutputError
        The results cannot be written; what was there stays.
    """
    check_target(request.out, force=request.force, own=OWN_NAMES)
    compared = compare_folders(request)
    progress("report", 0, 3)
    with staged(request.out, OWN_NAMES) as folder:
        (folder / "compare.html").write_text(comparison_html(compared.view), encoding="utf-8")
        progress("report", 1, 3)
        (folder / "compare.png").write_bytes(comparison_card(compared.view))
        progress("report", 2, 3)
        text = json.dumps(compared.data, ensure_ascii=False, indent=1, allow_nan=False)
        (folder / "compare.json").write_text(text + "\n", encoding="utf-8")
    progress("report", 3, 3)
    return compared


def compare_folders(request: CompareRequest) -> Compared:
    """Read, choose and compare; writes nothing."""
    first = _read(request.first)
    one_session = request.second is None or _same(request.first, request.second)
    second = first if one_session or request.second is None else _read(request.second)
    same_rower = same_athlete(first, second)
    if not same_rower and not request.any_athlete:
        reason = why_not_two_rowers(first, second)
        raise UsageError(f"{reason} Compare a rower with herself, or add --any-athlete")
    comparison = held_against(
        *_parts(request, first, second, one_session), one_session=one_session, same_rower=same_rower
    )
    sides = comparison.first, comparison.second
    postures = tuple(zip(_postures(first, sides[0]), _postures(second, sides[1]), strict=True))
    view = comparison_view(comparison, first, second, postures)
    return Compared(comparison, view, comparison_data(view, comparison, first, second))


def _read(folder: Path) -> Session:
    if not folder.exists():
        raise UsageError(f"{folder}: is not there; give a folder that `rowsense analyze` wrote")
    return read_session(folder)


def _same(one: Path, two: Path) -> bool:
    try:
        return one.resolve() == two.resolve()
    except OSError as error:
        raise OutputError(f"{two}: cannot be read ({error.strerror}); check the place") from error


def _parts(request: CompareRequest, first: Session, second: Session, one_session: bool) -> tuple[Part, Part]:
    places = (request.first, request.first if one_session else request.second or request.first)
    names = ("", "") if one_session else _names(*places)
    return (
        Part(first, request.choice, str(places[0]), names[0]),
        Part(second, request.against, str(places[1]), names[1]),
    )


def _names(one: Path, two: Path) -> tuple[str, str]:
    """What the sessions are called: their folders' names, with the folder above where these are the same."""
    names = [path.resolve().name.removesuffix(".rowsense") for path in (one, two)]
    if names[0] == names[1]:
        names = [f"{path.resolve().parent.name}/{name}" for path, name in zip((one, two), names, strict=True)]
    return names[0], names[1]


def _postures(session: Session, side: Side) -> tuple[Posture, ...]:
    roll_deg = session.camera.roll_deg
    view = to_side_view(session.track, session.facing, session.near_side, 0.0 if math.isnan(roll_deg) else roll_deg)
    return mean_postures(view, [session.strokes.strokes[i] for i in side.strokes])


def comparison_data(view: ComparisonView, compared: Comparison, first: Session, second: Session) -> dict[str, Any]:
    """``compare.json``: strokes count from 0, degrees and seconds, null where nothing is known."""
    sides = [
        {
            "name": side.name,
            "video": session.video.path.name,
            "athlete": session.athlete,
            "strokes": list(side.strokes),
            "spine_reference": session.spine_reference.kind,
        }
        for side, session in ((compared.first, first), (compared.second, second))
    ]
    curves = {
        panel.quantity: {
            "percent": panel.first.percent,
            "finish_percent": panel.first.finish_percent,
            "first": panel.first.mean,
            "first_sd": panel.first.sd,
            "second": panel.second.mean,
            "second_sd": panel.second.sd,
            "difference": panel.difference,
            "detectable_change": panel.detectable_deg,
        }
        for panel in view.panels
    }
    contrasts = {
        kind: [{**to_json(one), "difference": to_json(one.difference)} for one in found]
        for kind, found in (("phases", compared.phases), ("times", compared.times), ("metrics", compared.metrics))
    }
    return {
        "schema_version": SCHEMA_VERSION,
        "rowsense_version": __version__,
        "first": sides[0],
        "second": sides[1],
        "zero": compared.zero,
        "same_rower": compared.same_rower,
        "levels_taken_out": to_json(compared.levels),
        "headline": view.title,
        "sentences": [view.sentence, *view.lines],
        "notes": list(view.notes),
        **contrasts,
        "curves": to_json(curves),
    }
