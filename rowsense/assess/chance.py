"""What chance alone would do: so many strokes of so many, and two quantities that go together from stroke to stroke.

Every draw is seeded, so the same recording gives the same answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.slope import LEAST_STAYING, Z95

FloatArray = NDArray[np.float64]

#: How often strokes are shuffled. [D] A probability of 5 % is then known to 0.7 %, and none is under 0.1 %.
SHUFFLES: Final = 999
SEED: Final = 20260501
#: What changes over so many strokes or more is no matter of stroke against stroke. [D] Half a minute or more.
SLOW_STROKES: Final = 15
#: The variance of a rank correlation is that of a plain one times this. [R: Fieller, Hartley and Pearson 1957]
RANK_VARIANCE: Final = 1.06


def at_least(shown: int, count: int, ratio: float) -> float:
    """Probability of ``shown`` or more of ``count`` strokes when each shows it with probability ``ratio``."""
    if shown <= 0:
        return 1.0
    if ratio <= 0.0 or ratio >= 1.0:
        return 0.0 if ratio <= 0.0 else 1.0
    log_choose = math.lgamma(count + 1)
    terms = (
        log_choose - math.lgamma(k + 1) - math.lgamma(count - k + 1) + k * math.log(ratio)
        + (count - k) * math.log1p(-ratio)
        for k in range(shown, count + 1)
    )  # fmt: skip
    return min(1.0, math.fsum(math.exp(term) for term in terms))


@dataclass(frozen=True, slots=True)
class Together:
    """A partial rank correlation."""

    stroke_count: int
    coefficient: float
    low: float
    high: float
    """Ends of the 95 % interval."""
    probability: float
    """Two-sided, of so strong a one in shuffled strokes."""


def partial_rank_correlation(first: FloatArray, second: FloatArray, held: FloatArray) -> Together:
    """Whether two quantities go together from stroke to stroke when others are held equal.

    Both are turned into ranks, what goes with the ``held`` columns as a straight line is taken out of both, and what
    is left of one is shuffled against what is left of the other. Strokes that are like their neighbours count for
    fewer: the variance grows by the autocorrelations that both share (Bartlett 1946).

    Args:
        first, second: (S,) finite, in the order of the strokes.
        held: (S, H) finite.

    Returns:
        NaN and a probability of 1 where one of the two does not vary apart from what is held.
    """
    count = len(first)
    basis = _orthonormal(np.column_stack([np.ones(count), held]))
    a, b = (x - basis @ (basis.T @ x) for x in (ranks(first), ranks(second)))
    power = math.sqrt(float(a @ a) * float(b @ b))
    freedom = count - basis.shape[1] - 2
    if power <= 1e-9 * count or freedom < 1:
        return Together(count, math.nan, math.nan, math.nan, 1.0)
    coefficient = float(np.clip(float(a @ b) / power, -1.0, 1.0))
    widening = math.sqrt(shared_staying(a, b))
    rng = np.random.default_rng(SEED)
    shuffled = rng.permuted(np.broadcast_to(b, (SHUFFLES, count)), axis=1) @ a / power
    # Shuffling forgets what was taken out: its coefficients have the variance 1 / (S - 1) of strokes with nothing held,
    # and not that of so many numbers fewer.
    needed = abs(coefficient) / widening * math.sqrt((freedom + 2.0) / (count - 1.0))
    as_strong = int(np.sum(np.abs(shuffled) >= needed - 1e-12))
    half = Z95 * math.sqrt(RANK_VARIANCE / freedom) * widening
    middle = math.atanh(min(abs(coefficient), 1.0 - 1e-9)) * math.copysign(1.0, coefficient)
    low, high = math.tanh(middle - half), math.tanh(middle + half)
    probability = (as_strong + 1.0) / (SHUFFLES + 1.0)
    return Together(count, coefficient, min(low, coefficient), max(high, coefficient), probability)


def ranks(values: FloatArray) -> FloatArray:
    """(S,) ranks from 0; equal values share the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - 0.5 * (counts + 1.0))[place]


def slow(count: int) -> FloatArray:
    """(S, D) what changes over :data:`SLOW_STROKES` strokes or longer: stroke number and cosines.

    Two quantities that both wander slowly are alike or opposite by chance for a long time; taken out, what remains is
    stroke against stroke.
    """
    number = np.arange(count)
    waves = np.arange(1, count // SLOW_STROKES + 1)
    return np.column_stack([number - 0.5 * (count - 1), np.cos(np.pi * np.outer(number + 0.5, waves) / count)])


def shared_staying(first: FloatArray, second: FloatArray) -> float:
    """Ratio >= 1 of variances of a correlation: strokes that stay alike for some time against fresh ones.

    1 + 2 sum of the products of both autocorrelations, up to the square root of the count with falling weights.
    """
    count = len(first)
    if count < LEAST_STAYING:
        return 1.0
    lags = math.isqrt(count)
    a, b = first / math.sqrt(float(first @ first)), second / math.sqrt(float(second @ second))
    total = sum(
        (1.0 - lag / (lags + 1.0)) * float(a[lag:] @ a[:-lag]) * float(b[lag:] @ b[:-lag]) for lag in range(1, lags + 1)
    )
    return max(1.0, 1.0 + 2.0 * total)


def _orthonormal(design: FloatArray) -> FloatArray:
    """(S, R) directions that span the columns (S, D); columns that follow from others add none."""
    directions, size, _ = np.linalg.svd(design / np.linalg.norm(design, axis=0).clip(1e-12), full_matrices=False)
    return np.asarray(directions[:, size > 1e-9 * size[0]])
