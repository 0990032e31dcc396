"""What a page of the season is asked for: read from the address, so that it can be sent, kept and gone back to."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup

from dashboards.markup import joined, tag
from rowsense.season.vocabulary import piece_name
from rowsense.store.season import Choice
from rowsense.store.tables import PIECE_KINDS
from rowsense.texts.texts import Texts

#: What RowSense is about comes first.
FIRST_QUANTITY: Final = "pelvic_tilt_fall_into_catch_deg"
#: Weeks that can be asked for; 0: everything.
WEEKS: Final = (4, 12, 26, 52, 0)
_LONGEST_NAME: Final = 100
#: A choice: its value in the address, and its words.
Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Filters:
    """What was chosen; what is empty leaves nothing out."""

    quantity: str = FIRST_QUANTITY
    kind: str = ""
    squad: uuid.UUID | None = None
    weeks: int = 26
    first: date | None = None
    last: date | None = None
    """Given days are stronger than weeks."""
    names_hidden: bool = False
    session: uuid.UUID | None = None
    every: bool = False
    """All of a long list."""

    def days(self, today: date) -> tuple[date | None, date]:
        """The first day, None for no limit, and the day after the last."""
        end = min(self.last or today, date.max - timedelta(days=1)) + timedelta(days=1)
        if self.first is not None or self.last is not None:
            return self.first, end
        return (end - timedelta(weeks=self.weeks) if self.weeks else None), end

    def choice(self, today: date) -> Choice:
        """As a question to the store, about nobody yet."""
        first, end = self.days(today)
        return Choice(self.quantity, first=first, end=end, piece_kinds=(self.kind,) if self.kind else ())

    def but(self, **changes: Any) -> str:
        """The end of the address with some of it changed; empty where nothing is chosen."""
        other = replace(self, **changes)
        said = {
            "quantity": other.quantity if other.quantity != FIRST_QUANTITY else "",
            "kind": other.kind,
            "squad": str(other.squad or ""),
            "weeks": str(other.weeks) if other.weeks != Filters().weeks else "",
            "from": other.first.isoformat() if other.first else "",
            "to": other.last.isoformat() if other.last else "",
            "names": "off" if other.names_hidden else "",
            "session": str(other.session or ""),
            "all": "yes" if other.every else "",
        }
        written = urlencode({name: value for name, value in said.items() if value})
        return f"?{written}" if written else ""


def filters_of(search: str | None) -> Filters:
    """From the end of an address; what cannot be read counts as not chosen."""
    said = dict(parse_qsl((search or "").removeprefix("?")))
    first, last = _day(said.get("from")), _day(said.get("to"))
    if first is not None and last is not None and first > last:
        first, last = last, first
    weeks = said.get("weeks", "")
    return Filters(
        quantity=said.get("quantity", "")[:_LONGEST_NAME] or FIRST_QUANTITY,
        kind=said["kind"] if said.get("kind") in PIECE_KINDS else "",
        squad=_key(said.get("squad")),
        weeks=int(weeks) if weeks.isascii() and weeks.isdigit() and int(weeks) in WEEKS else Filters().weeks,
        first=first,
        last=last,
        names_hidden=said.get("names") == "off",
        session=_key(said.get("session")),
        every=said.get("all") == "yes",
    )


def filter_form(
    t: Texts,
    filters: Filters,
    quantities: Sequence[tuple[str, Sequence[Option]]],
    kinds: Sequence[str],
    squads: Sequence[Option] | None = None,
    *,
    names_settled: bool = False,
) -> Markup:
    """The form of a page; ``squads`` None: there is no choice of them. A choice shows at once, days by the button.

    ``names_settled``: the club hides all names, and there is nothing to choose.
    """
    days_given = filters.first is not None or filters.last is not None
    weeks = [("", t("season_pages.filter.as_given"))] if days_given else []
    fields = [
        _field(
            t("season_pages.filter.what"), "quantity",
            joined(_group(name, of_it, filters.quantity) for name, of_it in quantities),
        ),
        _field(t("season_pages.filter.kind"), "kind", _kinds(t, kinds, filters)),
        *([] if squads is None else [_field(t("season_pages.filter.squad"), "squad", _squads(t, squads, filters))]),
        _field(
            t("season_pages.filter.period"), "weeks",
            _options(
                [*weeks, *((str(n), t(f"season_pages.weeks.{n}")) for n in WEEKS)],
                "" if days_given else str(filters.weeks),
            ),
        ),
    ]  # fmt: skip
    hidden = names_box(filters.names_hidden, settled=names_settled)
    names = tag("label", hidden, tag("span", t(hide_words(settled=names_settled))), class_="tick")
    days = tag(
        "details",
        tag("summary", t("season_pages.filter.other_days")),
        tag(
            "div",
            _date(t("season_pages.filter.from"), "from", filters.first),
            _date(t("season_pages.filter.to"), "to", filters.last),
            class_="days",
        ),
        tag("button", t("season_pages.filter.show"), type="submit", class_="tool"),
        open=days_given,
    )
    return tag("form", *fields, names, days, method="get", class_="filters", aria_label=t("season_pages.filter.name"))


def names_box(hidden: bool, *, settled: bool) -> Markup:
    """The switch that hides names; ``settled``: it is on for everybody."""
    return tag("input", type="checkbox", name="names", value="off", checked=hidden or settled, disabled=settled)


def hide_words(*, settled: bool) -> str:
    """The text beside it."""
    return "season_pages.filter.hidden" if settled else "season_pages.filter.hide"


def _kinds(t: Texts, kinds: Sequence[str], filters: Filters) -> Markup:
    return _options(
        [("", t("season_pages.filter.all_kinds")), *((kind, piece_name(t, kind)) for kind in kinds)], filters.kind
    )


def _squads(t: Texts, squads: Sequence[Option], filters: Filters) -> Markup:
    return _options([("", t("season_pages.filter.all_squads")), *squads], str(filters.squad or ""))


def _field(label: str, name: str, options: Markup) -> Markup:
    return tag("label", tag("span", label), tag("select", options, name=name), class_="field")


def _date(label: str, name: str, value: date | None) -> Markup:
    shown = value.isoformat() if value else None
    return tag("label", tag("span", label), tag("input", type="date", name=name, value=shown), class_="field")


def _group(name: str, options: Sequence[Option], chosen: str) -> Markup:
    return tag("optgroup", _options(options, chosen), label=name) if options else Markup("")


def _options(options: Sequence[Option], chosen: str) -> Markup:
    return joined(tag("option", words, value=value, selected=value == chosen) for value, words in options)


def _day(written: str | None) -> date | None:
    try:
        day = date.fromisoformat(written or "")
    except ValueError:
        return None
    # Days far off would lead arithmetic with weeks beyond the calendar.
    return day if 1900 <= day.year <= 2200 else None


def _key(written: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(written or "")
    except ValueError:
        return None
