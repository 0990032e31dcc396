"""What waits, runs and is over, as rows: looking changes nothing. Light, as ``queue`` is."""

from __future__ import annotations

import math
import uuid
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, select

from rowsense.jobs.order import LONGEST_BACK_OFF_S, time_left_s
from rowsense.store.database import Database
from rowsense.store.scope import AllClubs, Scope
from rowsense.store.tables.jobs import QUEUED, RUNNING, Job

_RUNNER: Final = AllClubs("jobs of all clubs share the workers")


def jobs_of(database: Database, scope: Scope, states: Collection[str] = (), limit: int = 200) -> Sequence[Job]:
    """Jobs that the scope sees, newest first; ``states``: only those."""
    asked = select(Job).order_by(Job.created_at.desc(), Job.id).limit(limit)
    if states:
        asked = asked.where(Job.state.in_(states))
    with database.reading(scope) as unit:
        return unit.scalars(asked).all()


def newest_of_kind(database: Database, scope: Scope, kind: str) -> Job | None:
    """The one that was asked for last; None: none ever was."""
    asked = select(Job).where(Job.kind == kind).order_by(Job.created_at.desc(), Job.id).limit(1)
    with database.reading(scope) as unit:
        return unit.scalar(asked)


def jobs_named(database: Database, scope: Scope, keys: Collection[uuid.UUID]) -> dict[uuid.UUID, Job]:
    """Those of the jobs that the scope sees, by key."""
    with database.reading(scope) as unit:
        return {job.id: job for job in unit.scalars(select(Job).where(Job.id.in_(keys)))}


def running_jobs(database: Database) -> Sequence[Job]:
    """What runs, in all clubs."""
    with database.reading(_RUNNER) as unit:
        return unit.scalars(select(Job).where(Job.state == RUNNING)).all()


def ready(now: datetime) -> ColumnElement[bool]:
    """That a job may start now."""
    # Nobody is made to wait longer than that: the clock was set back meanwhile.
    impossible = now + timedelta(seconds=LONGEST_BACK_OFF_S)
    return (Job.state == QUEUED) & ((Job.not_before <= now) | (Job.not_before > impossible))


def somebody_waits(database: Database, priority: int, now: datetime | None = None) -> bool:
    """Whether a job of a higher priority could start now, of any club."""
    waiting = select(Job.id).where(ready(now or datetime.now(UTC)), Job.priority > priority).limit(1)
    with database.reading(_RUNNER) as unit:
        return unit.scalar(waiting) is not None


def left_s(job: Job, now: datetime | None = None) -> float:
    """How long a job that runs still takes; NaN: it does not run, or it cannot be said yet."""
    if job.state != RUNNING or job.started_at is None:
        return math.nan
    elapsed_s = ((now or datetime.now(UTC)) - job.started_at).total_seconds()
    return time_left_s(job.done, job.total, job.resumed_done, elapsed_s)
