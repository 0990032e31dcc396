"""Two seasons held against each other, of one rower or of two: every quantity with its interval, and what is clear.

What counts as one value is a session's mean. A difference is named where it is beyond what the sessions' own scatter
and, for angles, camera and clothes make of it, and beyond what chance makes of so many numbers on one page.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from sqlalchemy.orm import Session

from rowsense.assess.differences import by_chance, mostly_real, wider_for_few
from rowsense.assess.usual import t95
from rowsense.model.change import Z95, detectable_between_sessions
from rowsense.season.athlete import ends_of, wilson
from rowsense.season.changes import LEAST_SESSIONS, detectable, pooled_error
from rowsense.season.vocabulary import MAIN, STEADY, known_faults
from rowsense.store.quantities import FAULT
from rowsense.store.season import Choice, Point, many_points

#: In front of a quantity: how far its strokes scatter within a session.
SPREAD: Final = "spread:"


@dataclass(frozen=True, slots=True)
class SeasonMean:
    """Of one side's sessions, in the unit of the quantity; of a fault the share of the sessions that show it."""

    session_count: int
    mean: float
    low: float
    high: float
    """Where it lies with 95 % probability; NaN: one session does not say."""
    sd: float
    """How the sessions scatter; NaN of one."""


@dataclass(frozen=True, slots=True)
class SeasonContrast:
    """One quantity on both sides; a side without a session that has it is None."""

    quantity: str
    first: SeasonMean | None
    second: SeasonMean | None
    detectable_change: float
    """Smallest clear difference; NaN: too few sessions to tell."""
    chance: float
    """How often chance alone would make as large a difference; NaN: not known."""
    clear: bool = False

    @property
    def difference(self) -> float:
        """Second minus first; NaN: a side is missing."""
        if self.first is None or self.second is None:
            return math.nan
        return self.second.mean - self.first.mean

    @property
    def strength(self) -> float:
        """How many detectable changes it is; 0 where that is not known."""
        known = math.isfinite(self.difference) and self.detectable_change > 0.0
        return abs(self.difference) / self.detectable_change if known else 0.0


@dataclass(frozen=True, slots=True)
class TwoSeasons:
    """Everything that is held against each other."""

    quantities: tuple[SeasonContrast, ...]
    steadiness: tuple[SeasonContrast, ...]
    """Of :data:`STEADY`, named with :data:`SPREAD`."""
    faults: tuple[SeasonContrast, ...]
    """Those that a session of either side shows."""
    session_counts: tuple[int, int]

    @property
    def clear(self) -> tuple[SeasonContrast, ...]:
        """The clear differences, the largest first."""
        found = [one for one in (*self.quantities, *self.steadiness, *self.faults) if one.clear]
        return tuple(sorted(found, key=lambda one: -one.strength))


def two_seasons(unit: Session, first: Choice, second: Choice) -> TwoSeasons:
    """Read and compare; each choice names one athlete and her days."""
    faults = [f"{FAULT}{one}" for one in known_faults(unit)]
    asked = [*(one.id for one in MAIN), *faults]
    sides = many_points(unit, first, asked), many_points(unit, second, asked)
    return compared_seasons(*sides, faults)


def compared_seasons(
    first: Mapping[str, Sequence[Point]], second: Mapping[str, Sequence[Point]], faults: Sequence[str]
) -> TwoSeasons:
    """From the sessions of both sides by quantity."""
    sides = first, second
    means = [_contrast(one.id, *([p.mean for p in side.get(one.id, ())] for side in sides)) for one in MAIN]
    spreads = [_spread(name, *(side.get(name, ()) for side in sides)) for name in STEADY]
    shown = [_fault(name, *([p.mean > 0.0 for p in side.get(name, ())] for side in sides)) for name in faults]
    kept = [[one for one in each if one.first or one.second] for each in (means, spreads)]
    seen = [one for one in shown if any(side is not None and side.mean > 0.0 for side in (one.first, one.second))]
    told = iter(_told([*kept[0], *kept[1], *seen]))
    quantities, steadiness, of_faults = (tuple(next(told) for _ in part) for part in (*kept, seen))
    return TwoSeasons(quantities, steadiness, of_faults, (_sessions(first), _sessions(second)))


