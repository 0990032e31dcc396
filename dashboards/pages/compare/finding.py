"""Finding what is asked for in the library, and comparing it; or saying why not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from dashboards.library import Library
from dashboards.pages.compare.asked import Asked, choices
from dashboards.pages.compare.data import page_data
from dashboards.pages.sessions.view_model import nameless, numbered, numbers_only
from dashboards.remarks import remarks
from dashboards.session_files import SessionFiles
from dashboards.sessions import SUFFIX, SessionEntry
from dashboards.texts.reader import texts, texts_for
from rowsense.errors import UsageError
from rowsense.model import Session
from rowsense.report.comparison_view import ComparisonView, comparison_view
from rowsense.side_by_side import Part, held_against, same_athlete, why_not_two_rowers


@dataclass(frozen=True, slots=True)
class _Seat:
    """A session that was found in the library."""

    entry: SessionEntry
    session: Session
    files: SessionFiles


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two. The session itself is not kept with what came out: it has many MB."""

    mark: str
    """Another one for another session, or for another analysis of it."""
    athlete: str
    name: str
    """What it is called in sentences."""
    files: SessionFiles = field(compare=False)


class TwoRowersError(UsageError):
    """Two rowers are compared only when somebody asks for it."""


class AskFirstError(UsageError):
    """A rower sees no measurement of a session before she has said what she felt."""

    def __init__(self, key: str) -> None:
        super().__init__(texts()("compare.problem.felt_why"))
        self.key = key


class NotThereError(UsageError):
    """A session that was asked for is not there, or not to be seen."""


def compared(shelf: Library, asked: Asked) -> tuple[ComparisonView, dict[str, Any]]:
    """What was found, and the data of its films and charts.

    Raises
    ------
    RowSenseError
        It cannot be compared.
    """
    choices(asked)  # What cannot be read is said first.
    asked = names_as_settled(shelf, asked)
    unasked = [key for key in (asked.first, asked.second) if key in remarks().to_be_asked()]
    if unasked:
        raise AskFirstError(unasked[0])
    first = _seat(shelf, asked.first)
    second = first if asked.one_session else _seat(shelf, asked.second)
    same = _same_rower(first, second)
    if not same and not shelf.compares_rowers:
        raise UsageError(texts()("compare.problem.themselves_only"))
    if asked.names_hidden:
        first, second = (_numbered(shelf, seat) for seat in (first, second))
    if not (same or asked.any_rower):
        raise TwoRowersError(why_not_two_rowers(first.session, second.session, texts()))
    names = ("", "") if asked.one_session else _names(first.entry, second.entry, hidden=asked.names_hidden)
    sides = tuple(
        _Side(seat.files.mark, seat.session.athlete, name, seat.files)
        for seat, name in zip((first, second), names, strict=True)
    )
    return _compared(sides, asked, same, texts().locale)


@lru_cache(maxsize=4)
def _compared(
    parts: tuple[_Side, ...], asked: Asked, same_rower: bool, locale: str
) -> tuple[ComparisonView, dict[str, Any]]:
    """The page and its data are asked for one after the other; the work is done once."""
    wanted, t = choices(asked), texts_for(locale)
    read = [(part.files.session(), part.athlete) for part in parts]
    found = [numbered(t, one, who) if asked.names_hidden else replace(one, athlete=who) for one, who in read]
    sides = [
        Part(session, choice, part.name or t("compare.this_session"), part.name)
        for session, choice, part in zip(found, wanted, parts, strict=True)
    ]
    comparison = held_against(sides[0], sides[1], one_session=asked.one_session, same_rower=same_rower, t=t)
    view = comparison_view(comparison, found[0], found[1], (), t)
    keys = asked.first, asked.first if asked.one_session else asked.second
    return view, page_data(comparison, view, (found[0], found[1]), keys)


def names_as_settled(shelf: Library, asked: Asked) -> Asked:
    """Names are hidden too where the club hides them for everybody."""
    return replace(asked, names_hidden=asked.names_hidden or shelf.hides_names)


def _numbered(shelf: Library, seat: _Seat) -> _Seat:
    return replace(seat, session=numbered(texts(), seat.session, nameless(texts(), seat.entry, shelf.numbers())))


def forget_compared() -> None:
    """Keep none at hand: a rower was deleted."""
    _compared.cache_clear()


def _seat(shelf: Library, key: str) -> _Seat:
    entry, files = shelf.entry(key), shelf.files(key)
    if entry is None or files is None:
        raise NotThereError(texts()("compare.problem.no_session_why"))
    if numbers_only(shelf, key):
        raise UsageError(texts()("compare.problem.numbers_only"))
    session = files.session()
    # Who it is the library knows: a club may have renamed a rower since.
    return _Seat(entry, replace(session, athlete=str(entry.summary.get("athlete") or session.athlete)), files)


def _same_rower(first: _Seat, second: _Seat) -> bool:
    rowers = first.entry.rower, second.entry.rower
    return rowers[0] == rowers[1] if all(rowers) else same_athlete(first.session, second.session)


def _names(first: SessionEntry, second: SessionEntry, *, hidden: bool) -> tuple[str, str]:
    """What the sessions are called in sentences, told apart by their folders or by their order."""
    short, long = (tuple(_called(entry, whole, hidden) for entry in (first, second)) for whole in (False, True))
    if short[0] != short[1] or long[0] != long[1]:
        return (short[0], short[1]) if short[0] != short[1] else (long[0], long[1])
    return texts()("compare.name_first", name=long[0]), texts()("compare.name_second", name=long[1])


def _called(entry: SessionEntry, whole: bool, hidden: bool) -> str:
    """By its day, where somebody said it; else by its key, with the folders that it is in where ``whole``.

    ``hidden``: films, after which a key may be called, name people.
    """
    if entry.rowed_on is not None:
        return texts()("compare.session_of", day=texts().day(entry.rowed_on))
    stem = texts()("sessions.a_rower") if hidden else entry.key.removesuffix(SUFFIX)
    return stem if whole else stem.rpartition("/")[2]
