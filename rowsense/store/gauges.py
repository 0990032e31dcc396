"""How much is in a store and how its work stands: numbers for whoever watches a server, about nobody."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

from rowsense.store.claims import ClubStore
from rowsense.store.local_files import LocalFiles
from rowsense.store.scope import AllClubs
from rowsense.store.tables import JOB_STATES, Athlete, Club, Job, TrainingSession
from rowsense.store.tables.jobs import QUEUED


@dataclass(frozen=True, slots=True)
class Gauges:
    """At one moment, of all clubs together."""

    clubs: int
    athletes: int
    sessions: int
    jobs: dict[str, int]
    """State -> how many."""
    oldest_queued_s: float
    """How long the job waits that waits the longest; 0: none does. By this machine's clock."""
    free_bytes: int | None
    """On the disk of the files; None: they are in a bucket."""


def gauges_of(store: ClubStore) -> Gauges:
    """Look now."""
    with store.database.reading(AllClubs("numbers about the whole store")) as unit:
        clubs, athletes, sessions = (
            int(unit.scalar(select(func.count()).select_from(table)) or 0) for table in (Club, Athlete, TrainingSession)
        )
        states = {state: count for state, count in unit.execute(select(Job.state, func.count()).group_by(Job.state))}
        oldest = unit.scalar(select(func.min(Job.created_at)).where(Job.state == QUEUED))
    waits_s = 0.0 if oldest is None else max(0.0, (datetime.now(UTC) - oldest).total_seconds())
    jobs = {state: int(states.get(state, 0)) for state in JOB_STATES}
    return Gauges(clubs, athletes, sessions, jobs, waits_s, _free_bytes(store))


def _free_bytes(store: ClubStore) -> int | None:
    if not isinstance(store.files, LocalFiles):
        return None
    place = next(folder for folder in (store.files.root, *store.files.root.absolute().parents) if folder.exists())
    return shutil.disk_usage(place).free
