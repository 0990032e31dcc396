"""The rower against herself over sessions: her usual levels, and how many strokes lay at the top of her usual range.

Values have the unit that stands beside them. NaN = not known. Dates are ISO (``2026-11-26``), weeks ISO
(``2026-W48``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rowsense.model._checks import Problems

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class UsualLevel:
    """One quantity of this session against the rower's earlier ones: means over the strokes that counted."""

    quantity: str
    unit: str
    value: float
    """Of this session."""
    usual: float
    """Mean of the earlier sessions' means."""
    spread: float
    """Standard deviation of these means from session to session."""
    low: float
    high: float
    """Where 95 % of new sessions lie by these, if nothing has changed: wide where there are few."""
    session_count: int
    """Earlier sessions that have the quantity."""
    detectable_change: float
    """Smallest difference from the usual that the measurement can tell; NaN = not known."""
    clear: bool
    """Outside the usual, beyond ``detectable_change``, and beyond chance with all that was looked at."""

    def __post_init__(self) -> None:
        problems = Problems(f"UsualLevel {self.quantity}")
        problems.require(self.low <= self.usual <= self.high, "the interval must hold the usual value")
        beyond = abs(self.value - self.usual) > self.detectable_change and not self.low <= self.value <= self.high
        problems.require(beyond or not self.clear, "what is clear lies outside and beyond the detectable change")
        problems.raise_if_any()


@dataclass(frozen=True, slots=True)
class RangeCount:
    """Strokes and minutes at the top of the rower's own usual range of one quantity, and above it."""

    quantity: str
    unit: str
    usual_low: float
    usual_high: float
    stroke_count: int = 0
    """Usable strokes in which it was measured."""
    minutes: float = 0.0
    top_count: int = 0
    """In the top tenth of the usual range."""
    top_minutes: float = 0.0
    above_count: int = 0
    """Above the usual range."""
    above_minutes: float = 0.0

    def __post_init__(self) -> None:
        problems = Problems(f"RangeCount {self.quantity}")
        problems.require(self.usual_low <= self.usual_high, "the usual range runs backwards, or is not known")
        problems.require(self.top_count + self.above_count <= self.stroke_count, "more strokes at the top than strokes")
        problems.raise_if_any()

    @property
    def top_from(self) -> float:
        """Where the top tenth begins."""
        return self.usual_high - 0.1 * (self.usual_high - self.usual_low)


@dataclass(frozen=True, slots=True)
class WeekCount:
    """The sessions of one week, this one among them."""

    week: str
    session_count: int
    ranges: tuple[RangeCount, ...]


@dataclass(frozen=True, slots=True)
class OwnHistory:
    """What earlier sessions of the same rower say about this one."""

    dates: tuple[str, ...]
    """Of the earlier sessions that were used, oldest first."""
    left_out: tuple[str, ...] = ()
    """Sentences: which were given and not used, and why."""
    levels: tuple[UsualLevel, ...] = ()
    ranges: tuple[RangeCount, ...] = ()
    """This session's."""
    weeks: tuple[WeekCount, ...] = ()
    """Oldest first; empty where a date is not known."""
    reason: str = ""
    """Why there are no levels and ranges; empty where there are."""

    @property
    def clear(self) -> tuple[UsualLevel, ...]:
        """What clearly differs from the usual, the most unusual first."""
        found = [level for level in self.levels if level.clear]
        return tuple(sorted(found, key=_unusual, reverse=True))


def _unusual(level: UsualLevel) -> float:
    half = 0.5 * (level.high - level.low)
    return abs(level.value - level.usual) / half if half > 0.0 else math.inf


@dataclass(frozen=True, slots=True)
class PastSession:
    """An earlier session as far as it is held against: the strokes that counted, S of them."""

    name: str
    """What it is called in a sentence."""
    athlete: str
    filmed_on: date | None
    """None: not known."""
    video_sha256: str
    estimator: str
    """What measured the spine; empty: not known."""
    near_side: str
    calibrated: bool
    """Whether its zero of pelvis and spine is the rower's own."""
    stroke_s: FloatArray
    """(S,) catch to catch."""
    metrics: dict[str, FloatArray]
    """(S,) each; NaN = not measured."""

    def __post_init__(self) -> None:
        problems = Problems(f"PastSession {self.name}")
        problems.require(
            all(len(values) == len(self.stroke_s) for values in self.metrics.values()), "one value for each stroke"
        )
        problems.raise_if_any()
