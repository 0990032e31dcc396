"""A film that was brought in, and whether all that was to become of it has."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from rowsense.store.claims import ClubStore
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Analysis, Job, StoredCalibration, TrainingSession, Upload
from rowsense.store.tables.jobs import CANCELLED, DONE, QUEUED, RUNNING
from rowsense.store.tables.uploads import CLAIMED
from tests.soak.windows import ANALYSED, DELETED, DELETED_AT_WORK, MOVED, MOVED_AT_WORK, POSED
from tests.soak.world import SoakError

#: The rower whose sessions become.
OTHER = uuid.UUID(int=12)
_LOOKING = AllClubs("look at what is left after a kill")
_OVER = ("failed", "parked", "cancelled")


@dataclass(frozen=True)
class Brought:
    """A film."""

    upload_id: uuid.UUID
    size: int
    """Bytes."""
    what: str = ANALYSED
    """What becomes of it, as windows say it."""
    session_id: uuid.UUID | None = None
    """Of one that is changed: known before, since its upload goes with it."""

    @property
    def gone(self) -> bool:
        """Nothing of it is to be left."""
        return self.what in (DELETED, DELETED_AT_WORK)

    @property
    def moved(self) -> bool:
        """It is to be another rower's."""
        return self.what in (MOVED, MOVED_AT_WORK)

    @property
    def analyses(self) -> int:
        """How many there are to be."""
        return 0 if self.gone or self.what == POSED else 2 if self.moved else 1

    @property
    def asked_for(self) -> int:
        """How many were asked for."""
        return 3 if self.what == MOVED_AT_WORK else self.analyses


def settled(store: ClubStore, film: Brought) -> bool:
    """Whether all is done that was to be done with it.

    Raises
    ------
    SoakError
        It never will be: the job or the upload ended in another way.
    """
    with store.database.reading(_LOOKING) as unit:
        if film.session_id is not None:
            return _changed(unit, film, film.session_id)
        upload = unit.get(Upload, film.upload_id)
        job = unit.get(Job, upload.job_id) if upload is not None and upload.job_id is not None else None
        if upload is None or upload.state == "refused" or upload.problem:
            raise SoakError(f"the upload ended as {upload and (upload.state, upload.problem)}")
        if job is not None and job.state in _OVER:
            raise SoakError(f"the job is {job.state}: {job.error}")
        posed = film.what != POSED or unit.get(StoredCalibration, upload.session_id) is not None
        return upload.state == CLAIMED and job is not None and job.state == DONE and posed


def _changed(unit: Session, film: Brought, session_id: uuid.UUID) -> bool:
    jobs = [job for job in unit.scalars(select(Job)) if job.payload.get("session_id") == str(session_id)]
    failed = [job for job in jobs if job.state not in (QUEUED, RUNNING, DONE, CANCELLED)]
    if failed:
        raise SoakError(f"the job is {failed[0].state}: {failed[0].error}")
    if any(job.state in (QUEUED, RUNNING) for job in jobs):
        return False
    session = unit.get(TrainingSession, session_id)
    if film.gone:
        return session is None
    count = len(unit.scalars(select(Analysis.id).where(Analysis.session_id == session_id)).all())
    return session is not None and session.athlete_id == OTHER and count >= film.analyses
