"""What a club has settled for itself, and links with which somebody without an account sees one session."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from rowsense.store.tables.base import (
    Base,
    ClubOwned,
    Dated,
    Digest,
    Identified,
    Name,
    Word,
    one_of,
    same_club,
    sha256,
    within,
)

#: How much of the film a link shows.
NO_FILM: Final = "none"
CLIP: Final = "clip"
WHOLE_FILM: Final = "whole"
SHARED_FILMS: Final = (NO_FILM, CLIP, WHOLE_FILM)


class ClubSettings(Base, ClubOwned):
    """What a club has settled about one topic; where there is no row, what is usual holds."""

    __tablename__ = "club_settings"

    topic: Mapped[str] = mapped_column(Word, primary_key=True)
    club_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clubs.id", ondelete="CASCADE"), primary_key=True)
    document: Mapped[dict[str, Any]]
    """As the topic wants it (``rowsense/store/club_settings.py``)."""
    changed_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))


class ShareLink(Base, Identified, ClubOwned, Dated):
    """A link to what was measured in one session. The secret in it is only in the link."""

    __tablename__ = "share_links"
    __table_args__ = (
        same_club("session_id", "sessions"),
        same_club("analysis_id", "analyses"),
        Index(None, "session_id"),
        Index(None, "analysis_id"),
        sha256("token_sha256"),
        one_of("film", SHARED_FILMS),
        within("opened_count", 0),
        CheckConstraint("expires_at > created_at", name="expires_later"),
    )

    session_id: Mapped[uuid.UUID]
    analysis_id: Mapped[uuid.UUID]
    """The version that is shown; the link goes with it."""
    created_by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    label: Mapped[str] = mapped_column(Name, default="")
    """For whom it is, in the words of who made it."""
    token_sha256: Mapped[str] = mapped_column(Digest, unique=True)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    named: Mapped[bool]
    """Whether the rower's name is in it."""
    face_blurred: Mapped[bool]
    surroundings_blurred: Mapped[bool]
    film: Mapped[str] = mapped_column(Word)
    file_prefix: Mapped[str | None] = mapped_column(unique=True)
    """What is shown, made for this link; NULL: not made yet, or gone with the link's end."""
    opened_count: Mapped[int] = mapped_column(default=0)
    last_opened_at: Mapped[datetime | None]
