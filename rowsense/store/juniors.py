"""Juniors: who is one or may be one, and whether a guardian agrees to filming."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.database import Database
from rowsense.store.link_ends import end_links
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Athlete, AuditEntry, Consent

#: Of age at 18 in most countries [R: UN Convention on the Rights of the Child, article 1].
OF_AGE_YEARS: Final = 18
#: Nobody who rows is older; the table's own limit.
FIRST_BIRTH_YEAR: Final = 1900


def is_junior(birth_year: int | None, today: date) -> bool:
    """Whether somebody may still be under age: only the year of birth is known, so until the year after the birthday.

    Who has no year of birth may be a child, and is taken for one until somebody gives the year.
    """
    return birth_year is None or today.year - birth_year <= OF_AGE_YEARS


def latest_day() -> date:
    """The last day on which a consent can have been signed: where the club is, it may be tomorrow already."""
    return datetime.now(UTC).date() + timedelta(days=1)


def give_birth_year(
    database: Database, scope: ClubScope, athlete_id: uuid.UUID, birth_year: int, by: uuid.UUID
) -> None:
    """Set an athlete's year of birth; noted without the year.

    Raises
    ------
    StoreError
        It is no year in which somebody who rows was born, or no such athlete.
    """
    this_year = datetime.now(UTC).year
    if not FIRST_BIRTH_YEAR <= birth_year <= this_year:
        raise StoreError(f"{birth_year} is no year of birth; write one from {FIRST_BIRTH_YEAR} to {this_year}")
    with database.writing(scope) as unit:
        _known(unit, athlete_id)
        unit.execute(update(Athlete).where(Athlete.id == athlete_id).values(birth_year=birth_year))
        unit.add(_note("birth_year", athlete_id, by))


def give_consent(
    database: Database, scope: ClubScope, athlete_id: uuid.UUID, guardian: str, given_on: date, by: uuid.UUID
) -> None:
    """Record that a guardian agrees; an earlier consent that still held is replaced.

    Raises
    ------
    StoreError
        No name, a day in the future, or no such athlete.
    """
    if not guardian.strip():
        raise StoreError("write the guardian's name")
    if given_on > latest_day():
        raise StoreError("the consent's day is in the future; give the day on which it was signed")
    with database.writing(scope) as unit:
        _known(unit, athlete_id)
        _withdraw(unit, athlete_id)
        unit.add(
            Consent(
                athlete_id=athlete_id, guardian_name=guardian.strip()[:200], given_on=given_on, recorded_by_user_id=by
            )
        )
        unit.add(_note("consent", athlete_id, by))


def withdraw_consent(database: Database, scope: ClubScope, athlete_id: uuid.UUID, by: uuid.UUID) -> None:
    """Record that it holds no longer; from now on nobody sees the junior's sessions, and links to them are over.

    Raises
    ------
    StoreError
        There is none that holds, or no such athlete.
    """
    with database.writing(scope) as unit:
        _known(unit, athlete_id)
        if not _withdraw(unit, athlete_id):
            raise StoreError("there is no consent that could be withdrawn")
        end_links(unit, athlete_id)
        unit.add(_note("withdraw_consent", athlete_id, by))


def consents_of(unit: Session, athlete_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Consent]:
    """The consent that holds, of those who have one."""
    holding = select(Consent).where(Consent.athlete_id.in_(athlete_ids), Consent.withdrawn_at.is_(None))
    return {consent.athlete_id: consent for consent in unit.scalars(holding.order_by(Consent.created_at))}


def _withdraw(unit: Session, athlete_id: uuid.UUID) -> bool:
    holding = (Consent.athlete_id == athlete_id) & Consent.withdrawn_at.is_(None)
    count = unit.scalar(select(func.count()).select_from(Consent).where(holding)) or 0
    unit.execute(update(Consent).where(holding).values(withdrawn_at=datetime.now(UTC)))
    return count > 0


def _known(unit: Session, athlete_id: uuid.UUID) -> None:
    if unit.get(Athlete, athlete_id) is None:
        raise StoreError("there is no such athlete in this club")


def _note(action: str, athlete_id: uuid.UUID, by: uuid.UUID) -> AuditEntry:
    return AuditEntry(actor_user_id=by, action=action, subject_kind="athletes", subject_id=athlete_id)
