"""What the pages of settings and of jobs say. Plain Python."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rowsense.jobs.looking import left_s
from rowsense.store.club_policies import Policies
from rowsense.store.club_settings import MOST_FILM_DAYS, MOST_SESSION_MONTHS, SHARE_DAYS, Privacy
from rowsense.store.seen_jobs import SeenJob
from rowsense.store.storage import Storage
from rowsense.store.tables import Job
from rowsense.store.tables.jobs import CANCELLED, DONE, FAILED, PARKED, QUEUED, RUNNING

_GB: Final = 1 << 30
_KINDS: Final = {"analyze": "Analysis", "rescore": "Judging sessions again", "share": "Making a link"}
_STATES: Final = {
    QUEUED: "waits",
    RUNNING: "runs",
    DONE: "done",
    FAILED: "went wrong",
    PARKED: "parked: a person has to look",
    CANCELLED: "stopped",
}
_STAGES: Final = {
    "fetch": "fetching the film",
    "probe": "reading the film",
    "scout": "finding the rower",
    "observe": "looking at the frames",
    "overlay": "drawing the film",
    "film": "making the film for browsers",
    "report": "writing the report",
    "record": "keeping it",
    "judge": "judging",
    "share": "making what it shows",
}
_STORED: Final = {
    "films": ("Films as they were sent", "Go by the times of keeping above, or with their sessions."),
    "analyses": ("Analyses", "Reports, tables, drawn films; every version of a session."),
    "uploads": ("Films on their way in", "Go after a week if nobody says who is in them."),
    "links": ("Shared links", "Go when a link ends."),
    "monitor": ("Monitor files", ""),
    "other": ("Being written or removed", "Clears itself within a day."),
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
    since: str
    """A moment as ISO text."""
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
    grace_until: str
    """Until when nothing goes by the times of keeping, ISO; empty: it is over."""
    going: str
    """What goes then; empty: nothing."""
    stored: tuple[StoredRow, ...]
    used: str
    free: str
    """Empty: not known, the files are in a bucket."""
    film_room: str
    """Of the room for films; empty where there is no limit."""
    jobs: tuple[tuple[str, int], ...]
    """States that matter and how many jobs are in each."""
    share_days: tuple[tuple[int, str], ...]
    most_film_days: int = MOST_FILM_DAYS
    most_session_months: int = MOST_SESSION_MONTHS


def settings_page(
    club: str,
    policies: Policies,
    privacy: Privacy,
    grace_until: datetime | None,
    storage: Storage,
    films: int,
    jobs: Sequence[SeenJob],
    now: datetime,
    going: tuple[int, int] = (0, 0),
) -> SettingsPage:
    """Lay it out; ``films``: bytes of the films that are kept, ``going``: films and sessions that are over already."""
    whole = sum(storage.kinds.values())
    room = "" if policies.room_gb is None else f"{size(films)} of {policies.room_gb} GB are used by films."
    counts = [(word, sum(one.job.state == state for one in jobs)) for state, word in _STATES.items()]
    return SettingsPage(
        club=club,
        policies=policies,
        privacy=privacy,
        grace_until=grace_until.isoformat() if grace_until is not None and grace_until > now else "",
        going=_going(*going),
        stored=tuple(
            StoredRow(name, hint, size(storage.kinds[kind]), storage.kinds[kind] / whole if whole else 0.0)
            for kind, (name, hint) in _STORED.items()
            if storage.kinds.get(kind)
        ),
        used=size(whole),
        free="" if storage.free is None else size(storage.free),
        film_room=room,
        jobs=tuple((word, count) for word, count in counts if count and word != _STATES[DONE]),
        share_days=((0, "not at all"), *((days, f"{days} day{'' if days == 1 else 's'}") for days in SHARE_DAYS)),
    )


def _going(films: int, sessions: int) -> str:
    counted = ((films, "film"), (sessions, "session"))
    said = [f"{count} {word}{'s' if count > 1 else ''}" for count, word in counted if count]
    return f"Then {' and '.join(said)} {'goes' if films + sessions == 1 else 'go'}." if said else ""


def size(count: int) -> str:
    """Bytes as people say them."""
    for unit, step in (("GB", _GB), ("MB", 1 << 20)):
        if count >= step:
            return f"{count / step:.1f} {unit}"
    return "under 1 MB" if count else "nothing"


def job_rows(jobs: Sequence[SeenJob], now: datetime) -> tuple[JobRow, ...]:
    """In the order that they came in."""
    return tuple(_row(one, now) for one in jobs)


def _row(one: SeenJob, now: datetime) -> JobRow:
    job = one.job
    about = " of ".join(part for part in (_KINDS.get(job.kind, job.kind), one.athlete) if part)
    running = job.state == RUNNING
    return JobRow(
        id=str(job.id),
        title=about + (f", {one.film}" if one.film else ""),
        state=job.state,
        words=_words(job, now),
        detail=_detail(job),
        share=min(job.done / job.total, 1.0) if running and job.total > 0 else None,
        since=(job.finished_at or job.started_at or job.created_at).isoformat(),
        can_cancel=job.state in (QUEUED, RUNNING) and not job.cancel_requested,
        can_retry=job.state in (FAILED, PARKED, CANCELLED),
        grave=job.state in (FAILED, PARKED),
    )


def _words(job: Job, now: datetime) -> str:
    if job.state == RUNNING and job.cancel_requested:
        return "stops"
    if job.state == QUEUED and job.not_before > now:
        return "waits, and is tried again by itself"
    if job.state != RUNNING:
        return _STATES[job.state]
    stage = f": {_STAGES.get(job.stage, job.stage)}" if job.stage else ""
    left = left_s(job, now)
    return f"runs{stage}{'' if math.isnan(left) else f', {_left(left)} left'}"


def _detail(job: Job) -> str:
    skipped: Mapping[str, str] = job.checkpoint.get("skipped", {}) if job.kind == "rescore" else {}
    parts = [job.error] if job.error else []
    if skipped:
        parts.append(f"{len(skipped)} could not be judged: {next(iter(skipped.values()))}")
    text = ". ".join(parts)
    return f"{text[:1].upper()}{text[1:]}"


def _left(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
