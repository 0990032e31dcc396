"""What an address asks to be held against each other, and the address of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from dashboards.addressed import day_in, key_in
from dashboards.pages.compare.asked import SEASONS
from rowsense.season.vocabulary import MAIN
from rowsense.store.behind import RATES, Behind
from rowsense.store.season import Choice
from rowsense.store.tables import PIECE_KINDS

PATH: Final = SEASONS
FIRST, SECOND, KIND, RATE, QUANTITY, NAMES, OFF = "first", "second", "kind", "rate", "quantity", "names", "off"
#: Days of the two sides; the last counts.
FROM: Final = ("from1", "from2")
TO: Final = ("to1", "to2")
#: On each side, where nobody says other days [D]: a block of training, and enough sessions to tell.
WEEKS: Final = 12
_LONGEST_NAME: Final = 100
_SHOWN: Final = "pelvic_tilt_fall_into_catch_deg"


@dataclass(frozen=True, slots=True)
class Days:
    """From a day to a day, both counted."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Asked:
    """As it was chosen; what is None was left open."""

    first: uuid.UUID | None = None
    """A rower."""
    second: uuid.UUID | None = None
    """None: the same."""
    days: tuple[tuple[date | None, date | None], tuple[date | None, date | None]] = ((None, None), (None, None))
    kind: str = ""
    rate: str = ""
    quantity: str = _SHOWN
    names_hidden: bool = False

    @property
    def one_rower(self) -> bool:
        """Whether both sides are of one rower."""
        return self.second in (None, self.first)

    @property
    def rowers(self) -> tuple[uuid.UUID | None, uuid.UUID | None]:
        """Of both sides."""
        return self.first, self.first if self.second is None else self.second

    def settled(self, today: date) -> tuple[Days, Days]:
        """The days of both sides: two rowers over the same weeks, one rower the last weeks against those before."""
        last = Days(today - timedelta(weeks=WEEKS) + timedelta(days=1), today)
        before = Days(last.first - timedelta(weeks=WEEKS), last.first - timedelta(days=1)) if self.one_rower else last
        return _filled(self.days[0], before), _filled(self.days[1], last)

    def choices(self, today: date, without: tuple[uuid.UUID, ...] = ()) -> tuple[Choice, Choice]:
        """As questions to the store; both rowers are known."""
        first, second = (
            Choice(
                self.quantity, (rower,) if rower else (), None, days.first, days.last + timedelta(days=1),
                (self.kind,) if self.kind else (), without, RATES.get(self.rate),
            )
            for rower, days in zip(self.rowers, self.settled(today), strict=True)
        )  # fmt: skip
        return first, second

    def behind(self, side: int, today: date) -> Behind:
        """The sessions of a side."""
        days = self.settled(today)[side]
        return Behind(athlete=self.rowers[side], first=days.first, last=days.last, kind=self.kind, rate=self.rate)

    def address(self, **changes: Any) -> str:
        """Of the page, with some of it changed."""
        other = replace(self, **changes)
        said = {
            FIRST: str(other.first or ""),
            SECOND: "" if other.one_rower else str(other.second),
            **{name: day.isoformat() if day else "" for name, (day, _) in zip(FROM, other.days, strict=True)},
            **{name: day.isoformat() if day else "" for name, (_, day) in zip(TO, other.days, strict=True)},
            KIND: other.kind,
            RATE: other.rate,
            QUANTITY: other.quantity if other.quantity != _SHOWN else "",
            NAMES: OFF if other.names_hidden else "",
        }
        written = urlencode({name: value for name, value in said.items() if value})
        return f"{PATH}?{written}" if written else PATH


def _filled(said: tuple[date | None, date | None], usual: Days) -> Days:
    """Days that were said, in order; one alone has the same length as usual."""
    first, last = said
    long = usual.last - usual.first
    if first is None and last is None:
        return usual
    first = first or max(date.min + long, last or usual.last) - long
    last = last or min(date.max - timedelta(days=1) - long, first) + long
    return Days(min(first, last), max(first, last))


def asked_for(search: str | None) -> Asked:
    """From the end of an address; what cannot be read counts as not chosen."""
    said = dict(parse_qsl((search or "").removeprefix("?")))
    days = [(day_in(said.get(first)), day_in(said.get(last))) for first, last in zip(FROM, TO, strict=True)]
    quantity = said.get(QUANTITY, "")[:_LONGEST_NAME]
    return Asked(
        first=key_in(said.get(FIRST)),
        second=key_in(said.get(SECOND)),
        days=(days[0], days[1]),
        kind=said[KIND] if said.get(KIND) in PIECE_KINDS else "",
        rate=said[RATE] if said.get(RATE) in RATES else "",
        quantity=quantity if quantity in {one.id for one in MAIN} else _SHOWN,
        names_hidden=said.get(NAMES) == OFF,
    )
