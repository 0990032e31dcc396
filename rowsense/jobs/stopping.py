"""Jobs stopped, and tried again, by somebody who may: each change is one statement. Light, as ``queue`` is."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import Update, case, delete, select, update
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.database import Database
from rowsense.store.scope import Scope
from rowsense.store.tables.jobs import AT_ONCE, CANCELLED, FAILED, PARKED, QUEUED, RUNNING, Job, JobPart


def cancel(database: Database, scope: Scope, job_id: uuid.UUID) -> str:
    """Cancel a job that waits, or ask the worker of one that runs to stop; gives its state.

    Raises
    ------
    StoreError
        There is no such job, or it is over.
    """
    with database.writing(scope) as unit:
        changed = cancel_within(unit, job_id)
    if changed is None:
        raise _not_possible(database, scope, job_id, "cancelled")
    return changed


def cancel_within(unit: Session, job_id: uuid.UUID) -> str | None:
    """As :func:`cancel`, in the transaction of the caller; None: there is no such job, or it is over."""
    waits = Job.state == QUEUED
    # One statement for both, so that no runner can take the job in between.
    changing = (
        update(Job)
        .where(Job.id == job_id, Job.state.in_((QUEUED, RUNNING)))
        .values(state=case((waits, CANCELLED), else_=RUNNING), cancel_requested=~waits)
        .values(finished_at=case((waits, datetime.now(UTC)), else_=None))
        .returning(Job.state)
        .execution_options(synchronize_session=False)
    )
    changed = unit.scalar(changing)
    if changed == CANCELLED:
        unit.execute(delete(JobPart).where(JobPart.job_id == job_id))
    return None if changed is None else str(changed)


def retry(database: Database, scope: Scope, job_id: uuid.UUID) -> None:
    """Let a job that failed, was parked or cancelled wait for a worker again, from its checkpoint on.

    Raises
    ------
    StoreError
        There is no such job, or it waits, runs or is done.
    """
    again = _again().where(Job.id == job_id, Job.state.in_((FAILED, PARKED, CANCELLED)))
    with database.writing(scope) as unit:
        changed = unit.scalar(again.returning(Job.id))
    if changed is None:
        raise _not_possible(database, scope, job_id, "tried again")


def retry_failed(database: Database, scope: Scope, keys: Collection[uuid.UUID] | None = None) -> int:
    """Let all that failed wait for a worker again; how many. ``keys``: only of these; None: all that the scope sees."""
    again = _again().where(Job.state == FAILED)
    if keys is not None:
        again = again.where(Job.id.in_(keys))
    with database.writing(scope) as unit:
        return len(unit.scalars(again.returning(Job.id)).all())


def _again() -> Update:
    return (
        update(Job)
        .values(state=QUEUED, failure_count=0, death_count=0, restart_count=0, wait_count=0, cancel_requested=False)
        .values(error="", not_before=AT_ONCE, finished_at=None)
        .execution_options(synchronize_session=False)
    )


def _not_possible(database: Database, scope: Scope, job_id: uuid.UUID, what: str) -> StoreError:
    with database.reading(scope) as unit:
        state = unit.scalar(select(Job.state).where(Job.id == job_id))
    if state is None:
        return StoreError(f"there is no job {job_id}; `rowsense jobs list` shows them")
    return StoreError(f"job {job_id} is {state}, so it cannot be {what}")
