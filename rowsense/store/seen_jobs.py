"""Jobs as people may see them: an administrator the club's, anybody else those of her own films."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session

from rowsense.store.access import Viewer
from rowsense.store.database import Database
from rowsense.store.scope import ClubScope
from rowsense.store.tables import ADMINISTRATOR, Athlete, Job, Upload
from rowsense.store.tables.jobs import FAILED, PARKED, QUEUED, RUNNING


@dataclass(frozen=True, slots=True)
class SeenJob:
    """A job and whom it is about."""

    job: Job
    athlete: str
    """Empty: nobody."""
    film: str
    """What the film was called where it came from; empty: not known."""


def jobs_for(database: Database, viewer: Viewer, most: int = 100) -> Sequence[SeenJob]:
    """What runs first, then what waits and what needs somebody, then the rest; of each the newest first."""
    rank = case((Job.state == RUNNING, 0), (Job.state == QUEUED, 1), (Job.state.in_((PARKED, FAILED)), 2), else_=3)
    with database.reading(ClubScope(viewer.club_id)) as unit:
        asked = _seen(viewer).order_by(rank, Job.created_at.desc(), Job.id).limit(most)
        jobs = unit.scalars(asked).all()
        names = _names(unit, {job.athlete_id for job in jobs if job.athlete_id is not None})
        films = _films(unit, {job.id for job in jobs})
    return [SeenJob(job, names.get(job.athlete_id, ""), films.get(job.id, "")) for job in jobs]


def failed_for(database: Database, viewer: Viewer) -> Sequence[uuid.UUID]:
    """Those of the viewer's jobs that failed."""
    with database.reading(ClubScope(viewer.club_id)) as unit:
        return [job.id for job in unit.scalars(_seen(viewer).where(Job.state == FAILED))]


def may_change_job(database: Database, viewer: Viewer, key: uuid.UUID) -> bool:
    """Whether it is there and ``viewer`` may stop it or try it again."""
    with database.reading(ClubScope(viewer.club_id)) as unit:
        return unit.scalar(_seen(viewer).where(Job.id == key)) is not None


def _seen(viewer: Viewer) -> Select[Job]:
    asked = select(Job)
    if viewer.role == ADMINISTRATOR:
        return asked
    return asked.where(Job.id.in_(select(Upload.job_id).where(Upload.user_id == viewer.user_id)))


def _names(unit: Session, keys: set[uuid.UUID]) -> dict[uuid.UUID | None, str]:
    return {athlete.id: athlete.name for athlete in unit.scalars(select(Athlete).where(Athlete.id.in_(keys)))}


def _films(unit: Session, keys: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = unit.execute(select(Upload.job_id, Upload.name).where(Upload.job_id.in_(keys)))
    return {job_id: name for job_id, name in rows if job_id is not None}
