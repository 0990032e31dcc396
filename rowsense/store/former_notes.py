"""What a rower wrote to a session that becomes another rower's: it stays, and says nobody's name.

As if her account were deleted: the row has no author any more, and only an administrator can take it away.
"""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from rowsense.store.belongings import accounts_of
from rowsense.store.tables import Comment, CommentRead, Membership, TrainingSession


def unname_notes(unit: Session, session: TrainingSession) -> int:
    """Take her whose session it is off her notes, before it is another's; how many notes are shown without a name.

    What she has deleted and might bring back loses her, uncounted. What others wrote stays theirs.
    """
    hers = accounts_of(unit, session.club_id, session.athlete_id)
    unit.execute(delete(CommentRead).where(CommentRead.session_id == session.id, CommentRead.user_id.in_(hers)))
    return _unnamed(unit, session.id, Comment.author_user_id.in_(hers))


def mend_notes(unit: Session, session: TrainingSession) -> int:
    """As :func:`unname_notes`, of a session that is another's already: all that other rowers wrote there."""
    others = select(Membership.user_id).where(
        Membership.athlete_id.is_not(None), Membership.athlete_id != session.athlete_id
    )
    return _unnamed(unit, session.id, Comment.author_user_id.in_(others))


def _unnamed(unit: Session, session_id: uuid.UUID, written: ColumnElement[bool]) -> int:
    rows = unit.scalars(select(Comment).where(Comment.session_id == session_id, written)).all()
    for row in rows:
        row.author_user_id = None
    return sum(row.deleted_at is None for row in rows)
