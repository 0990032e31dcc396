"""What the page shows: the choice, why nothing can be compared, or what was found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from dashboards.library import Library
from dashboards.pages.compare.asked import Asked, asked_for, choices
from dashboards.pages.compare.data import page_data
from dashboards.pages.sessions.view_model import numbers_only, session_row
from dashboards.sessions import SUFFIX, SessionEntry, light_session
from rowsense.assess.sides import numbered
from rowsense.errors import RowSenseError, UsageError
from rowsense.model import Session
from rowsense.report.comparison_view import ComparisonView, comparison_view
from rowsense.side_by_side import Part, held_against, same_athlete, why_not_two_rowers

#: Fewest strokes that are cut in three, else in two [D]: each third has five then, as a mean needs.
_LEAST_TO_CUT: Final = 15
_LEAST_TO_HALVE: Final = 4


@dataclass(frozen=True, slots=True)
class Way:
    """A link: what it does, and where it leads."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing is compared, and what can be done."""

    title: str
    detail: str
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Chooser:
    """The form, filled in with what was asked."""

    sessions: tuple[tuple[str, str], ...]
    """Key and name, newest first."""
    asked: Asked
    quick: tuple[Way, ...] = ()
    """What is often asked of the first session."""
    about: str = ""
    """The first session, in words."""


@dataclass(frozen=True, slots=True)
class Found:
    """A comparison, ready to be laid out."""

    view: ComparisonView
    data_address: str
    sessions: tuple[Way, ...]
    turned: Way
    """The other way round."""


@dataclass(frozen=True, slots=True)
class ComparePage:
    """The whole page."""

    chooser: Chooser
    problem: Problem | None = None
    found: Found | None = None


@dataclass(frozen=True, slots=True)
class _Seat:
    """A session that was found in the library."""

    entry: SessionEntry
    session: Session
    folder: Path


class TwoRowersError(UsageError):
    """Two rowers are compared only when somebody asks for it."""


class NotThereError(UsageError):
    """A session that was asked for is not there, or not to be seen."""


def compare_page(shelf: Library, search: str | None) -> ComparePage:
    """What the address asks for; whatever is wrong with it is said in words."""
    try:
        asked, problem = asked_for(search), None
    except UsageError as error:
        asked, problem = Asked(), Problem("Choose two", str(error))
    entries = {entry.key: entry for entry in shelf.entries()}
    chooser = _chooser(shelf, entries, asked)
    if problem is not None or not asked.settled:
        return ComparePage(chooser, problem)
    try:
        view, _ = compared(shelf, asked)
    except TwoRowersError as error:
        every = Way("Compare them all the same", replace(asked, any_rower=True).address)
        return ComparePage(chooser, Problem("These are two rowers", str(error), (every,)))
    except NotThereError as error:
        return ComparePage(chooser, Problem("There is no session of this name", str(error)))
    except RowSenseError as error:
        return ComparePage(chooser, Problem("This cannot be compared", _capital(str(error))))
    return ComparePage(chooser, None, _found(asked, view, entries))


def compared(shelf: Library, asked: Asked) -> tuple[ComparisonView, dict[str, Any]]:
    """What was found, and the data of its films and charts.

    Raises
    ------
    RowSenseError
        It cannot be compared.
    """
    choices(asked)  # What cannot be read is said first.
    first = _seat(shelf, asked.first)
    second = first if asked.one_session else _seat(shelf, asked.second)
    if not (_same_rower(first, second) or asked.any_rower):
        raise TwoRowersError(why_not_two_rowers(first.session, second.session))
    names = ("", "") if asked.one_session else _names(first.entry, second.entry)
    parts = (
        (first.folder, _changed(first.folder), first.session.athlete, names[0]),
        (second.folder, _changed(second.folder), second.session.athlete, names[1]),
    )
    return _compared(parts, asked, _same_rower(first, second))


@lru_cache(maxsize=4)
def _compared(
    parts: tuple[tuple[Path, int, str, str], ...], asked: Asked, same_rower: bool
) -> tuple[ComparisonView, dict[str, Any]]:
    """The page and its data are asked for one after the other; the work is done once."""
    wanted = choices(asked)
    found = [replace(light_session(folder), athlete=athlete) for folder, _, athlete, _ in parts]
    sides = [
        Part(session, choice, name or "this session", name)
        for session, choice, (*_, name) in zip(found, wanted, parts, strict=True)
    ]
    comparison = held_against(sides[0], sides[1], one_session=asked.one_session, same_rower=same_rower)
    view = comparison_view(comparison, found[0], found[1], ())
    keys = asked.first, asked.first if asked.one_session else asked.second
    return view, page_data(comparison, view, (found[0], found[1]), keys)


