"""How people come into a club: the first administrator, then whoever is invited."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.accounts import LinkError, use_link
from rowsense.store.database import Database
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import (
    ADMINISTRATOR,
    ATHLETE,
    COACH,
    ROLES,
    Athlete,
    AuditEntry,
    Club,
    Invitation,
    InvitationSquad,
    Membership,
    Squad,
    SquadCoach,
    User,
)
from rowsense.store.tables.accounts import FIRST_START
from rowsense.store.tables.people import MOST_OF_ADDRESS
from rowsense.store.tokens import digest, new_token

INVITATION_LASTS: Final = timedelta(days=7)
_JOINING: Final = AllClubs("somebody joins who is in no club yet")


_TOO_LONG: Final = f"a mail address has {MOST_OF_ADDRESS} letters at most"


def _is_address(written: str) -> bool:
    """Whether it can be one, written small and without blanks; whether it is, only a mail tells."""
    local, _, domain = written.rpartition("@")
    plain = written.isprintable() and " " not in written
    return bool(local and domain) and plain and written == written.lower()


@dataclass(frozen=True, slots=True)
class NewUser:
    """Somebody who is about to have an account."""

    email: str
    name: str
    password_hash: str

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise StoreError("write your name")
        if not _is_address(self.email):
            raise StoreError("write your mail address, as in anna@club.org")
        if len(self.email) > MOST_OF_ADDRESS:
            raise StoreError(_TOO_LONG)

    def row(self) -> User:
        """The row to be added."""
        return User(email=self.email, name=self.name.strip()[:200], password_hash=self.password_hash)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an administrator asks somebody to join as."""

    email: str
    role: str
    squads: tuple[uuid.UUID, ...] = ()
    athlete_id: uuid.UUID | None = None

    def __post_init__(self) -> None:
        problems = []
        if not _is_address(self.email):
            problems.append("write a mail address, as in anna@club.org")
        elif len(self.email) > MOST_OF_ADDRESS:
            problems.append(_TOO_LONG)
        if self.role not in ROLES:
            problems.append("choose what the person is: administrator, coach or rower")
        if (self.role == ATHLETE) != (self.athlete_id is not None):
            problems.append("a rower's invitation, and no other, says which rower of the roster it is for")
        if (self.role == COACH) != bool(self.squads):
            problems.append("a coach's invitation, and no other, says which squads she looks after")
        if problems:
            raise StoreError("; ".join(problems))


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that can be accepted."""

    club: str
    email: str
    role: str
    has_account: bool
    """Whether there is a user of this address already, who joins with her own password."""


def unattended_club(database: Database) -> str:
    """The name of the club that the first administrator will look after; empty: there is none yet."""
    with database.reading(_JOINING) as unit:
        club = _unattended(unit)
        return club.name if club is not None else ""


def has_administrator(database: Database) -> bool:
    """Whether anybody can let others in."""
    with database.reading(AllClubs("the first start")) as unit:
        return bool(unit.scalar(select(exists().where(Membership.role == ADMINISTRATOR))))


def add_first_administrator(database: Database, token: str, user: NewUser, club_name: str) -> uuid.UUID:
    """Use the link of the first start; makes the club where there is none.

    Raises
    ------
    LinkError
        The link cannot be used.
    StoreError
        No name for the club, or the address has an account.
    """
    with database.writing(_JOINING) as unit:
        use_link(unit, FIRST_START, token)
        club = _unattended(unit)
        if club is None:
            if not club_name.strip():
                raise StoreError("write the club's name")
            club = Club(name=club_name.strip()[:200])
            unit.add(club)
        if unit.scalar(select(exists().where(User.email == user.email))):
            raise StoreError("there is an account of this address already; take another address")
        row = user.row()
        unit.add(row)
        unit.flush()
        unit.add(Membership(club_id=club.id, user_id=row.id, role=ADMINISTRATOR))
        unit.add(_note(club.id, "first_administrator", "users", row.id, row.id))
        return row.id


def invite(database: Database, scope: ClubScope, asked: Asked, by: uuid.UUID) -> str:
    """Invite an address; gives the token. An earlier invitation of the address is void.

    Raises
    ------
    StoreError
        She is in the club already, or the rower or a squad is not of this club.
    """
    token = new_token()
    with database.writing(scope) as unit:
        known = unit.scalar(select(User).where(User.email == asked.email))
        if known is not None:
            raise StoreError(f"{asked.email} is in the club already")
        _check_own(unit, asked)
        unit.execute(delete(Invitation).where(Invitation.email == asked.email, Invitation.accepted_at.is_(None)))
        row = Invitation(
            id=uuid.uuid4(), email=asked.email, role=asked.role, athlete_id=asked.athlete_id,
            token_sha256=digest(token), invited_by_user_id=by, expires_at=datetime.now(UTC) + INVITATION_LASTS,
        )  # fmt: skip
        unit.add(row)
        unit.flush()
        unit.add_all(InvitationSquad(invitation_id=row.id, squad_id=squad_id) for squad_id in asked.squads)
        unit.add(_note(scope.club_id, "invite", "invitations", row.id, by))
    return token


def take_back(database: Database, scope: ClubScope, invitation_id: uuid.UUID, by: uuid.UUID) -> None:
    """Make an invitation void.

    Raises
    ------
    StoreError
        There is none of this key that nobody has accepted.
    """
    waiting = (Invitation.id == invitation_id) & Invitation.accepted_at.is_(None)
    with database.writing(scope) as unit:
        if unit.scalar(delete(Invitation).where(waiting).returning(Invitation.id)) is None:
            raise StoreError("there is no such invitation any more")
        unit.add(_note(scope.club_id, "take_back_invitation", "invitations", invitation_id, by))


def renew_invitation(database: Database, scope: ClubScope, invitation_id: uuid.UUID, by: uuid.UUID) -> str:
    """A new token for an invitation that waits, which lasts anew; the older token is void.

    Raises
    ------
    StoreError
        There is none of this key that nobody has accepted.
    """
    token = new_token()
    waiting = (Invitation.id == invitation_id) & Invitation.accepted_at.is_(None)
    with database.writing(scope) as unit:
        renewed = update(Invitation).where(waiting)
        renewed = renewed.values(token_sha256=digest(token), expires_at=datetime.now(UTC) + INVITATION_LASTS)
        if unit.scalar(renewed.returning(Invitation.id)) is None:
            raise StoreError("there is no such invitation any more")
        unit.add(_note(scope.club_id, "renew_invitation", "invitations", invitation_id, by))
    return token


def open_invitation(database: Database, token: str) -> Invited | None:
    """The invitation of a token, if it can be accepted."""
    with database.reading(_JOINING) as unit:
        row = unit.scalar(select(Invitation).where(*_usable(token)))
        if row is None:
            return None
        known = unit.scalar(select(exists().where(User.email == row.email)))
        return Invited(unit.get_one(Club, row.club_id).name, row.email, row.role, bool(known))


def accept(database: Database, token: str, new: NewUser | None) -> uuid.UUID:
    """Join; ``new`` where the address has no user yet. Who has one must have shown that she is that user.

    Raises
    ------
    LinkError
        The invitation cannot be used, or somebody else was first.
    StoreError
        She is in the club already.
    """
    with database.writing(_JOINING) as unit:
        taken = update(Invitation).where(*_usable(token)).values(accepted_at=datetime.now(UTC))
        row = unit.scalar(taken.returning(Invitation))
        if row is None:
            raise LinkError("this invitation was used already, taken back, or is too old; ask for a new one")
        user = unit.scalar(select(User).where(User.email == row.email))
        if (user is None) != (new is not None) or (new is not None and new.email != row.email):
            raise LinkError("the account of this address has changed meanwhile; open the link again")
        if user is None and new is not None:
            user = new.row()
            unit.add(user)
            unit.flush()
        assert user is not None
        if unit.scalar(select(exists().where(Membership.club_id == row.club_id, Membership.user_id == user.id))):
            raise StoreError("you are in this club already; sign in")
        _add_member(unit, row, user)
        return user.id


def _add_member(unit: Session, row: Invitation, user: User) -> None:
    unit.add(Membership(club_id=row.club_id, user_id=user.id, role=row.role, athlete_id=row.athlete_id))
    unit.flush()
    squads = unit.scalars(select(InvitationSquad.squad_id).where(InvitationSquad.invitation_id == row.id)).all()
    unit.add_all(SquadCoach(club_id=row.club_id, squad_id=squad_id, user_id=user.id) for squad_id in squads)
    unit.add(_note(row.club_id, "join", "users", user.id, user.id))


def _check_own(unit: Session, asked: Asked) -> None:
    """Rower and squads are looked for within the club: one of another club is not there."""
    squads = set(unit.scalars(select(Squad.id).where(Squad.id.in_(asked.squads))))
    if squads != set(asked.squads):
        raise StoreError("one of these squads is not there any more; load the page again")
    if asked.athlete_id is not None and unit.get(Athlete, asked.athlete_id) is None:
        raise StoreError("this rower is not there any more; load the page again")


def _unattended(unit: Session) -> Club | None:
    attended = select(Membership.club_id).where(Membership.role == ADMINISTRATOR)
    return unit.scalar(select(Club).where(Club.id.not_in(attended)).order_by(Club.created_at, Club.id).limit(1))


def _usable(token: str) -> tuple[Any, ...]:
    return (
        Invitation.token_sha256 == digest(token),
        Invitation.accepted_at.is_(None),
        Invitation.expires_at > datetime.now(UTC),
    )


def _note(club_id: uuid.UUID, action: str, kind: str, key: uuid.UUID, by: uuid.UUID) -> AuditEntry:
    return AuditEntry(club_id=club_id, actor_user_id=by, action=action, subject_kind=kind, subject_id=key)
