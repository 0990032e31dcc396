"""What changed over a season, and whether it is a clear change: first against last, who changed most, trends.

Between sessions camera, clothes and zero differ, so what counts as one value is a session's mean, and no difference of
an angle under the detectable change between sessions is clear (``rowsense/model/change.py``). Loads no kernel.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
from sqlalchemy.orm import Session

from rowsense.assess.differences import wider_for_few
from rowsense.assess.slope import Slope, theil_sen
from rowsense.model.change import BETWEEN_SESSIONS_DEG, detectable_between_sessions
from rowsense.store.quantities import unit_of
from rowsense.store.season import Choice, Group, Point, grouped
from rowsense.store.windows import Window

#: Fewest sessions on each side whose scatter says how far a mean of sessions can be off. [D] With three and three, four
#: degrees of freedom are left, and a standard deviation is known to 35 %.
LEAST_SESSIONS: Final = 3
#: Fewest sessions of a trend. [D] Of five in a row Kendall's statistic can be beyond chance at all.
LEAST_TREND: Final = 5
_DAYS: Final = 7.0


@dataclass(frozen=True, slots=True)
class Period:
    """Days, the last left out."""

    first: date
    end: date


@dataclass(frozen=True, slots=True)
class SeasonChange:
    """One athlete, last against first; numbers in the unit of the quantity."""

    athlete_id: uuid.UUID
    first: float
    last: float
    """Means of the sessions' means."""
    first_count: int
    last_count: int
    """Sessions."""
    detectable_change: float
    """NaN: too few sessions to tell."""

    @property
    def difference(self) -> float:
        """Last minus first."""
        return self.last - self.first

    @property
    def clear(self) -> bool:
        """Beyond the detectable change."""
        return abs(self.difference) > self.detectable_change

    @property
    def strength(self) -> float:
        """How many detectable changes it is; 0 where that is not known, infinite where any change is one."""
        if math.isnan(self.detectable_change) or self.difference == 0.0:
            return 0.0
        return abs(self.difference) / self.detectable_change if self.detectable_change else math.inf


@dataclass(frozen=True, slots=True)
class SeasonTrend:
    """A line through the sessions of one athlete."""

    slope: Slope
    """Per week."""
    weeks: float
    """From the first session to the last."""
    session_count: int
    detectable_change: float
    """Over all these weeks."""
    middle: float
    """Where the line passes the middle between first and last day; it leaves as many sessions above as below."""

    @property
    def change(self) -> float:
        """Along the line, from the first session to the last."""
        return self.slope.value * self.weeks

    @property
    def clear(self) -> bool:
        """Beyond chance and beyond the detectable change."""
        beyond_chance = self.slope.low > 0.0 or self.slope.high < 0.0
        return self.session_count >= LEAST_TREND and beyond_chance and abs(self.change) > self.detectable_change


def who_changed_most(unit: Session, choice: Choice, first: Period, last: Period) -> list[SeasonChange]:
    """Every athlete who rowed in both periods, clearest change first."""
    before, after = (
        {group.key[0]: group for group in grouped(unit, replace(choice, first=p.first, end=p.end), ["athlete"])}
        for p in (first, last)
    )
    changes = [change_of(key, group, after[key], choice.quantity) for key, group in before.items() if key in after]
    return sorted(changes, key=lambda one: (-one.strength, -abs(one.difference)))


def change_of(athlete_id: uuid.UUID, first: Group | Window, last: Group | Window, quantity: str) -> SeasonChange:
    """Of one athlete's sessions in two periods."""
    return SeasonChange(
        athlete_id=athlete_id,
        first=first.session_mean,
        last=last.session_mean,
        first_count=first.session_count,
        last_count=last.session_count,
        detectable_change=detectable(
            first.session_count, first.session_sd, last.session_count, last.session_sd, quantity
        ),
    )


def trend_of(points: Sequence[Point], quantity: str) -> SeasonTrend:
    """Of one athlete's sessions, by day."""
    days = np.array([point.rowed_on.toordinal() for point in points], dtype=np.float64)
    means = np.array([point.mean for point in points], dtype=np.float64)
    weeks = float(days[-1] - days[0]) / _DAYS if len(days) else 0.0
    slope = theil_sen(days / _DAYS, means)
    # Not the median of the values: sessions may crowd at one end.
    along = (days - (days[0] + days[-1]) / 2.0) / _DAYS if len(days) else days
    middle = float(np.median(means - slope.value * along)) if len(days) else math.nan
    return SeasonTrend(slope, weeks, len(points), floor_of(quantity), middle)


def detectable(first_count: int, first_sd: float, last_count: int, last_sd: float, quantity: str) -> float:
    """Smallest clear difference of the means of so many sessions that scatter so far; NaN: too few to tell.

    From how the sessions scatter, what camera and clothes do included; never under what is known of those.
    """
    if min(first_count, last_count) < LEAST_SESSIONS:
        return math.nan
    error = pooled_error(first_count, first_sd, last_count, last_sd)
    return detectable_between_sessions(error * wider_for_few(first_count + last_count - 2), floor_of(quantity))


def pooled_error(first_count: int, first_sd: float, last_count: int, last_sd: float) -> float:
    """Standard error of the difference of two means, from how the values of both scatter; two each at least."""
    squares = (first_count - 1) * first_sd**2 + (last_count - 1) * last_sd**2
    return math.sqrt(squares / (first_count + last_count - 2) * (1.0 / first_count + 1.0 / last_count))


def floor_of(quantity: str) -> float:
    """No difference between sessions under this is clear, in the unit of the quantity."""
    return BETWEEN_SESSIONS_DEG if unit_of(quantity) == "deg" else 0.0
