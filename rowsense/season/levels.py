"""Where what is usual for a rower became another: days from which on her sessions lie around another level.

Steps:

1. Of all days between two sessions, with enough sessions on both sides, the one whose sides differ most for how they
   scatter.
2. It counts where chance would not make the largest of so many differences once in twenty times, where the difference
   is beyond what camera and clothes make of it, and where a step describes the sessions better than a straight line:
   who changes little by little has a trend and no new level.
3. The same on either side of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.season.changes import floor_of
from rowsense.store.season import Point

FloatArray = NDArray[np.float64]
#: Fewest sessions of a level. [D] As many as its usual takes without the last weeks.
LEAST: Final = 6
_CHANCE: Final = 0.05
#: A season has no more than that many marks that are worth one [D].
_MOST: Final = 4


@dataclass(frozen=True, slots=True)
class NewLevel:
    """From a day on her sessions lie around another value, in the unit of the quantity."""

    day: date
    """Of the first session of the new level."""
    before: float
    after: float


def new_levels(points: Sequence[Point], quantity: str) -> tuple[NewLevel, ...]:
    """Of one athlete's sessions, by day; the largest changes, in the order of their days."""
    means = np.array([point.mean for point in points], dtype=np.float64)
    steps = sorted(_steps(means, 0, len(means), floor_of(quantity)))
    borders = [0, *steps, len(means)]
    levels = [float(means[a:b].mean()) for a, b in pairwise(borders)] if len(means) else []
    found = [NewLevel(points[at].rowed_on, levels[i], levels[i + 1]) for i, at in enumerate(steps)]
    largest = sorted(found, key=lambda one: -abs(one.after - one.before))[:_MOST]
    return tuple(sorted(largest, key=lambda one: one.day))


def _steps(means: FloatArray, first: int, end: int, floor: float) -> list[int]:
    at = _step(means[first:end], floor)
    if at is None:
        return []
    middle = first + at
    return [*_steps(means, first, middle, floor), middle, *_steps(means, middle, end, floor)]


def _step(means: FloatArray, floor: float) -> int | None:
    """The first session of the new level among some; None: they have one level, or a trend."""
    count = len(means)
    if count < 2 * LEAST:
        return None
    before = np.arange(LEAST, count - LEAST + 1)
    sums, squares = np.cumsum(means), np.cumsum(means**2)
    low = sums[before - 1] / before
    high = (sums[-1] - sums[before - 1]) / (count - before)
    # What is left of the scatter around two levels, for every place of the step.
    left = np.maximum(squares[-1] - before * low**2 - (count - before) * high**2, 0.0)
    error = np.sqrt(left / (count - 2) * (1.0 / before + 1.0 / (count - before)))
    strength = np.abs(high - low) / np.maximum(error, 1e-12)
    best = int(strength.argmax())
    if strength[best] <= _beyond_chance(len(before), count - 2) or abs(high[best] - low[best]) <= floor:
        return None
    return int(before[best]) if left[best] < _left_of_line(means) else None


def _beyond_chance(places: int, freedom: int) -> float:
    """Student's t that the largest of so many differences passes by chance once in twenty times at most."""
    z = NormalDist().inv_cdf(1.0 - _CHANCE / (2.0 * places))
    return z + (z**3 + z) / (4.0 * freedom) + (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / (96.0 * freedom**2)


def _left_of_line(means: FloatArray) -> float:
    """Sum of squares that a straight line through the sessions leaves."""
    along = np.arange(len(means), dtype=np.float64) - (len(means) - 1) / 2.0
    away = means - means.mean()
    slope = float(along @ away) / float(along @ along)
    left = float(((away - slope * along) ** 2).sum())
    return left if math.isfinite(left) else math.inf
