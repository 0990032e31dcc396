"""The single strokes of one athlete's sessions, for what no summary answers: how long each was, and a value of each."""

from __future__ import annotations

import math
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from rowsense.store.season import Choice, many_points
from rowsense.store.tables import StrokeRow

#: Keys in one question: databases take so many and not many more.
_AT_ONCE = 500
_MISSING = "nan"


@dataclass(frozen=True, slots=True)
class SessionStrokes:
    """The usable strokes of a session's newest analysis, S of them."""

    rowed_on: date
    values: NDArray[np.float64]
    """(S,) of one quantity; NaN = not measured."""
    stroke_s: NDArray[np.float64]
    """(S,) catch to catch."""


def strokes_of_sessions(
    unit: Session, choice: Choice, quantities: Collection[str]
) -> dict[str, tuple[SessionStrokes, ...]]:
    """Of the sessions that fit a choice, by day, each quantity with those in which it was measured.

    Ask for an athlete: a stroke is a row.
    """
    points = many_points(unit, choice, quantities)
    keys = sorted({point.analysis_id for found in points.values() for point in found})
    names = list(points)
    tables: dict[uuid.UUID, NDArray[np.float64]] = {}
    for start in range(0, len(keys), _AT_ONCE):
        tables.update(_tables(unit, keys[start : start + _AT_ONCE], names))
    return {
        name: tuple(
            SessionStrokes(point.rowed_on, table[:, 1 + number], table[:, 0])
            for point in found
            if (table := tables.get(point.analysis_id)) is not None
        )
        for number, (name, found) in enumerate(points.items())
    }


def _tables(unit: Session, keys: Sequence[uuid.UUID], names: Sequence[str]) -> dict[uuid.UUID, NDArray[np.float64]]:
    """Of each analysis (S, 1 + quantities): seconds a stroke takes, and the quantities."""
    # One row for an analysis: a season of one athlete has fifty thousand strokes, and as many rows take four times as
    # long. All columns of a group are gathered as its rows come, so what stands in one place is of one stroke. Numbers
    # come in fifteen digits.
    columns = StrokeRow.rate_spm, *(getattr(StrokeRow, name) for name in names)
    gathered = (func.aggregate_strings(func.coalesce(cast(column, String), _MISSING), " ") for column in columns)
    asked = select(StrokeRow.analysis_id, *gathered).where(StrokeRow.analysis_id.in_(keys))
    tables: dict[uuid.UUID, NDArray[np.float64]] = {}
    for key, *texts in unit.execute(asked.group_by(StrokeRow.analysis_id)):
        rates_spm, *values = (np.fromstring(text, sep=" ") for text in texts)
        stroke_s = np.divide(60.0, rates_spm, out=np.full(len(rates_spm), math.nan), where=rates_spm > 0)
        tables[key] = np.stack([stroke_s, *values], axis=1)
    return tables
