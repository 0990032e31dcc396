"""What the page shows: the choice, why nothing can be compared, or what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from dashboards.library import Library
from dashboards.listing import Listed, Wanted
from dashboards.pages.compare.asked import SEASONS, Asked, asked_for
from dashboards.pages.compare.finding import (
    AskFirstError,
    NotThereError,
    TwoRowersError,
    compared,
    names_as_settled,
)
from dashboards.pages.sessions.view_model import session_row
from dashboards.player.ghosts import best_before, last_before, others_of, rowed_on, same_rower
from dashboards.remarks import remarks
from dashboards.sessions import SessionEntry
from dashboards.texts.refusals import refusal
from rowsense.assess.sides import numbered
from rowsense.errors import RowSenseError, UsageError
from rowsense.model import Session
from rowsense.report.comparison_view import ComparisonView
from rowsense.texts.texts import Texts

#: Fewest strokes that are cut in three, else in two [D]: each third has five then, as a mean needs.
_LEAST_TO_CUT: Final = 15
_LEAST_TO_HALVE: Final = 4
#: Sessions in a list to choose from; of more some are found by words [D].
MOST_LISTED: Final = 200


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
    """Key and name, newest first: those that fit the words, and what is chosen."""
    asked: Asked
    hers: frozenset[str] = frozenset()
    """Keys of those of the rower of the first session."""
    against: tuple[Way, ...] = ()
    """Other sessions of hers that it is often held against."""
    quick: tuple[Way, ...] = ()
    """What is often asked of the first session."""
    about: str = ""
    """The first session, in words."""
    total: int = 0
    """Sessions that fit the words, also beyond those in the lists."""
    seasons: str = ""
    """Address of the page that compares seasons; empty: there are none here."""


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


def compare_page(t: Texts, shelf: Library, search: str | None) -> ComparePage:
    """What the address asks for; whatever is wrong with it is said in words."""
    try:
        asked, problem = asked_for(search), None
    except UsageError as error:
        asked, problem = Asked(), Problem(t("compare.problem.choose_two"), refusal(t, error))
    asked = names_as_settled(shelf, asked)
    chooser = _chooser(t, shelf, asked)
    if problem is not None or not asked.settled:
        return ComparePage(chooser, problem)
    try:
        view, _ = compared(shelf, asked)
    except TwoRowersError as error:
        every = Way(t("compare.problem.all_the_same"), replace(asked, any_rower=True).address)
        return ComparePage(chooser, Problem(t("compare.problem.two_rowers"), str(error), (every,)))
    except AskFirstError as error:
        ask = Way(t("compare.problem.to_question"), f"/session/{quote(error.key)}")
        return ComparePage(chooser, Problem(t("compare.problem.felt"), str(error), (ask,)))
    except NotThereError as error:
        return ComparePage(chooser, Problem(t("compare.problem.no_session"), str(error)))
    except RowSenseError as error:
        return ComparePage(chooser, Problem(t("compare.problem.cannot"), _capital(refusal(t, error))))
    return ComparePage(chooser, None, _found(t, asked, view))


def _chooser(t: Texts, shelf: Library, asked: Asked) -> Chooser:
    listed = shelf.listed(Wanted(asked.find, names_hidden=asked.names_hidden), MOST_LISTED)
    seasons = "" if shelf.is_folder else f"{SEASONS}{Wanted(names_hidden=asked.names_hidden).but()}"
    return replace(_filled(t, shelf, _with_chosen(shelf, listed, asked), asked), total=listed.total, seasons=seasons)


def _with_chosen(shelf: Library, listed: Listed, asked: Asked) -> dict[str, SessionEntry]:
    """By key; what is chosen stays in the lists whatever is looked for."""
    entries = {entry.key: entry for entry in listed.entries}
    chosen = (shelf.entry(key) for key in (asked.first, asked.second) if key and key not in entries)
    return entries | {entry.key: entry for entry in chosen if entry is not None}


def _filled(t: Texts, shelf: Library, entries: dict[str, SessionEntry], asked: Asked) -> Chooser:
    numbers = shelf.numbers() if asked.names_hidden else None
    sessions = tuple((key, _label(t, entry, numbers)) for key, entry in entries.items())
    if asked.first not in entries:
        return Chooser(sessions, asked)
    if asked.first in remarks().to_be_asked():
        # Which strokes are the best is measured, too.
        return Chooser(sessions, asked, about=_label(t, entries[asked.first], numbers))
    quick: tuple[Way, ...] = ()
    first = entries[asked.first]
    try:
        files = shelf.files(asked.first)
        quick = _quick(t, asked, files.session()) if files is not None else ()
    except RowSenseError:
        pass  # It is said where the session is compared.
    return Chooser(
        sessions,
        asked,
        frozenset(key for key, entry in entries.items() if same_rower(entry, first)),
        _against(t, shelf, first, asked),
        quick,
        _label(t, first, numbers),
    )


def _against(t: Texts, shelf: Library, first: SessionEntry, asked: Asked) -> tuple[Way, ...]:
    """Her last session before it, and her best where that is another; the earlier one stands first."""
    others = others_of(shelf, first)
    last, best = last_before(first, others), best_before(first, others)
    found = (("last", last), ("best_session", best if best is not last else None))
    here = Asked(second=asked.first, names_hidden=asked.names_hidden)
    return tuple(
        Way(t(f"compare.quick.{name}", day=t.day(rowed_on(one))), replace(here, first=one.key).address)
        for name, one in found
        if one is not None
    )


def _label(t: Texts, entry: SessionEntry, numbers: Mapping[str, str] | None) -> str:
    row = session_row(t, entry, numbers=numbers)
    return f"{row.title}: {row.detail}"


def _quick(t: Texts, asked: Asked, session: Session) -> tuple[Way, ...]:
    """What is often asked of its first session, where it has the strokes for it."""
    here = Asked(asked.first, names_hidden=asked.names_hidden)
    usable = [stroke.index for stroke in session.strokes.strokes if stroke.usable]
    piece = session.assessment.piece
    ways = []
    if piece is not None and piece.best is not None and len(piece.best.strokes) < len(usable):
        best = replace(here, strokes="best", against="others")
        ways.append(Way(t("compare.quick.best", numbers=numbered(piece.best.strokes)), best.address))
    if len(usable) >= _LEAST_TO_HALVE:
        thirds = len(usable) >= _LEAST_TO_CUT
        long = len(usable) // (3 if thirds else 2)
        first, last = usable[:long], usable[-long:]
        parts = f"{first[0] + 1}-{first[-1] + 1}", f"{last[0] + 1}-{last[-1] + 1}"
        words = t("compare.quick.thirds" if thirds else "compare.quick.halves")
        ways.append(Way(words, replace(here, strokes=parts[0], against=parts[1]).address))
    for time_s, words in remarks().cues(asked.first):
        at = t("compare.quick.cue" if words else "compare.quick.cue_silent", moment=_clock(time_s), words=words)
        ways.append(Way(at, replace(here, cue=f"{time_s:.1f}").address))
    if len(usable) >= 2:
        two = replace(here, strokes=f"{usable[0] + 1}", against=f"{usable[-1] + 1}")
        ways.append(Way(t("compare.quick.first_last"), two.address))
    return tuple(ways)


def _clock(time_s: float) -> str:
    return f"{int(time_s // 60)}:{int(time_s % 60):02d}"


def _found(t: Texts, asked: Asked, view: ComparisonView) -> Found:
    keys = (asked.first,) if asked.one_session else (asked.first, asked.second)
    names = Wanted(names_hidden=asked.names_hidden).but()
    words = (t("compare.open"),) if asked.one_session else (t("compare.open_first"), t("compare.open_second"))
    return Found(
        view=view,
        data_address=asked.data_address,
        sessions=tuple(Way(w, f"/session/{quote(key)}{names}") for w, key in zip(words, keys, strict=True)),
        turned=Way(t("compare.turned"), _turned(asked).address) if _turnable(asked) else Way("", ""),
    )


def _turnable(asked: Asked) -> bool:
    """Before and after goes one way, and ``others`` only stands second."""
    return not asked.cue and not (asked.one_session and asked.against in ("", "others"))


def _turned(asked: Asked) -> Asked:
    keys = (asked.first, "") if asked.one_session else (asked.second, asked.first)
    return replace(asked, first=keys[0], second=keys[1], strokes=asked.against, against=asked.strokes)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
