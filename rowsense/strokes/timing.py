"""Rate and rhythm of a clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rowsense.model import StrokeList


@dataclass(frozen=True, slots=True)
class Timing:
    """Medians over the strokes that count (over all strokes where none counts)."""

    stroke_count: int
    """Whole strokes, counted or not."""
    usable_count: int
    rate_spm: float
    drive_s: float
    recovery_s: float
    recovery_drive_ratio: float
    """Median of each stroke's recovery time / drive time."""


def stroke_timing(strokes: StrokeList) -> Timing:
    """Summarise the times of a clip; NaN without strokes."""
    chosen = strokes.usable or strokes.strokes
    if not chosen:
        return Timing(0, 0, np.nan, np.nan, np.nan, np.nan)
    drive_s = np.array([s.drive_s for s in chosen])
    recovery_s = np.array([s.recovery_s for s in chosen])
    return Timing(
        stroke_count=len(strokes),
        usable_count=len(strokes.usable),
        rate_spm=float(60.0 / np.median(drive_s + recovery_s)),
        drive_s=float(np.median(drive_s)),
        recovery_s=float(np.median(recovery_s)),
        recovery_drive_ratio=float(np.median(recovery_s / drive_s)),
    )
