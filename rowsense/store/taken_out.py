"""Who was taken out of a club, and her account deleted for good where she is in no other one.

A rower's account goes with her (``erase.py``). Coaches and administrators have nothing of their own in a club: what
they wrote, filmed and settled stays there without them.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.belongings import rows_where
from rowsense.store.claims import ClubStore
from rowsense.store.database import Database
from rowsense.store.erase import Receipt, remove_upgrade_copies, rows_that_name
from rowsense.store.holding import hold_club
from rowsense.store.members import BACK_FOR, TAKEN_OUT
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import (
    AuditEntry,
    CommentRead,
    Invitation,
    Mail,
    Membership,
    OneTimeLink,
    RecoveryCode,
    SecondStep,
    SignIn,
    Upload,
    User,
)
from rowsense.store.tables.uploads import CLAIMED
from rowsense.store.upload_files import upload_files_of

_ALL: Final = AllClubs("an account that is in no club any more")


@dataclass(frozen=True, slots=True)
class TakenOut:
    """Somebody whose account is in no club any more."""

    user_id: uuid.UUID
    name: str
    email: str
    role: str
    """What she was in this club."""
    at: datetime
    """When she was taken out of it."""
    may_come_back: bool
    """Whether that can still be undone."""


def taken_out(database: Database, scope: ClubScope) -> tuple[TakenOut, ...]:
    """Whom this club took out, and who is in no club since; the last one first."""
    with database.reading(scope) as unit:
        last = _notes(unit)
    with database.reading(_ALL) as unit:
        asked = select(User).where(User.id.in_(last), User.id.not_in(select(Membership.user_id)))
        users = unit.scalars(asked).all()
    now = datetime.now(UTC)
    found = [
        TakenOut(
            user.id, user.name, user.email, str(note.details.get("was", {}).get("role", "")), note.at,
            "was" in note.details and now - note.at <= BACK_FOR,
        )
        for user in users
        for note in (last[user.id],)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.at, one.user_id), reverse=True))


def account_rows(database: Database, user_id: uuid.UUID) -> dict[str, int]:
    """Table -> rows that go with an account; those without one are left out."""
    with database.reading(_ALL) as unit:
        return _counts(unit, user_id)


def erase_account(store: ClubStore, scope: ClubScope, user_id: uuid.UUID, *, by: uuid.UUID) -> Receipt:
    """Delete the account of somebody whom this club took out and who is in no club.

    Films that she was sending go, and invitations that she accepted. Of what became a session, what she wrote, shared
    and settled, and in the notes of what was done, she is not named any more, in whichever club it is. The club's texts
    are searched for her afterwards.

    Raises
    ------
    StoreError
        This club took out nobody of this key, or she is in a club.
    """
    receipt, at = uuid.uuid4(), datetime.now(UTC)
    with store.database.writing(_ALL) as unit:
        hold_club(unit, scope.club_id)  # nobody brings her back meanwhile
        user = unit.get(User, user_id, with_for_update=True)
        inside = unit.scalar(select(Membership.id).where(Membership.user_id == user_id).limit(1))
        if user is None or inside is not None or user_id not in _notes(unit, AuditEntry.club_id == scope.club_id):
            raise StoreError("there is no account that was taken out of this club and is in no other one")
        names = {user.name, json.dumps(user.name)[1:-1], user.email}
        rows = _counts(unit, user_id)
        uploads = list(unit.scalars(select(Upload.id).where(_coming(user_id))))
        remove_upgrade_copies(store.database)
        unit.execute(delete(Upload).where(_coming(user_id)))
        unit.execute(delete(Invitation).where(_accepted(user_id)))
        about_her = update(AuditEntry).where(AuditEntry.subject_id == user_id)
        unit.execute(about_her.values(subject_id=None, details={}))
        unit.execute(update(AuditEntry).where(AuditEntry.actor_user_id == user_id).values(actor_user_id=None))
        unit.execute(delete(User).where(User.id == user_id))
        note = AuditEntry(actor_user_id=by, action="erase_account", subject_kind=User.__tablename__, details=rows)
        note.club_id, note.subject_id, note.at = scope.club_id, receipt, at
        unit.add(note)
    log_cleared = store.database.forget_deleted()
    for upload in uploads:
        upload_files_of(store).remove(upload)
    left = rows_that_name(store.database, (*sorted(names), str(user_id), user_id.hex), scope)
    return Receipt(receipt, at, rows, 0, 0, False, left, log_cleared)


def _notes(unit: Session, *of_club: ColumnElement[bool]) -> dict[uuid.UUID, AuditEntry]:
    """User -> the last note that she was taken out."""
    asked = select(AuditEntry).where(AuditEntry.action == TAKEN_OUT, *of_club).order_by(AuditEntry.at)
    return {note.subject_id: note for note in unit.scalars(asked) if note.subject_id is not None}


#: Columns that name an account whose rows go with it, by the database itself. Others lose its key.
WITH_ACCOUNT: Final = tuple(
    table.user_id for table in (Mail, CommentRead, SignIn, OneTimeLink, SecondStep, RecoveryCode)
)


def _counts(unit: Session, user_id: uuid.UUID) -> dict[str, int]:
    going: dict[Any, ColumnElement[bool]] = {column.class_: column == user_id for column in WITH_ACCOUNT}
    going |= {Upload: _coming(user_id), Invitation: _accepted(user_id), User: User.id == user_id}
    return rows_where(unit, going)


def _coming(user_id: uuid.UUID) -> ColumnElement[bool]:
    """Films that are no session yet."""
    return (Upload.user_id == user_id) & (Upload.state != CLAIMED)


def _accepted(user_id: uuid.UUID) -> ColumnElement[bool]:
    """Invitations that say her address and are of no use any more; one that waits is its club's."""
    hers = select(User.email).where(User.id == user_id).scalar_subquery()
    return (Invitation.email == hers) & Invitation.accepted_at.is_not(None)
