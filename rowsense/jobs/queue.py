"""The table of jobs: ask for work, take it, tell how it goes, end it.

Every change of state is one UPDATE whose WHERE says what the job must still be, so that of two who try one succeeds,
on any database. A worker names the attempt that it began; once somebody else has the job it writes nothing any more.
Light: no analysis and no Dask is loaded, so that a web process may ask and list.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from rowsense.jobs.endings import Counts, ending
from rowsense.jobs.looking import ready
from rowsense.jobs.order import Waiting, fair_order
from rowsense.jobs.telling import Outcome, Report
from rowsense.store.database import Database
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables.jobs import AT_ONCE, CANCELLED, DONE, FAILED, QUEUED, RUNNING, Job, JobPart

#: Somebody sits in front of it.
SOON: Final = 10
#: The season is judged anew, or tidied up.
LATER: Final = -10

_RUNNER: Final = AllClubs("jobs of all clubs share the workers")


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right to work on a job: one attempt at it."""

    job_id: uuid.UUID
    club_id: uuid.UUID
    attempt: int

    @property
    def key(self) -> str:
        """Its name among the tasks of the workers."""
        return f"job-{self.job_id}-{self.attempt}"

    @property
    def scope(self) -> ClubScope:
        """Whose rows the work may touch."""
        return ClubScope(self.club_id)

    def holds(self) -> ColumnElement[bool]:
        """That the attempt is still the one that runs."""
        return (Job.id == self.job_id) & (Job.state == RUNNING) & (Job.attempt == self.attempt)


class Standing(Enum):
    """What a worker hears when it reports."""

    GO_ON = "go on"
    CANCEL = "cancel"
    LOST = "lost"
    """The job is somebody else's by now, or gone with its athlete."""


def enqueue(
    unit: Session,
    kind: str,
    payload: dict[str, Any],
    *,
    key: uuid.UUID | None = None,
    athlete_id: uuid.UUID | None = None,
    priority: int = 0,
    max_attempts: int = 3,
) -> Job:
    """Ask for work, in the transaction that makes what it is about. Who asks again with the same ``key`` asks once."""
    found = unit.get(Job, key) if key is not None else None
    if found is not None:
        return found
    job = Job(kind=kind, payload=payload, athlete_id=athlete_id, priority=priority, max_attempts=max_attempts)
    job.id = key or uuid.uuid4()
    unit.add(job)
    unit.flush()
    return job


def take(database: Database, runner: str, most: int, now: datetime | None = None) -> list[Ticket]:
    """Take up to ``most`` jobs that may start now, the fairest order first; what another runner takes is left out."""
    now = now or datetime.now(UTC)
    waiting, running = _waiting(database, now, most)
    taken: list[Ticket] = []
    for job in fair_order(waiting, running):
        if len(taken) == most:
            break
        ticket = _take_one(database, job, runner, now)
        if ticket is not None:
            taken.append(ticket)
    return taken


def _waiting(database: Database, now: datetime, most: int) -> tuple[list[Waiting], dict[uuid.UUID, int]]:
    """As many of each club as could be taken, and how many of each run."""
    place = func.row_number().over(
        partition_by=Job.club_id, order_by=(Job.priority.desc(), Job.created_at, Job.id)
    )  # fmt: skip
    columns = (Job.id, Job.club_id, Job.priority, Job.created_at)
    placed = select(*columns, place.label("place")).where(ready(now)).subquery()
    with database.reading(_RUNNER) as unit:
        rows = unit.execute(select(placed).where(placed.c.place <= most)).all()
        counted = select(Job.club_id, func.count()).where(Job.state == RUNNING).group_by(Job.club_id)
        running = {club: int(count) for club, count in unit.execute(counted)}
    return [Waiting(row.id, row.club_id, row.priority, row.created_at) for row in rows], running


def _take_one(database: Database, job: Waiting, runner: str, now: datetime) -> Ticket | None:
    taking = (
        update(Job)
        .where(Job.id == job.job_id, ready(now))
        .values(state=RUNNING, attempt=Job.attempt + 1, runner=runner, worker="", beat=0, beat_at=now, started_at=now)
        .values(stage="", finished_at=None)
        .returning(Job.attempt)
    )
    with database.writing(_RUNNER) as unit:
        attempt = unit.scalar(taking)
    return None if attempt is None else Ticket(job.job_id, job.club_id, attempt)


def begin(database: Database, ticket: Ticket, worker: str, version: str) -> Job | None:
    """Begin the work; None: the ticket is void, or a worker began with it before and is gone.

    What was done counts on where there is a checkpoint, and from nothing where there is none.
    """
    with database.writing(ticket.scope) as unit:
        job = unit.scalar(select(Job).where(ticket.holds()))
        if job is None:
            return None
        done = job.done if job.checkpoint else 0.0
        beginning = (
            update(Job)
            .where(ticket.holds(), Job.worker == "")
            .values(worker=worker, worker_version=version, done=done, resumed_done=done)
            .values(beat=Job.beat + 1, beat_at=datetime.now(UTC))
            .returning(Job.id)
        )
        return None if unit.scalar(beginning) is None else job


def report(database: Database, ticket: Ticket, told: Report | None = None) -> Standing:
    """Tell that the worker lives, and how far it has come where that changed."""
    values: dict[str, Any] = {"beat": Job.beat + 1, "beat_at": datetime.now(UTC)}
    if told is not None:
        values |= {"stage": told.stage, "done": told.done, "total": told.total}
        values |= {} if told.checkpoint is None else {"checkpoint": told.checkpoint}
    with database.writing(ticket.scope) as unit:
        cancel = unit.scalar(update(Job).where(ticket.holds()).values(values).returning(Job.cancel_requested))
    if cancel is None:
        return Standing.LOST
    return Standing.CANCEL if cancel else Standing.GO_ON


def is_deleted(database: Database, ticket: Ticket) -> bool:
    """Whether the job went with its athlete or its club: then nothing may be kept of it."""
    with database.reading(ticket.scope) as unit:
        return unit.scalar(select(Job.id).where(Job.id == ticket.job_id)) is None


def end(database: Database, ticket: Ticket, outcome: Outcome) -> str | None:
    """End the attempt; gives the job's new state, None where the attempt was over already."""
    now = datetime.now(UTC)
    with database.writing(ticket.scope) as unit:
        job = unit.scalar(select(Job).where(ticket.holds()))
        if job is None:
            return None
        counts = Counts(job.failure_count, job.death_count, job.restart_count, job.max_attempts, job.wait_count)
        after = ending(outcome, counts, cancel_requested=job.cancel_requested)
        waits = after.state == QUEUED
        # The counters change with the attempt alone, so the guard covers what was read above. A wish to cancel may
        # have come since; it is looked at again.
        ended = (
            update(Job)
            .where(ticket.holds(), Job.cancel_requested == job.cancel_requested)
            .values(state=after.state, runner=None, error=after.words, finished_at=None if waits else now)
            .values(failure_count=after.counts.failures, death_count=after.counts.deaths)
            .values(restart_count=after.counts.restarts, wait_count=after.counts.waits)
            .values(not_before=now + timedelta(seconds=after.wait_s) if after.wait_s else AT_ONCE)
            .returning(Job.state)
        )
        state = unit.scalar(ended)
        if state in (DONE, FAILED, CANCELLED):
            unit.execute(delete(JobPart).where(JobPart.job_id == ticket.job_id))
    return state if state is not None else end(database, ticket, outcome)


def ticket_of(job: Job) -> Ticket:
    """The right that the job's present worker has."""
    return Ticket(job.id, job.club_id, job.attempt)
