"""What the runner of the jobs says of itself, and how long it counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from rowsense.errors import StoreError
from rowsense.store.clock import doubt_of
from rowsense.store.database import Database
from rowsense.store.scope import AllClubs
from rowsense.store.tables import RunnerState

#: How often a runner says how it is, seconds, where nothing changes [D].
SAID_EVERY_S: Final = 60.0
#: Of one that was silent for longer nothing is known [D].
_COUNTS_FOR: Final = timedelta(seconds=3 * SAID_EVERY_S)
_ONE: Final = AllClubs("one runner for all clubs")


def say_state(database: Database, runner: str, state: str) -> None:
    """Say how the runner is: one of ``RUNNER_STATES``."""
    values = {"runner": runner, "state": state, "at": datetime.now(UTC)}
    with database.writing(_ONE) as unit:
        # There is one runner, so nobody else adds the row in between.
        if unit.scalar(update(RunnerState).values(values).returning(RunnerState.id)) is None:
            unit.add(RunnerState(**values))


def forget_state(database: Database) -> None:
    """The runner ends in order."""
    with database.writing(_ONE) as unit:
        unit.execute(delete(RunnerState))


def said_state(database: Database, now: datetime | None = None) -> str:
    """What the runner last said; empty: nothing, or too long ago to count."""
    with database.reading(_ONE) as unit:
        row = unit.execute(select(RunnerState.state, RunnerState.at)).one_or_none()
    if row is None or abs((now or datetime.now(UTC)) - row.at) > _COUNTS_FOR:
        return ""
    return str(row.state)


def readiness(database: Database) -> dict[str, str] | None:
    """What there is to say of a store that can be worked with; None: the database is away, or has no tables."""
    try:
        jobs, doubt = said_state(database), doubt_of(database)
    except (SQLAlchemyError, StoreError):
        return None
    return ({"jobs": jobs} if jobs else {}) | ({"clock": "in doubt"} if doubt else {})
