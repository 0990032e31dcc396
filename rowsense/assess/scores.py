"""Scores 0-100 per phase and per stroke, 100 best. How they are made and read: docs/scores.md."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catalogue import Catalogue, ScoreItem
from rowsense.conventions import METRIC_PHASES
from rowsense.kernels import scoring

FloatArray = NDArray[np.float64]
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


def score(values: dict[str, FloatArray], usable: BoolArray, catalogue: Catalogue) -> Scores:
    """Score every usable stroke from its metrics.

    Args:
        values: metric name -> (S,); NaN = not measured.
        usable: (S,) strokes that count; the others score NaN.
        catalogue: score items; those that its style excludes are left out.
    """
    items = items_for(catalogue)
    names = sorted({item.metric for item in items})
    matrix = np.stack([values[name] for name in names], axis=1)
    by_phase, by_stroke = scoring.scores(
        np.ascontiguousarray(matrix),
        np.array([names.index(item.metric) for item in items], dtype=np.int64),
        np.array([METRIC_PHASES.index(item.phase) for item in items], dtype=np.int64),
        np.array([(item.good, item.bad, item.weight) for item in items]),
        len(METRIC_PHASES),
    )
    by_phase[~usable] = np.nan
    by_stroke[~usable] = np.nan
    phases = {name: by_phase[:, p].copy() for p, name in enumerate(METRIC_PHASES)}
    return Scores(by_stroke, phases, _mean(by_stroke), {name: _mean(x) for name, x in phases.items()})


def _mean(values: FloatArray) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if finite.size else float("nan")
