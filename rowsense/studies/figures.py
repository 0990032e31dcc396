"""Small sums that the studies' tables share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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
