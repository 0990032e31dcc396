"""Words that the pages of a season share."""

from __future__ import annotations

import math
import uuid
from collections.abc import Collection, Sequence
from typing import Final
from urllib.parse import quote, urlencode

from dashboards.pages.filters import Filters, Option
from dashboards.sessions import SUFFIX
from rowsense.season.vocabulary import MAIN, Quantity, fault_ids, quantity_of
from rowsense.store.quantities import FAULT
from rowsense.texts.texts import Texts

#: How a unit is written at an axis.
AXIS_UNITS: Final = {"deg": "°", "s": " s", "share": " %", "percent": " %", "spm": "", "ratio": "", "score": ""}


def count(t: Texts, number: int, what: str) -> str:
    """``1 session``, ``3 sessions``; ``what``: a text of ``season_pages`` that counts."""
    return t(f"season_pages.{what}", n=number)


def athlete_address(athlete_id: uuid.UUID, filters: Filters, **changes: object) -> str:
    """Her page, with what is chosen."""
    kept = {"squad": None, "session": None, "every": False, **changes}
    return f"/athlete/{athlete_id}{filters.but(**kept)}"


def session_address(
    session_id: uuid.UUID, stroke: int | None = None, *, names_hidden: bool = False, fault: str = ""
) -> str:
    """The page of a session, where it is known at a stroke (counted from 0), or where a fault is worst."""
    asked: dict[str, str | int] = {} if stroke is None else {"stroke": stroke}
    said = {**asked, **({"fault": fault} if fault else {}), **({"names": "off"} if names_hidden else {})}
    return f"/session/{quote(f'{session_id}{SUFFIX}')}" + (f"?{urlencode(said)}" if said else "")


def quantity_options(t: Texts, known: Collection[str] | None, chosen: str) -> tuple[tuple[str, Sequence[Option]], ...]:
    """What can be looked at, in groups; ``known`` None: whatever pages offer first."""
    first = [one for one in MAIN if known is None or one.id in known]
    faults = [quantity_of(f"{FAULT}{one}") for one in fault_ids() if known is None or f"{FAULT}{one}" in known]
    listed = {one.id for one in (*first, *faults)}
    rest = [quantity_of(one) for one in sorted({*(known or ()), chosen} - listed)]
    groups: tuple[tuple[str, Sequence[Quantity]], ...] = (
        ("first", first), ("faults", faults), ("rest", rest),
    )  # fmt: skip
    return tuple((t(f"season_pages.group.{name}"), [(one.id, one.name(t)) for one in of_it]) for name, of_it in groups)


def axis_unit(quantity: Quantity) -> str:
    """Behind a number at an axis."""
    return AXIS_UNITS.get(quantity.unit, "")


def axis_factor(quantity: Quantity) -> float:
    """Shares are shown in percent."""
    return 100.0 if quantity.unit == "share" else 1.0


def known_number(value: float) -> bool:
    """Whether it was measured."""
    return math.isfinite(value)
