"""What a page of the season is asked for: read from the address, so that it can be sent, kept and gone back to."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup

from dashboards.addressed import day_in, key_in
from dashboards.listing import Wanted
from dashboards.markup import joined, tag
from dashboards.pages.names_box import names_box
from rowsense.season.vocabulary import piece_name
from rowsense.store.behind import RATES, Behind
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
    rate: str = ""
    """One of ``RATES``."""
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
        kinds = (self.kind,) if self.kind else ()
        return Choice(self.quantity, first=first, end=end, piece_kinds=kinds, rates_spm=RATES.get(self.rate))

    def behind(self, today: date, **more: Any) -> str:
        """Address of the list of the sessions that are chosen; ``more``: what else narrows it."""
        first, end = self.days(today)
        behind = Behind(first=first, last=end - timedelta(days=1), kind=self.kind, rate=self.rate, **more)
        return f"/{Wanted(names_hidden=self.names_hidden, behind=behind).but()}"

    def but(self, **changes: Any) -> str:
        """The end of the address with some of it changed; empty where nothing is chosen."""
        other = replace(self, **changes)
        said = {
            "quantity": other.quantity if other.quantity != FIRST_QUANTITY else "",
            "kind": other.kind,
            "rate": other.rate,
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
    first, last = day_in(said.get("from")), day_in(said.get("to"))
    if first is not None and last is not None and first > last:
        first, last = last, first
    weeks = said.get("weeks", "")
    return Filters(
        quantity=said.get("quantity", "")[:_LONGEST_NAME] or FIRST_QUANTITY,
        kind=said["kind"] if said.get("kind") in PIECE_KINDS else "",
        rate=said["rate"] if said.get("rate") in RATES else "",
        squad=key_in(said.get("squad")),
        weeks=int(weeks) if weeks.isascii() and weeks.isdigit() and int(weeks) in WEEKS else Filters().weeks,
        first=first,
        last=last,
        names_hidden=said.get("names") == "off",
        session=key_in(said.get("session")),
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
        _field(t("season_pages.filter.rate"), "rate", _rates(t, filters)),
        *([] if squads is None else [_field(t("season_pages.filter.squad"), "squad", _squads(t, squads, filters))]),
        _field(
            t("season_pages.filter.period"), "weeks",
            _options(
                [*weeks, *((str(n), t(f"season_pages.weeks.{n}")) for n in WEEKS)],
                "" if days_given else str(filters.weeks),
            ),
        ),
    ]  # fmt: skip
    names = names_box(t, filters.names_hidden, settled=names_settled)
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


def _kinds(t: Texts, kinds: Sequence[str], filters: Filters) -> Markup:
    return _options(
        [("", t("season_pages.filter.all_kinds")), *((kind, piece_name(t, kind)) for kind in kinds)], filters.kind
    )


def _rates(t: Texts, filters: Filters) -> Markup:
    bands = [(one, t(f"season_pages.rate.{one}")) for one in RATES]
    return _options([("", t("season_pages.filter.all_rates")), *bands], filters.rate)


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
