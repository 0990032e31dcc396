"""The calibrations of a club's rowers: kept, listed, deleted. Those of one's own folder are in ``calibrations.py``.

The film of a calibration lies with a session of the same key, which has no analysis and is in no list.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.model import Calibration
from rowsense.store.access import Action, Viewer, may
from rowsense.store.calibrations import SCHEMA, calibration_of
from rowsense.store.claims import ClubStore
from rowsense.store.codec import to_json
from rowsense.store.delete import delete_session
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Analysis, Athlete, AuditEntry, StoredCalibration, TrainingSession
from rowsense.store.viewers import things_of


@dataclass(frozen=True, slots=True)
class KnownCalibration:
    """One of a rower's."""

    key: uuid.UUID
    made_at: datetime
    calibration: Calibration | None
    """None: damaged."""
    film_kept: bool
    """Whether the film it was made of is still here."""


def keep_calibration(
    store: ClubStore, scope: ClubScope, key: uuid.UUID, athlete_id: uuid.UUID, filmed_on: date, found: Calibration
) -> None:
    """Keep what was measured; once, however often it is tried. It counts as made on the day of its film.

    Raises
    ------
    StoreError
        The rower is not in the club any more.
    """
    with store.database.writing(scope) as unit:
        if unit.get(StoredCalibration, key) is not None:
            return
        if unit.get(Athlete, athlete_id) is None:
            raise StoreError("the athlete is not in the club any more")
        document = {"schema": SCHEMA, **to_json(found)}
        row = StoredCalibration(id=key, athlete_id=athlete_id, estimator=found.estimator, document=document)
        # Of two on a day the later made one is the newer.
        now = datetime.now(UTC)
        row.made_at = min(now, datetime.combine(filmed_on, now.timetz()))
        unit.add(row)


def calibrations_of(unit: Session, athlete_id: uuid.UUID) -> list[KnownCalibration]:
    """A rower's, the newest first: that one is used."""
    of_hers = select(StoredCalibration).where(StoredCalibration.athlete_id == athlete_id)
    rows = unit.scalars(of_hers.order_by(StoredCalibration.made_at.desc(), StoredCalibration.id)).all()
    films = set(unit.scalars(select(TrainingSession.id).where(TrainingSession.id.in_([row.id for row in rows]))))
    return [KnownCalibration(row.id, row.made_at, _read(row), row.id in films) for row in rows]


def may_change_calibrations(unit: Session, viewer: Viewer, athlete_id: uuid.UUID) -> bool:
    """Whether ``viewer`` may delete them: whoever may change her sessions."""
    things = things_of(unit, [athlete_id])[1]
    return athlete_id in things and may(viewer, Action.CHANGE, things[athlete_id])


def delete_calibration(store: ClubStore, viewer: Viewer, athlete_id: uuid.UUID, key: uuid.UUID) -> bool:
    """Delete one with its film; whether there was one. What was measured by it stays as it is.

    Raises
    ------
    StoreError
        ``viewer`` may not.
    OutputError
        It is gone, but not all files of its film yet.
    """
    scope = ClubScope(viewer.club_id)
    with store.database.writing(scope) as unit:
        if not may_change_calibrations(unit, viewer, athlete_id):
            raise StoreError("this rower is not one of yours")
        row = unit.get(StoredCalibration, key, with_for_update=True)
        if row is None or row.athlete_id != athlete_id:
            return False
        unit.execute(
            update(Analysis)
            .where(Analysis.calibration_id == key)
            .values(calibration_id=None)
            .execution_options(synchronize_session=False)
        )
        unit.delete(row)
        unit.add(
            AuditEntry(
                actor_user_id=viewer.user_id, action="delete_calibration", subject_kind="athletes",
                subject_id=athlete_id,
            )
        )  # fmt: skip
        film = unit.get(TrainingSession, key) is not None
    store.database.forget_deleted()
    if film:
        delete_session(store, scope, key, by=viewer.user_id)
    return True


def _read(row: StoredCalibration) -> Calibration | None:
    try:
        return calibration_of(row.document)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
