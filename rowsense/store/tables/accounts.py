"""Signing in: links that work once, sign-ins that last, failed attempts. Of no club; seen with ``AllClubs`` only."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from rowsense.store.tables.base import Base, Dated, Digest, Identified, Name, Word, one_of, sha256

FIRST_START: Final = "first_start"
PASSWORD: Final = "password"
#: What a mail is about: a new password, an invitation, notes that wait to be read.
INVITATION: Final = "invitation"
NOTE: Final = "note"


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
    club_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clubs.id", ondelete="SET NULL"), sort_order=1)
    """Which of her clubs this browser shows; whether she is in it still is asked every time."""
    agent: Mapped[str] = mapped_column(Name, default="")
    """What the browser calls itself."""


class FailedSignIn(Base, Identified, AccountOwned):
    """An attempt that failed, under the digest of whom or whence it was; kept as long as it counts."""

    __tablename__ = "failed_sign_ins"
    __table_args__ = (sha256("subject_sha256"), Index(None, "subject_sha256", "at"))

    subject_sha256: Mapped[str] = mapped_column(Digest)
    at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))


class SecondStep(Base, AccountOwned, Dated):
    """That a user signs in with a code of her telephone beside the password."""

    __tablename__ = "second_steps"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    totp_secret: Mapped[str] = mapped_column(Text)
    """Encrypted with the server's secret, which is in no backup of the store."""
    last_counter: Mapped[int] = mapped_column(BigInteger)
    """Of the last code that was used: it and older ones are used up."""


class RecoveryCode(Base, AccountOwned):
    """A code that stands in once for the telephone. The code itself is only with its user."""

    __tablename__ = "recovery_codes"
    __table_args__ = (sha256("code_sha256"),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    code_sha256: Mapped[str] = mapped_column(Digest, primary_key=True)


class Mail(Base, Identified, AccountOwned, Dated):
    """A mail to be sent. It says to whom and what about; words, address and links are made when it is sent."""

    __tablename__ = "mails"
    __table_args__ = (
        one_of("purpose", (PASSWORD, INVITATION, NOTE)),
        CheckConstraint(
            "(purpose = 'invitation') = (invitation_id IS NOT NULL) AND (purpose = 'invitation') = (user_id IS NULL)",
            name="to_somebody",
        ),
        CheckConstraint("(purpose = 'password') = (club_id IS NULL)", name="of_a_club"),
        CheckConstraint("attempt >= 0", name="attempt_not_negative"),
        Index(None, "user_id"),
        Index(None, "invitation_id"),
        Index(None, "club_id"),
        Index(None, "next_at"),
    )

    purpose: Mapped[str] = mapped_column(Word)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    invitation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("invitations.id", ondelete="CASCADE"))
    club_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clubs.id", ondelete="CASCADE"))
    attempt: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    """When to try; while it is being sent, when another may take it up."""
    failed_at: Mapped[datetime | None]
    """It is tried no more."""
    error: Mapped[str] = mapped_column(Text, default="")
    """Why the last attempt failed."""
