"""Jobs as people may see them: an administrator the club's, anybody else those of her own films."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session

from rowsense.store.access import Viewer
from rowsense.store.database import Database
from rowsense.store.scope import ClubScope
from rowsense.store.tables import ADMINISTRATOR, Athlete, Job, Upload, User
from rowsense.store.tables.jobs import CANCELLED, DONE, FAILED, PARKED, QUEUED, RUNNING

#: What helps another job (``rowsense/jobs/parts.py``).
GUEST: Final = "help"
#: What a list of jobs can be narrowed to.
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "going_on": (RUNNING, QUEUED),
    "needs_you": (PARKED, FAILED),
    "over": (DONE, CANCELLED),
}


@dataclass(frozen=True, slots=True)
class SeenJob:
    """A job and whom it is about."""

    job: Job
    athlete: str
    """Empty: nobody."""
    film: str
    """What the film was called where it came from; empty: not known."""
    sender: str = ""
    """Who sent it; empty: not known, or not in the club any more."""
    session_id: uuid.UUID | None = None
    """What became of it."""


def jobs_for(database: Database, viewer: Viewer, most: int = 100, group: str = "") -> Sequence[SeenJob]:
    """What runs first, then what waits and what needs somebody, then the rest; of each the newest first.

    ``group``: one of :data:`GROUPS`; empty: all.
    """
    rank = case((Job.state == RUNNING, 0), (Job.state == QUEUED, 1), (Job.state.in_((PARKED, FAILED)), 2), else_=3)
    with database.reading(ClubScope(viewer.club_id)) as unit:
        asked = _seen(viewer).order_by(rank, Job.created_at.desc(), Job.id).limit(most)
        return _named(unit, unit.scalars(asked.where(Job.state.in_(GROUPS[group])) if group else asked).all())


def job_page(
    database: Database,
    viewer: Viewer,
    limit: int,
    after: tuple[datetime, uuid.UUID] | None = None,
    *,
    states: Collection[str] = (),
    kinds: Collection[str] = (),
) -> tuple[Sequence[SeenJob], bool]:
    """Up to ``limit`` of them, the newest first, behind the one asked for at ``after``; whether there are more.

    ``states``, ``kinds``: only those; empty: all.
    """
    asked = _seen(viewer).order_by(Job.created_at.desc(), Job.id.desc()).limit(limit + 1)
    if states:
        asked = asked.where(Job.state.in_(states))
    if kinds:
        asked = asked.where(Job.kind.in_(kinds))
    if after is not None:
        at, key = after
        asked = asked.where((Job.created_at < at) | ((Job.created_at == at) & (Job.id < key)))
    with database.reading(ClubScope(viewer.club_id)) as unit:
        jobs = unit.scalars(asked).all()
        return _named(unit, jobs[:limit]), len(jobs) > limit


def job_for(database: Database, viewer: Viewer, key: uuid.UUID) -> SeenJob | None:
    """One of them; None: there is none of this key, or it is not the viewer's to see."""
    with database.reading(ClubScope(viewer.club_id)) as unit:
        found = _named(unit, unit.scalars(_seen(viewer).where(Job.id == key)).all())
    return found[0] if found else None


def failed_for(database: Database, viewer: Viewer) -> Sequence[uuid.UUID]:
    """Those of the viewer's jobs that failed."""
    with database.reading(ClubScope(viewer.club_id)) as unit:
        return [job.id for job in unit.scalars(_seen(viewer).where(Job.state == FAILED))]


def may_change_job(database: Database, viewer: Viewer, key: uuid.UUID) -> bool:
    """Whether it is there and ``viewer`` may stop it or try it again."""
    with database.reading(ClubScope(viewer.club_id)) as unit:
        return unit.scalar(_seen(viewer).where(Job.id == key)) is not None


def _seen(viewer: Viewer) -> Select[Job]:
    # Guests of another job, which comes to its end without them: nothing that a person could do about.
    asked = select(Job).where(Job.kind != GUEST)
    if viewer.role == ADMINISTRATOR:
        return asked
    return asked.where(Job.id.in_(select(Upload.job_id).where(Upload.user_id == viewer.user_id)))


def _named(unit: Session, jobs: Sequence[Job]) -> Sequence[SeenJob]:
    names = _names(unit, {job.athlete_id for job in jobs if job.athlete_id is not None})
    films = _films(unit, {job.id for job in jobs})
    return [SeenJob(job, names.get(job.athlete_id, ""), *films.get(job.id, ("", "", None))) for job in jobs]


def _names(unit: Session, keys: set[uuid.UUID]) -> dict[uuid.UUID | None, str]:
    return {athlete.id: athlete.name for athlete in unit.scalars(select(Athlete).where(Athlete.id.in_(keys)))}


def _films(unit: Session, keys: set[uuid.UUID]) -> dict[uuid.UUID, tuple[str, str, uuid.UUID | None]]:
    """Name, sender and session of the film of each job that has one."""
    asked = select(Upload.job_id, Upload.name, User.name, Upload.session_id)
    rows = unit.execute(asked.outerjoin(User, User.id == Upload.user_id).where(Upload.job_id.in_(keys)))
    return {job_id: (name, sender or "", session) for job_id, name, sender, session in rows if job_id is not None}
