"""Work to be done in the background: the one truth about what waits, runs and is over."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from rowsense.store.tables.base import (
    Base,
    ClubOwned,
    Dated,
    Identified,
    Name,
    Word,
    not_blank,
    one_of,
    same_club,
    within,
)

QUEUED: Final = "queued"
RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"
"""It was tried as often as it may be, or trying again is of no use."""
PARKED: Final = "parked"
"""It ended its worker each time; a person has to look at it."""
CANCELLED: Final = "cancelled"
JOB_STATES: Final = (QUEUED, RUNNING, DONE, FAILED, PARKED, CANCELLED)

#: A job that need not wait. Long ago, so that a clock that is set back delays nothing.
AT_ONCE: Final = datetime(2000, 1, 1, tzinfo=UTC)


def _runs_for_somebody() -> CheckConstraint:
    return CheckConstraint("(state = 'running') = (runner IS NOT NULL)", name="runner_named")


class Job(Base, Identified, ClubOwned, Dated):
    """One piece of work. Changed by ``rowsense/jobs/queue.py``, ``stopping.py`` and, where what it is about goes,
    ``rowsense/store/jobs_over.py`` alone, in single guarded statements.

    ``attempt`` is the guard: who works on a job writes to it only while the number is the one it began with.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index(None, "club_id", "id", unique=True),
        same_club("athlete_id", "athletes"),
        Index(None, "state", "club_id"),
        Index(None, "club_id", "created_at"),
        Index(None, "athlete_id"),
        not_blank("kind"),
        one_of("state", JOB_STATES),
        _runs_for_somebody(),
        within("attempt", 0),
        within("failure_count", 0),
        within("death_count", 0),
        within("restart_count", 0),
        within("max_attempts", 1),
        within("done", 0),
        within("total", 0),
    )

    kind: Mapped[str] = mapped_column(Word)
    payload: Mapped[dict[str, Any]]
    """What to do, as the kind wants it."""
    athlete_id: Mapped[uuid.UUID | None]
    """Whom it is about; the job goes with her."""
    state: Mapped[str] = mapped_column(Word, default=QUEUED)
    priority: Mapped[int] = mapped_column(SmallInteger, default=0)
    """The higher, the sooner."""
    attempt: Mapped[int] = mapped_column(default=0)
    """How often it was started."""
    failure_count: Mapped[int] = mapped_column(SmallInteger, default=0)
    """How often it ended with an error."""
    death_count: Mapped[int] = mapped_column(SmallInteger, default=0)
    """How often what worked on it died."""
    restart_count: Mapped[int] = mapped_column(SmallInteger, default=0)
    """How often the whole program ended under it."""
    wait_count: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"), sort_order=1)
    """How often in a row it waited for what it stands on: a disk with room, a bucket, the database."""
    max_attempts: Mapped[int] = mapped_column(SmallInteger, default=3)
    """As many errors are the end of it."""
    not_before: Mapped[datetime] = mapped_column(default=AT_ONCE)
    stage: Mapped[str] = mapped_column(Word, default="")
    done: Mapped[float] = mapped_column(default=0.0)
    total: Mapped[float] = mapped_column(default=0.0)
    """In the kind's own unit; 0: not known yet."""
    resumed_done: Mapped[float] = mapped_column(default=0.0)
    """``done`` when this attempt began."""
    checkpoint: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Where the next attempt goes on; empty: at the start."""
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    runner: Mapped[str | None] = mapped_column(Name)
    """Who took it; NULL unless it runs."""
    worker: Mapped[str] = mapped_column(Name, default="")
    """Which process began it last; empty: none yet."""
    worker_version: Mapped[str] = mapped_column(Word, default="")
    """Of RowSense there."""
    beat: Mapped[int] = mapped_column(default=0)
    """Goes up as long as the worker lives; watched by its change, so that nobody's clock matters."""
    beat_at: Mapped[datetime | None]
    """When it last did, by the worker's clock; for people."""
    error: Mapped[str] = mapped_column(default="")
    """Why it waits again or is over, in words."""
    started_at: Mapped[datetime | None]
    """Of this attempt."""
    finished_at: Mapped[datetime | None]


class JobPart(Base, ClubOwned):
    """A stretch of a long job that any worker may do; what came of it, until the job is over.

    It is held by the job that ``holder_id`` names as long as that runs at its ``holder_attempt``, and is free
    otherwise: who lives is known from the table of jobs alone.
    """

    __tablename__ = "job_parts"
    __table_args__ = (same_club("job_id", "jobs"), within("part", 0), within("holder_attempt", 0))

    job_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 0, in order of time."""
    plan: Mapped[dict[str, Any]]
    """What to look at and how, the same for all parts; results of another plan are of no use."""
    holder_id: Mapped[uuid.UUID | None]
    holder_attempt: Mapped[int] = mapped_column(default=0)
    result: Mapped[bytes | None] = mapped_column(LargeBinary)
    """NULL: not done yet."""
