"""One quantity on two sides: means, the detectable change, and how likely so large a difference is by chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.differences import by_chance, wider_for_few
from rowsense.assess.slope import two_sided
from rowsense.model import Contrast, StrokeDoubt
from rowsense.model.change import Z95, detectable_between_sessions

FloatArray = NDArray[np.float64]

#: Fewest strokes on both sides together, less two, that show how far strokes scatter. [D] With four degrees of freedom
#: a standard deviation is known to 35 %.
LEAST_FREEDOM: Final = 4


@dataclass(frozen=True, slots=True)
class Doubts:
    """How far one stroke's value may be off on each side, in the unit of the value; NaN = not known."""

    first: StrokeDoubt
    second: StrokeDoubt
    one_session: bool
    zeros_sd: float = 0.0
    """Of the difference between both sides' zeros."""
    floor: float = 0.0
    """No difference between two sessions under this is clear."""

    def fresh_error(self, first_count: int, second_count: int) -> float:
        """Standard error of the difference by what is another in every stroke."""
        return math.hypot(self.first.averaged_deg(first_count), self.second.averaged_deg(second_count))

    @property
    def lasting_error(self) -> float:
        """Of it by what no number of strokes averages out; within one session that is in both sides and cancels."""
        if self.one_session:
            return 0.0
        return math.hypot(self.first.repeating_sd_deg, self.second.repeating_sd_deg, self.zeros_sd)

    def detectable(self, first_count: int, second_count: int) -> float:
        """Smallest difference that the measurement can tell."""
        error = math.hypot(self.lasting_error, self.fresh_error(first_count, second_count))
        return detectable_between_sessions(error, 0.0 if self.one_session else self.floor)


def contrast_of(quantity: str, phase: str, unit: str, one: FloatArray, two: FloatArray, doubts: Doubts) -> Contrast:
    """Of the values of both sides' strokes, (n1,) and (n2,); NaN = not measured. Not yet judged."""
    one, two = one[np.isfinite(one)], two[np.isfinite(two)]
    counts = len(one), len(two)
    return Contrast(
        quantity=quantity,
        phase=phase,
        unit=unit,
        first=float(one.mean()) if counts[0] else math.nan,
        second=float(two.mean()) if counts[1] else math.nan,
        first_sd=float(one.std(ddof=1)) if counts[0] > 1 else math.nan,
        second_sd=float(two.std(ddof=1)) if counts[1] > 1 else math.nan,
        first_count=counts[0],
        second_count=counts[1],
        detectable_change=doubts.detectable(*counts),
        probability=probability(one, two, doubts) if all(counts) else math.nan,
    )


def probability(one: FloatArray, two: FloatArray, doubts: Doubts) -> float:
    """Of means so far apart by chance, (n1,) and (n2,) known values; NaN where the error is not known.

    Strokes scatter by the fresh error and by themselves; what lasts comes on top. Where the strokes are too few to show
    their scatter, only the measurement counts.
    """
    difference = float(two.mean() - one.mean())
    freedom = len(one) + len(two) - 2
    error = doubts.fresh_error(len(one), len(two))
    if math.isnan(error):
        return math.nan
    scatter = 0.0
    if freedom >= LEAST_FREEDOM:
        within = (float(one.var()) * len(one) + float(two.var()) * len(two)) / freedom
        scatter = math.sqrt(within * (1.0 / len(one) + 1.0 / len(two)))
    if doubts.one_session:
        by_scatter = by_chance(difference, scatter, freedom) if scatter > 0.0 else 0.0
        return max(_two_sided(difference, error), by_scatter)
    total = math.hypot(doubts.lasting_error, max(error, scatter * wider_for_few(max(freedom, 1))))
    return _two_sided(difference, max(total, doubts.floor / Z95))


def _two_sided(difference: float, error: float) -> float:
    if difference == 0.0:
        return 1.0
    return two_sided(difference / error) if error > 0.0 else 0.0
