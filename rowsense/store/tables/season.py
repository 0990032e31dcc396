"""Summaries for the questions about a season: a row per analysis and quantity, kept up to date."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Index, LargeBinary, PrimaryKeyConstraint, String, event, inspect, update
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from rowsense.store.tables.base import Base, ClubOwned, Word, same_club, within
from rowsense.store.tables.sessions import TrainingSession

#: Longest name of a quantity; that of a metric over a phase has under 60 letters.
QuantityName = String(100)


class AnalysisQuantity(Base, ClubOwned):
    """One quantity in the usable strokes of one analysis (``rowsense/store/quantities.py``).

    The key is in the order of the questions: a quantity, of whom, when. What it repeats of the session follows that
    (:func:`_follow`; not where an UPDATE passes by the ORM's objects), ``shown`` the versions (``store/shown.py``).
    """

    __tablename__ = "analysis_quantities"
    __table_args__ = (
        PrimaryKeyConstraint("club_id", "quantity", "athlete_id", "rowed_on", "analysis_id"),
        same_club("analysis_id", "analyses"),
        Index(None, "analysis_id"),
        within("stroke_count", 1),
        {"sqlite_with_rowid": False},
    )

    quantity: Mapped[str] = mapped_column(QuantityName)
    athlete_id: Mapped[uuid.UUID]
    rowed_on: Mapped[date]
    analysis_id: Mapped[uuid.UUID]
    session_id: Mapped[uuid.UUID]
    week: Mapped[date]
    """Its Monday."""
    piece_kind: Mapped[str | None] = mapped_column(Word)
    shown: Mapped[bool]
    """Whether the analysis is the session's newest."""
    stroke_count: Mapped[int]
    """In which it was measured."""
    mean: Mapped[float]
    sd: Mapped[float | None]
    first_bin: Mapped[int]
    bins: Mapped[bytes] = mapped_column(LargeBinary)


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def of_session(session: TrainingSession) -> dict[str, Any]:
    """What a summary repeats of its session."""
    return {
        "athlete_id": session.athlete_id,
        "rowed_on": session.rowed_on,
        "week": week_of(session.rowed_on),
        "piece_kind": session.piece_kind,
    }


@event.listens_for(TrainingSession, "after_update")
def _follow(mapper: Mapper[TrainingSession], connection: Connection, session: TrainingSession) -> None:
    state = inspect(session)
    if any(state.attrs[name].history.has_changes() for name in ("athlete_id", "rowed_on", "piece_kind")):
        table = AnalysisQuantity.__table__
        connection.execute(update(AnalysisQuantity).where(table.c.session_id == session.id).values(of_session(session)))
