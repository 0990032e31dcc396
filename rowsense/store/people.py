"""The people of a club as its administrator sees them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.database import Database
from rowsense.store.juniors import consents_of, is_junior
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import (
    Athlete,
    Club,
    Invitation,
    Membership,
    Squad,
    SquadAthlete,
    SquadCoach,
    User,
)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who signs in."""

    user_id: uuid.UUID
    name: str
    email: str
    role: str
    squads: tuple[str, ...]
    suspended: bool = False
    athlete_id: uuid.UUID | None = None
    squad_ids: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterAthlete:
    """A rower of the club."""

    id: uuid.UUID
    name: str
    birth_year: int | None
    squads: tuple[str, ...]
    junior: bool
    guardian: str
    """Whose consent holds; empty: nobody's."""
    given_on: date | None
    squad_ids: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class ClubPeople:
    """Everybody."""

    name: str
    members: tuple[Member, ...]
    invitations: tuple[Invitation, ...]
    squads: tuple[Squad, ...]
    athletes: tuple[RosterAthlete, ...]


def people_of(database: Database, scope: ClubScope) -> ClubPeople:
    """Everybody in a club, by name."""
    with database.reading(scope) as unit:
        squads = tuple(unit.scalars(select(Squad).order_by(Squad.name)))
        names = {squad.id: squad.name for squad in squads}
        waiting = Invitation.accepted_at.is_(None) & (Invitation.expires_at > datetime.now(UTC))
        return ClubPeople(
            name=unit.get_one(Club, scope.club_id).name,
            members=_members(unit, names),
            invitations=tuple(unit.scalars(select(Invitation).where(waiting).order_by(Invitation.email))),
            squads=squads,
            athletes=_athletes(unit, names),
        )


def club_name(unit: Session, club_id: uuid.UUID) -> str:
    """What a club is called."""
    return unit.get_one(Club, club_id).name


def check_is_ours_alone(database: Database, scope: ClubScope, user_id: uuid.UUID) -> None:
    """That a user is in this club and in no other: only then may its administrator give her a new password.

    Raises
    ------
    StoreError
        She is not; with a new password this club would get at the other.
    """
    with database.reading(AllClubs("in which clubs a user is")) as unit:
        clubs = set(unit.scalars(select(Membership.club_id).where(Membership.user_id == user_id)))
    if scope.club_id not in clubs:
        raise StoreError("there is no such member any more")
    if len(clubs) > 1:
        raise StoreError("she is in another club too, so only she can change her password")


def member_of(database: Database, scope: ClubScope, user_id: uuid.UUID) -> Member | None:
    """One member; None: there is none of this key."""
    return next((one for one in people_of(database, scope).members if one.user_id == user_id), None)


def athlete_of(database: Database, scope: ClubScope, athlete_id: uuid.UUID) -> RosterAthlete | None:
    """One rower of the club; None: there is none of this key."""
    return next((one for one in people_of(database, scope).athletes if one.id == athlete_id), None)


def _members(unit: Session, names: dict[uuid.UUID, str]) -> tuple[Member, ...]:
    squads: dict[uuid.UUID, list[tuple[str, uuid.UUID]]] = defaultdict(list)
    for row in unit.scalars(select(SquadCoach)):
        squads[row.user_id].append((names[row.squad_id], row.squad_id))
    asked = select(User, Membership).join(Membership, Membership.user_id == User.id).order_by(User.name)
    return tuple(
        Member(
            user.id,
            user.name,
            user.email,
            member.role,
            tuple(name for name, _ in sorted(squads[user.id])),
            member.suspended_at is not None,
            member.athlete_id,
            tuple(key for _, key in sorted(squads[user.id])),
        )
        for user, member in unit.execute(asked)
    )


def _athletes(unit: Session, names: dict[uuid.UUID, str]) -> tuple[RosterAthlete, ...]:
    squads: dict[uuid.UUID, list[tuple[str, uuid.UUID]]] = defaultdict(list)
    for row in unit.scalars(select(SquadAthlete)):
        squads[row.athlete_id].append((names[row.squad_id], row.squad_id))
    found = unit.scalars(select(Athlete).order_by(Athlete.name, Athlete.birth_year)).all()
    consents, today = consents_of(unit, [athlete.id for athlete in found]), datetime.now(UTC).date()
    return tuple(
        RosterAthlete(
            id=athlete.id,
            name=athlete.name,
            birth_year=athlete.birth_year,
            squads=tuple(name for name, _ in sorted(squads[athlete.id])),
            junior=is_junior(athlete.birth_year, today),
            guardian=consents[athlete.id].guardian_name if athlete.id in consents else "",
            given_on=consents[athlete.id].given_on if athlete.id in consents else None,
            squad_ids=tuple(key for _, key in sorted(squads[athlete.id])),
        )
        for athlete in found
    )
