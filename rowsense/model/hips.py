"""Hips that tip back: when, how far and how fast in each stroke, and what moved before or with them.

What moved first is no cause: it happened first in this recording, and that is all that is said. The five are the fault
ids ``sits_on_back_of_bones``, ``head_drops``, ``shoulders_pulled_forward``, ``knees_too_high`` and ``pulls_harder``.
Times are seconds; a lag is the time of the other movement minus that of the hips, - = before the hips. ``low`` and
``high`` are the ends of a 95 % interval. NaN = not known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from rowsense.model._checks import Problems

#: What may move before or with the hips.
THE_FIVE: Final = (
    "sits_on_back_of_bones",
    "head_drops",
    "shoulders_pulled_forward",
    "knees_too_high",
    "pulls_harder",
)
#: The numbers of a give-way that have a typical value over the strokes.
GIVE_WAY_NUMBERS: Final = (
    "before_catch_s",
    "time_sd_s",
    "thigh_deg",
    "knee_deg",
    "trunk_thigh_deg",
    "extent_deg",
    "extent_sd_deg",
    "speed_deg_per_s",
    "recovered_ratio",
)
#: ``before``: surely so. ``with``: before or with the hips, and the recording cannot tell which. ``not_seen``: not in
#: clearly more strokes than chance would have it. ``not_judged``: it could not be looked at.
RELATIONS: Final = ("before", "with", "not_seen", "not_judged")
#: Back by this share of the way before the drive's first third is over: the hips recover. [D] More back than not.
RECOVERS_RATIO: Final = 0.5


@dataclass(frozen=True, slots=True)
class GiveWay:
    """One stroke in which the hips tip back on the way to the catch that ends it."""

    stroke: int
    """Stroke number."""
    time_s: float
    """When they begin to; NaN where they had begun before the window that is looked at."""
    time_sd_s: float
    before_catch_s: float
    """How long before the catch that ends the stroke."""
    thigh_deg: float
    """Thigh against level at that moment, + = knee higher than hip."""
    knee_deg: float
    trunk_thigh_deg: float
    extent_deg: float
    """How far the pelvis has tipped back by the catch, + = back."""
    extent_sd_deg: float
    speed_deg_per_s: float
    """Extent over the time that a fall takes, which is fitted to all strokes together; + = back."""
    recovered_ratio: float
    """Share of the way that it has come forward again before the first third of the drive is over."""
    lags_s: dict[str, float] = field(default_factory=dict)
    """Which of the five moved in this stroke, and when; NaN where it could not be seen when. Who did not move is
    missing."""

    def __post_init__(self) -> None:
        problems = Problems(f"GiveWay of stroke {self.stroke}")
        problems.require(self.stroke >= 0, "stroke must not be negative")
        problems.require(self.extent_deg > 0.0, "extent_deg must be above 0")
        problems.require(not self.time_sd_s < 0.0, "time_sd_s must not be negative")
        known = math.isnan(self.time_s)
        problems.require(known == math.isnan(self.before_catch_s), "a time, and how long before the catch, or neither")
        problems.require(set(self.lags_s) <= set(THE_FIVE), "lags_s may only hold the five")
        problems.raise_if_any()

    @property
    def recovers(self) -> bool:
        """Whether the hips come forward again by half of the way or more; False where it is not known."""
        return self.recovered_ratio >= RECOVERS_RATIO


@dataclass(frozen=True, slots=True)
class Association:
    """Whether more of one thing goes with hips that tip further, from stroke to stroke: rank correlation with the
    stroke rate and the stroke's number taken out."""

    stroke_count: int
    coefficient: float
    """-1..1, + = more of it, further back."""
    low: float
    high: float
    probability: float
    """Of so strong a one by chance, two-sided: strokes in shuffled order."""
    clear: bool
    """Beyond chance with all that were looked at, and not weak."""

    def __post_init__(self) -> None:
        problems = Problems("Association")
        problems.require(-1.0 <= self.coefficient <= 1.0, "coefficient must lie in -1..1")
        problems.require(self.low <= self.coefficient <= self.high, "coefficient must lie in its interval")
        problems.require(0.0 < self.probability <= 1.0, "probability must lie in 0..1")
        problems.raise_if_any()


