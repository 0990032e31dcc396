"""Tokens with which programs ask the API in somebody's name. About signing in; seen with ``AllClubs`` only."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from rowsense.store.tables.accounts import AccountOwned
from rowsense.store.tables.base import Base, Dated, Digest, Identified, Name, not_blank, sha256

READ: Final = "sessions"
SEASON: Final = "season"
UPLOAD: Final = "upload"
ANALYSE: Final = "analyses"
EDIT: Final = "edit"
SHARE: Final = "share"
PEOPLE: Final = "people"
ERASE: Final = "erase"
SCOPES: Final = (READ, SEASON, UPLOAD, ANALYSE, EDIT, SHARE, PEOPLE, ERASE)


class ApiToken(Base, Identified, AccountOwned, Dated):
    """What one program may do in the name of one member of one club. It goes with the membership."""

    __tablename__ = "api_tokens"
    __table_args__ = (
        ForeignKeyConstraint(
            ["club_id", "user_id"], ["memberships.club_id", "memberships.user_id"], ondelete="CASCADE"
        ),
        sha256("token_sha256"),
        Index(None, "user_id"),
        not_blank("name"),
        not_blank("scopes"),
        CheckConstraint("expires_at > created_at", name="expires_later"),
    )

    club_id: Mapped[uuid.UUID]
    user_id: Mapped[uuid.UUID]
    name: Mapped[str] = mapped_column(Name)
    """What its owner calls it."""
    token_sha256: Mapped[str] = mapped_column(Digest, unique=True)
    scopes: Mapped[str] = mapped_column(Name)
    """Some of :data:`SCOPES`, with spaces between."""
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    """Last use, to within ten minutes; NULL: never."""
