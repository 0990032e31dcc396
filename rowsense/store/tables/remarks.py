"""What people add to sessions, and what is written down about what they did."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rowsense.store.tables.base import (
    Base,
    ClubOwned,
    Dated,
    Identified,
    Word,
    not_blank,
    one_of,
    own_key,
    same_club,
    within,
)

#: An answer for the piece as a whole, or that she would rather not say.
FELT_SKIPPED: Final = "skipped"
FELT_ANSWERS: Final = ("yes", "no", "unsure", FELT_SKIPPED)
#: Whose reference a stroke is: of the rower who rowed it, or of everybody in the club.
OWN_REFERENCE, CLUB_REFERENCE = "rower", "club"
REFERENCES: Final = (OWN_REFERENCE, CLUB_REFERENCE)


class Comment(Base, Identified, ClubOwned, Dated):
    """A remark on a session, a stroke or a moment of it; or an answer to one."""

    __tablename__ = "comments"
    __table_args__ = (
        own_key(),
        same_club("session_id", "sessions"),
        same_club("answers_comment_id", "comments"),
        Index(None, "club_id", "session_id", "created_at"),
        Index(None, "answers_comment_id"),
        not_blank("text"),
        within("stroke", 0),
        within("time_s", 0),
    )

    session_id: Mapped[uuid.UUID]
    answers_comment_id: Mapped[uuid.UUID | None]
    author_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    stroke: Mapped[int | None]
    """Number in the video, from 0."""
    time_s: Mapped[float | None]
    """In the video, from its first frame."""
    text: Mapped[str]
    edited_at: Mapped[datetime | None]
    # Last, where a store of before 0011 has them too.
    drawing: Mapped[dict[str, Any] | None] = mapped_column(sort_order=1)
    """Marks on the frame, as :class:`rowsense.model.drawing.Drawing` writes them."""
    deleted_at: Mapped[datetime | None] = mapped_column(sort_order=1)
    """Deleted, and to be brought back for a while; then the row goes."""


class CommentRead(Base, ClubOwned):
    """Up to when somebody has read the comments on a session."""

    __tablename__ = "comment_reads"
    __table_args__ = (same_club("session_id", "sessions"), Index(None, "user_id"))

    session_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    read_until: Mapped[datetime]
    """The newest comment that was on her screen."""


class FeltAnswer(Base, ClubOwned):
    """What the rower said she felt, before she saw what was measured; once for each session."""

    __tablename__ = "felt_answers"
    __table_args__ = (same_club("session_id", "sessions"), one_of("answer", FELT_ANSWERS))

    session_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    answer: Mapped[str] = mapped_column(Word)
    said_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))


class ReferenceStroke(Base, ClubOwned, Dated):
    """A stroke that others are held against: one for each rower, of her own, and one for the club."""

    __tablename__ = "reference_strokes"
    __table_args__ = (same_club("session_id", "sessions"), one_of("whose", REFERENCES), within("time_s", 0))

    session_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    whose: Mapped[str] = mapped_column(Word, primary_key=True)
    time_s: Mapped[float]
    """Of a moment in the stroke, from the first frame: another analysis may number the strokes otherwise."""


class Tag(Base, Identified, ClubOwned):
    """A word of the club's own for its sessions."""

    __tablename__ = "tags"
    __table_args__ = (own_key(), UniqueConstraint("club_id", "name"), not_blank("name"))

    name: Mapped[str] = mapped_column(Word)


class SessionTag(Base, ClubOwned):
    """That a session has a tag."""

    __tablename__ = "session_tags"
    __table_args__ = (same_club("session_id", "sessions"), same_club("tag_id", "tags"), Index(None, "tag_id"))

    session_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    tag_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class AuditEntry(Base, Identified, ClubOwned):
    """That somebody did something. Names no person: what was deleted leaves its key and nothing else."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index(None, "club_id", "at"), not_blank("action"))

    at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    actor_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """None: the program itself, or a user who is gone."""
    action: Mapped[str] = mapped_column(Word)
    subject_kind: Mapped[str] = mapped_column(Word)
    """A table's name."""
    subject_id: Mapped[uuid.UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