def _sessions(side: Mapping[str, Sequence[Point]]) -> int:
    keys: set[uuid.UUID] = {point.session_id for points in side.values() for point in points}
    return len(keys)


def _told(found: Sequence[SeasonContrast]) -> list[SeasonContrast]:
    """Which are clear, all of the page looked at together."""
    named = mostly_real([one.chance for one in found])
    return [replace(one, clear=bool(real) and one.strength > 1.0) for one, real in zip(found, named, strict=True)]


def _mean(values: Sequence[float], ends: tuple[float, float]) -> SeasonMean | None:
    count = len(values)
    if not count:
        return None
    middle, sd = float(np.mean(values)), float(np.std(values, ddof=1)) if count > 1 else math.nan
    half = t95(count - 1) * sd / math.sqrt(count) if count > 1 else math.nan
    low, high = (math.nan, math.nan) if count < 2 else (max(ends[0], middle - half), min(ends[1], middle + half))
    return SeasonMean(count, middle, low, high, sd)


def _contrast(quantity: str, first: Sequence[float], second: Sequence[float]) -> SeasonContrast:
    one, two = (_mean(values, ends_of(quantity)) for values in (first, second))
    if one is None or two is None or min(one.session_count, two.session_count) < LEAST_SESSIONS:
        return SeasonContrast(quantity, one, two, math.nan, math.nan)
    scatter = one.session_count, one.sd, two.session_count, two.sd
    return SeasonContrast(quantity, one, two, detectable(*scatter, quantity), _chance(one, two))


def _spread(quantity: str, first: Sequence[Point], second: Sequence[Point]) -> SeasonContrast:
    """Of the scatter within sessions; camera and clothes shift a session and do not spread its strokes."""
    sds = ([point.sd for point in side if point.sd is not None] for side in (first, second))
    one, two = (_mean(side, (0.0, math.inf)) for side in sds)
    name = f"{SPREAD}{quantity}"
    if one is None or two is None or min(one.session_count, two.session_count) < LEAST_SESSIONS:
        return SeasonContrast(name, one, two, math.nan, math.nan)
    error = pooled_error(one.session_count, one.sd, two.session_count, two.sd)
    wider = wider_for_few(one.session_count + two.session_count - 2)
    return SeasonContrast(name, one, two, detectable_between_sessions(error * wider, 0.0), _chance(one, two))


def _chance(one: SeasonMean, two: SeasonMean) -> float:
    error = pooled_error(one.session_count, one.sd, two.session_count, two.sd)
    return by_chance(two.mean - one.mean, error, one.session_count + two.session_count - 2)


def _fault(quantity: str, first: Sequence[bool], second: Sequence[bool]) -> SeasonContrast:
    one, two = (_share(side) for side in (first, second))
    if one is None or two is None or min(one.session_count, two.session_count) < LEAST_SESSIONS:
        return SeasonContrast(quantity, one, two, math.nan, math.nan)
    return SeasonContrast(quantity, one, two, _detectable_share(one, two), _chance_of_shares(one, two))


def _share(shows: Sequence[bool]) -> SeasonMean | None:
    if not shows:
        return None
    share = sum(shows) / len(shows)
    return SeasonMean(len(shows), share, *wilson(share, len(shows)), math.nan)


def _detectable_share(one: SeasonMean, two: SeasonMean) -> float:
    """From which difference on the interval of Newcombe (1998), made of Wilson's, leaves zero out."""
    higher, lower = (two, one) if two.mean >= one.mean else (one, two)
    return math.hypot(higher.mean - higher.low, lower.high - lower.mean)


def _chance_of_shares(one: SeasonMean, two: SeasonMean) -> float:
    """By the same interval, as if it were normal."""
    difference, limit = abs(two.mean - one.mean), _detectable_share(one, two)
    return math.erfc(Z95 * difference / limit / math.sqrt(2.0)) if limit else 1.0