@dataclass(frozen=True, slots=True)
class Mover:
    """One of the five against the hips, over the strokes in which these tip back."""

    id: str
    relation: str
    """One of :data:`RELATIONS`."""
    stroke_count: int = 0
    """Strokes with hips that tip back in which it could be looked at; of ``pulls_harder`` all that were compared."""
    shown_count: int = 0
    """Of them, those in which it moved before or with the hips."""
    before_count: int = 0
    """Of these, those in which it was earlier."""
    lag_s: float = math.nan
    """Median of the strokes in which it moved."""
    lag_low_s: float = math.nan
    lag_high_s: float = math.nan
    """They hold what repeats in every stroke's error as well."""
    probability: float = math.nan
    """Of so many strokes by chance; of ``pulls_harder`` that of the association. NaN for a posture."""
    association: Association | None = None
    association_reason: str = ""
    """Why there is none; empty where there is one."""
    measured_by: str = ""
    reason: str = ""
    """Why it was not judged; empty where it was."""

    def __post_init__(self) -> None:
        problems = Problems(f"Mover {self.id}")
        problems.require(self.id in THE_FIVE, "it must be one of the five")
        problems.require(self.relation in RELATIONS, f"unknown relation {self.relation!r}")
        problems.require((self.relation == "not_judged") == bool(self.reason), "a judgement, or a reason for none")
        counts = 0 <= self.before_count <= self.shown_count <= self.stroke_count
        problems.require(counts, "before_count, shown_count and stroke_count must not fall")
        inside = self.lag_low_s <= self.lag_s <= self.lag_high_s
        unknown = math.isnan(self.lag_low_s) and math.isnan(self.lag_high_s)
        problems.require(inside or unknown, "lag_s must lie in its interval")
        problems.require(not math.isnan(self.lag_s) or unknown, "an interval needs a lag")
        problems.require(not (self.association and self.association_reason), "an association, or why there is none")
        problems.raise_if_any()

    @property
    def moved_first(self) -> bool:
        """Whether it moved before or with the hips."""
        return self.relation in ("before", "with")


@dataclass(frozen=True, slots=True)
class HipsAnalysis:
    """Everything about hips that tip back, over the usable strokes."""

    usable_stroke_count: int
    judged_stroke_count: int
    """Usable strokes in which the pelvis was seen."""
    give_ways: tuple[GiveWay, ...] = ()
    """Strokes in which the hips tip back, in order."""
    movers: tuple[Mover, ...] = ()
    """The five, in the order of :data:`THE_FIVE`; empty with a ``movers_reason``."""
    movers_reason: str = ""
    in_time: tuple[str, ...] = ()
    """Those that moved before or with the hips, the earliest first."""
    in_strength: tuple[str, ...] = ()
    """Those of which more clearly goes with hips that tip further, the strongest first."""
    sentences: tuple[str, ...] = ()
    """All of it in plain words, in the order in which to say it."""
    reason: str = ""
    """Why nothing could be judged; empty where it was."""

    def __post_init__(self) -> None:
        problems = Problems("HipsAnalysis")
        counts = 0 <= len(self.give_ways) <= self.judged_stroke_count <= self.usable_stroke_count
        problems.require(counts, "tipping strokes are judged ones, and these are usable ones")
        strokes = [g.stroke for g in self.give_ways]
        problems.require(strokes == sorted(set(strokes)), "strokes must be in order, each once")
        problems.require(bool(self.movers) != bool(self.movers_reason), "movers, or the reason why there are none")
        problems.require(not self.movers or tuple(m.id for m in self.movers) == THE_FIVE, "movers must be the five")
        first = {m.id for m in self.movers if m.moved_first}
        problems.require(sorted(self.in_time) == sorted(first), "in_time holds who moved first")
        strong = {m.id for m in self.movers if m.association and m.association.clear and m.association.coefficient > 0}
        problems.require(sorted(self.in_strength) == sorted(strong), "in_strength holds the clear associations")
        problems.require(not (self.reason and self.give_ways), "what was not judged has no strokes")
        problems.raise_if_any()

    @property
    def first_mover(self) -> str:
        """Which of the five moved first; empty where none moved before or with the hips."""
        return self.in_time[0] if self.in_time else ""

    def typical(self, name: str) -> float:
        """Median of one number of the give-ways over the strokes in which it is known; NaN in none."""
        known = [v for v in (float(getattr(g, name)) for g in self.give_ways) if math.isfinite(v)]
        return float(np.median(known)) if known else math.nan
