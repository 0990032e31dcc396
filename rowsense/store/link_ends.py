"""How links to sessions end for good, whoever ends them: their files go, and the row says since when."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from rowsense.store.claims import ClubStore, clear, let_go
from rowsense.store.jobs_over import give_up_jobs
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import Job, ShareLink, TrainingSession

#: For so long a link that is over is in the list.
LISTED_AFTER: Final = timedelta(days=30)


def shared_folders(unit: Session, condition: ColumnElement[bool]) -> list[str]:
    """Folders of the file store with what some links show."""
    found = unit.scalars(select(ShareLink.file_prefix).where(condition, ShareLink.file_prefix.is_not(None)))
    return [str(prefix) for prefix in found]


def end_links(unit: Session, athlete_id: uuid.UUID) -> None:
    """Take back every link to an athlete's sessions. Their files are claimed; the next ``recover`` removes them."""
    hers = select(TrainingSession.id).where(TrainingSession.athlete_id == athlete_id)
    end_those(unit, ShareLink.session_id.in_(hers), revoked_at=datetime.now(UTC))


def end_those(unit: Session, condition: ColumnElement[bool], revoked_at: datetime | None = None) -> list[str]:
    """Let the files of some links go, and take the links back where ``revoked_at`` is given; gives the folders."""
    prefixes = shared_folders(unit, condition)
    # By key: which rows are meant may follow from other tables.
    keys = unit.scalars(select(ShareLink.id).where(condition)).all()
    changes = update(ShareLink).where(ShareLink.id.in_(keys)).execution_options(synchronize_session=False)
    unit.execute(changes.values(file_prefix=None))
    if revoked_at is not None:
        unit.execute(changes.where(ShareLink.revoked_at.is_(None)).values(revoked_at=revoked_at))
    give_up_jobs(unit, Job.id.in_(keys))  # a link has the key of the job that makes what it shows
    let_go(unit, prefixes)
    return prefixes


def end_old_links(store: ClubStore) -> int:
    """Remove the files of links that are over, and the rows of those that nobody needs to see; how many had files."""
    now = datetime.now(UTC)
    over = (ShareLink.expires_at <= now) & ShareLink.file_prefix.is_not(None)
    scope = AllClubs("links that are over keep no files")
    with store.database.reading(scope) as unit:
        clubs = set(unit.scalars(select(ShareLink.club_id).where(over)))
    count = 0
    for club_id in clubs:
        with store.database.writing(ClubScope(club_id)) as unit:
            prefixes = end_those(unit, over)
        clear(store, prefixes)
        count += len(prefixes)
    with store.database.writing(scope) as unit:
        forgotten = (ShareLink.expires_at <= now - LISTED_AFTER) & ShareLink.file_prefix.is_(None)
        unit.execute(delete(ShareLink).where(forgotten))
    return count
