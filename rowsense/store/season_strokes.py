"""The single strokes of one athlete's sessions, for what no summary answers: how long each was, and a value of each."""

from __future__ import annotations

import math
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from rowsense.store.season import Choice, many_points
from rowsense.store.tables import StrokeRow

#: Keys in one question: databases take so many and not many more.
_AT_ONCE = 500


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
    rows: dict[uuid.UUID, list[tuple[float, ...]]] = {}
    for start in range(0, len(keys), _AT_ONCE):
        columns = StrokeRow.analysis_id, StrokeRow.rate_spm, *(getattr(StrokeRow, name) for name in names)
        some = StrokeRow.analysis_id.in_(keys[start : start + _AT_ONCE])
        for key, rate_spm, *values in unit.execute(select(*columns).where(some)):
            known = (math.nan if value is None else value for value in values)
            rows.setdefault(key, []).append((60.0 / rate_spm if rate_spm else math.nan, *known))
    tables = {key: np.array(found, dtype=np.float64) for key, found in rows.items()}
    return {
        name: tuple(
            SessionStrokes(point.rowed_on, table[:, 1 + number], table[:, 0])
            for point in found
            if (table := tables.get(point.analysis_id)) is not None
        )
        for number, (name, found) in enumerate(points.items())
    }
