"""Judgement: metrics, scores and faults, with the evidence for each."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rowsense.model._checks import Problems
from rowsense.model.advice import Advice
from rowsense.model.change import Z95
from rowsense.model.hips import HipsAnalysis
from rowsense.model.piece import PieceAnalysis
from rowsense.model.rhythm import RhythmAnalysis

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """One measured quantity of a fault against its limit."""

    quantity: str
    measured: float
    """Median over the strokes that show the fault (over all usable ones where none does); NaN unknown."""
    measured_sd: float
    limit: float
    unit: str
    """``deg``, ``s``, ``ratio`` ..."""
    direction: str
    """``above`` or ``below``: which side of the limit is the fault."""
    compares: str = ""
    """The quantity of which ``measured`` is the change between two phases; empty where it is anything else."""


@dataclass(frozen=True, slots=True)
class FaultFinding:
    """A fault that is there, and the frames that show it."""

    id: str
    name: str
    rules: tuple[RuleFinding, ...]
    strokes: tuple[int, ...]
    """Stroke numbers that show it."""
    frames: tuple[tuple[int, int], ...]
    """Half-open frame intervals."""
    worst_frame: int
    severity: int
    """1 slight, 2 clear, 3 strong."""
    cue: str
    """The one thing to try."""
    sentence: str = ""
    """Plain words: what happened, in how many of the usable strokes."""
    usable_stroke_count: int = 0
    self_test: str = ""
    """One change, ten strokes, another film; empty in sessions stored before there were any."""
    drill: str = ""
    """An exercise for the days after."""

    def __post_init__(self) -> None:
        problems = Problems(f"FaultFinding {self.id}")
        problems.require(self.severity in (1, 2, 3), "severity must be 1, 2 or 3")
        problems.require(bool(self.rules), "a fault needs at least one rule")
        problems.require(bool(self.strokes), "a fault needs at least one stroke")
        problems.require(all(a < b for a, b in self.frames), "frame intervals must be half-open and not empty")
        problems.raise_if_any()


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything the judgement adds to the strokes."""

    metrics: dict[str, FloatArray]
    """``<quantity>_<phase>`` and named stroke metrics -> (S,) one value a stroke; NaN = not measured."""
    stroke_scores: FloatArray
    """(S,) 0..100, 100 best; NaN where the stroke is not usable."""
    phase_scores: dict[str, FloatArray]
    """Phase -> (S,) 0..100."""
    score: float
    scores_by_phase: dict[str, float]
    faults: tuple[FaultFinding, ...]
    """Most worth talking about first."""
    not_judged: dict[str, str] = field(default_factory=dict)
    """Fault id -> why it could not be judged."""
    notes: tuple[str, ...] = ()
    advice: Advice | None = None
    """None in sessions stored before there was any."""
    style: str = ""
    """Style and level that it was judged for; empty in sessions stored before there were any."""
    level: str = ""
    piece: PieceAnalysis | None = None
    """Drift, consistency and best strokes; None in sessions stored before there was any."""
    hips: HipsAnalysis | None = None
    """Hips that tip back, and what moved before or with them; None in sessions stored before there was any."""
    rhythm: RhythmAnalysis | None = None
    """Rhythm and sequence; None without a usable stroke, and in sessions stored before there was any."""
    score_sd: float = math.nan
    """How far ``score`` may be off, points, one standard deviation; NaN: not known, or stored before there was any."""
    score_sds_by_phase: dict[str, float] = field(default_factory=dict)

    @property
    def score_interval(self) -> tuple[float, float]:
        """Ends of the 95 % interval of ``score``, within 0..100; NaN where it is not known."""
        return interval_of(self.score, self.score_sd)

    @property
    def score_intervals_by_phase(self) -> dict[str, tuple[float, float]]:
        """The same for every phase."""
        sds = self.score_sds_by_phase
        return {phase: interval_of(score, sds.get(phase, math.nan)) for phase, score in self.scores_by_phase.items()}


def interval_of(score: float, sd: float) -> tuple[float, float]:
    """Ends of a score's 95 % interval, within 0..100; NaN where either is not known."""
    if not math.isfinite(score) or not math.isfinite(sd):
        return math.nan, math.nan
    return max(score - Z95 * sd, 0.0), min(score + Z95 * sd, 100.0)
