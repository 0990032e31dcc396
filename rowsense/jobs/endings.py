"""What becomes of a job when an attempt at it ends. A table of decisions, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rowsense.jobs.order import back_off_s
from rowsense.jobs.surroundings import wait_s as surroundings_wait_s
from rowsense.jobs.telling import How, Outcome
from rowsense.store.tables.jobs import CANCELLED, DONE, FAILED, PARKED, QUEUED

#: A job under which so many workers died does it itself [D]: once is chance, twice a bad day.
MOST_DEATHS: Final = 3
#: So often the whole program may end under one job before it is taken for the reason [D]: a laptop is closed and
#: restarted often, and an hour's video is analysed in minutes.
MOST_RESTARTS: Final = 10


@dataclass(frozen=True, slots=True)
class Counts:
    """What a job went through until now."""

    failures: int
    deaths: int
    restarts: int
    max_attempts: int
    waits: int = 0
    """How often in a row it had to wait for what it stands on."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The job's new state."""

    state: str
    counts: Counts
    wait_s: float = 0.0
    words: str = ""


def ending(outcome: Outcome, counts: Counts, *, cancel_requested: bool) -> Ending:
    """What an outcome makes of a job. Finished work is done, also where somebody wanted it cancelled meanwhile."""
    how, words = outcome.how, outcome.words
    failures = counts.failures + (how is How.ERROR)
    deaths = counts.deaths + (how is How.DEATH)
    restarts = counts.restarts + (how is How.RESTART)
    waits = counts.waits + 1 if how is How.WAITS else 0
    now = Counts(failures, deaths, restarts, counts.max_attempts, waits)
    if how is How.DONE:
        return Ending(DONE, now)
    if how is How.CANCELLED or cancel_requested:
        return Ending(CANCELLED, now)
    if how is How.USELESS or (how is How.ERROR and failures >= counts.max_attempts):
        return Ending(FAILED, now, words=words)
    if how is How.DEATH and deaths >= MOST_DEATHS:
        return Ending(PARKED, now, words=f"{deaths} workers died of it, so it is not tried again by itself: {words}")
    if how is How.RESTART and restarts >= MOST_RESTARTS:
        return Ending(PARKED, now, words=f"the program ended {restarts} times while it ran: {words}")
    if how is How.WAITS:
        return Ending(QUEUED, now, surroundings_wait_s(waits), words)
    return Ending(QUEUED, now, back_off_s(failures) if how is How.ERROR else outcome.wait_s, words)
