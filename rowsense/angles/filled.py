"""What one way of measuring differs from another by, where both are known, for all frames."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: Fewest frames in which both are known [D].
MIN_FRAMES: Final = 10


def bridged_over(more: FloatArray) -> FloatArray:
    """(T,) the difference less its median, straight over frames where it is NaN; 0 where it is known in too few."""
    known = np.flatnonzero(np.isfinite(more))
    if known.size < MIN_FRAMES:
        return np.zeros(len(more))
    return np.asarray(np.interp(np.arange(len(more)), known, more[known]) - np.median(more[known]))
