"""Small sums that the studies' tables share."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from rowsense.model.change import Z95

FloatArray = NDArray[np.float64]


def centred(values: FloatArray) -> FloatArray:
    """Values (N, K) without their mean over the rows; N may be 0."""
    return np.asarray(values - values.mean(axis=0)) if len(values) else values


def rms(values: FloatArray) -> FloatArray:
    """(K,) root mean square over the rows of (N, K)."""
    return np.asarray(np.sqrt((values**2).mean(axis=0)))


def slashed(values: FloatArray, digits: int = 1) -> str:
    """Numbers (K,) in one cell of a table: tilt / lumbar / thoracic."""
    return " / ".join(f"{v:.{digits}f}" for v in values)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """95 % interval of a share; NaN of nothing."""
    if not count:
        return math.nan, math.nan
    share, z2 = hits / count, Z95**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = Z95 * math.sqrt(share * (1 - share) / count + z2 / (4 * count**2)) / (1 + z2 / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def share(hits: int, count: int) -> str:
    """Percent with its interval and what it is of."""
    if not count:
        return "-"
    low, high = wilson(hits, count)
    return f"{100 * hits / count:.0f} ({100 * low:.0f}-{100 * high:.0f}), {hits}/{count}"
