"""Jobs that went wrong and have nothing to go on with any more: what they were about is deleted, or ended."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from rowsense.store.tables import Job, JobPart, ShareLink
from rowsense.store.tables.jobs import CANCELLED, FAILED, PARKED


def about_session(session_id: uuid.UUID) -> ColumnElement[bool]:
    """Jobs of a session, its calibration and its links; to be asked while those are there."""
    links = select(ShareLink.id).where(ShareLink.session_id == session_id)
    in_words = Job.payload["session_id"].as_string() == str(session_id)
    return or_(in_words, Job.id == session_id, Job.id.in_(links))


def give_up_jobs(unit: Session, condition: ColumnElement[bool]) -> None:
    """Nobody has to look at them any more, and what they had come to goes. Those that wait or run are left alone."""
    ending = (
        update(Job)
        .where(Job.state.in_((FAILED, PARKED)), condition)
        .values(state=CANCELLED, finished_at=datetime.now(UTC))
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    keys = unit.scalars(ending).all()
    unit.execute(delete(JobPart).where(JobPart.job_id.in_(keys)).execution_options(synchronize_session=False))
