"""In which sessions somebody has notes to read."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from rowsense.store.access import Action, Viewer, may
from rowsense.store.database import Database
from rowsense.store.scope import ClubScope
from rowsense.store.tables import ATHLETE, Comment, CommentRead, TrainingSession
from rowsense.store.viewers import likely, things_of


def unread(database: Database, viewer: Viewer) -> dict[uuid.UUID, int]:
    """Notes by others that she has not read, by session; the session with the newest note first.

    A rower is told of every note on her sessions; who coaches, of answers to what she wrote herself.
    """
    with database.reading(ClubScope(viewer.club_id)) as unit:
        counts = {key: count for key, count, _ in unit.execute(_counted(viewer))}
        sessions = unit.scalars(select(TrainingSession).where(TrainingSession.id.in_(counts))).all()
        _, things = things_of(unit, {session.athlete_id for session in sessions})
        seen = {s.id for s in sessions if may(viewer, Action.SEE, things[s.athlete_id])}
    return {key: count for key, count in counts.items() if key in seen}


def _counted(viewer: Viewer) -> Select[uuid.UUID, int, datetime]:
    me, newest = viewer.user_id, func.max(Comment.created_at)
    read = and_(CommentRead.session_id == Comment.session_id, CommentRead.user_id == me)
    hers = likely(viewer).with_only_columns(TrainingSession.id)
    asked = (
        select(Comment.session_id, func.count(Comment.id), newest)
        .outerjoin(CommentRead, read)
        .where(
            or_(Comment.author_user_id.is_(None), Comment.author_user_id != me),
            or_(CommentRead.read_until.is_(None), Comment.created_at > CommentRead.read_until),
            Comment.deleted_at.is_(None),
            Comment.session_id.in_(hers),
        )
        .group_by(Comment.session_id)
        .order_by(newest.desc())
    )
    if viewer.role == ATHLETE:
        return asked
    mine = aliased(Comment)
    threads = select(func.coalesce(mine.answers_comment_id, mine.id)).where(mine.author_user_id == me)
    return asked.where(Comment.answers_comment_id.in_(threads))
