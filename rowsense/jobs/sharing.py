"""Asking for a link: its row and the job that makes what it shows come together. Light: a web process may ask."""

from __future__ import annotations

import uuid
from typing import Final

from sqlalchemy import select

from rowsense.jobs.queue import SOON, enqueue
from rowsense.jobs.stopping import cancel
from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore
from rowsense.store.database import Database
from rowsense.store.scope import ClubScope
from rowsense.store.shares import NewLink, add_link, revoke
from rowsense.store.tables import TrainingSession
from rowsense.store.tables.jobs import QUEUED, RUNNING, Job

SHARE: Final = "share"


def make_link(database: Database, viewer: Viewer, session_id: uuid.UUID, new: NewLink) -> str:
    """Make a link and have made what it shows; gives the secret that is in it, which is kept nowhere.

    Raises
    ------
    StoreError
        As :func:`rowsense.store.shares.add_link`.
    """
    with database.writing(ClubScope(viewer.club_id)) as unit:
        link, token = add_link(unit, viewer, session_id, new)
        session = unit.get_one(TrainingSession, session_id)
        # The job has the link's key, so that its progress is found without a column.
        enqueue(unit, SHARE, {"link": str(link.id)}, key=link.id, athlete_id=session.athlete_id, priority=SOON)
    return token


def take_back(store: ClubStore, viewer: Viewer, session_id: uuid.UUID, link_id: uuid.UUID) -> None:
    """Take a link back, and stop making what it would have shown.

    Raises
    ------
    StoreError, OutputError
        As :func:`rowsense.store.shares.revoke`.
    """
    revoke(store, viewer, session_id, link_id)
    scope = ClubScope(viewer.club_id)
    with store.database.reading(scope) as unit:
        under_way = unit.scalar(select(Job.id).where(Job.id == link_id, Job.state.in_((QUEUED, RUNNING))))
    if under_way is not None:
        cancel(store.database, scope, link_id)
