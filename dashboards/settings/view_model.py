"""What the pages of settings and of jobs say. Plain Python."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dashboards.sessions import SUFFIX
from dashboards.texts.refusals import refusal
from rowsense.jobs.looking import left_s
from rowsense.store.club_policies import Policies
from rowsense.store.club_settings import FACES, MOST_FILM_DAYS, MOST_SESSION_MONTHS, SHARE_DAYS, Privacy
from rowsense.store.seen_jobs import SeenJob
from rowsense.store.storage import Storage
from rowsense.store.tables import Job
from rowsense.store.tables.jobs import CANCELLED, DONE, FAILED, PARKED, QUEUED, RUNNING
from rowsense.store.tables.operation import NO_ROOM, NO_SCHEDULER, NO_WORKERS
from rowsense.texts.texts import Texts

_GB: Final = 1 << 30
#: Kinds of jobs, their stages and the kinds of what is stored that have words; another one is shown as it is.
_KINDS: Final = frozenset({"analyze", "calibrate", "rescore", "rewrite", "share"})
STAGES: Final = frozenset(
    {"fetch", "probe", "scout", "observe", "overlay", "film", "report", "record", "judge", "share"}
)
_COUNTED: Final = (QUEUED, RUNNING, FAILED, PARKED, CANCELLED)
STORED: Final = ("films", "copies", "drawn", "analyses", "uploads", "links", "monitor", "other")
_WITHOUT_HINT: Final = "monitor"
#: What the runner says of itself -> the text that tells people.
_TROUBLES: Final = {
    NO_ROOM: "jobs.runner.no_room",
    NO_SCHEDULER: "jobs.runner.no_scheduler",
    NO_WORKERS: "jobs.runner.no_workers",
}


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job."""

    id: str
    title: str
    state: str
    words: str
    """State in words, with the stage and the time left."""
    detail: str
    """Why it waits or is over; empty: nothing to say."""
    share: float | None
    """0..1 of one that runs."""
    by: str
    """Who sent the film and how often it was begun, where that is worth saying; empty: nothing."""
    page: str
    """Where what came of it is shown; empty: nowhere."""
    since: datetime
    can_cancel: bool
    can_retry: bool
    grave: bool
    """Somebody has to look."""


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One kind of file."""

    name: str
    hint: str
    size: str
    share: float
    """0..1 of all that the club has."""


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """The page."""

    club: str
    policies: Policies
    privacy: Privacy
    grace_until: datetime | None
    """Until when nothing goes by the times of keeping; None: it is over."""
    going: str
    """What goes then; empty: nothing."""
    stored: tuple[StoredRow, ...]
    used: str
    """And what is free, where that is known: not of a bucket."""
    film_room: str
    """Of the room for films; empty where there is no limit."""
    jobs: tuple[str, ...]
    """How many jobs are in each state that matters, in words."""
    share_days: tuple[tuple[int, str], ...]
    faces: tuple[tuple[str, str], ...]
    """Whose faces are blurred by rule."""
    most_film_days: int = MOST_FILM_DAYS
    most_session_months: int = MOST_SESSION_MONTHS


def settings_page(
    t: Texts,
    club: str,
    policies: Policies,
    privacy: Privacy,
    grace_until: datetime | None,
    storage: Storage,
    jobs: Sequence[SeenJob],
    now: datetime,
    going: tuple[int, int] = (0, 0),
) -> SettingsPage:
    """Lay it out; ``going``: films and sessions that are over already."""
    whole = sum(storage.kinds.values())
    used = size(t, whole - storage.kinds.get("other", 0))
    counts = {state: sum(one.job.state == state for one in jobs) for state in _COUNTED}
    return SettingsPage(
        club=club,
        policies=policies,
        privacy=privacy,
        grace_until=grace_until if grace_until is not None and grace_until > now else None,
        going=_going(t, *going),
        stored=tuple(_stored(t, kind, storage.kinds[kind], whole) for kind in STORED if storage.kinds.get(kind)),
        used=_used(t, whole, storage.free),
        film_room="" if policies.room_gb is None else t("settings.room_used", used=used, room=policies.room_gb),
        jobs=tuple(t(f"jobs.count.{state}", n=count) for state, count in counts.items() if count),
        faces=tuple((one, t(f"settings.faces.{one}")) for one in FACES),
        share_days=((0, t("settings.no_links")), *((days, t("settings.days", n=days)) for days in SHARE_DAYS)),
    )


def _stored(t: Texts, kind: str, count: int, whole: int) -> StoredRow:
    hint = "" if kind == _WITHOUT_HINT else t(f"settings.stored_hint.{kind}")
    return StoredRow(t(f"settings.stored.{kind}"), hint, size(t, count), count / whole)


def _used(t: Texts, whole: int, free: int | None) -> str:
    used = size(t, whole)
    return t("settings.used", used=used) if free is None else t("settings.used_free", used=used, free=size(t, free))


def _going(t: Texts, films: int, sessions: int) -> str:
    counted = ((films, "settings.films"), (sessions, "settings.sessions"))
    said = [t(key, n=count) for count, key in counted if count]
    return t("settings.going", n=films + sessions, what=t.join(said)) if said else ""


def size(t: Texts, count: int) -> str:
    """Bytes as people say them."""
    for unit, step in (("GB", _GB), ("MB", 1 << 20)):
        if count >= step:
            return f"{t.number(count / step, 1)} {unit}"
    return t("settings.under_mb" if count else "settings.nothing_used")


def runner_words(t: Texts, state: str) -> str:
    """What keeps all jobs waiting; empty: nothing that is known."""
    return t(_TROUBLES[state]) if state in _TROUBLES else ""


def job_rows(t: Texts, jobs: Sequence[SeenJob], now: datetime) -> tuple[JobRow, ...]:
    """In the order that they came in."""
    return tuple(_row(t, one, now) for one in jobs)


def _row(t: Texts, one: SeenJob, now: datetime) -> JobRow:
    job = one.job
    title = _title(t, job.kind, one.athlete)
    return JobRow(
        id=str(job.id),
        title=t("jobs.with_film", job=title, film=one.film) if one.film else title,
        state=job.state,
        words=_words(t, job, now),
        detail=_detail(t, job),
        share=min(job.done / job.total, 1.0) if job.state == RUNNING and job.total > 0 else None,
        by=_by(t, one),
        page=f"/session/{one.session_id}{SUFFIX}" if one.session_id is not None and job.state == DONE else "",
        since=job.finished_at or job.started_at or job.created_at,
        can_cancel=job.state in (QUEUED, RUNNING) and not job.cancel_requested,
        can_retry=job.state in (FAILED, PARKED, CANCELLED),
        grave=job.state in (FAILED, PARKED),
    )


def _by(t: Texts, one: SeenJob) -> str:
    attempt = one.job.attempt or 0
    parts = [t("jobs.sent_by", name=one.sender)] if one.sender else []
    if attempt > 1:
        parts.append(t("jobs.begun", n=attempt))
    return ", ".join(parts)


def _title(t: Texts, kind: str, athlete: str) -> str:
    if kind not in _KINDS:
        return kind
    return t(f"jobs.of.{kind}", who=athlete) if athlete else t(f"jobs.kind.{kind}")


def _words(t: Texts, job: Job, now: datetime) -> str:
    if job.state == RUNNING and job.cancel_requested:
        return t("jobs.stops")
    if job.state == QUEUED and job.not_before > now:
        return t("jobs.by_itself")
    if job.state != RUNNING:
        return t(f"jobs.state.{job.state}")
    if not job.stage:
        return t("jobs.state.running")
    stage, left = t(f"jobs.stage.{job.stage}") if job.stage in STAGES else job.stage, left_s(job, now)
    if math.isnan(left):
        return t("jobs.runs", stage=stage)
    return t("jobs.runs_left", stage=stage, left=_left(t, left))


def _detail(t: Texts, job: Job) -> str:
    skipped: Mapping[str, str] = job.checkpoint.get("skipped", {}) if job.kind == "rescore" else {}
    parts = [refusal(t, job.error)] if job.error else []
    if skipped:
        parts.append(t("jobs.not_judged", n=len(skipped), why=refusal(t, next(iter(skipped.values())))))
    text = ". ".join(parts)
    return f"{text[:1].upper()}{text[1:]}"


def _left(t: Texts, seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{t.number(seconds / 3600, 1)} h"
