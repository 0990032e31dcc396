"""A club's own fault catalogue: what it changes, version by version, and by which version each session was judged."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.database import Database
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Analysis, Athlete, AuditEntry, CatalogueVersion, TrainingSession, User

#: Versions that a page lists [D].
MOST_VERSIONS: Final = 50


@dataclass(frozen=True, slots=True)
class ClubCatalogue:
    """A version of what a club changes about the catalogue."""

    number: int = 0
    """0: nothing was ever changed."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    made_at: datetime | None = None
    made_by: str = ""
    """A name; empty: nobody, or somebody who is gone."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How many sessions stand as the newest version of the catalogue judges them."""

    current: int
    older: int
    """Judged by a version that says something else."""


def current_catalogue(unit: Session) -> ClubCatalogue:
    """The version that holds; without the name of who made it."""
    row = unit.scalar(select(CatalogueVersion).order_by(CatalogueVersion.number.desc()).limit(1))
    return ClubCatalogue() if row is None else _version(row, "")


def catalogue_versions(unit: Session, most: int = MOST_VERSIONS) -> tuple[ClubCatalogue, ...]:
    """The newest first."""
    asked = (
        select(CatalogueVersion, User.name)
        .outerjoin(User, User.id == CatalogueVersion.made_by_user_id)
        .order_by(CatalogueVersion.number.desc())
        .limit(most)
    )
    return tuple(_version(row, name or "") for row, name in unit.execute(asked))


def save_catalogue(
    database: Database, scope: ClubScope, changes: Mapping[str, Any], *, after: int, note: str, by: uuid.UUID
) -> int:
    """Add a version, which holds from now on; gives its number. What it says is checked by who asks.

    ``after``: the version that the changes were made to.

    Raises
    ------
    StoreError
        Somebody else has added one since.
    """
    try:
        with database.writing(scope) as unit:
            number = current_catalogue(unit).number
            if number != after:
                raise _overtaken(number)
            row = CatalogueVersion(number=number + 1, changes=dict(changes), note=note.strip(), made_by_user_id=by)
            unit.add(row)
            details = {"number": number + 1}
            unit.add(
                AuditEntry(
                    actor_user_id=by, action="change_catalogue", subject_kind="catalogue_versions", details=details
                )
            )
    except IntegrityError as error:  # both at once
        raise _overtaken(after + 1) from error
    return after + 1


def restore_catalogue(database: Database, scope: ClubScope, number: int, *, after: int, by: uuid.UUID) -> int:
    """Go back to an earlier version (0: the catalogue as it comes), as a new one; gives its number.

    Raises
    ------
    StoreError
        There is no such version, or somebody else has added one since.
    """
    with database.reading(scope) as unit:
        row = unit.get(CatalogueVersion, (scope.club_id, number)) if number else None
    if number and row is None:
        raise StoreError(f"there is no version {number} of the catalogue")
    words = f"Back to version {number}" if number else "Back to the catalogue as it comes"
    return save_catalogue(database, scope, {} if row is None else row.changes, after=after, note=words, by=by)


def same_numbers(unit: Session, current: ClubCatalogue) -> tuple[int, ...]:
    """Versions that say what ``current`` does: a session that was judged by any of them need not be judged again."""
    rows = unit.execute(select(CatalogueVersion.number, CatalogueVersion.changes))
    same = [number for number, changes in rows if changes == current.changes]
    return (*([0] if not current.changes else []), *same)


def judged(unit: Session, athlete_id: uuid.UUID | None = None) -> Judged:
    """Of all sessions that were analysed, by their newest analysis; ``athlete_id``: only hers."""
    same = set(same_numbers(unit, current_catalogue(unit)))
    newest = _newest(athlete_id).subquery()
    counts = unit.execute(select(newest.c.catalogue_number, func.count()).group_by(newest.c.catalogue_number)).all()
    return Judged(
        sum(count for number, count in counts if number in same),
        sum(count for number, count in counts if number not in same),
    )


def judged_by(unit: Session, session_id: uuid.UUID) -> int | None:
    """The version of the catalogue by which a session stands; None: it is not analysed."""
    asked = select(Analysis.catalogue_number).where(Analysis.session_id == session_id)
    return unit.scalar(asked.order_by(Analysis.version.desc()).limit(1))


def to_be_judged(unit: Session, without: Sequence[uuid.UUID] = ()) -> list[uuid.UUID]:
    """Newest analyses that an older version judged, of the sessions that were rowed last first.

    ``without``: analyses that are left out.
    """
    same = same_numbers(unit, current_catalogue(unit))
    newest = _newest().subquery()
    asked = (
        select(newest.c.id)
        .join(TrainingSession, TrainingSession.id == newest.c.session_id)
        .where(newest.c.catalogue_number.not_in(same))
        .order_by(TrainingSession.rowed_on.desc(), TrainingSession.id)
    )
    left_out = set(without)
    return [key for key in unit.scalars(asked) if key not in left_out]


@dataclass(frozen=True, slots=True)
class Newest:
    """A session's newest analysis, whose it is and what she is judged as."""

    prefix: str
    """Its folder in the file store."""
    athlete_id: uuid.UUID
    athlete: str
    style: str
    level: str


def newest_analyses(unit: Session) -> list[Newest]:
    """Of every session, those that were rowed last first."""
    newest = _newest().subquery()
    columns = (Analysis.file_prefix, Athlete.id, Athlete.name, Athlete.style, Athlete.level)
    asked = (
        select(*columns)
        .join(newest, newest.c.id == Analysis.id)
        .join(TrainingSession, TrainingSession.id == Analysis.session_id)
        .join(Athlete, Athlete.id == TrainingSession.athlete_id)
        .order_by(TrainingSession.rowed_on.desc(), TrainingSession.id)
    )
    return [Newest(*row) for row in unit.execute(asked)]


def _newest(athlete_id: uuid.UUID | None = None) -> Select[Any]:
    place = func.row_number().over(partition_by=Analysis.session_id, order_by=Analysis.version.desc())
    columns = (Analysis.id, Analysis.session_id, Analysis.catalogue_number)
    asked = select(*columns, place.label("place"))
    if athlete_id is not None:
        hers = select(TrainingSession.id).where(TrainingSession.athlete_id == athlete_id)
        asked = asked.where(Analysis.session_id.in_(hers))
    placed = asked.subquery()
    return select(placed).where(placed.c.place == 1)


def _version(row: CatalogueVersion, name: str) -> ClubCatalogue:
    return ClubCatalogue(row.number, row.changes, row.note, row.created_at, name)


def _overtaken(number: int) -> StoreError:
    return StoreError(f"somebody saved version {number} of the catalogue meanwhile; look at it and change it again")
