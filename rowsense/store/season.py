"""Questions about a season, answered from the summaries of its analyses: no stroke is read.

A session counts with its newest analysis. Means and percentiles are of strokes, so a long piece weighs more; how the
sessions scatter is given beside them. For what is not kept in the summaries see ``raw_strokes.py``.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from sqlalchemy import ColumnElement, Float, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from rowsense.store.quantities import bin_width, merged_bins, quantiles
from rowsense.store.tables import AnalysisQuantity as Row
from rowsense.store.tables import SquadAthlete

_RATE: Final = "rate_spm"
#: What groups can be made by.
GROUPINGS: Final[dict[str, InstrumentedAttribute[Any]]] = {
    "athlete": Row.athlete_id,
    "squad": SquadAthlete.squad_id,
    "week": Row.week,
    "piece_kind": Row.piece_kind,
    "analysis": Row.analysis_id,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One quantity, and the sessions it is asked of; what is left empty leaves nothing out."""

    quantity: str
    """As in ``rowsense/store/quantities.py``."""
    athlete_ids: tuple[uuid.UUID, ...] = ()
    squad_id: uuid.UUID | None = None
    first: date | None = None
    end: date | None = None
    """The day after the last."""
    piece_kinds: tuple[str, ...] = ()
    without: tuple[uuid.UUID, ...] = ()
    """Sessions that are left out."""
    rates_spm: tuple[float, float] | None = None
    """Only sessions whose mean rate lies from the first on and under the second."""


@dataclass(frozen=True, slots=True)
class Group:
    """Sessions that have the same athlete, week ... in common; numbers in the unit of the quantity."""

    key: tuple[Any, ...]
    """Of what was grouped by: UUIDs, the Monday of a week, a kind of piece (None: not said)."""
    session_count: int
    stroke_count: int
    mean: float
    """Of all strokes; for a fault the share that shows it."""
    sd: float
    """Of all strokes; NaN of one."""
    session_mean: float
    """Mean of the sessions' means."""
    session_sd: float
    """How far the sessions' means scatter; NaN of one."""


@dataclass(frozen=True, slots=True)
class Point:
    """One session."""

    rowed_on: date
    athlete_id: uuid.UUID
    session_id: uuid.UUID
    analysis_id: uuid.UUID
    stroke_count: int
    mean: float
    sd: float | None


#: Columns of a :class:`Point`.
_POINT: Final[tuple[Any, ...]] = (
    Row.rowed_on,
    Row.athlete_id,
    Row.session_id,
    Row.analysis_id,
    Row.stroke_count,
    Row.mean,
    Row.sd,
)


def known_quantities(unit: Session) -> list[str]:
    """All quantities that anything is known of."""
    return list(unit.scalars(select(Row.quantity).distinct().order_by(Row.quantity)))


def grouped(unit: Session, choice: Choice, by: Sequence[str]) -> list[Group]:
    """Groups by any of :data:`GROUPINGS`, in the order of their keys; an athlete of two squads counts in both."""
    columns = [GROUPINGS[name] for name in by]
    strokes = Row.stroke_count
    squares = strokes * Row.mean * Row.mean + (strokes - 1) * func.coalesce(Row.sd * Row.sd, 0.0)
    sums = (
        func.count(),
        func.sum(strokes),
        *(func.sum(each, type_=Float(53)) for each in (strokes * Row.mean, squares, Row.mean, Row.mean * Row.mean)),
    )
    asked = _chosen(select(*columns, *sums), choice, by).group_by(*columns).order_by(*columns)
    return [_group(tuple(row[: len(by)]), *row[len(by) :]) for row in unit.execute(asked)]


def percentiles(
    unit: Session, choice: Choice, by: Sequence[str], shares: Sequence[float] = (0.1, 0.25, 0.5, 0.75, 0.9)
) -> dict[tuple[Any, ...], tuple[float, ...]]:
    """Values below which the shares (0..1) of a group's strokes lie, within a width of a bin; empty without bins."""
    width = bin_width(choice.quantity)
    columns = [GROUPINGS[name] for name in by]
    asked = _chosen(select(Row.first_bin, Row.bins, *columns), choice, by)
    found = [] if math.isnan(width) else unit.execute(asked).all()
    if not found:
        return {}
    # Column by column: a season of a club has tens of thousands of rows.
    first_bins, bins, *of_keys = zip(*found, strict=True)
    keys = list(zip(*of_keys, strict=True)) or [()] * len(found)
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    group = np.fromiter(map(places.__getitem__, keys), np.int64, len(keys))
    first, counts = merged_bins(np.array(first_bins, dtype=np.int64), bins, group, len(places))
    values = quantiles(first, counts, width, np.asarray(shares, dtype=float)).tolist()
    return {key: tuple(values[place]) for key, place in places.items()}


