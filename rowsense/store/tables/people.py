"""Who signs in, and what they may do in which club."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rowsense.store.tables.base import (
    Base,
    ClubOwned,
    Dated,
    Digest,
    Identified,
    Name,
    Word,
    not_blank,
    one_of,
    same_club,
    sha256,
)

ADMINISTRATOR: Final = "administrator"
COACH: Final = "coach"
ATHLETE: Final = "athlete"
#: An administrator decides who is in the club; a coach sees the athletes of her squads; an athlete her own sessions.
ROLES: Final = (ADMINISTRATOR, COACH, ATHLETE)

#: Longest address that mail servers take (RFC 5321: 254 without the brackets) [R].
MOST_OF_ADDRESS: Final = 254
Address = String(MOST_OF_ADDRESS)


def _written_small(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} = lower({column}) AND {column} LIKE '%_@_%'", name=f"{column}_form")


def _athlete_is_named() -> CheckConstraint:
    return CheckConstraint("(role = 'athlete') = (athlete_id IS NOT NULL)", name="athlete_named")


class User(Base, Identified, Dated):
    """A person who signs in. Belongs to no club by itself; memberships say where."""

    __tablename__ = "users"
    __table_args__ = (_written_small("email"), not_blank("name"))

    email: Mapped[str] = mapped_column(Address, unique=True)
    name: Mapped[str] = mapped_column(Name)
    password_hash: Mapped[str | None]
    """None: cannot sign in with a password."""
    active: Mapped[bool] = mapped_column(default=True)
    session_key: Mapped[str] = mapped_column(Digest, unique=True, default=lambda: uuid.uuid4().hex)
    """Part of every browser session of this user; another value ends them all."""
    language: Mapped[str | None] = mapped_column(Word, sort_order=2)
    """In which she reads the pages; None: as her browser asks."""
    mail_off_since: Mapped[datetime | None] = mapped_column(sort_order=1)
    """Since when she wants no mail about notes; None: she wants it."""


class Membership(Base, Identified, ClubOwned, Dated):
    """A user in a club. One who is there as an athlete goes when that athlete is deleted."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("club_id", "user_id"),
        same_club("athlete_id", "athletes"),
        Index(None, "user_id"),
        Index(None, "athlete_id"),
        one_of("role", ROLES),
        _athlete_is_named(),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(Word)
    athlete_id: Mapped[uuid.UUID | None]
    chosen_at: Mapped[datetime | None] = mapped_column(sort_order=1)
    """When she last chose to look at this club."""
    mailed_at: Mapped[datetime | None] = mapped_column(sort_order=2)
    """When she was last told by mail of notes in this club."""
    suspended_at: Mapped[datetime | None] = mapped_column(sort_order=3)
    """Since when she is let in nowhere in this club; None: she is."""


class SquadCoach(Base, ClubOwned):
    """That a coach looks after a squad; a squad may have several, and goes with the membership."""

    __tablename__ = "squad_coaches"
    __table_args__ = (
        same_club("squad_id", "squads"),
        ForeignKeyConstraint(
            ["club_id", "user_id"], ["memberships.club_id", "memberships.user_id"], ondelete="CASCADE"
        ),
        Index(None, "user_id"),
    )

    squad_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class Consent(Base, Identified, ClubOwned, Dated):
    """That a junior's guardian agrees to filming and keeping. One that is withdrawn stays as a record of both."""

    __tablename__ = "consents"
    __table_args__ = (
        same_club("athlete_id", "athletes"),
        Index(None, "athlete_id"),
        not_blank("guardian_name"),
    )

    athlete_id: Mapped[uuid.UUID]
    guardian_name: Mapped[str] = mapped_column(Name)
    given_on: Mapped[date]
    recorded_by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    withdrawn_at: Mapped[datetime | None]


class Invitation(Base, Identified, ClubOwned, Dated):
    """An address that may join, once, until it expires. The token itself is only in the mail."""

    __tablename__ = "invitations"
    __table_args__ = (
        same_club("athlete_id", "athletes"),
        Index(None, "club_id", "email"),
        Index(None, "athlete_id"),
        one_of("role", ROLES),
        _athlete_is_named(),
        _written_small("email"),
        sha256("token_sha256"),
        CheckConstraint("expires_at > created_at", name="expires_later"),
    )

    email: Mapped[str] = mapped_column(Address)
    role: Mapped[str] = mapped_column(Word)
    athlete_id: Mapped[uuid.UUID | None]
    token_sha256: Mapped[str] = mapped_column(Digest, unique=True)
    invited_by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]


class InvitationSquad(Base, ClubOwned):
    """A squad that the invited coach will look after."""

    __tablename__ = "invitation_squads"
    __table_args__ = (same_club("squad_id", "squads"), Index(None, "squad_id"))

    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitations.id", ondelete="CASCADE"), primary_key=True)
    squad_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
