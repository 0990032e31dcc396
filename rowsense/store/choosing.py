"""Which of several clubs somebody looks at: chosen per browser, remembered for the next one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.database import Database
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Club, Membership, SignIn

_CHOOSING: Final = AllClubs("which of her clubs a user looks at")


@dataclass(frozen=True, slots=True)
class OwnClub:
    """A club that somebody is in."""

    club_id: uuid.UUID
    name: str
    role: str


def clubs_of(database: Database, user_id: uuid.UUID) -> tuple[OwnClub, ...]:
    """A user's clubs, by name."""
    asked = select(Club.id, Club.name, Membership.role).join(Membership, Membership.club_id == Club.id)
    with database.reading(_CHOOSING) as unit:
        hers = (Membership.user_id == user_id) & Membership.suspended_at.is_(None)
        found = unit.execute(asked.where(hers).order_by(Club.name, Club.id)).all()
    return tuple(OwnClub(*row) for row in found)


def club_at_first(unit: Session, user_id: uuid.UUID) -> uuid.UUID | None:
    """What a new browser shows: the club chosen last, or the only one. None: she has to choose. Sees all clubs."""
    of_hers = select(Membership.club_id, Membership.chosen_at).where(Membership.user_id == user_id)
    found = unit.execute(of_hers.where(Membership.suspended_at.is_(None))).all()
    if len(found) == 1:
        return found[0].club_id
    chosen = [(row.chosen_at, row.club_id) for row in found if row.chosen_at is not None]
    return max(chosen)[1] if chosen else None


def choose_club(database: Database, user_id: uuid.UUID, sign_in_id: uuid.UUID, club_id: uuid.UUID) -> None:
    """Show this club in one browser, and in those that she signs in with later.

    Raises
    ------
    StoreError
        She is not in it.
    """
    hers = (Membership.user_id == user_id) & (Membership.club_id == club_id) & Membership.suspended_at.is_(None)
    with database.writing(_CHOOSING) as unit:
        taken = update(Membership).where(hers).values(chosen_at=datetime.now(UTC)).returning(Membership.id)
        if unit.scalar(taken) is None:
            raise StoreError("you are not in this club any more")
        unit.execute(update(SignIn).where(SignIn.id == sign_in_id, SignIn.user_id == user_id).values(club_id=club_id))
