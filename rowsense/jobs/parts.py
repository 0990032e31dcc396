"""Parts of a long job: who looks at which, and what came of it. Light, so that a runner may look."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, exists, func, select, update

from rowsense.jobs.looking import somebody_waits
from rowsense.jobs.queue import enqueue
from rowsense.store.database import Database
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables.jobs import FAILED, PARKED, QUEUED, RUNNING, Job, JobPart

#: The kind of job that does parts of another one.
HELP: Final = "help"
#: So many helpers of one job may come to grief before no more are sent [D]: it goes on without them.
MOST_LOST_HELPERS: Final = 3
#: Number of the first part that is about films, behind those of what is looked at: no video has so many of these.
FIRST_FILM_PART: Final = 1_000_000
_RUNNER: Final = AllClubs("idle workers help with what runs, in all clubs")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who does a part: a job at one of its attempts."""

    job_id: uuid.UUID
    attempt: int


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one job, as somebody who works on them has them."""

    database: Database
    scope: ClubScope
    job_id: uuid.UUID

    def lay_out(self, plan: dict[str, Any], count: int, first: int = 0, given: bytes | None = None) -> None:
        """Have ``count`` parts of this plan, numbered from ``first``; what was done by the same plan stays.

        ``given``: what the first of them is for, where nobody has to do it.

        A job that goes on to something else lays it out behind what is done. Where a plan is another one than before,
        what comes behind goes too: it follows from it.
        """
        mine = self._mine & (JobPart.part >= first)
        with self.database.writing(self.scope) as unit:
            these = mine & (JobPart.part < first + count)
            known = unit.execute(select(JobPart.part, JobPart.plan).where(these)).all()
            if len(known) == count and all(row.plan == plan for row in known):
                return
            unit.execute(delete(JobPart).where(mine))
            rows = [JobPart(job_id=self.job_id, part=first + part, plan=plan) for part in range(count)]
            rows[0].result = given
            unit.add_all(rows)

    def take(self, holder: Holder, most: int) -> tuple[list[int], dict[str, Any]]:
        """Up to ``most`` parts that nobody has, the first ones, and their plan; none: all are done or held."""
        with self.database.writing(self.scope) as unit:
            wanted = select(JobPart.part, JobPart.plan).where(self._mine, _free()).order_by(JobPart.part).limit(most)
            rows = unit.execute(wanted.with_for_update(skip_locked=True, of=JobPart)).all()
            alike = [row.part for row in rows if row.plan == rows[0].plan]
            # Asked once more: somebody may have taken one between PostgreSQL's look at it and its lock.
            taking = update(JobPart).where(self._mine, JobPart.part.in_(alike), _free()).returning(JobPart.part)
            held = taking.values(holder_id=holder.job_id, holder_attempt=holder.attempt)
            taken = sorted(unit.scalars(held, execution_options={"synchronize_session": False}))
        return taken, rows[0].plan if taken else {}

    def keep(self, part: int, plan: dict[str, Any], result: bytes) -> None:
        """Keep what came of a part, whoever holds it by now; nothing where the job does not want it any more."""
        with self.database.writing(self.scope) as unit:
            here = unit.scalar(select(JobPart.plan).where(self._mine, JobPart.part == part))
            if here == plan:
                open_one = update(JobPart).where(self._mine, JobPart.part == part, JobPart.result.is_(None))
                unit.execute(open_one.values(result=result))

    def done(self) -> list[int]:
        """Which are done."""
        with self.database.reading(self.scope) as unit:
            found = unit.scalars(select(JobPart.part).where(self._mine, JobPart.result.is_not(None)))
            return list(found.all())

    def result(self, part: int) -> bytes:
        """What came of a part that is done."""
        with self.database.reading(self.scope) as unit:
            found = unit.scalars(select(JobPart.result).where(self._mine, JobPart.part == part)).one()
            assert found is not None
            return found

    def give_back(self, part: int) -> None:
        """Have a part done again whose result turned out to be of no use."""
        with self.database.writing(self.scope) as unit:
            free = {"result": None, "holder_id": None}
            unit.execute(update(JobPart).where(self._mine, JobPart.part == part).values(free))

    def wanted(self) -> bool:
        """Whether the job still runs, or will go on."""
        with self.database.reading(self.scope) as unit:
            return unit.scalar(select(Job.state).where(Job.id == self.job_id)) in (RUNNING, QUEUED)

    @property
    def _mine(self) -> ColumnElement[bool]:
        return JobPart.job_id == self.job_id


def send_help(database: Database, free: int) -> int:
    """Ask for helpers for jobs with parts that nobody has, for up to ``free`` idle workers; how many were asked for."""
    sent = 0
    for job, open_parts in _with_open_parts(database):
        if somebody_waits(database, job.priority - 1):
            continue
        states = _helpers(database, job)
        lost = sum(state in (FAILED, PARKED) for state in states)
        count = 0 if lost >= MOST_LOST_HELPERS else min(open_parts - states.count(QUEUED), free - sent)
        for _ in range(count):
            with database.writing(ClubScope(job.club_id)) as unit:
                told = {"job": str(job.id)}
                enqueue(unit, HELP, told, athlete_id=job.athlete_id, priority=job.priority - 1, max_attempts=1)
            sent += 1
    return sent


def _with_open_parts(database: Database) -> Sequence[tuple[Job, int]]:
    free = select(JobPart.job_id, func.count().label("open")).where(_free()).group_by(JobPart.job_id).subquery()
    with database.reading(_RUNNER) as unit:
        rows = unit.execute(select(Job, free.c.open).join(free, free.c.job_id == Job.id).where(Job.state == RUNNING))
        return [(job, int(count)) for job, count in rows]


def _helpers(database: Database, job: Job) -> list[str]:
    """States of all jobs that were made to help it."""
    with database.reading(_RUNNER) as unit:
        asked = select(Job.state).where(Job.kind == HELP, Job.payload["job"].as_string() == str(job.id))
        return list(unit.scalars(asked).all())


def _free() -> ColumnElement[bool]:
    lives = exists(
        select(Job.id).where(
            Job.id == JobPart.holder_id, Job.state == RUNNING, Job.attempt == JobPart.holder_attempt
        )
    )  # fmt: skip
    return JobPart.result.is_(None) & ~lives
