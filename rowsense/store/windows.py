"""Two stretches of a season side by side: of many quantities and athletes at once, in one look at the summaries."""

from __future__ import annotations

import math
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Float, case, func, select
from sqlalchemy.orm import Session

from rowsense.store.season import at_rate, sd_of_sums
from rowsense.store.tables import AnalysisQuantity as Row
from rowsense.store.tables import Athlete, TrainingSession


@dataclass(frozen=True, slots=True)
class Window:
    """An athlete's sessions in a stretch, one quantity; numbers in its unit, NaN where too few sessions have them."""

    session_count: int
    session_mean: float
    """Mean of the sessions' means."""
    session_sd: float
    """How far the sessions' means scatter; NaN of one."""
    shown_count: int
    """Sessions whose mean is above 0: for a fault those that show it."""
    spread_count: int
    """Sessions with two strokes or more, whose scatter from stroke to stroke is known."""
    spread_mean: float
    """Mean of their standard deviations; NaN of none."""
    spread_sd: float
    """How far these scatter; NaN of one."""


@dataclass(frozen=True, slots=True)
class Stretches:
    """Days before a day, and days from it on; ``end`` is left out."""

    first: date
    split: date
    end: date

    def __post_init__(self) -> None:
        if not self.first < self.split < self.end:
            raise ValueError(f"{self.first}, {self.split} and {self.end} are not in order")


#: By quantity and athlete: before and after the split; None: no session.
Pair = tuple[Window | None, Window | None]


def windows(
    unit: Session,
    quantities: Collection[str],
    athlete_ids: Collection[uuid.UUID],
    stretches: Stretches,
    piece_kinds: Collection[str] = (),
    without: Collection[uuid.UUID] = (),
    rates_spm: tuple[float, float] | None = None,
) -> dict[tuple[str, uuid.UUID], Pair]:
    """Of each quantity and athlete that has a session in either stretch. No athletes: nothing, not everybody's.

    ``without``: sessions that are left out; ``rates_spm``: only those rowed at such a rate.
    """
    if not quantities or not athlete_ids:
        return {}
    late = case((Row.rowed_on >= stretches.split, 1), else_=0)
    sums = (
        func.count(),
        _sum(Row.mean),
        _sum(Row.mean * Row.mean),
        func.sum(case((Row.mean > 0, 1), else_=0)),
        func.count(Row.sd),
        _sum(Row.sd),
        _sum(Row.sd * Row.sd),
    )
    asked = (
        select(Row.quantity, Row.athlete_id, late, *sums)
        .where(
            Row.quantity.in_(quantities),
            Row.athlete_id.in_(athlete_ids),
            Row.rowed_on >= stretches.first,
            Row.rowed_on < stretches.end,
            Row.shown.is_(True),
        )
        .group_by(Row.quantity, Row.athlete_id, late)
    )
    if piece_kinds:
        asked = asked.where(Row.piece_kind.in_(piece_kinds))
    if rates_spm is not None:
        asked = asked.where(Row.analysis_id.in_(at_rate(Row.analysis_id, rates_spm, stretches.first, stretches.end)))
    if without:
        asked = asked.where(Row.session_id.not_in(without))
    found: dict[tuple[str, uuid.UUID], Pair] = {}
    for quantity, athlete_id, is_late, *summed in unit.execute(asked):
        before, after = found.get((quantity, athlete_id), (None, None))
        window = _window(*summed)
        found[quantity, athlete_id] = (before, window) if is_late else (window, after)
    return found


def everybody(unit: Session) -> list[uuid.UUID]:
    """All athletes of the club."""
    return list(unit.scalars(select(Athlete.id)))


def last_rowed(unit: Session, athlete_ids: Collection[uuid.UUID], end: date) -> dict[uuid.UUID, date]:
    """The last day before ``end`` on which each of them was filmed; who never was is left out."""
    asked = (
        select(TrainingSession.athlete_id, func.max(TrainingSession.rowed_on))
        .where(TrainingSession.athlete_id.in_(athlete_ids), TrainingSession.rowed_on < end)
        .group_by(TrainingSession.athlete_id)
    )
    return {athlete_id: day for athlete_id, day in unit.execute(asked)}


def _sum(column: Any) -> Any:
    return func.sum(column, type_=Float(53))


def _window(
    sessions: int, means: float, squares: float, shown: int, spreads: int, total: float | None, of_squares: float | None
) -> Window:
    return Window(
        session_count=sessions,
        session_mean=means / sessions,
        session_sd=sd_of_sums(sessions, means, squares),
        shown_count=int(shown),
        spread_count=spreads,
        spread_mean=total / spreads if spreads and total is not None else math.nan,
        spread_sd=sd_of_sums(spreads, total or 0.0, of_squares or 0.0),
    )
