"""What the ergometer's monitor recorded, and how its clock lies against the video's."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.model._checks import Problems

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MonitorSeries:
    """(M,) samples in order of time; NaN = not in the file. A rate or power of 0 is a rest."""

    time_s: FloatArray
    """Since the piece began, by the monitor's clock."""
    distance_m: FloatArray
    rate_spm: FloatArray
    power_w: FloatArray
    heart_rate_bpm: FloatArray

    def __post_init__(self) -> None:
        problems = Problems("MonitorSeries")
        for name in self.__slots__:
            problems.shape(name, getattr(self, name), (len(self.time_s),))
        problems.increasing("time_s", self.time_s)
        problems.raise_if_any()


@dataclass(frozen=True, slots=True)
class MonitorAlignment:
    """Monitor time + ``offset_s`` = video time."""

    offset_s: float
    """NaN: the stroke rate does not tell."""
    low_s: float
    high_s: float
    """Ends of the 95 % interval."""
    rms_spm: float
    """How far both rates differ then."""
    reason: str = ""
    """Why it is not known; empty where it is."""

    def __post_init__(self) -> None:
        problems = Problems("MonitorAlignment")
        problems.require(math.isnan(self.offset_s) == bool(self.reason), "a reason exactly where it is not known")
        problems.require(not self.low_s > self.offset_s and not self.offset_s > self.high_s, "the interval holds it")
        problems.raise_if_any()


def not_aligned(reason: str) -> MonitorAlignment:
    """Nothing is known but why."""
    return MonitorAlignment(math.nan, math.nan, math.nan, math.nan, reason)
