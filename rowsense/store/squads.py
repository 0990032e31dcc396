"""A club's squads: made, renamed, taken away; and which rowers are in which."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.database import Database
from rowsense.store.holding import hold_club
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Athlete, AuditEntry, InvitationSquad, Squad, SquadAthlete, SquadCoach

_MOST_LETTERS: Final = 200


def put_into_squads(
    database: Database, scope: ClubScope, athlete_id: uuid.UUID, squads: Collection[uuid.UUID], by: uuid.UUID
) -> tuple[uuid.UUID, ...]:
    """Have a rower in these squads and in no other; gives those she was in. Her coaches see her from then on.

    Raises
    ------
    StoreError
        She or one of them is not there any more.
    """
    with database.writing(scope) as unit:
        # Held, so that two who do it at once leave what one of them wanted.
        held = select(Athlete.id).where(Athlete.id == athlete_id).with_for_update()
        if unit.scalar(held) is None:
            raise StoreError("this rower is not there any more; load the page again")
        known = set(unit.scalars(select(Squad.id).where(Squad.id.in_(squads))))
        if known != set(squads):
            raise StoreError("one of these squads is not there any more; load the page again")
        hers = select(SquadAthlete.squad_id).where(SquadAthlete.athlete_id == athlete_id)
        before = tuple(sorted(unit.scalars(hers)))
        if known == set(before):
            return before
        gone = (SquadAthlete.athlete_id == athlete_id) & SquadAthlete.squad_id.not_in(known)
        unit.execute(delete(SquadAthlete).where(gone))
        unit.add_all(SquadAthlete(squad_id=key, athlete_id=athlete_id) for key in sorted(known - set(before)))
        changed = {"squads": [[str(key) for key in keys] for keys in (before, sorted(known))]}
        unit.add(_note("move_athlete", Athlete.__tablename__, athlete_id, by, changed))
        return before


def add_squad(database: Database, scope: ClubScope, name: str, by: uuid.UUID) -> uuid.UUID:
    """Make a squad that nobody is in yet.

    Raises
    ------
    StoreError
        The name is empty, too long, or another squad's.
    """
    with database.writing(scope) as unit:
        row = Squad(id=uuid.uuid4(), name=_name(unit, scope.club_id, name))
        unit.add(row)
        unit.add(_note("add_squad", Squad.__tablename__, row.id, by))
        return row.id


def rename_squad(database: Database, scope: ClubScope, squad_id: uuid.UUID, name: str, by: uuid.UUID) -> str:
    """Give a squad another name; gives the one it had.

    Raises
    ------
    StoreError
        There is no such squad, or the name is empty, too long, or another squad's.
    """
    with database.writing(scope) as unit:
        row = _squad(unit, squad_id)
        before = row.name
        if " ".join(name.split()) != before:
            row.name = _name(unit, scope.club_id, name)
            unit.add(_note("rename_squad", Squad.__tablename__, squad_id, by))
        return before


def remove_squad(database: Database, scope: ClubScope, squad_id: uuid.UUID, by: uuid.UUID) -> None:
    """Take a squad away that nobody is in.

    Raises
    ------
    StoreError
        There is no such squad, or somebody is in it, coaches it, or is invited to coach it.
    """
    with database.writing(scope) as unit:
        row = _squad(unit, squad_id)
        for table in (SquadAthlete, SquadCoach, InvitationSquad):
            if unit.scalars(select(table.squad_id).where(table.squad_id == squad_id).limit(1)).first() is not None:
                raise StoreError(f"{row.name} has rowers, coaches or invitations; move them to another squad first")
        unit.delete(row)
        unit.add(_note("remove_squad", Squad.__tablename__, squad_id, by))


def _squad(unit: Session, squad_id: uuid.UUID) -> Squad:
    row = unit.get(Squad, squad_id)
    if row is None:
        raise StoreError("one of these squads is not there any more; load the page again")
    return row


def _name(unit: Session, club_id: uuid.UUID, name: str) -> str:
    name = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    if not name or len(name) > _MOST_LETTERS:
        raise StoreError(f"a squad's name has 1 to {_MOST_LETTERS} letters")
    hold_club(unit, club_id)
    if unit.scalar(select(Squad.id).where(Squad.name == name)) is not None:
        raise StoreError(f"there is a squad {name} already")
    return name


def _note(action: str, kind: str, key: uuid.UUID, by: uuid.UUID, details: dict[str, Any] | None = None) -> AuditEntry:
    return AuditEntry(actor_user_id=by, action=action, subject_kind=kind, subject_id=key, details=details or {})
