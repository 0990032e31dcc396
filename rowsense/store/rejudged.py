"""Judging a recorded analysis anew: what is asked of it, and what becomes of its rows."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import delete, select, update

from rowsense.store.database import Database
from rowsense.store.quantities import FAULT, QuantitySummary
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Analysis, AnalysisQuantity, Athlete, ShareLink, TrainingSession, Video
from rowsense.store.tables.season import of_session
from rowsense.store.window_file import NAME as WINDOWS

#: Files that no judgement changes; they are not copied where the disk can have one file in two places.
MEASURED_FILES: Final = frozenset(
    {"frames.parquet", "track.parquet", "frames.csv", "track.csv", WINDOWS, "overlay.mp4", "film.mp4"}
)


@dataclass(frozen=True, slots=True)
class Stored:
    """An analysis with what it takes to judge it."""

    analysis_id: uuid.UUID
    session_id: uuid.UUID
    measured_version: int
    """The version that has the measurement: itself, or the one that it judges."""
    calibration_id: uuid.UUID | None
    prefix: str
    """Its folder in the file store."""
    athlete: Athlete
    video_key: str | None
    """Where the film is in the file store; None: it is not kept."""


def stored_analysis(database: Database, scope: ClubScope, analysis_id: uuid.UUID) -> Stored | None:
    """None: it is gone."""
    with database.reading(scope) as unit:
        row = unit.get(Analysis, analysis_id)
        if row is None:
            return None
        athlete_id = unit.get_one(TrainingSession, row.session_id).athlete_id
        return Stored(
            analysis_id=row.id,
            session_id=row.session_id,
            measured_version=row.judges_version or row.version,
            calibration_id=row.calibration_id,
            prefix=row.file_prefix,
            athlete=unit.get_one(Athlete, athlete_id),
            video_key=unit.scalar(select(Video.file_key).where(Video.session_id == row.session_id)),
        )


def note_judged(
    database: Database, scope: ClubScope, asked: Stored, number: int, quantities: Collection[QuantitySummary]
) -> None:
    """That version ``number`` of the catalogue judges an analysis as it is judged; one that is gone is left alone.

    ``quantities``: its summaries; those of faults are kept anew, since others may have been looked for.
    """
    with database.writing(scope) as unit:
        changed = update(Analysis).where(Analysis.id == asked.analysis_id).values(catalogue_number=number)
        if unit.scalar(changed.returning(Analysis.id)) is None:
            return
        table = AnalysisQuantity
        of_it = table.analysis_id == asked.analysis_id
        shown = bool(unit.scalar(select(table.shown).where(of_it).limit(1)))
        unit.execute(delete(table).where(of_it, table.quantity.startswith(FAULT, autoescape=True)))
        session = unit.get_one(TrainingSession, asked.session_id)
        kept = {**of_session(session), "session_id": session.id, "analysis_id": asked.analysis_id, "shown": shown}
        unit.add_all(table(**asdict(one), **kept) for one in quantities if one.quantity.startswith(FAULT))


def superseded(database: Database, scope: ClubScope, row: Analysis) -> list[uuid.UUID]:
    """Earlier judgements of the measurement that ``row`` judges; the measurement's own version is none of them.

    What a link shows stays as it was sent.
    """
    with database.reading(scope) as unit:
        asked = select(Analysis.id).where(
            Analysis.session_id == row.session_id,
            Analysis.version < row.version,
            Analysis.judges_version == row.judges_version,
            Analysis.id.not_in(select(ShareLink.analysis_id)),
        )
        return list(unit.scalars(asked))
