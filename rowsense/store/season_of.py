"""What one athlete's page needs beside the summaries: her sessions, her calibrations and the strokes of one session."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from rowsense.store.season import Choice, at_rate
from rowsense.store.tables import Analysis, AnalysisQuantity, StoredCalibration, StrokeRow, TrainingSession


@dataclass(frozen=True, slots=True)
class SessionCard:
    """A session as a small picture with a line of words."""

    session_id: uuid.UUID
    analysis_id: uuid.UUID
    rowed_on: date
    piece_kind: str | None
    distance_m: float | None
    stroke_count: int
    """Usable ones of the newest analysis."""
    rate_spm: float | None
    score: float | None


@dataclass(frozen=True, slots=True)
class OneStroke:
    """A stroke and its value of one quantity."""

    stroke: int
    catch_time_s: float
    value: float


#: Quantities of single strokes that the table of strokes has.
STROKE_QUANTITIES = frozenset(StrokeRow.__table__.columns.keys()) - {
    "analysis_id", "club_id", "stroke", "catch_frame", "catch_time_s",
}  # fmt: skip


def session_cards(unit: Session, athlete_id: uuid.UUID, choice: Choice, most: int) -> tuple[list[SessionCard], int]:
    """Her last sessions that were analysed, newest first, and how many there are in all."""
    newest = (
        select(func.max(Analysis.version))
        .where(Analysis.session_id == TrainingSession.id)
        .correlate(TrainingSession)
        .scalar_subquery()
    )
    columns: tuple[Any, ...] = (
        TrainingSession.id,
        Analysis.id,
        TrainingSession.rowed_on,
        TrainingSession.piece_kind,
        TrainingSession.distance_m,
        Analysis.usable_stroke_count,
        Analysis.rate_spm,
        Analysis.score,
    )
    asked = (
        _within(select(*columns), athlete_id, choice)
        .join(Analysis, Analysis.session_id == TrainingSession.id)
        .where(Analysis.version == newest)
        .order_by(TrainingSession.rowed_on.desc(), TrainingSession.created_at.desc(), TrainingSession.id)
        .limit(most)
    )
    count = unit.scalar(_within(select(func.count(TrainingSession.id)), athlete_id, choice).where(_analysed())) or 0
    return [SessionCard(*row) for row in unit.execute(asked)], count


@dataclass(frozen=True, slots=True)
class Span:
    """All of an athlete's sessions that were analysed, and how many were not yet."""

    count: int
    first: date | None
    last: date | None
    waiting: int


def span_of(unit: Session, athlete_id: uuid.UUID) -> Span:
    """From when to when she has sessions."""
    numbers = select(
        func.count(TrainingSession.id), func.min(TrainingSession.rowed_on), func.max(TrainingSession.rowed_on)
    )
    hers = TrainingSession.athlete_id == athlete_id
    count, first, last = unit.execute(numbers.where(hers, _analysed())).one()
    every = unit.scalar(select(func.count(TrainingSession.id)).where(hers)) or 0
    return Span(count, first, last, every - count)


def analysed_of(unit: Session, session_ids: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Those of some sessions that were analysed, the last rowed first."""
    asked = select(TrainingSession.id).where(TrainingSession.id.in_(session_ids), _analysed())
    return list(unit.scalars(asked.order_by(TrainingSession.rowed_on.desc(), TrainingSession.created_at.desc())))


def calibration_days(unit: Session, athlete_id: uuid.UUID) -> list[datetime]:
    """When she was calibrated, oldest first."""
    of_hers = select(StoredCalibration.made_at).where(StoredCalibration.athlete_id == athlete_id)
    return list(unit.scalars(of_hers.order_by(StoredCalibration.made_at)))


@dataclass(frozen=True, slots=True)
class SetUp:
    """How the machine stood on a day; what nobody noted is None."""

    day: date
    foot_height_hole: int | None
    ergometer_type: str | None


def set_ups(unit: Session, athlete_id: uuid.UUID) -> list[SetUp]:
    """Of all her sessions of which something is noted, by day."""
    columns = TrainingSession.rowed_on, TrainingSession.foot_height_hole, TrainingSession.ergometer_type
    noted = or_(TrainingSession.foot_height_hole.is_not(None), TrainingSession.ergometer_type.is_not(None))
    asked = select(*columns).where(TrainingSession.athlete_id == athlete_id, noted)
    return [SetUp(*row) for row in unit.execute(asked.order_by(TrainingSession.rowed_on, TrainingSession.created_at))]


def kinds_of(unit: Session, athlete_ids: Collection[uuid.UUID]) -> set[str]:
    """Kinds of piece that some athletes rowed."""
    asked = select(TrainingSession.piece_kind).where(TrainingSession.athlete_id.in_(athlete_ids)).distinct()
    return {kind for kind in unit.scalars(asked) if kind is not None}


def strokes_of(unit: Session, analysis_id: uuid.UUID, quantity: str) -> list[OneStroke]:
    """The usable strokes of an analysis in which a quantity was measured; none where single strokes are not kept."""
    if quantity not in STROKE_QUANTITIES:
        return []
    value = getattr(StrokeRow, quantity)
    asked = select(StrokeRow.stroke, StrokeRow.catch_time_s, value).where(StrokeRow.analysis_id == analysis_id)
    return [OneStroke(*row) for row in unit.execute(asked.where(value.is_not(None)).order_by(StrokeRow.stroke))]


def newest_scores(unit: Session, session_id: uuid.UUID) -> list[float]:
    """Scores of the usable strokes of a session's newest analysis, stroke by stroke; unscored ones are left out."""
    newest = select(Analysis.id).where(Analysis.session_id == session_id).order_by(Analysis.version.desc()).limit(1)
    key = unit.scalar(newest)
    return [] if key is None else [stroke.value for stroke in strokes_of(unit, key, "score")]


def measured_in(unit: Session, analysis_ids: Collection[uuid.UUID]) -> set[str]:
    """All quantities of some analyses."""
    return set(unit.scalars(select(AnalysisQuantity.quantity).where(AnalysisQuantity.analysis_id.in_(analysis_ids))))


def _analysed() -> Any:
    return exists().where(Analysis.session_id == TrainingSession.id)


def _within(asked: Select[Any], athlete_id: uuid.UUID, choice: Choice) -> Select[Any]:
    asked = asked.where(TrainingSession.athlete_id == athlete_id)
    if choice.first is not None:
        asked = asked.where(TrainingSession.rowed_on >= choice.first)
    if choice.end is not None:
        asked = asked.where(TrainingSession.rowed_on < choice.end)
    if choice.piece_kinds:
        asked = asked.where(TrainingSession.piece_kind.in_(choice.piece_kinds))
    if choice.rates_spm is not None:
        asked = asked.where(TrainingSession.id.in_(at_rate(AnalysisQuantity.session_id, choice.rates_spm)))
    if choice.without:
        asked = asked.where(TrainingSession.id.not_in(choice.without))
    return asked
