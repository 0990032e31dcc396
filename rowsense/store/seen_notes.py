"""Notes on a session as somebody sees them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from rowsense.store.access import Viewer
from rowsense.store.club_policies import hidden_rowers
from rowsense.store.database import Database
from rowsense.store.scope import ClubScope
from rowsense.store.tables import ADMINISTRATOR, Comment, CommentRead, User


@dataclass(frozen=True, slots=True)
class SeenNote:
    """A note as somebody sees it."""

    row: Comment
    author: str
    """Empty: she is not in the club any more."""
    rower: uuid.UUID | None
    """Who it is, where the club hides her name from who looks: she stands there as her number."""
    is_mine: bool
    may_delete: bool
    is_new: bool
    """Written by another since she last read."""


def notes_of(database: Database, viewer: Viewer, session_id: uuid.UUID) -> tuple[SeenNote, ...]:
    """Notes and answers on a session, in the order in which they were written."""
    with database.reading(ClubScope(viewer.club_id)) as unit:
        asked = select(Comment).where(Comment.session_id == session_id, Comment.deleted_at.is_(None))
        return seen(unit, viewer, unit.scalars(asked.order_by(Comment.created_at, Comment.id)).all())


def seen(unit: Session, viewer: Viewer, rows: Sequence[Comment]) -> tuple[SeenNote, ...]:
    """Rows of one session with what ``viewer`` is to them."""
    authors = {row.author_user_id for row in rows if row.author_user_id is not None}
    names = {user.id: user.name for user in unit.scalars(select(User).where(User.id.in_(authors)))}
    rowers = hidden_rowers(unit, viewer, authors)
    read = unit.get(CommentRead, (rows[0].session_id, viewer.user_id)) if rows else None
    return tuple(
        SeenNote(
            row=row,
            author=names.get(row.author_user_id, "") if row.author_user_id else "",
            rower=rowers.get(row.author_user_id) if row.author_user_id else None,
            is_mine=row.author_user_id == viewer.user_id,
            may_delete=may_delete(viewer, row),
            is_new=row.author_user_id != viewer.user_id and (read is None or row.created_at > read.read_until),
        )
        for row in rows
    )


def may_delete(viewer: Viewer, row: Comment) -> bool:
    """Authors may, and administrators."""
    return row.author_user_id == viewer.user_id or viewer.role == ADMINISTRATOR