def _seat(shelf: Library, key: str) -> _Seat:
    entry, folder = shelf.entry(key), shelf.folder(key)
    if entry is None or folder is None:
        raise NotThereError("It may have been moved or deleted. Choose another one.")
    if numbers_only(shelf, key):
        raise UsageError("Only numbers are kept of this session, and no strokes to compare. Choose another one.")
    session = light_session(folder)
    # Who it is the library knows: a club may have renamed a rower since.
    return _Seat(entry, replace(session, athlete=str(entry.summary.get("athlete") or session.athlete)), folder)


def _changed(folder: Path) -> int:
    try:
        return (folder / "session.json").stat().st_mtime_ns
    except OSError:
        return 0


def _same_rower(first: _Seat, second: _Seat) -> bool:
    rowers = first.entry.rower, second.entry.rower
    return rowers[0] == rowers[1] if all(rowers) else same_athlete(first.session, second.session)


def _names(first: SessionEntry, second: SessionEntry) -> tuple[str, str]:
    """What the sessions are called in sentences, told apart by their folders or by their order."""
    short, long = (tuple(_called(entry, whole) for entry in (first, second)) for whole in (False, True))
    if short[0] != short[1] or long[0] != long[1]:
        return (short[0], short[1]) if short[0] != short[1] else (long[0], long[1])
    return f"{long[0]} (first)", f"{long[1]} (second)"


def _called(entry: SessionEntry, whole: bool) -> str:
    """By its day, where somebody said it; else by its key, with the folders that it is in where ``whole``."""
    if entry.rowed_on is not None:
        return f"the session of {entry.rowed_on.day} {entry.rowed_on:%B %Y}"
    stem = entry.key.removesuffix(SUFFIX)
    return stem if whole else stem.rpartition("/")[2]


def _chooser(shelf: Library, entries: dict[str, SessionEntry], asked: Asked) -> Chooser:
    sessions = tuple((key, _label(entry)) for key, entry in entries.items())
    if asked.first not in entries:
        return Chooser(sessions, asked)
    quick: tuple[Way, ...] = ()
    try:
        folder = shelf.folder(asked.first)
        quick = _quick(asked.first, light_session(folder)) if folder is not None else ()
    except RowSenseError:
        pass  # It is said where the session is compared.
    return Chooser(sessions, asked, quick, _label(entries[asked.first]))


def _label(entry: SessionEntry) -> str:
    row = session_row(entry)
    return f"{row.title}: {row.detail}"


def _quick(key: str, session: Session) -> tuple[Way, ...]:
    """What is often asked of one session, where it has the strokes for it."""
    usable = [stroke.index for stroke in session.strokes.strokes if stroke.usable]
    piece = session.assessment.piece
    ways = []
    if piece is not None and piece.best is not None and len(piece.best.strokes) < len(usable):
        best = Asked(key, strokes="best", against="others")
        ways.append(Way(f"The best strokes ({numbered(piece.best.strokes)}) against the others", best.address))
    if len(usable) >= _LEAST_TO_HALVE:
        thirds = len(usable) >= _LEAST_TO_CUT
        long = len(usable) // (3 if thirds else 2)
        first, last = usable[:long], usable[-long:]
        parts = f"{first[0] + 1}-{first[-1] + 1}", f"{last[0] + 1}-{last[-1] + 1}"
        words = "The first third against the last" if thirds else "The first half against the second"
        ways.append(Way(words, Asked(key, strokes=parts[0], against=parts[1]).address))
    if len(usable) >= 2:
        two = Asked(key, strokes=f"{usable[0] + 1}", against=f"{usable[-1] + 1}")
        ways.append(Way("The first stroke against the last", two.address))
    return tuple(ways)


def _found(asked: Asked, view: ComparisonView, entries: dict[str, SessionEntry]) -> Found:
    keys = (asked.first,) if asked.one_session else (asked.first, asked.second)
    words = ("Open the session",) if asked.one_session else ("Open the first session", "Open the second session")
    return Found(
        view=view,
        data_address=asked.data_address,
        sessions=tuple(Way(w, f"/session/{quote(key)}") for w, key in zip(words, keys, strict=True)),
        turned=Way("The other way round", _turned(asked).address) if _turnable(asked) else Way("", ""),
    )


def _turnable(asked: Asked) -> bool:
    """Before and after goes one way, and ``others`` only stands second."""
    return not asked.cue and not (asked.one_session and asked.against in ("", "others"))


def _turned(asked: Asked) -> Asked:
    keys = (asked.first, "") if asked.one_session else (asked.second, asked.first)
    return replace(asked, first=keys[0], second=keys[1], strokes=asked.against, against=asked.strokes)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
