"""One quantity over the piece with the stroke rate taken out: its slope, and what is left of every stroke."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.slope import Slope, slope_of, theil_sen

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Strokes within so many a minute of one another are of equal rate. [D] rowing science of RowSense: "equal rate" is
#: +-1 spm.
EQUAL_RATE_SPM: Final = 1.0
#: Squared correlation of rate and time above which the two cannot be told apart. [D] Five even steps of rate have 0.96
#: and leave the time within each step to look at; a steady rise has more.
INSEPARABLE: Final = 0.98


@dataclass(frozen=True, slots=True)
class Trend:
    """Of one quantity over the minutes, M strokes in which it was measured."""

    measured: BoolArray
    """(S,) the M strokes among all."""
    slope: Slope
    """Per minute, at equal rate."""
    per_spm: float
    """What goes with one stroke a minute more, at equal time; NaN where all strokes are of like rate."""
    separable: bool
    """False: the rate changes so steadily with time that neither can be held equal."""
    at_equal_rate: FloatArray
    """(M,) values as they would be at the piece's median rate."""
    residual: FloatArray
    """(M,) of the line at equal rate."""

    @property
    def fitted_count(self) -> int:
        """Numbers that were fitted: level and slope, and the effect of the rate."""
        return 2 if math.isnan(self.per_spm) else 3


def trend_of(time_min: FloatArray, rate_spm: FloatArray, values: FloatArray) -> Trend:
    """Fit one quantity.

    Where nearly all strokes are of like rate they are compared as they are. Otherwise what goes with the rate, as a
    straight line, is taken off both the quantity and the time; what is left of the one over what is left of the other
    is the change at equal rate (Frisch and Waugh 1933), and the less time is left, the wider its interval.

    Args:
        time_min: (S,) increasing.
        rate_spm: (S,)
        values: (S,) NaN = not measured.
    """
    measured = np.isfinite(values)
    time, rate, value = time_min[measured], rate_spm[measured], values[measured]
    # Of the quantity over the rate, with what time does in it.
    per_spm_in_all = slope_of(rate, value, EQUAL_RATE_SPM) if _rate_varies(rate) else math.nan
    if math.isnan(per_spm_in_all):
        slope = theil_sen(time, value)
        return Trend(measured, slope, math.nan, True, value, _off_line(time, value, slope))
    min_per_spm, share = _line(rate, time)
    off_median_spm = rate - np.median(rate)
    time_left = time - min_per_spm * off_median_spm
    slope = theil_sen(time_left, value - per_spm_in_all * off_median_spm)
    per_spm = per_spm_in_all - slope.value * min_per_spm
    equal = value - per_spm * off_median_spm
    return Trend(measured, slope, per_spm, share <= INSEPARABLE, equal, _off_line(time, equal, slope))


def _rate_varies(rate_spm: FloatArray) -> bool:
    """More than one stroke in ten is off the range that counts as equal rate."""
    if not len(rate_spm):
        return False
    low, high = np.quantile(rate_spm, (0.05, 0.95))
    return bool(high - low > 2.0 * EQUAL_RATE_SPM)


def _line(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    """Least-squares slope of y over x, and the squared correlation: neither rate nor time has wild values."""
    dx, dy = x - x.mean(), y - y.mean()
    slope = float(dx @ dy) / float(dx @ dx)
    power = float(dy @ dy)
    return slope, slope * float(dx @ dy) / power if power > 0.0 else 0.0


def _off_line(time_min: FloatArray, value: FloatArray, slope: Slope) -> FloatArray:
    rise = 0.0 if math.isnan(slope.value) else slope.value
    off = value - rise * time_min
    return off - np.median(off) if len(off) else off
