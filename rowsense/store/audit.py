"""What was done in a club, by whom and when: read for its administrators, and noted where it is about an account.

Everything sensitive leaves an entry in the transaction that does it. An entry holds keys and no names: those are looked
up when somebody reads it, so that what was deleted stands nowhere.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.database import Database
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import (
    Athlete,
    AuditEntry,
    Invitation,
    Membership,
    Squad,
    TrainingSession,
    User,
)

#: Kinds of what is done -> actions. Every action of the program is in one of them; a test reads the source for others.
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "people": (
        "first_administrator", "invite", "renew_invitation", "take_back_invitation", "join", "change_member",
        "suspend_member", "resume_member", "remove_member", "bring_back_member", "roster", "birth_year",
        "move_athlete", "add_squad", "rename_squad", "remove_squad",
    ),
    "access": (
        "password_link", "new_password", "locked_out", "second_step_on", "second_step_given_up", "second_step_off",
        "require_second_step", "no_second_step_needed", "token", "end_token",
    ),
    "privacy": (
        "consent", "withdraw_consent", "export", "erase", "erase_account", "share", "unshare", "hold", "let_go",
        "drop_film",
    ),
    "sessions": (
        "change", "delete", "bring_back", "attach_monitor", "detach_monitor", "delete_calibration", "reference",
        "no_reference",
    ),
    "club": ("settings", "change_catalogue", "restore"),
}  # fmt: skip
#: Who did something, where it was no user: the program itself, whoever keeps the machine, or somebody who is deleted.
NOBODY: Final = "nobody"
MOST: Final = 500
_ACCOUNT: Final = AllClubs("an account is older than any club, and is noted in each of its clubs")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries."""

    kind: str = ""
    """One of :data:`KINDS`; empty: all."""
    by: uuid.UUID | str | None = None
    """A user's key, or :data:`NOBODY`; None: anybody."""
    before: tuple[datetime, uuid.UUID] | None = None
    """Only those that come after this one in a list, which is the newest first."""
    most: int = 50

    def __post_init__(self) -> None:
        if self.kind and self.kind not in KINDS:
            raise StoreError("there is no such kind of entry; choose one of the list")
        if not 1 <= self.most <= MOST:
            raise StoreError(f"1 to {MOST} entries can be asked for at once")


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody did."""

    id: uuid.UUID
    at: datetime
    by: uuid.UUID | None
    """None: the program itself, whoever keeps the machine, or somebody who is deleted."""
    name: str
    """Of ``by``; empty: she has no account any more."""
    action: str
    kind: str
    """Of :data:`KINDS`; empty: of an action that another version knows."""
    subject_kind: str
    """A table's name."""
    subject_id: uuid.UUID | None
    subject: str
    """What it is called now: a name or an address; empty: it has none, or is not there any more."""
    rowed_on: date | None
    """Where it is a session."""
    details: Mapping[str, Any]
    squads: Mapping[str, str]
    """Names of the squads in ``details``, by their keys."""


def entries(database: Database, scope: ClubScope, asked: Asked) -> tuple[Entry, ...]:
    """Entries of a club, the newest first."""
    with database.reading(scope) as unit:
        rows = unit.scalars(_wanted(asked)).all()
        names = _names(unit, rows)
    known = _users(database, {row.actor_user_id for row in rows} | _of_kind(rows, User))
    return tuple(_entry(row, known, names) for row in rows)


def all_entries(database: Database, scope: ClubScope, asked: Asked) -> Iterator[Entry]:
    """As :func:`entries`, all of them, read some at a time."""
    before = asked.before
    while True:
        part = entries(database, scope, Asked(asked.kind, asked.by, before, MOST))
        yield from part
        if len(part) < MOST:
            return
        before = part[-1].at, part[-1].id


def actors(database: Database, scope: ClubScope) -> tuple[tuple[uuid.UUID, str], ...]:
    """Who is in the entries, by name; also who has left the club."""
    with database.reading(scope) as unit:
        keys = set(unit.scalars(select(AuditEntry.actor_user_id).distinct()))
    return tuple(sorted(_users(database, keys).items(), key=lambda one: (one[1].casefold(), one[0])))


def note(
    unit: Session,
    action: str,
    subject_kind: str,
    subject_id: uuid.UUID | None,
    by: uuid.UUID | None,
    **details: Any,
) -> None:
    """Note in the transaction of what is done, which is of one club."""
    unit.add(
        AuditEntry(actor_user_id=by, action=action, subject_kind=subject_kind, subject_id=subject_id, details=details)
    )


