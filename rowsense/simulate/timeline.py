"""When the strokes of a simulated clip happen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.motion_spec import MotionSpec

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: Easy strokes in a row, then as many hard ones: as few of each as are compared at one rate.
EFFORT_STROKES = 5


@dataclass(frozen=True)
class Timeline:
    """Nominal turning times of a run of strokes that covers the clip with a stroke to spare at both ends."""

    catch_s: FloatArray
    """(n + 1,)"""
    finish_s: FloatArray
    """(n,)"""

    @property
    def count(self) -> int:
        """Number of strokes."""
        return len(self.finish_s)

    def locate(self, time_s: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
        """Stroke number, drive progress and recovery progress (each 0..1; recovery is 0 in the drive)."""
        stroke = np.clip(np.searchsorted(self.catch_s, time_s, side="right") - 1, 0, self.count - 1)
        drive = (time_s - self.catch_s[stroke]) / (self.finish_s[stroke] - self.catch_s[stroke])
        recovery = (time_s - self.finish_s[stroke]) / (self.catch_s[stroke + 1] - self.finish_s[stroke])
        return stroke, np.clip(drive, 0.0, 1.0), np.clip(recovery, 0.0, 1.0)


def make_timeline(spec: MotionSpec, rng: np.random.Generator) -> Timeline:
    """Lay out strokes from before time 0 to after the end of the clip."""
    period_s = 60.0 / spec.rate_spm
    drive_s = period_s / (1.0 + spec.recovery_ratio)
    count = int(np.ceil(spec.duration_s / period_s)) + 4
    jitter = 1.0 + spec.timing_sd_ratio * np.clip(rng.normal(size=(2, count)), -2.0, 2.0)
    nominal_s = drive_s * (1.0 - spec.faults.pulls_harder_ratio * is_hard(np.arange(count)))
    drives = nominal_s * jitter[0]
    recoveries = (period_s - nominal_s) * jitter[1]
    catch = np.concatenate([[0.0], np.cumsum(drives + recoveries)])
    catch += -period_s * (1.0 + spec.start_phase)
    return Timeline(catch_s=catch, finish_s=catch[:-1] + drives)


def is_hard(stroke: IntArray) -> BoolArray:
    """Which strokes a rower who changes her effort pulls hard."""
    return stroke // EFFORT_STROKES % 2 == 1
