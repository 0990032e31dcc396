"""Whether the clock on the wall is believed where something is deleted because its time is over.

The latest moment that was believed lies in the database. A clock that is far from it may be wrong, as after a start
with an empty battery; or the machine was off for long. Waiting tells the two apart: a wrong clock is set right soon.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rowsense.store.database import Database
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Analysis, Club, Job, SeenTime, TrainingSession, Upload

_SCOPE: Final = AllClubs("one clock for all clubs")
#: So far ahead of what was last seen it is believed at once [D]: a day less than times of keeping are in.
MOST_AHEAD: Final = timedelta(days=1)
#: And so far behind: clocks are set right by a little all the time [D].
MOST_BEHIND: Final = timedelta(minutes=5)
#: What a steady clock and the one on the wall may differ by from one look to the next [D].
_JUMP_S: Final = 3600.0
#: So long a clock in doubt has to go on evenly until it is believed, after weeks without a look and after longer [D]:
#: a machine that is connected has set it right within minutes, and one that was off for a holiday sweeps the same day.
CONFIRMED_S: Final = 3600.0
CONFIRMED_AFTER_LONG_S: Final = 24 * 3600.0
_LONG: Final = timedelta(days=45)


class Clock:
    """Looks at the clock now and then, in the one process that deletes."""

    def __init__(
        self,
        database: Database,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        steady_s: Callable[[], float] | None = None,
    ) -> None:
        self._database, self._wall, self._steady_s = database, wall, steady_s or _steady_s
        self._last: tuple[datetime, float] | None = None
        self._believed = False

    def look(self) -> str:
        """Look, and note what was seen; why nothing is to be deleted on its word, empty: it is believed."""
        now, steady_s = self._wall(), self._steady_s()
        before, self._last = self._last, (now, steady_s)
        elapsed_s = 0.0 if before is None else steady_s - before[1]
        even = before is None or abs((now - before[0]).total_seconds() - elapsed_s) <= _JUMP_S
        with self._database.writing(_SCOPE) as unit:
            seen = _seen(unit)
            gap = now - seen.at
            # While this process looks, real time has passed, however much: the machine may have slept.
            self._believed = (self._believed and even) or -MOST_BEHIND <= gap <= MOST_AHEAD
            if not self._believed:
                seen.doubted_s = seen.doubted_s + elapsed_s if even else 0.0
                if seen.doubted_s < _needed_s(gap):
                    return _words(now, seen.at)
                self._believed, seen.at = True, now
            seen.at, seen.doubted_s = max(seen.at, now), 0.0
        return ""


def doubt_of(database: Database, now: datetime | None = None) -> str:
    """As :meth:`Clock.look`, by what was seen last; notes nothing."""
    now = now or datetime.now(UTC)
    with database.reading(_SCOPE) as unit:
        at = unit.scalar(select(SeenTime.at)) or _newest(unit)
    return "" if at is None or -MOST_BEHIND <= now - at <= MOST_AHEAD else _words(now, at)


def _seen(unit: Session) -> SeenTime:
    """What was seen; before the first look, what the rows of the store say."""
    found = unit.get(SeenTime, 1)
    if found is None:
        found = SeenTime(id=1, at=_newest(unit) or datetime.now(UTC), doubted_s=0.0)
        unit.add(found)
    return found


def _newest(unit: Session) -> datetime | None:
    columns = (Club.created_at, TrainingSession.created_at, Analysis.created_at, Job.created_at, Upload.created_at)
    found = [unit.scalar(select(func.max(column))) for column in columns]
    return max((at for at in found if at is not None), default=None)


def _needed_s(gap: timedelta) -> float:
    return CONFIRMED_S if abs(gap) <= _LONG else CONFIRMED_AFTER_LONG_S


def _words(now: datetime, seen: datetime) -> str:
    hours = _needed_s(now - seen) / 3600
    return (
        f"the clock says {now:%Y-%m-%d %H:%M} UTC and was last seen at {seen:%Y-%m-%d %H:%M}; nothing is deleted "
        f"because its time is over until it is set right, or has gone on evenly for {hours:.0f} h"
    )


def _steady_s() -> float:
    """Goes on while the machine sleeps, where the system has such a clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
