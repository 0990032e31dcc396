"""Signing in: links that work once, sign-ins that last, failed attempts. Of no club; seen with ``AllClubs`` only."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from rowsense.store.tables.base import Base, Dated, Digest, Identified, Name, Word, one_of, sha256

FIRST_START: Final = "first_start"
PASSWORD: Final = "password"


class AccountOwned:
    """A row about signing in. Within a club there is none of it (``scope.py``)."""


class OneTimeLink(Base, Identified, AccountOwned, Dated):
    """A link that lets somebody in once, until it expires. The token itself is only in the link."""

    __tablename__ = "one_time_links"
    __table_args__ = (
        one_of("purpose", (FIRST_START, PASSWORD)),
        sha256("token_sha256"),
        Index(None, "user_id"),
        CheckConstraint("expires_at > created_at", name="expires_later"),
        CheckConstraint("(purpose = 'password') = (user_id IS NOT NULL)", name="user_named"),
    )

    purpose: Mapped[str] = mapped_column(Word)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_sha256: Mapped[str] = mapped_column(Digest, unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignIn(Base, Identified, AccountOwned, Dated):
    """A browser in which somebody is signed in. Taking the row away signs it out."""

    __tablename__ = "sign_ins"
    __table_args__ = (sha256("token_sha256"), Index(None, "user_id"))

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_sha256: Mapped[str] = mapped_column(Digest, unique=True)
    seen_at: Mapped[datetime]
    agent: Mapped[str] = mapped_column(Name, default="")
    """What the browser calls itself."""


class FailedSignIn(Base, Identified, AccountOwned):
    """An attempt that failed, under the digest of whom or whence it was; kept as long as it counts."""

    __tablename__ = "failed_sign_ins"
    __table_args__ = (sha256("subject_sha256"), Index(None, "subject_sha256", "at"))

    subject_sha256: Mapped[str] = mapped_column(Digest)
    at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