def points(unit: Session, choice: Choice) -> list[Point]:
    """Every session, by day."""
    asked = _chosen(select(*_POINT), choice, ()).order_by(Row.rowed_on, Row.session_id)
    return [Point(*row) for row in unit.execute(asked)]


@dataclass(frozen=True, slots=True)
class Spread:
    """One session with how its strokes lie."""

    point: Point
    low: float
    """Values below which a tenth and nine tenths of its strokes lie; NaN where the quantity has no bins."""
    high: float


def spreads(unit: Session, choice: Choice) -> list[Spread]:
    """Every session with the middle of its strokes, by day."""
    sessions = points(unit, choice)
    ends = percentiles(unit, choice, ["analysis"], (0.1, 0.9))
    none = (math.nan, math.nan)
    return [Spread(point, *ends.get((point.analysis_id,), none)) for point in sessions]


def many_points(unit: Session, choice: Choice, quantities: Collection[str]) -> dict[str, list[Point]]:
    """As :func:`points` of several quantities at once; the choice's own is not looked at."""
    found: dict[str, list[Point]] = {quantity: [] for quantity in quantities}
    asked = _chosen(select(Row.quantity, *_POINT), choice, (), quantities).order_by(Row.rowed_on, Row.session_id)
    for quantity, *rest in unit.execute(asked):
        found[quantity].append(Point(*rest))
    return found


def _chosen(asked: Select[Any], choice: Choice, by: Collection[str], quantities: Collection[str] = ()) -> Select[Any]:
    named = Row.quantity.in_(quantities) if quantities else Row.quantity == choice.quantity
    conditions: list[ColumnElement[bool]] = [named, Row.shown.is_(True)]
    if choice.athlete_ids:
        conditions.append(Row.athlete_id.in_(choice.athlete_ids))
    if choice.first is not None:
        conditions.append(Row.rowed_on >= choice.first)
    if choice.end is not None:
        conditions.append(Row.rowed_on < choice.end)
    if choice.piece_kinds:
        conditions.append(Row.piece_kind.in_(choice.piece_kinds))
    if choice.without:
        conditions.append(Row.session_id.not_in(choice.without))
    if choice.rates_spm is not None:
        conditions.append(Row.analysis_id.in_(at_rate(Row.analysis_id, choice.rates_spm, choice.first, choice.end)))
    if choice.squad_id is not None:
        members = select(SquadAthlete.athlete_id).where(SquadAthlete.squad_id == choice.squad_id)
        conditions.append(Row.athlete_id.in_(members))
    if "squad" in by:
        asked = asked.join(SquadAthlete, SquadAthlete.athlete_id == Row.athlete_id)
    return asked.where(*conditions)


def at_rate(
    of: InstrumentedAttribute[uuid.UUID],
    rates_spm: tuple[float, float],
    first: date | None = None,
    end: date | None = None,
) -> Select[uuid.UUID]:
    """Keys of the sessions or analyses (``of``: that column of the summaries) that were rowed at a rate.

    ``first``, ``end``: days outside which none is needed.
    """
    other = aliased(Row)
    low, high = rates_spm
    asked = select(getattr(other, of.key)).where(other.quantity == _RATE, other.shown.is_(True), other.mean >= low)
    if math.isfinite(high):
        asked = asked.where(other.mean < high)
    if first is not None:
        asked = asked.where(other.rowed_on >= first)
    return asked if end is None else asked.where(other.rowed_on < end)


def _group(
    key: tuple[Any, ...], sessions: int, strokes: int, total: float, squares: float, means: float, mean_squares: float
) -> Group:
    return Group(
        key=key,
        session_count=sessions,
        stroke_count=int(strokes),
        mean=total / strokes,
        sd=sd_of_sums(int(strokes), total, squares),
        session_mean=means / sessions,
        session_sd=sd_of_sums(sessions, means, mean_squares),
    )


def sd_of_sums(count: int, total: float, squares: float) -> float:
    """Standard deviation from the sums of values and of their squares; NaN of one.

    What rounding leaves below zero is none.
    """
    return math.sqrt(max(squares - total * total / count, 0.0) / (count - 1)) if count > 1 else math.nan
