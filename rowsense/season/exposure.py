"""How much of her rowing lay at the far end of a rower's own usual range, week by week. A count, and no risk score."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from rowsense.assess.range_count import COUNTED, count_range, usual_range
from rowsense.assess.usual import MIN_SESSIONS
from rowsense.model import RangeCount
from rowsense.season.reasons import LAST_WEEKS
from rowsense.store.season import Choice
from rowsense.store.season_strokes import SessionStrokes, strokes_of_sessions
from rowsense.store.tables.season import week_of

#: As for what is usual of a quantity: with so many before the last weeks these are left out of the range [D].
_MANY_EARLIER: Final = 6


@dataclass(frozen=True, slots=True)
class WeekOfRowing:
    """One week that has sessions."""

    monday: date
    session_count: int
    count: RangeCount


@dataclass(frozen=True, slots=True)
class Exposure:
    """One quantity, more = further, over the weeks that were asked for."""

    quantity: str
    usual_low: float
    usual_high: float
    range_sessions: int
    """From which the usual range comes."""
    weeks: tuple[WeekOfRowing, ...]
    """Oldest first."""


def exposures(unit: Session, athlete_id: uuid.UUID, choice: Choice) -> tuple[Exposure, ...]:
    """Of everything that is counted; nothing of what was measured in too few sessions to have a usual range."""
    asked = replace(choice, athlete_ids=(athlete_id,))
    found = strokes_of_sessions(unit, asked, COUNTED)
    return tuple(made for name in COUNTED if (made := exposure_of(name, found[name])) is not None)


def exposure_of(quantity: str, sessions: Sequence[SessionStrokes]) -> Exposure | None:
    """From the strokes of sessions, by day; None: too few for a usual range.

    The range comes from the sessions before the last four weeks, so that what is new stands out; from all where those
    are too few.
    """
    if len(sessions) < MIN_SESSIONS:
        return None
    since = sessions[-1].rowed_on - timedelta(weeks=LAST_WEEKS)
    earlier = [one for one in sessions if one.rowed_on <= since]
    of_range = earlier if len(earlier) >= _MANY_EARLIER else list(sessions)
    usual = usual_range([one.values for one in of_range])
    weeks: dict[date, list[SessionStrokes]] = {}
    for one in sessions:
        weeks.setdefault(week_of(one.rowed_on), []).append(one)
    return Exposure(
        quantity,
        *usual,
        range_sessions=len(of_range),
        weeks=tuple(
            WeekOfRowing(monday, len(found), _counted(quantity, found, usual)) for monday, found in weeks.items()
        ),
    )


def _counted(quantity: str, sessions: Sequence[SessionStrokes], usual: tuple[float, float]) -> RangeCount:
    return count_range(
        quantity, "deg", _joined([s.values for s in sessions]), _joined([s.stroke_s for s in sessions]), usual
    )


def _joined(parts: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.concatenate(parts) if parts else np.empty(0)
