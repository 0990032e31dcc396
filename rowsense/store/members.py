"""What somebody is in a club after she has joined: role, squads, suspended, taken out; and back again.

The last administrator stays one: whoever changes members holds the club's row meanwhile, so that two who do it at the
same moment do not leave nobody. All holds from the next request on, because every request asks anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
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
    Membership,
    Squad,
    SquadCoach,
    User,
)

#: For so long somebody who was taken out can be brought back as she was [D].
BACK_FOR: Final = timedelta(days=1)
#: The action of the note that somebody was taken out; its details say what she was.
TAKEN_OUT: Final = "remove_member"


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is in a club."""

    role: str
    squads: tuple[uuid.UUID, ...] = ()
    """Those that a coach looks after; none where her last one is gone, but nobody is made so."""
    athlete_id: uuid.UUID | None = None
    """Whom a rower's account is."""
    suspended: bool = False
    """She is kept as a member and let in nowhere."""

    def __post_init__(self) -> None:
        problems = []
        if self.role not in ROLES:
            problems.append("choose what the person is: administrator, coach or rower")
        if (self.role == ATHLETE) != (self.athlete_id is not None):
            problems.append("a rower, and nobody else, is one of the roster: choose which")
        if self.squads and self.role != COACH:
            problems.append("only a coach looks after squads")
        if problems:
            raise StoreError("; ".join(problems))


def standing_of(unit: Session, user_id: uuid.UUID) -> Standing | None:
    """What a member is; None: she is none."""
    row = unit.scalar(select(Membership).where(Membership.user_id == user_id))
    return None if row is None else _standing(unit, row)


def change_member(database: Database, scope: ClubScope, user_id: uuid.UUID, new: Standing, by: uuid.UUID) -> Standing:
    """Make a member something else, or let her in nowhere; gives what she was.

    Raises
    ------
    StoreError
        There is no such member, squad or rower, it is herself, or nobody would be left to look after the club.
    """
    with database.writing(scope) as unit:
        row = _held(unit, scope, user_id)
        before = _standing(unit, row)
        new = replace(new, squads=tuple(sorted(set(new.squads))))
        if new == before:
            return before
        if new.role == COACH and not new.squads and (before.role != COACH or before.squads):
            raise StoreError("choose at least one squad that the coach looks after")
        if new.role != ADMINISTRATOR or new.suspended:
            _check_not_last(unit, row)
        _check_not_oneself(user_id, by)
        _check_own(unit, new)
        row.role, row.athlete_id = new.role, new.athlete_id
        if new.suspended != before.suspended:
            row.suspended_at = datetime.now(UTC) if new.suspended else None
        _put_squads(unit, user_id, new.squads)
        unit.add(_note(_action(before, new), user_id, by, _changed(before, new)))
        return before


def remove_member(database: Database, scope: ClubScope, user_id: uuid.UUID, by: uuid.UUID) -> None:
    """Take somebody out of the club; what she wrote stays, her account too, her tokens go.

    Raises
    ------
    StoreError
        There is no such member, it is herself, or nobody would be left to look after the club.
    """
    with database.writing(scope) as unit:
        row = _held(unit, scope, user_id)
        _check_not_last(unit, row)
        _check_not_oneself(user_id, by)
        was = _plain(_standing(unit, row))
        unit.execute(delete(Membership).where(Membership.user_id == user_id))
        unit.add(_note(TAKEN_OUT, user_id, by, {"was": was}))


def bring_back_member(database: Database, scope: ClubScope, user_id: uuid.UUID, by: uuid.UUID) -> None:
    """Undo :func:`remove_member` of the last day: she is what she was, without her tokens.

    Raises
    ------
    StoreError
        Nobody took her out within a day, she is back already, or what she was is not there any more.
    """
    out = (AuditEntry.action == TAKEN_OUT) & (AuditEntry.subject_id == user_id)
    with database.writing(scope) as unit:
        _hold(unit, scope)
        last = unit.scalars(select(AuditEntry).where(out).order_by(AuditEntry.at.desc()).limit(1)).first()
        there = unit.scalar(select(Membership.id).where(Membership.user_id == user_id))
        if there is not None or last is None or "was" not in last.details or datetime.now(UTC) - last.at > BACK_FOR:
            raise StoreError("she cannot be brought back any more; invite her again")
        was = _read(last.details["was"])
        _check_own(unit, was)
        since = datetime.now(UTC) if was.suspended else None
        row = Membership(user_id=user_id, role=was.role, athlete_id=was.athlete_id, suspended_at=since)
        unit.add(row)
        unit.flush()
        _put_squads(unit, user_id, was.squads)
        unit.add(_note("bring_back_member", user_id, by, {}))


