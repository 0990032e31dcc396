"""Every stroke of a recording laid over each other: one axis from catch to next catch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.model import Session

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
POINT_COUNT = 101
#: More single lines than this are only fog: the rest is left to mean and spread.
MAX_LINES = 40


@dataclass(frozen=True, slots=True)
class StrokeTimes:
    """When each of S strokes starts, turns and ends, seconds, and whether it counts."""

    catch_s: FloatArray
    finish_s: FloatArray
    end_s: FloatArray
    usable: BoolArray

    @classmethod
    def of(cls, session: Session, only: Sequence[int] | None = None) -> StrokeTimes:
        """The times of a session's strokes, or of those with the numbers ``only``."""
        every = session.strokes.strokes
        strokes = every if only is None else [every[i] for i in only]
        return cls(
            np.array([s.catch_time_s for s in strokes], dtype=float),
            np.array([s.finish_time_s for s in strokes], dtype=float),
            np.array([s.end_time_s for s in strokes], dtype=float),
            np.array([s.usable for s in strokes], dtype=bool),
        )

    @property
    def finish_percent(self) -> float:
        """Where the finish lies in the mean usable stroke, per cent of the stroke; NaN without strokes."""
        if not self.usable.any():
            return float("nan")
        share = (self.finish_s - self.catch_s) / (self.end_s - self.catch_s)
        return float(100 * share[self.usable].mean())


@dataclass(frozen=True, slots=True)
class StrokeCurves:
    """One quantity over the stroke. Drive and recovery are stretched apart, so that every finish coincides."""

    quantity: str
    percent: FloatArray
    """(P,) 0 = catch, 100 = next catch."""
    values: FloatArray
    """(S, P); NaN = not measured."""
    usable: BoolArray
    """(S,)"""
    mean: FloatArray
    """(P,) over the usable strokes; NaN where none was measured."""
    sd: FloatArray
    """(P,) standard deviation between usable strokes; NaN for fewer than two."""
    finish_percent: float


def session_curves(session: Session, quantity: str) -> StrokeCurves:
    """The curves of one quantity of ``conventions.ANGLE_NAMES``."""
    return stroke_curves(quantity, session.angles.time_s, session.angles[quantity], StrokeTimes.of(session))


def stroke_curves(
    quantity: str, time_s: FloatArray, values: FloatArray, times: StrokeTimes, finish_percent: float | None = None
) -> StrokeCurves:
    """Sample ``values`` (T,) at equal shares of drive and recovery of every stroke.

    ``finish_percent``: where the finish is drawn; None: where it lies in the mean usable stroke.
    """
    percent = np.linspace(0, 100, POINT_COUNT)
    own = times.finish_percent if times.usable.any() else 50.0
    finish = own if finish_percent is None else finish_percent
    moments_s = _moments_s(times, percent, finish)
    # All strokes at once: an hour has two thousand.
    table = np.interp(moments_s.ravel(), time_s, values, left=np.nan, right=np.nan).reshape(moments_s.shape)
    mean, sd = mean_and_sd(table[times.usable])
    return StrokeCurves(quantity, percent, table, times.usable, mean, sd, finish)


def _moments_s(times: StrokeTimes, percent: FloatArray, finish: float) -> FloatArray:
    """(S, P) when each stroke is at each per cent."""
    catch_s, finish_s, end_s = (side[:, np.newaxis] for side in (times.catch_s, times.finish_s, times.end_s))
    drive_s = (finish_s - catch_s) / finish * percent + catch_s
    recovery_s = (end_s - finish_s) / (100.0 - finish) * (percent - finish) + finish_s
    moments_s = np.where(percent < finish, drive_s, recovery_s)
    moments_s[:, -1:] = end_s
    return moments_s


def some_of(count: int) -> NDArray[np.int64]:
    """Which of ``count`` lines are drawn: evenly spread, :data:`MAX_LINES` at most."""
    if not count:
        return np.empty(0, dtype=np.int64)
    return np.unique(np.linspace(0, count - 1, min(count, MAX_LINES)).round().astype(np.int64))


def room(values: FloatArray, least: float = 0.5) -> tuple[float, float] | None:
    """A range that leaves air above and below the lines, ``least`` or more; None where nothing is known."""
    known = values[np.isfinite(values)]
    if not known.size:
        return None
    air = max(0.08 * float(np.ptp(known)), least)
    return float(known.min()) - air, float(known.max()) + air


def mean_and_sd(table: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Column means and sample standard deviations of (S, P), NaN ignored; NaN where too few are left."""
    known = np.isfinite(table)
    count = known.sum(axis=0)
    filled = np.where(known, table, 0.0)
    mean = np.where(count > 0, filled.sum(axis=0) / np.maximum(count, 1), np.nan)
    away = np.where(known, table - mean, 0.0)
    sd = np.where(count > 1, np.sqrt((away**2).sum(axis=0) / np.maximum(count - 1, 1)), np.nan)
    return mean, sd
