"""The piece as a whole: what drifts in it, what changes with the rate, how alike its strokes are, and its best ones.

A quantity is a stroke metric of the assessment, or a time or rate of the stroke (``drive_s``, ``seat_catch_lag_s``,
``rate_spm``). Values have the unit that stands beside them. NaN = not known. Minutes count from the catch of the first
usable stroke and go by the clock, rests included. ``low`` and ``high`` are the ends of a 95 % interval.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from rowsense.model._checks import Problems

#: ``like``: all strokes have about the same rate, so they are compared as they are. ``partialled``: what goes with the
#: rate is taken out first.
RATE_HANDLINGS: Final = ("like", "partialled")


@dataclass(frozen=True, slots=True)
class Drift:
    """How one quantity changes over the piece at equal stroke rate: a robust straight line."""

    quantity: str
    unit: str
    stroke_count: int
    """Usable strokes in which it was measured."""
    slope_per_min: float = math.nan
    slope_low_per_min: float = math.nan
    slope_high_per_min: float = math.nan
    change: float = math.nan
    """Of the line from the piece's beginning to its end; - = falls."""
    change_low: float = math.nan
    change_high: float = math.nan
    detectable_change: float = math.nan
    """Smallest difference between first and last minute that the measurement can tell."""
    per_spm: float = math.nan
    """What goes with one stroke a minute more, at equal time; NaN where the rate is ``like``."""
    rate_handling: str = "like"
    """One of :data:`RATE_HANDLINGS`."""
    clear: bool = False
    """Beyond chance, with all quantities of the piece looked at, and beyond ``detectable_change``."""
    from_min: float = math.nan
    """First minute from which every minute's mean differs from the beginning's; NaN where no minute stands out."""
    reason: str = ""
    """Why it was not judged; empty where it was."""

    def __post_init__(self) -> None:
        problems = Problems(f"Drift {self.quantity}")
        problems.require(self.rate_handling in RATE_HANDLINGS, f"unknown rate_handling {self.rate_handling!r}")
        problems.require(math.isnan(self.slope_per_min) == bool(self.reason), "a slope, or a reason why there is none")
        _require_interval(
            problems, "slope_per_min", self.slope_low_per_min, self.slope_per_min, self.slope_high_per_min
        )
        _require_interval(problems, "change", self.change_low, self.change, self.change_high)
        problems.require(not (self.clear and self.reason), "what was not judged cannot be clear")
        problems.require(self.clear or math.isnan(self.from_min), "only a clear drift has a minute")
        problems.raise_if_any()


@dataclass(frozen=True, slots=True)
class Difference:
    """One quantity in some strokes of the piece against others of it, means."""

    quantity: str
    unit: str
    difference: float
    low: float
    high: float
    detectable_change: float
    """Smallest difference between so many strokes that the measurement can tell; NaN = not known."""
    clear: bool
    """Beyond chance and beyond ``detectable_change``."""

    def __post_init__(self) -> None:
        problems = Problems(f"Difference {self.quantity}")
        problems.require(math.isfinite(self.difference), "difference must be a number")
        _require_interval(problems, "difference", self.low, self.difference, self.high)
        beyond = abs(self.difference) > self.detectable_change
        problems.require(beyond or not self.clear, "a clear difference must be beyond the detectable change")
        problems.raise_if_any()


@dataclass(frozen=True, slots=True)
class RateStep:
    """The stroke rate goes from one level to another, and what else is different then: after minus before."""

    at_min: float
    first_stroke: int
    """Number of the first stroke at the new rate."""
    rate_before_spm: float
    rate_after_spm: float
    stroke_count_before: int
    """How many strokes right before the step are compared with those right after it."""
    stroke_count_after: int
    differences: tuple[Difference, ...]

    def __post_init__(self) -> None:
        problems = Problems(f"RateStep at stroke {self.first_stroke}")
        problems.require(min(self.stroke_count_before, self.stroke_count_after) >= 1, "both sides need strokes")
        problems.require(self.rate_before_spm != self.rate_after_spm, "before and after must differ")
        problems.raise_if_any()


@dataclass(frozen=True, slots=True)
class Spread:
    """How much one quantity differs from stroke to stroke, drift and rate taken out: robust standard deviations."""

    quantity: str
    unit: str
    stroke_count: int
    seen: float
    """As measured."""
    measurement: float
    """The part that the measurement's own error makes, which is another in every stroke."""
    own: float
    """What is left for the rower, never under 0; NaN where ``measurement`` is not known."""
    own_low: float
    own_high: float

    def __post_init__(self) -> None:
        problems = Problems(f"Spread {self.quantity}")
        problems.require(self.seen >= 0.0, "seen must be a number >= 0")
        problems.require(math.isnan(self.own) == math.isnan(self.measurement), "own needs the measurement's part")
        problems.require(not self.own < 0.0, "own must not be negative")
        _require_interval(problems, "own", self.own_low, self.own, self.own_high)
        problems.raise_if_any()

    @property
    def measurement_ratio(self) -> float:
        """0..1, share of the variance seen that the measurement explains; NaN where nothing was seen to vary."""
        return min(1.0, (self.measurement / self.seen) ** 2) if self.seen > 0.0 else math.nan


@dataclass(frozen=True, slots=True)
class BestStrokes:
    """The strokes with the highest scores, and what is different in them: best minus others."""

    strokes: tuple[int, ...]
    """Stroke numbers, best first."""
    score: float
    """Mean of these strokes, 0..100."""
    score_of_others: float
    other_count: int
    differences: tuple[Difference, ...]
    """Only those beyond the detectable change. The best of noisy values look better than they are: what choosing
    them adds is taken out."""

    def __post_init__(self) -> None:
        problems = Problems("BestStrokes")
        problems.require(bool(self.strokes), "there must be a best stroke")
        problems.require(len(set(self.strokes)) == len(self.strokes), "a stroke is named once")
        problems.require(0.0 <= self.score <= 100.0, "score must lie in 0..100")
        problems.require(all(d.clear for d in self.differences), "only clear differences are named")
        problems.raise_if_any()


@dataclass(frozen=True, slots=True)
class PieceAnalysis:
    """Everything that takes many strokes. What is missing has a sentence that says why."""

    stroke_count: int
    """Usable ones."""
    duration_min: float
    """From the first usable catch to the end of the last usable stroke."""
    drifts: tuple[Drift, ...] = ()
    drift_reason: str = ""
    rate_steps: tuple[RateStep, ...] = ()
    spreads: tuple[Spread, ...] = ()
    spread_reason: str = ""
    best: BestStrokes | None = None
    best_reason: str = ""

    def __post_init__(self) -> None:
        problems = Problems("PieceAnalysis")
        problems.require(self.stroke_count >= 0, "stroke_count must not be negative")
        problems.require(self.duration_min >= 0.0, "duration_min must be a number >= 0")
        for name, there, reason in (
            ("drifts", self.drifts, self.drift_reason),
            ("spreads", self.spreads, self.spread_reason),
            ("best", self.best, self.best_reason),
        ):
            problems.require(bool(there) != bool(reason), f"{name} or the reason why there is none")
        problems.raise_if_any()


def _require_interval(problems: Problems, name: str, low: float, value: float, high: float) -> None:
    known = low <= value <= high
    problems.require(known or (math.isnan(low) and math.isnan(high)), f"{name} must lie in its interval")