def note_of_account(unit: Session, user_id: uuid.UUID, action: str, by: uuid.UUID | None, **details: Any) -> None:
    """Note something about an account in every club that it is in; the transaction sees all clubs."""
    clubs = unit.scalars(select(Membership.club_id).where(Membership.user_id == user_id)).all()
    unit.add_all(
        AuditEntry(
            club_id=club_id,
            actor_user_id=by,
            action=action,
            subject_kind=User.__tablename__,
            subject_id=user_id,
            details=details,
        )
        for club_id in clubs
    )


def note_locked_out(database: Database, *, email: str = "", user_id: uuid.UUID | None = None) -> None:
    """Note that somebody tried so often that an account has to wait; nothing where there is none of this address."""
    with database.writing(_ACCOUNT) as unit:
        key = user_id or unit.scalar(select(User.id).where(User.email == email.strip().lower()))
        if key is not None:
            note_of_account(unit, key, "locked_out", None)


def note_password_link(database: Database, user_id: uuid.UUID, by: uuid.UUID | None) -> None:
    """Note that somebody made a link with which an account gets a new password. ``by``: None: who keeps the machine."""
    with database.writing(_ACCOUNT) as unit:
        note_of_account(unit, user_id, "password_link", by)


def _wanted(asked: Asked) -> Select[AuditEntry]:
    wanted = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(asked.most)
    conditions: list[ColumnElement[bool]] = []
    if asked.kind:
        conditions.append(AuditEntry.action.in_(KINDS[asked.kind]))
    if asked.by == NOBODY:
        conditions.append(AuditEntry.actor_user_id.is_(None))
    elif asked.by is not None:
        conditions.append(AuditEntry.actor_user_id == asked.by)
    if asked.before is not None:
        conditions.append(tuple_(AuditEntry.at, AuditEntry.id) < tuple_(*asked.before))
    return wanted.where(*conditions)


def _entry(row: AuditEntry, users: Mapping[uuid.UUID, str], names: _Names) -> Entry:
    key = row.subject_id
    rowed_on = names.days.get(key) if key is not None else None
    named = {**users, **names.called}
    return Entry(
        id=row.id,
        at=row.at,
        by=row.actor_user_id,
        name=users.get(row.actor_user_id, "") if row.actor_user_id is not None else "",
        action=row.action,
        kind=next((kind for kind, actions in KINDS.items() if row.action in actions), ""),
        subject_kind=row.subject_kind,
        subject_id=key,
        subject=named.get(key, "") if key is not None else "",
        rowed_on=rowed_on,
        details=row.details,
        squads=names.squads,
    )


@dataclass(frozen=True, slots=True)
class _Names:
    """What the subjects of some entries are called."""

    called: dict[uuid.UUID, str]
    days: dict[uuid.UUID, date]
    squads: dict[str, str]


def _names(unit: Session, rows: Sequence[AuditEntry]) -> _Names:
    athletes = {a.id: a.name for a in unit.scalars(select(Athlete).where(Athlete.id.in_(_of_kind(rows, Athlete))))}
    invited = select(Invitation).where(Invitation.id.in_(_of_kind(rows, Invitation)))
    called = athletes | {one.id: one.email for one in unit.scalars(invited)}
    squads = {one.id: one.name for one in unit.scalars(select(Squad))}
    days = {}
    rowed = select(TrainingSession.id, TrainingSession.rowed_on, Athlete.name)
    rowed = rowed.join(Athlete, Athlete.id == TrainingSession.athlete_id)
    for key, day, name in unit.execute(rowed.where(TrainingSession.id.in_(_of_kind(rows, TrainingSession)))):
        called[key], days[key] = name, day
    return _Names(called | squads, days, {str(key): name for key, name in squads.items()})


def _of_kind(rows: Sequence[AuditEntry], table: type[Any]) -> set[uuid.UUID | None]:
    return {row.subject_id for row in rows if row.subject_kind == table.__tablename__}


def _users(database: Database, keys: set[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """Names of accounts, also of who is in the club no more: she did it, and the club knew her."""
    wanted = select(User.id, User.name).where(User.id.in_(keys - {None}))
    with database.reading(AllClubs("what those are called who did something in a club")) as unit:
        return {key: name for key, name in unit.execute(wanted)}
