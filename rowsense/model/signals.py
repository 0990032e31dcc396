"""Measured quantities over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import ANGLE_NAMES, ANGLE_SD_NAMES
from rowsense.model._checks import Problems

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SpineAngles:
    """Pelvis and spine per frame, with a standard deviation each; NaN where the back could not be seen."""

    pelvic_tilt_deg: FloatArray
    lumbar_flexion_deg: FloatArray
    thoracic_flexion_deg: FloatArray
    pelvic_tilt_sd_deg: FloatArray
    lumbar_flexion_sd_deg: FloatArray
    thoracic_flexion_sd_deg: FloatArray

    def __post_init__(self) -> None:
        count = len(self.pelvic_tilt_deg)
        problems = Problems("SpineAngles")
        for name in self.__slots__:
            problems.shape(name, getattr(self, name), (count,))
        problems.raise_if_any()


@dataclass(frozen=True, slots=True)
class AngleSeries:
    """All per-frame quantities of ``conventions.ANGLE_NAMES`` and their sds, plus handle and seat positions."""

    time_s: FloatArray
    """(T,)"""
    values: dict[str, FloatArray]
    """Quantity name -> (T,), degrees or ratios as the name says; NaN = not measured."""
    handle_x_px: FloatArray
    """(T,) hands on the handle, canonical side view (+ towards the flywheel)."""
    seat_x_px: FloatArray
    """(T,) hip, canonical side view (+ towards the flywheel)."""
    confidence: FloatArray
    """(T,) 0..1"""
    shoulders_x_px: FloatArray | None = None
    """(2, T) near and far shoulder, canonical side view, for placing the catch; None: not known."""
    handle_past_knee_px: FloatArray | None = None
    """(T,) how far the handle is past the knee along the rail, + = nearer to the flywheel; None: not known."""
    trunk_px: float = np.nan
    """Median length from hip to shoulder, source pixels; NaN not known."""
    leg_px: float = np.nan
    """Median lengths of thigh and shank together, source pixels; NaN not known."""

    neck_hidden: bool = False
    """The base of the neck was not seen, so that the head is measured by the face, and less surely."""

    def __post_init__(self) -> None:
        count = len(self.time_s)
        problems = Problems("AngleSeries")
        problems.increasing("time_s", self.time_s)
        missing = set(ANGLE_NAMES + ANGLE_SD_NAMES) - set(self.values)
        problems.require(not missing, f"quantities missing: {', '.join(sorted(missing))}")
        for name, value in self.values.items():
            problems.shape(f"values[{name}]", value, (count,))
        problems.shape("handle_x_px", self.handle_x_px, (count,))
        problems.shape("seat_x_px", self.seat_x_px, (count,))
        problems.shape("confidence", self.confidence, (count,))
        if self.shoulders_x_px is not None:
            problems.shape("shoulders_x_px", self.shoulders_x_px, (2, count))
        if self.handle_past_knee_px is not None:
            problems.shape("handle_past_knee_px", self.handle_past_knee_px, (count,))
        problems.raise_if_any()

    def __len__(self) -> int:
        return len(self.time_s)

    def __getitem__(self, name: str) -> FloatArray:
        return self.values[name]
