"""Scores 0-100 per phase and per stroke, 100 best. How they are made and read: docs/scores.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catalogue import Catalogue, ScoreItem
from rowsense.conventions import METRIC_PHASES
from rowsense.kernels import scoring

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of all strokes and of the whole recording; NaN = not scored."""

    by_stroke: FloatArray
    """(S,)"""
    by_phase: dict[str, FloatArray]
    """Phase -> (S,)"""
    whole: float
    whole_by_phase: dict[str, float]


def items_for(catalogue: Catalogue) -> tuple[ScoreItem, ...]:
    """The score items that are judged in the catalogue's style."""
    return tuple(item for item in catalogue.scores if catalogue.style not in item.styles_not_judged)


@dataclass(frozen=True, slots=True)
class ScorePlan:
    """The score items as the kernel reads them, for metrics in a given order."""

    column: IntArray
    """(I,) row of each item's metric."""
    phase: IntArray
    """(I,) place in ``METRIC_PHASES``."""
    limits: FloatArray
    """(I, 3) good, bad, weight."""


def score_plan(catalogue: Catalogue, names: Sequence[str]) -> ScorePlan:
    """What the catalogue's style scores, of a matrix with one row for each of ``names``."""
    items = items_for(catalogue)
    return ScorePlan(
        np.array([names.index(item.metric) for item in items], dtype=np.int64),
        np.array([METRIC_PHASES.index(item.phase) for item in items], dtype=np.int64),
        np.array([(item.good, item.bad, item.weight) for item in items], dtype=np.float64).reshape(-1, 3),
    )


def score_strokes(values: FloatArray, plan: ScorePlan) -> tuple[FloatArray, FloatArray]:
    """Scores by phase (P, S) and by stroke (S,) of the metrics (M, S) of any number of strokes; NaN = not scored."""
    return scoring.scores(values, plan.column, plan.phase, plan.limits, len(METRIC_PHASES))


def score(values: dict[str, FloatArray], usable: BoolArray, catalogue: Catalogue) -> Scores:
    """Score every usable stroke from its metrics.

    Args:
        values: metric name -> (S,); NaN = not measured.
        usable: (S,) strokes that count; the others score NaN.
        catalogue: score items; those that its style excludes are left out.
    """
    names = sorted({item.metric for item in items_for(catalogue)})
    by_phase, by_stroke = score_strokes(np.stack([values[name] for name in names]), score_plan(catalogue, names))
    by_phase[:, ~usable] = np.nan
    by_stroke[~usable] = np.nan
    phases = dict(zip(METRIC_PHASES, by_phase, strict=True))
    return Scores(by_stroke, phases, _mean(by_stroke), {name: _mean(x) for name, x in phases.items()})


def _mean(values: FloatArray) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if finite.size else float("nan")
