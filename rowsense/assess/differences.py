"""Means of some strokes against those of others, and when several of them are beyond chance together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.piece_strokes import Quantity
from rowsense.assess.slope import Z95, two_sided
from rowsense.model import Difference

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Probability of at least one false word about a piece when nothing in it changes. [C]
FALSE_ALARM: Final = 0.05
#: Fewest strokes a side of which a mean and its scatter are taken. [D] With five the interval's half-width is known to
#: a third.
FEWEST: Final = 5


def beyond_chance(probabilities: Sequence[float]) -> BoolArray:
    """Which of several findings are beyond chance when all of them are looked at (Holm 1979).

    The most surprising must hold against all of them, the next against one fewer, and so on.

    Args:
        probabilities: (Q,) of so strong a finding by chance, each by itself; NaN never counts.
    """
    known = np.nan_to_num(np.asarray(probabilities, dtype=np.float64), nan=1.0)
    out = np.zeros(len(known), dtype=np.bool_)
    for rank, i in enumerate(np.argsort(known, kind="stable")):
        if known[i] * (len(known) - rank) > FALSE_ALARM:
            break
        out[i] = True
    return out


def mostly_real(probabilities: Sequence[float]) -> BoolArray:
    """Which of many findings to name so that at most one in twenty of those named is chance (Benjamini, Hochberg 1995).

    Where nothing at all differs, any is named with a chance of :data:`FALSE_ALARM`. For a page of many numbers that
    belong together; :func:`beyond_chance` is stricter.

    Args:
        probabilities: (Q,) of so strong a finding by chance, each by itself; NaN never counts, nor adds to the many.
    """
    known = np.asarray(probabilities, dtype=np.float64)
    order = np.argsort(np.where(np.isnan(known), 2.0, known), kind="stable")
    count = int(np.isfinite(known).sum())
    few = np.flatnonzero(known[order[:count]] <= FALSE_ALARM * np.arange(1, count + 1) / max(count, 1))
    out = np.zeros(len(known), dtype=np.bool_)
    out[order[: few[-1] + 1 if few.size else 0]] = True
    return out


def detectable(fresh_sd: float, first_count: int, second_count: int) -> float:
    """Smallest difference between means of so many strokes of a piece that the measurement can tell.

    The same as :meth:`rowsense.model.StrokeDoubt.between_strokes_deg`, in any unit.
    """
    return Z95 * fresh_sd * math.sqrt(1.0 / first_count + 1.0 / second_count)


@dataclass(frozen=True, slots=True)
class Compared:
    """A difference of means before it is known what else was looked at."""

    quantity: Quantity
    difference: float
    low: float
    high: float
    """Ends of the 95 % interval."""
    detectable: float
    probability: float
    """Of so large a difference by chance."""

    def named(self, beyond: bool) -> Difference:
        """As a result; ``beyond``: beyond chance with all that was looked at."""
        return Difference(
            quantity=self.quantity.name,
            unit=self.quantity.unit,
            difference=self.difference,
            low=self.low,
            high=self.high,
            detectable_change=self.detectable,
            clear=beyond and abs(self.difference) > self.detectable,
        )


def compare(quantity: Quantity, some: BoolArray, others: BoolArray) -> Compared | None:
    """Mean of ``some`` strokes minus mean of the ``others``, (S,) each; None with too few measured on a side."""
    one = quantity.values[some & np.isfinite(quantity.values)]
    two = quantity.values[others & np.isfinite(quantity.values)]
    if min(len(one), len(two)) < FEWEST:
        return None
    difference = float(one.mean() - two.mean())
    error = math.sqrt(float(one.var(ddof=1)) / len(one) + float(two.var(ddof=1)) / len(two))
    freedom = min(len(one), len(two)) - 1
    half = Z95 * wider_for_few(freedom) * error
    limit = detectable(quantity.fresh_sd, len(one), len(two))
    chance = by_chance(difference, error, freedom)
    return Compared(quantity, difference, difference - half, difference + half, limit, chance)


def wider_for_few(freedom: int) -> float:
    """Student's t at 95 % over the normal value: first term of its expansion [D], 3 % too small at four degrees."""
    return 1.0 + (Z95**2 + 1.0) / (4.0 * freedom)


def by_chance(difference: float, error: float, freedom: int) -> float:
    """Two-sided probability of Student's t, by the normal deviate that is as rare (Wallace 1959)."""
    if difference == 0.0:
        return 1.0
    if error == 0.0:
        return 0.0
    deviate = math.sqrt(freedom * math.log1p((difference / error) ** 2 / freedom))
    return two_sided(deviate * (8.0 * freedom + 1.0) / (8.0 * freedom + 3.0))