def clubs_with(database: Database, user_id: uuid.UUID) -> tuple[ClubScope, ...]:
    """The clubs that a user is in, also where she is suspended."""
    with database.reading(AllClubs("in which clubs a user is")) as unit:
        return tuple(map(ClubScope, unit.scalars(select(Membership.club_id).where(Membership.user_id == user_id))))


def _hold(unit: Session, scope: ClubScope) -> None:
    """Nobody else changes members until this is over; SQLite has one writer anyway."""
    unit.execute(select(Club.id).where(Club.id == scope.club_id).with_for_update())


def _held(unit: Session, scope: ClubScope, user_id: uuid.UUID) -> Membership:
    _hold(unit, scope)
    row = unit.scalar(select(Membership).where(Membership.user_id == user_id))
    if row is None:
        raise StoreError("there is no such member any more")
    return row


def _standing(unit: Session, row: Membership) -> Standing:
    squads = unit.scalars(select(SquadCoach.squad_id).where(SquadCoach.user_id == row.user_id))
    hers = tuple(sorted(squads)) if row.role == COACH else ()
    return Standing(row.role, hers, row.athlete_id, row.suspended_at is not None)


def _check_not_last(unit: Session, row: Membership) -> None:
    if row.role != ADMINISTRATOR or row.suspended_at is not None:
        return
    others = (Membership.role == ADMINISTRATOR) & Membership.suspended_at.is_(None) & (Membership.id != row.id)
    if not unit.scalar(select(func.count()).select_from(Membership).where(others)):
        raise StoreError("this is the last administrator; invite another one first")


def _check_not_oneself(user_id: uuid.UUID, by: uuid.UUID) -> None:
    if user_id == by:
        raise StoreError("nobody changes what she is herself; another administrator can")


def _check_own(unit: Session, asked: Standing) -> None:
    if asked.squads:
        known = set(unit.scalars(select(Squad.id).where(Squad.id.in_(asked.squads))))
        if known != set(asked.squads):
            raise StoreError("one of these squads is not there any more; load the page again")
    if asked.athlete_id is not None and unit.get(Athlete, asked.athlete_id) is None:
        raise StoreError("this rower is not there any more; load the page again")


def _put_squads(unit: Session, user_id: uuid.UUID, squads: Collection[uuid.UUID]) -> None:
    unit.flush()
    unit.execute(delete(SquadCoach).where(SquadCoach.user_id == user_id))
    unit.add_all(SquadCoach(squad_id=squad_id, user_id=user_id) for squad_id in sorted(set(squads)))


def _action(before: Standing, new: Standing) -> str:
    if new.suspended != before.suspended:
        return "suspend_member" if new.suspended else "resume_member"
    return "change_member"


def _changed(before: Standing, new: Standing) -> dict[str, Any]:
    """What was and what is, by keys alone: names are looked up when somebody reads it."""
    old, now = _plain(before), _plain(new)
    return {name: [old[name], now[name]] for name in ("role", "squads", "athlete_id") if old[name] != now[name]}


def _plain(one: Standing) -> dict[str, Any]:
    said = asdict(one)
    said["squads"] = [str(key) for key in one.squads]
    said["athlete_id"] = None if one.athlete_id is None else str(one.athlete_id)
    return said


def _read(said: dict[str, Any]) -> Standing:
    athlete = said["athlete_id"]
    squads = tuple(uuid.UUID(key) for key in said["squads"])
    return Standing(said["role"], squads, None if athlete is None else uuid.UUID(athlete), bool(said["suspended"]))


def _note(action: str, user_id: uuid.UUID, by: uuid.UUID, details: dict[str, Any]) -> AuditEntry:
    return AuditEntry(
        actor_user_id=by, action=action, subject_kind=User.__tablename__, subject_id=user_id, details=details
    )
