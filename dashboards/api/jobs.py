"""Work in the background: what runs, waits and is over, stopped and tried again."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, get_args

from flask import abort
from pydantic import Field

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.api.answers.jobs import JobDetail, JobKind, Jobs
from dashboards.api.answers.people import Person
from dashboards.api.answers.sessions import JobState
from dashboards.api.cursors import Paged, cursor_of, moment, place_in
from dashboards.api.operations import operation
from rowsense.jobs import stopping
from rowsense.jobs.looking import left_s
from rowsense.store.scope import ClubScope
from rowsense.store.seen_jobs import SeenJob, job_for, job_page, may_change_job
from rowsense.store.tables import Job

_SUBJECT: Final = "Jobs"


class JobsAsked(Paged):
    """Which jobs; what is left out limits nothing."""

    state: list[JobState] = Field([], max_length=6)
    """May be given several times."""
    kind: list[JobKind] = Field([], max_length=5)
    """May be given several times."""


@operation("GET", "/jobs", _SUBJECT, query=JobsAsked, gives=Jobs)
def jobs(asked: JobsAsked) -> Jobs:
    """Jobs, the newest first: an administrator's of the whole club, anybody else's of her own films."""
    after = _place(asked.cursor) if asked.cursor else None
    found, more = job_page(
        store().database, signed_in_viewer(), asked.limit, after, states=asked.state, kinds=asked.kind or _KINDS
    )
    last = found[-1].job if more else None
    following = None if last is None else cursor_of([last.created_at.isoformat(), str(last.id)])
    return Jobs(items=[_detail(one) for one in found], next=following)


@operation("GET", "/jobs/<uuid:job_id>", _SUBJECT, gives=JobDetail)
def job(job_id: uuid.UUID) -> JobDetail:
    """One of them."""
    found = job_for(store().database, signed_in_viewer(), job_id)
    return _detail(found) if found is not None and found.job.kind in _KINDS else abort(404)


@operation("POST", "/jobs/<uuid:job_id>/cancel", _SUBJECT, gives=JobDetail)
def cancel_job(job_id: uuid.UUID) -> JobDetail:
    """Stop a job; `stops` is true until it has. Asked twice, it is stopped once; 409: it is over."""
    return _changed(job_id, stopping.cancel)


@operation("POST", "/jobs/<uuid:job_id>/retry", _SUBJECT, gives=JobDetail)
def retry_job(job_id: uuid.UUID) -> JobDetail:
    """Try a job again that failed, was put aside or was cancelled. 409: it waits, runs or is done."""
    return _changed(job_id, stopping.retry)


def job_numbers(job: Job) -> dict[str, Any]:
    """State, stage, share that is done, seconds left."""
    left = left_s(job)
    return {
        "state": job.state,
        "stage": job.stage,
        "share": min(job.done / job.total, 1.0) if job.total > 0 else 0.0,
        "left_s": None if math.isnan(left) else round(left),
        "error": job.error,
    }


#: A store may hold kinds that only a newer program knows.
_KINDS: Final[tuple[str, ...]] = get_args(JobKind)


def _changed(job_id: uuid.UUID, change: Callable[..., object]) -> JobDetail:
    viewer = signed_in_viewer()
    if not may_change_job(store().database, viewer, job_id):
        abort(404)
    change(store().database, ClubScope(viewer.club_id), job_id)
    return job(job_id)


def _detail(one: SeenJob) -> JobDetail:
    found = one.job
    session = found.payload.get("session_id")
    return JobDetail(
        id=found.id,
        kind=found.kind,  # type: ignore[arg-type]  # one of them
        stops=found.cancel_requested,
        athlete=None if found.athlete_id is None else Person(id=found.athlete_id, name=one.athlete),
        film=one.film,
        session=None if session is None else uuid.UUID(session),
        created_at=found.created_at,
        started_at=found.started_at,
        finished_at=found.finished_at,
        **job_numbers(found),
    )


def _place(cursor: str) -> tuple[datetime, uuid.UUID]:
    created_at, key = place_in(cursor, moment, uuid.UUID)
    return created_at, key
