"""One athlete's season: a quantity over time with what is usual for her, trends, and faults session by session."""

from __future__ import annotations

import math
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
from sqlalchemy.orm import Session

from rowsense.assess.usual import MIN_SESSIONS, t95
from rowsense.model.change import Z95
from rowsense.season.changes import LEAST_SESSIONS, SeasonTrend, detectable, floor_of, trend_of
from rowsense.season.reasons import LAST_WEEKS
from rowsense.season.vocabulary import MAIN, known_faults
from rowsense.store.quantities import FAULT
from rowsense.store.season import Choice, Point, Spread, many_points, spreads

#: Where a quantity ends by what it is.
_ENDS: Final[dict[str, tuple[float, float]]] = {"share": (0.0, 1.0), "score": (0.0, 100.0)}

#: Earlier sessions from which what is usual can be said without the last ones. [D] With six the band is a quarter wider
#: than with any number of them.
_MANY_EARLIER: Final = 6


@dataclass(frozen=True, slots=True)
class Usual:
    """Where 19 of 20 of her sessions would lie if nothing changed, in the unit of the quantity."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class QuantitySeason:
    """One quantity in all her sessions."""

    quantity: str
    points: tuple[Point, ...]
    """By day."""
    usual: Usual | None
    """None: too few sessions."""
    trend: SeasonTrend

    @property
    def last(self) -> float:
        """Of the newest session; NaN: there is none."""
        return self.points[-1].mean if self.points else math.nan


@dataclass(frozen=True, slots=True)
class FaultSeason:
    """One fault in all sessions in which it was looked for."""

    fault_id: str
    points: tuple[Point, ...]
    """``mean``: the share of strokes that show it."""

    @property
    def shown(self) -> tuple[Point, ...]:
        """Sessions that show it."""
        return tuple(point for point in self.points if point.mean > 0.0)


@dataclass(frozen=True, slots=True)
class AthleteSeason:
    """What her page is made of."""

    chosen: QuantitySeason
    sessions: tuple[Spread, ...]
    """Of the chosen quantity, with how the strokes of each lie."""
    clear_from: float
    """Smallest clear difference between two stretches of four weeks; NaN: not known."""
    table: tuple[QuantitySeason, ...]
    """What is most often asked for."""
    faults: tuple[FaultSeason, ...]
    """In the order in which they are mentioned."""


def athlete_season(unit: Session, athlete_id: uuid.UUID, choice: Choice) -> AthleteSeason:
    """Of one athlete; the choice's own athletes are not looked at."""
    chosen = replace(choice, athlete_ids=(athlete_id,))
    faults = {f"{FAULT}{one}": one for one in known_faults(unit)}
    known = many_points(unit, chosen, [*(quantity.id for quantity in MAIN), *faults])
    sessions = tuple(spreads(unit, chosen))
    found = quantity_season(choice.quantity, [one.point for one in sessions])
    return AthleteSeason(
        chosen=found,
        sessions=sessions,
        clear_from=clear_from(found.points, choice.quantity),
        table=tuple(quantity_season(one.id, known[one.id]) for one in MAIN if known[one.id]),
        faults=tuple(FaultSeason(fault, tuple(known[name])) for name, fault in faults.items() if known[name]),
    )


def quantity_season(quantity: str, points: Sequence[Point]) -> QuantitySeason:
    """From its sessions, by day."""
    return QuantitySeason(quantity, tuple(points), usual_of(points, quantity), trend_of(points, quantity))


def usual_of(points: Collection[Point], quantity: str) -> Usual | None:
    """A prediction interval from how the sessions' means scatter, cut off where the quantity ends.

    From the sessions before the last four weeks, so that what is new stands out; from all where these are too few.
    """
    since = max((point.rowed_on for point in points), default=date.min)
    earlier = [point for point in points if since - point.rowed_on >= timedelta(weeks=LAST_WEEKS)]
    counted = earlier if len(earlier) >= _MANY_EARLIER else points
    if len(counted) < MIN_SESSIONS:
        return None
    means = np.array([point.mean for point in counted], dtype=np.float64)
    middle = float(means.mean())
    half = t95(len(means) - 1) * float(means.std(ddof=1)) * math.sqrt(1.0 + 1.0 / len(means))
    low, high = ends_of(quantity)
    return Usual(max(low, middle - half), middle, min(high, middle + half))


def ends_of(quantity: str) -> tuple[float, float]:
    """Where a quantity ends by what it is; infinite where it does not."""
    kind = "share" if quantity.startswith(FAULT) else "score" if "score" in quantity.split("_") else ""
    return _ENDS.get(kind, (-math.inf, math.inf))


def interval(point: Point, quantity: str) -> tuple[float, float]:
    """Where a session's value may lie with 95 % probability: its strokes' scatter, for angles camera and clothes too.

    NaN: of one stroke, which says nothing of how far others lie.
    """
    if quantity.startswith(FAULT):
        return wilson(point.mean, point.stroke_count)
    if point.sd is None or point.stroke_count < 2:
        return math.nan, math.nan
    of_strokes = t95(point.stroke_count - 1) * point.sd / math.sqrt(point.stroke_count)
    # Two sessions differ clearly from the floor on, so each of them is off by that over the root of two.
    half = math.hypot(of_strokes, floor_of(quantity) / math.sqrt(2.0))
    low, high = ends_of(quantity)
    return max(low, point.mean - half), min(high, point.mean + half)


def wilson(share: float, count: int) -> tuple[float, float]:
    """Wilson's interval of a share (1927); unlike the plain one it does not leave 0 to 1."""
    weight = Z95**2 / count
    middle = (share + weight / 2.0) / (1.0 + weight)
    half = Z95 * math.sqrt(share * (1.0 - share) / count + weight / (4.0 * count)) / (1.0 + weight)
    return max(0.0, middle - half), min(1.0, middle + half)


def clear_from(points: Sequence[Point], quantity: str) -> float:
    """From which difference on two stretches of four weeks differ clearly, by how her own sessions scatter.

    NaN: too few sessions on a side for anything to be clear.
    """
    if not points:
        return math.nan
    last = points[-1].rowed_on - timedelta(weeks=LAST_WEEKS)
    now = [point.mean for point in points if point.rowed_on > last]
    before = [point.mean for point in points if last - timedelta(weeks=LAST_WEEKS) < point.rowed_on <= last]
    if min(len(now), len(before)) < LEAST_SESSIONS:
        return math.nan
    sds = (float(np.std(side, ddof=1)) for side in (before, now))
    first_sd, last_sd = sds
    return detectable(len(before), first_sd, len(now), last_sd, quantity)


def by_session(faults: Sequence[FaultSeason]) -> Mapping[uuid.UUID, tuple[str, ...]]:
    """Which faults a session shows."""
    found: dict[uuid.UUID, list[str]] = {}
    for fault in faults:
        for point in fault.shown:
            found.setdefault(point.session_id, []).append(fault.fault_id)
    return {key: tuple(names) for key, names in found.items()}
