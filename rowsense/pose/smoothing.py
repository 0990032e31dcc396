"""Zero-phase low-pass of positions at irregular times, with gaps: a cubic smoothing spline.

The spline f that minimises

    sum_i w_i (x_i - f(t_i))^2 + lambda * integral f''(t)^2 dt,      w_i = time that sample i stands for,

passes a frequency with the gain 1 / (1 + (f/f0)^4), lambda = 1 / (2 pi f0)^4, without any shift in time: the
condition for the minimum is lambda f'''' + f = x [D]. That is the gain of a second-order Butterworth low-pass run
forwards and backwards, the usual filter of movement science; as a spline it takes variable frame rates, missing
samples and the ends of a clip as they are, where a recursive filter must be fed invented samples.

The cut-off is where a wave loses 3 dB (gain 0.71) in all, the convention of the double pass:
f0 = cutoff / (sqrt 2 - 1)^(1/4). It is chosen from the stroke rate (:mod:`rowsense.pose.pace`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels.spline import smooth_columns

FloatArray = NDArray[np.float64]

#: Cut-off over f0: where the gain 1 / (1 + (f/f0)^4) is 1/sqrt(2) [D].
CUTOFF_OVER_F0: Final = float((np.sqrt(2.0) - 1.0) ** 0.25)
#: Least weight of a sample that is there but not trusted [D: it then only guides where nothing better is near].
MIN_TRUST: Final = 0.02


def smooth_at(
    time_s: FloatArray,
    values: FloatArray,
    at_s: FloatArray,
    *,
    cutoff_hz: float,
    max_gap_s: float,
    trust: FloatArray | None = None,
) -> FloatArray:
    """Smooth ``values`` and read them at other times.

    Parameters
    ----------
    time_s : (N,) seconds, rising
    values : (N, K) one signal a column; NaN = missing
    at_s : (T,) seconds, rising, where values are wanted
    cutoff_hz : -3 dB frequency
    max_gap_s : neighbouring valid samples further apart than this, and than 1.5 usual steps, are not bridged
    trust : (N, K) 0..1, weight of each sample; None = 1

    Returns
    -------
    (T, K); NaN between samples that are not bridged, before the first and after the last.
    """
    if len(time_s) == 0:
        return np.full((len(at_s), values.shape[1]), np.nan)
    usual_step_s = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 1.0
    weight = np.ones_like(values) if trust is None else np.clip(trust, MIN_TRUST, 1.0)
    return smooth_columns(
        np.ascontiguousarray(time_s, dtype=np.float64),
        np.ascontiguousarray(values, dtype=np.float64),
        weight,
        np.ascontiguousarray(at_s, dtype=np.float64),
        (2.0 * np.pi * cutoff_hz / CUTOFF_OVER_F0) ** -4,
        max(max_gap_s, 1.5 * usual_step_s),
        3.0 * usual_step_s,
    )


def gain(frequency_hz: float, cutoff_hz: float) -> float:
    """What remains of a wave of this frequency after smoothing, 0..1."""
    return float(1.0 / (1.0 + (frequency_hz / cutoff_hz * CUTOFF_OVER_F0) ** 4))
