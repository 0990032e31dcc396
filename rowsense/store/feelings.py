"""What the rower says she felt, asked once, before she sees what was measured."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from rowsense.errors import StoreError
from rowsense.model import Felt
from rowsense.store.access import Viewer
from rowsense.store.database import Database
from rowsense.store.scope import ClubScope
from rowsense.store.tables import ATHLETE, FELT_ANSWERS, FELT_SKIPPED, FeltAnswer, TrainingSession
from rowsense.store.viewers import likely

#: Who is asked later no longer knows [D].
ASKED_FOR: Final = timedelta(days=14)


def say_felt(database: Database, viewer: Viewer, session_id: uuid.UUID, said: str) -> None:
    """Keep her answer. The first one counts: a later one would know what was measured.

    Raises
    ------
    StoreError
        It is none of the answers.
    """
    if said not in FELT_ANSWERS:
        raise StoreError(f"{said!r} is no answer; take one of the buttons")
    try:
        with database.writing(ClubScope(viewer.club_id)) as unit:
            if unit.get(FeltAnswer, session_id) is None:
                unit.add(FeltAnswer(session_id=session_id, answer=said))
    except IntegrityError:
        # From two of her pages at once.
        return


def felt_of(database: Database, viewer: Viewer, session_id: uuid.UUID) -> Felt | None:
    """What was said, as reports want it; None: nothing."""
    with database.reading(ClubScope(viewer.club_id)) as unit:
        row = unit.get(FeltAnswer, session_id)
    return None if row is None or row.answer == FELT_SKIPPED else Felt(row.answer)


def to_be_asked(database: Database, viewer: Viewer) -> frozenset[uuid.UUID]:
    """The sessions of a rower in which she is asked what she felt before she sees anything; of others none."""
    if viewer.role != ATHLETE:
        return frozenset()
    since = datetime.now(UTC).date() - ASKED_FOR
    with database.reading(ClubScope(viewer.club_id)) as unit:
        said = select(FeltAnswer.session_id)
        asked = likely(viewer).where(TrainingSession.rowed_on >= since, TrainingSession.id.not_in(said))
        return frozenset(unit.scalars(asked.with_only_columns(TrainingSession.id)))
