"""Folders in which jobs kept files between attempts, and that nobody removed: their worker was killed. Light."""

from __future__ import annotations

import shutil
import uuid
from contextlib import suppress
from pathlib import Path

from sqlalchemy import select

from rowsense.store.database import Database
from rowsense.store.scope import AllClubs
from rowsense.store.tables.jobs import FAILED, PARKED, QUEUED, RUNNING, Job

_MAY_GO_ON = frozenset({QUEUED, RUNNING, PARKED, FAILED})
_LOOKING = AllClubs("which jobs may still go on from their folders")


def clear_left(database: Database, scratch: Path, *, unknown: bool = False) -> None:
    """Remove folders below ``scratch`` of jobs that are over.

    ``unknown``: also those of jobs that this store does not know (any more); other stores may have theirs there.
    Folders are listed before jobs are looked at, so one that begins meanwhile is not taken for one that is over.
    """
    names = _listed(scratch)
    if not names:
        return
    with database.reading(_LOOKING) as unit:
        found = unit.execute(select(Job.id, Job.state).where(Job.id.in_(_keys(names)))).all()
    states = {str(key): state for key, state in found}
    for name in names if unknown else states:
        if states.get(name) not in _MAY_GO_ON:
            shutil.rmtree(scratch / name, ignore_errors=True)


def _keys(names: set[str]) -> list[uuid.UUID]:
    keys = []
    for name in names:
        with suppress(ValueError):
            keys.append(uuid.UUID(name))
    return keys


def _listed(folder: Path) -> set[str]:
    try:
        return {path.name for path in folder.iterdir()}
    except OSError:
        return set()
