"""How often somebody may ask, counted by all web processes of a store together.

A process takes some requests from the count at once and lets them through by itself: so most requests write nothing,
and what all processes let through is never more than the limit.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from rowsense.store.database import POSTGRESQL, Database
from rowsense.store.scope import AllClubs
from rowsense.store.tables import StoredPace

_COUNTING: Final = AllClubs("requests are counted before it is known of which club they are")


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests at once, and so many a second for as long as one likes."""

    at_once: int
    a_second: float

    def __post_init__(self) -> None:
        if self.at_once < 1 or not self.a_second > 0:
            raise ValueError(f"a limit of {self.at_once} requests and {self.a_second} a second lets nothing through")


class Taken(NamedTuple):
    """What was taken of a key's requests."""

    requests: int
    wait_s: float
    """Where there is none: in how many seconds there is one."""
    left: int
    """How many are still there."""


def take(database: Database, key: uuid.UUID, limit: Limit, most: int) -> Taken:
    """Take up to ``most`` requests of a key.

    Where the database does not answer one is given: what is asked for needs it too, and says what is wrong.
    """
    for _ in range(2):
        try:
            with database.writing(_COUNTING) as unit:
                return _taken(unit, key, limit, most, _now(unit, database))
        except IntegrityError:  # another process counted the first request of this key in between
            continue
        except DBAPIError:
            return Taken(1, 0.0, 0)
    return Taken(0, 1.0 / limit.a_second, 0)


def forget_full(database: Database, before: datetime) -> None:
    """Drop the counts that nobody has changed since then: they are full again."""
    with database.writing(_COUNTING) as unit:
        unit.execute(delete(StoredPace).where(StoredPace.at < before))


def _taken(unit: Session, key: uuid.UUID, limit: Limit, most: int, now: datetime) -> Taken:
    row = unit.execute(
        select(StoredPace.remaining, StoredPace.at).where(StoredPace.id == key).with_for_update()
    ).one_or_none()
    remaining = float(limit.at_once)
    if row is not None:
        # A clock that is set back gives nothing; one that is set forward no more than all there is.
        remaining = min(remaining, row.remaining + limit.a_second * max(0.0, (now - row.at).total_seconds()))
    taken = max(0, min(most, int(remaining)))
    values = {"remaining": remaining - taken, "at": now}
    if row is None:
        unit.execute(insert(StoredPace).values(id=key, **values))
    else:
        unit.execute(update(StoredPace).where(StoredPace.id == key).values(values))
    left = max(0, int(remaining) - taken)
    return Taken(taken, 0.0 if taken else (1.0 - remaining) / limit.a_second, left)


def _now(unit: Session, database: Database) -> datetime:
    """By the database's clock, which all machines share; an SQLite file has none, and one machine."""
    if database.url.get_backend_name() == POSTGRESQL:
        now: datetime = unit.scalars(select(func.clock_timestamp())).one()
        return now.astimezone(UTC)
    return datetime.now(UTC)
