"""How links to sessions end for good, whoever ends them: their files go, and the row says since when."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from rowsense.store.claims import let_go
from rowsense.store.tables import ShareLink, TrainingSession


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
    let_go(unit, prefixes)
    return prefixes
