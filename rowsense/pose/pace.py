"""How fast the rower rows, from landmarks alone, and how much of their movement is worth keeping."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels.cycles import turning_points
from rowsense.pose.people import middle

FloatArray = NDArray[np.float64]

#: Cut-off frequency over the stroke rate: a movement done faster has the same harmonics at higher frequencies [D].
#: Residual analysis after Winter (where signal lost and noise passed are equal) on a real stroke at 29.5 a minute
#: (0.49 Hz) asked for 3.8 Hz (knee) to 4.7 Hz (wrist). On ten simulated pieces of 18-32 a minute, none of them a
#: sample video's, 6 to 8 gave the smallest errors of events and angles; a fixed 6 Hz gave up to a half more.
CUTOFF_HARMONICS: Final = 7.0
#: Cut-off where no stroke is seen: usual for landmarks of whole-body movement [C].
USUAL_CUTOFF_HZ: Final = 6.0
#: Share of the hips' travel that makes a turn of the seat, not a wobble [D].
SWING_SHARE: Final = 0.3
#: The piece's fast strokes decide: all but this share of its cycles are slower [D].
FAST_SHARE: Final = 0.1


def stroke_cutoff_hz(time_s: FloatArray, xy_px: NDArray[np.floating]) -> float:
    """Low-pass frequency for the landmarks of this piece.

    Parameters
    ----------
    time_s : (N,) seconds, rising
    xy_px : (N, 33, 2) raw landmarks; NaN = missing

    Returns
    -------
    Hz: ``CUTOFF_HARMONICS`` times the stroke rate of the piece's fast strokes, at most ``USUAL_CUTOFF_HZ``, which
    is also the answer where no whole cycle of the seat is seen.
    """
    hips_px = middle(xy_px, "hip")[:, 0]
    seen = hips_px[np.isfinite(hips_px)]
    if seen.size < 3:
        return USUAL_CUTOFF_HZ
    low, high = np.percentile(seen, [2.0, 98.0])
    index, kind = turning_points(hips_px, max(SWING_SHARE * float(high - low), 1e-9))
    periods_s = np.concatenate([np.diff(time_s[index[kind == side]]) for side in (-1, 1)])
    if periods_s.size == 0:
        return USUAL_CUTOFF_HZ
    return float(min(USUAL_CUTOFF_HZ, CUTOFF_HARMONICS / np.quantile(periods_s, FAST_SHARE)))
