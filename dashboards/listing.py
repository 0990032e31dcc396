"""What of the list of sessions is asked for, read from the address, and what is found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from dashboards.addressed import day_in, key_in, number_in
from dashboards.sessions import SessionEntry
from rowsense.store.behind import EVERY, RATES, Behind
from rowsense.texts.texts import Texts

#: Sessions on a page [D]: a month of a squad, and quick to draw on a phone.
PAGE: Final = 50
_MOST_LETTERS: Final = 100
#: Of the number of a page.
_FIGURES: Final = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page of the list. What is empty leaves nothing out."""

    find: str = ""
    """Words that name of rower or film have to hold, each of them; her number, where names are hidden."""
    page: int = 1
    names_hidden: bool = False
    behind: Behind = EVERY
    """What a chart leads to; a folder knows nothing of it."""
    tag: str = ""
    """Only sessions that have it."""

    @property
    def words(self) -> tuple[str, ...]:
        """One by one."""
        return tuple(self.find.split())

    @property
    def first(self) -> int:
        """Sessions before this page."""
        return (self.page - 1) * PAGE

    def but(self, **changes: Any) -> str:
        """The end of the address with some of it changed; empty where nothing is chosen."""
        other = replace(self, **changes)
        said = {
            "find": other.find,
            "page": str(other.page) if other.page > 1 else "",
            "names": "off" if other.names_hidden else "",
            **_said(other.behind),
            "tag": other.tag,
        }
        written = urlencode({name: value for name, value in said.items() if value})
        return f"?{written}" if written else ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list, the last rowed first."""

    entries: tuple[SessionEntry, ...]
    total: int
    """On all pages together."""
    tags: tuple[str, ...] = ()
    """All there are to choose from."""


def wanted_of(search: str | None) -> Wanted:
    """From the end of an address; what cannot be read counts as not chosen."""
    said = dict(parse_qsl((search or "").removeprefix("?")))
    page = said.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) <= _FIGURES else 1
    find, tag = (said.get(name, "").strip()[:_MOST_LETTERS] for name in ("find", "tag"))
    return Wanted(find, max(1, number), said.get("names") == "off", _behind(said), tag)


def _behind(said: Mapping[str, str]) -> Behind:
    return Behind(
        athlete=key_in(said.get("athlete")),
        squad=key_in(said.get("squad")),
        first=day_in(said.get("from")),
        last=day_in(said.get("to")),
        kind=said.get("kind", "")[:_MOST_LETTERS],
        rate=said["rate"] if said.get("rate") in RATES else "",
        quantity=said.get("quantity", "")[:_MOST_LETTERS],
        low=number_in(said.get("low")),
        high=number_in(said.get("high")),
    )


def _said(behind: Behind) -> dict[str, str]:
    return {
        "athlete": str(behind.athlete or ""),
        "squad": str(behind.squad or ""),
        "from": behind.first.isoformat() if behind.first else "",
        "to": behind.last.isoformat() if behind.last else "",
        "kind": behind.kind,
        "rate": behind.rate,
        "quantity": behind.quantity,
        "low": "" if behind.low is None else f"{behind.low:.4g}",
        "high": "" if behind.high is None else f"{behind.high:.4g}",
    }


def part_of(
    entries: Iterable[SessionEntry], wanted: Wanted, numbers: Mapping[str, str] | None = None, most: int = PAGE
) -> Listed:
    """The page of a list that is at hand as a whole; ``numbers``: what stands for rowers whose names are hidden."""
    found = [entry for entry in entries if all(word.casefold() in _name(entry, numbers) for word in wanted.words)]
    return Listed(tuple(found[wanted.first : wanted.first + most]), len(found))


def _name(entry: SessionEntry, numbers: Mapping[str, str] | None) -> str:
    if numbers is not None:
        return numbers.get(entry.rower or str(entry.summary.get("athlete") or ""), "").casefold()
    return f"{entry.summary.get('athlete') or ''} {entry.summary['video'].get('path') or entry.key}".casefold()


def numbers_for(t: Texts, names: Iterable[str]) -> dict[str, str]:
    """Numbers in place of names, in an order that says nothing about them."""
    distinct = sorted({name for name in names if name}, key=lambda name: sha256(name.encode()).digest())
    return {name: t("season_pages.rower_number", number=number) for number, name in enumerate(distinct, 1)}
