"""How far a score may be off: the scores again and again with errors as large as the measurement's.

Every stroke's metrics are measured anew in the mind: to each a random error is added whose size the metric states, and
the scores are taken from that. What they scatter by is the score's standard deviation. Two metrics that look at the
same moment share its error. Part of an error is the same in all strokes of a recording and does not average out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catalogue import Catalogue, Metric
from rowsense.assess.scores import items_for, score_plan, score_strokes
from rowsense.conventions import METRIC_PHASES
from rowsense.model.change import REPEATING_RATIO

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: So often. [D] The standard deviation is known to 5 %.
DRAWS: Final = 200
#: Strokes scored at once, all draws together: long pieces take several turns, so that memory stays flat.
LARGEST: Final = 100_000
#: The same recording has the same doubt whenever it is asked for.
_SEED: Final = 20
_GIVES_WAY: Final = "pelvis_gives_way_s"
_FALL: Final = "pelvis_gives_way_fall_deg"
_FALL_SD: Final = "pelvic_tilt_fall_into_catch_deg"


def score_doubt(
    values: Mapping[str, FloatArray], sds: Mapping[str, FloatArray], usable: BoolArray, catalogue: Catalogue
) -> tuple[float, dict[str, float]]:
    """Standard deviations of the recording's score and of its phases' scores.

    Args:
        values: metric name -> (S,); NaN = not measured.
        sds: the same for their errors. Where one is not known nothing that it goes into has a doubt.
        usable: (S,) strokes that count.
        catalogue: score items and how the metrics are made.

    Returns:
        sd of the whole, and phase -> sd, in points. NaN where there is no score or an error is not known.
    """
    names = sorted({item.metric for item in items_for(catalogue)})
    if not usable.any() or not names:
        return math.nan, dict.fromkeys(METRIC_PHASES, math.nan)
    value = {n: values[n][usable] for n in names}
    sd = {n: sds[n][usable] for n in names}
    unknown = {n for n in names if np.any(np.isfinite(value[n]) & ~np.isfinite(sd[n]))}
    fall = (values[_FALL][usable], sds[_FALL_SD][usable]) if _GIVES_WAY in names else None
    rng = np.random.default_rng(_SEED)
    plan = score_plan(catalogue, names)
    many = max(1, LARGEST // int(usable.sum()))
    drawn = []
    for first in range(0, DRAWS, many):
        error = _Errors(rng, (min(many, DRAWS - first), int(usable.sum())))
        # What has no known doubt is left as it is: its scores get none below.
        rows = [value[n] + np.nan_to_num(sd[n]) * error.of(catalogue.metrics[n]) for n in names]
        if fall is not None:
            rows[names.index(_GIVES_WAY)] = _gives_way(value[_GIVES_WAY], *fall, error, catalogue)
        by_phase, by_stroke = score_strokes(np.stack([row.ravel() for row in rows]), plan)
        drawn.append(_means(np.vstack([by_phase, by_stroke]).reshape(-1, *error.shape)))
    *phases, whole = np.std(np.concatenate(drawn, axis=1), axis=1)
    open_phases = {item.phase for item in items_for(catalogue) if item.metric in unknown}
    found = {name: math.nan if name in open_phases else float(x) for name, x in zip(METRIC_PHASES, phases, strict=True)}
    return math.nan if unknown else float(whole), found


class _Errors:
    """Errors of D draws with a standard deviation of 1, (D, S) each; the same moment has the same one."""

    def __init__(self, rng: np.random.Generator, shape: tuple[int, int]) -> None:
        self.shape = shape
        self._rng = rng
        self._drawn: dict[tuple[str, str], FloatArray] = {}

    def of(self, metric: Metric) -> FloatArray:
        """Of a metric. The errors of two windows are independent, so those of a change have halves of its variance."""
        if metric.kind == "mean":
            return self._window(metric.quantity, metric.to)
        if metric.kind != "change":
            return self._window(metric.name, "")
        difference = self._window(metric.quantity, metric.to) - self._window(metric.quantity, metric.origin)
        return difference * (-1.0 if metric.direction == "fall" else 1.0) / math.sqrt(2.0)

    def _window(self, quantity: str, window: str) -> FloatArray:
        if (quantity, window) not in self._drawn:
            fresh = math.sqrt(1.0 - REPEATING_RATIO**2) * self._rng.standard_normal(self.shape)
            same = REPEATING_RATIO * self._rng.standard_normal((self.shape[0], 1))
            self._drawn[quantity, window] = same + fresh
        return self._drawn[quantity, window]


def _gives_way(
    lead_s: FloatArray, fall_deg: FloatArray, fall_sd_deg: FloatArray, error: _Errors, catalogue: Catalogue
) -> FloatArray:
    """Leads with another error of the pelvis: a fall that comes to lie on the other side of its limit gives way, or
    no longer does. One that does so only now leads as the others do; where none does, by as much as scores nothing."""
    item = next(item for item in catalogue.scores if item.metric == _GIVES_WAY)
    usual_s = float(np.median(lead_s[lead_s > 0.0])) if np.any(lead_s > 0.0) else item.bad
    fall = fall_deg + fall_sd_deg * error.of(catalogue.metrics[_FALL_SD])
    gives_way = fall >= catalogue.timing["give_way_fall_deg"].value
    found = np.where(gives_way, np.where(lead_s > 0.0, lead_s, usual_s), 0.0)
    return np.where(np.isnan(lead_s) | np.isnan(fall), lead_s, found)


def _means(scores: FloatArray) -> FloatArray:
    """(K, D) means over the strokes of (K, D, S) that have a score; NaN where none has."""
    known = ~np.isnan(scores)
    count = known.sum(axis=2)
    return np.where(count > 0, np.where(known, scores, 0.0).sum(axis=2) / np.maximum(count, 1), np.nan)
