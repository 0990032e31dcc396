"""Whose strokes can lie over a session's film: other sessions of the same rower, and strokes that somebody chose."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Final, Protocol, cast

from flask import Flask, current_app, has_app_context

from dashboards.addressed import key_in
from dashboards.addresses import player_address
from dashboards.library import Library
from dashboards.listing import Wanted
from dashboards.player.one_stroke import BEST
from dashboards.remarks import remarks
from dashboards.sessions import SessionEntry
from rowsense.store.behind import Behind
from rowsense.texts.texts import Texts

#: Other sessions to choose from [D]: a quarter of a year of films; for others there is the comparison.
MOST: Final = 12
#: Sessions that are looked at for them: of some only numbers are kept.
_LOOKED_AT: Final = 40
_NAME: Final = "rowsense-references"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A reference as the page shows it."""

    whose: str
    words: str
    scene: str
    """Address of its stroke."""
    time_s: float | None
    """Where it is in the session on screen; None: it is of another."""
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class References:
    """The references for a session, and what the reader may choose."""

    chosen: tuple[Chosen, ...] = ()
    address: str = ""
    """Where one is chosen and taken back; empty: there are none here."""
    may_choose: tuple[str, ...] = ()


class Chooser(Protocol):
    """Knows them on a server."""

    def of(self, key: str) -> References:
        """For a session that the viewer may see."""


class NobodyChooses:
    """Where nobody signs in."""

    def of(self, key: str) -> References:
        """None."""
        return References()


def use_references(server: Flask, chooser: Chooser) -> None:
    """Say who knows them on this server."""
    server.extensions[_NAME] = chooser


def references() -> Chooser:
    """Who knows them on the server that answers."""
    found = current_app.extensions.get(_NAME) if has_app_context() else None
    return cast("Chooser", found) if found is not None else NobodyChooses()


def ghosts_json(t: Texts, shelf: Library, key: str, chosen: References) -> dict[str, Any]:
    """What the page offers, best first."""
    here = shelf.entry(key)
    others = [] if here is None else others_of(shelf, here)
    best = None if here is None else best_before(here, others)
    return {
        "best": None if best is None else _item(t, best, "player.ghost.earlier_best"),
        "others": [_item(t, one, "player.ghost.session") for one in others if one is not best],
        "references": [
            {
                "whose": one.whose, "words": one.words, "scene": one.scene, "time_s": one.time_s,
                "may_take_back": one.may_take_back,
            }
            for one in chosen.chosen
        ],
        "address": chosen.address,
        "may_choose": list(chosen.may_choose),
    }  # fmt: skip


def others_of(shelf: Library, here: SessionEntry) -> list[SessionEntry]:
    """Sessions of the same rower whose body is kept, the last rowed first, :data:`MOST` at most."""
    return list(islice(_others(shelf, here), MOST))


def _others(shelf: Library, here: SessionEntry) -> Iterable[SessionEntry]:
    rower = key_in(here.rower)
    listed = shelf.listed(Wanted(behind=Behind(athlete=rower)), _LOOKED_AT)
    unasked = remarks().to_be_asked()
    for entry in listed.entries:
        if entry.key == here.key or entry.key in unasked or not same_rower(entry, here):
            continue
        files = shelf.files(entry.key)
        if files is not None and "session.json" in files.names():
            yield entry


def same_rower(one: SessionEntry, other: SessionEntry) -> bool:
    """One rower; of those without a name nobody can tell."""
    if one.rower or other.rower:
        return one.rower == other.rower
    names = [str(entry.summary.get("athlete") or "").strip().casefold() for entry in (one, other)]
    return bool(names[0]) and names[0] == names[1]


def best_before(here: SessionEntry, others: Iterable[SessionEntry]) -> SessionEntry | None:
    """The earlier one with the best score."""
    earlier = [one for one in others if rowed_on(one) <= rowed_on(here) and not math.isnan(_score(one))]
    return max(earlier, key=_score, default=None)


def last_before(here: SessionEntry, others: Iterable[SessionEntry]) -> SessionEntry | None:
    """The last one before it."""
    return max((one for one in others if rowed_on(one) <= rowed_on(here)), key=rowed_on, default=None)


def rowed_on(entry: SessionEntry) -> date:
    """The day of a session; where nobody said it, that on which it was analysed."""
    return entry.rowed_on or datetime.fromtimestamp(entry.changed_s).date()


def _score(entry: SessionEntry) -> float:
    score = entry.summary.get("score")
    return float(score) if isinstance(score, int | float) else math.nan


def _item(t: Texts, entry: SessionEntry, words: str) -> dict[str, str]:
    score = _score(entry)
    scored = "" if math.isnan(score) else t("player.ghost.score", score=f"{score:.0f}")
    return {
        "words": f"{t(words, day=t.day(rowed_on(entry)))}{scored}",
        "scene": f"{player_address(entry.key)}/stroke/{BEST}.json",
    }
