"""Rhythm and sequence of every usable stroke: one value a stroke for each number.

Speeds are differences of the angles from frame to frame. The landmarks behind these are low-passed at seven harmonics
of the stroke rate (rowsense/pose/pace.py), so a movement that takes less than a fifth of the drive comes out slower and
longer than it is. What the numbers are off by: docs/conventions.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catch_grid import bridged, sample
from rowsense.assess.handle_rest import Rests, find_rests
from rowsense.model import AngleSeries, Stroke, StrokeList
from rowsense.model.rhythm import DRIVE_PHASES, PAIRS, SEGMENT_ANGLES

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

#: Moments of a drive, catch to finish; a third of it is a whole number of steps. [D] 10 ms of a drive of 0.9 s.
MOMENTS: Final = 91
#: The peak is the middle of the stretch in which the speed is above this share of it. [D] The one highest frame would
#: wander by 0.05 of the drive on the flat top of the legs' curve.
PEAK_SHARE: Final = 0.9
#: A segment has ended when it is within this of the furthest it gets in the drive, degrees. [D] The onsets of
#: rowsense/strokes/phases.py turned round.
END_DEG: Final = {"legs": 3.0, "trunk": 3.0, "arms": 5.0}


@dataclass(frozen=True, slots=True)
class RhythmStrokes:
    """The U usable strokes."""

    index: IntArray
    """(U,) stroke numbers."""
    rate_spm: FloatArray
    """(U,)"""
    drive_s: FloatArray
    """(U,)"""
    values: dict[str, FloatArray]
    """Name -> (U,); NaN = not measured."""
    rests: dict[str, Rests]
    """Place -> how long the handle is slow there."""

    def __len__(self) -> int:
        return len(self.index)

    def columns(self, stroke_count: int) -> dict[str, FloatArray]:
        """The values as (S,) columns of all strokes; NaN where a stroke is not usable."""
        slow = {f"handle_slow_at_{place}_s": rests.slow_s for place, rests in self.rests.items()}
        out = {name: np.full(stroke_count, np.nan) for name in (*self.values, *slow)}
        for name, values in (self.values | slow).items():
            out[name][self.index] = values
        return out


def rhythm_strokes(series: AngleSeries, strokes: StrokeList) -> RhythmStrokes:
    """Every number of every usable stroke.

    Args:
        series: quantities over time; NaN = not measured.
        strokes: whole strokes in order; those that are not usable are passed over.
    """
    usable = strokes.usable
    catch_s = np.array([s.catch_time_s for s in usable])
    drive_s = np.array([s.drive_s for s in usable])
    at_s = catch_s[:, None] + drive_s[:, None] * np.linspace(0.0, 1.0, MOMENTS)[None]
    values: dict[str, FloatArray] = {}
    for segment in SEGMENT_ANGLES:
        values |= _segment(segment, series, usable, at_s, drive_s)
    for first, second in PAIRS:
        values[f"{first}_{second}_overlap_ratio"] = _overlap(values, first, second)
    values |= _travels(series, at_s)
    values["recovery_drive_ratio"] = np.array([s.recovery_s / s.drive_s for s in usable])
    index = np.array([s.index for s in usable], dtype=np.int64)
    rate_spm = np.array([s.rate_spm for s in usable])
    return RhythmStrokes(index, rate_spm, drive_s, values, find_rests(series, usable))


def _segment(
    segment: str, series: AngleSeries, usable: Sequence[Stroke], at_s: FloatArray, drive_s: FloatArray
) -> dict[str, FloatArray]:
    """Speeds, peak, begin and end of one segment; NaN in strokes whose drive was not seen throughout."""
    quantity, sign = SEGMENT_ANGLES[segment]
    angle = sign * bridged(series.time_s, series[quantity])
    speed = np.gradient(angle, series.time_s)
    angles, speeds = (_whole(sample(series.time_s, v, at_s)) for v in (angle, speed))
    borders = angles[:, :: (MOMENTS - 1) // len(DRIVE_PHASES)]
    mean = np.diff(borders, axis=1) / (drive_s[:, None] / len(DRIVE_PHASES))
    peak, peak_at = _peak(speeds)
    found = {f"{segment}_speed_deg_per_s_{phase}": mean[:, p] for p, phase in enumerate(DRIVE_PHASES)}
    found[f"{segment}_peak_deg_per_s"] = peak
    found[f"{segment}_peak_at_ratio"] = peak_at
    onset_s = np.array([(s.onsets_s or {}).get(segment, np.nan) - s.catch_time_s for s in usable])
    found[f"{segment}_begin_at_ratio"] = onset_s / drive_s
    found[f"{segment}_end_at_ratio"] = _end(angles, END_DEG[segment])
    return found


def _whole(table: FloatArray) -> FloatArray:
    """(U, K) with rows that have a hole set to NaN."""
    return np.where(np.isfinite(table).all(axis=1, keepdims=True), table, np.nan)


def _peak(speeds: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(U,) highest speed, and where it is in the drive, 0..1; NaN rows stay NaN, and where nothing moves forward."""
    height = speeds.max(axis=1)
    moves = height > 0.0
    top = speeds.argmax(axis=1)
    high = speeds >= PEAK_SHARE * height[:, None]
    at = (top + 0.5 * (_run(high, top, 1) - _run(high, top, -1))) / (MOMENTS - 1)
    return np.where(moves, height, np.nan), np.where(moves, at, np.nan)


def _run(condition: BoolArray, start: IntArray, step: int) -> IntArray:
    """(U,) how many further moments of each row (U, K) the condition holds without a break from ``start`` on, in the
    direction of ``step``, 1 or -1."""
    count = condition.shape[1]
    away = (np.arange(count)[None] - start[:, None]) * step
    to_end = count - 1 - start if step > 0 else start
    to_break = np.where((away > 0) & ~condition, away, count).min(axis=1)
    return np.asarray(np.minimum(to_break - 1, to_end), dtype=np.int64)


def _end(angles: FloatArray, close_deg: float) -> FloatArray:
    """(U,) share of the drive after which the angle stays within ``close_deg`` of its furthest; NaN rows stay NaN."""
    away = angles < angles.max(axis=1)[:, None] - close_deg
    last = np.where(away.any(axis=1), MOMENTS - 1 - away[:, ::-1].argmax(axis=1), 0)
    return np.where(np.isnan(angles).any(axis=1), np.nan, last / (MOMENTS - 1))


def _overlap(values: dict[str, FloatArray], first: str, second: str) -> FloatArray:
    """(U,) time in which both move, - = none and so long between them."""
    ends = np.minimum(values[f"{first}_end_at_ratio"], values[f"{second}_end_at_ratio"])
    begins = np.maximum(values[f"{first}_begin_at_ratio"], values[f"{second}_begin_at_ratio"])
    return np.asarray(ends - begins)


def _travels(series: AngleSeries, at_s: FloatArray) -> dict[str, FloatArray]:
    """How far handle and seat go in the drive; NaN where it was not seen throughout, or no length to measure by."""
    handle, seat = (_reach(_whole(sample(series.time_s, x, at_s))) for x in (series.handle_x_px, series.seat_x_px))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(handle > 0.0, seat / handle, np.nan)
    return {
        "handle_travel_trunk_ratio": handle / series.trunk_px,
        "handle_travel_leg_ratio": handle / series.leg_px,
        "seat_travel_trunk_ratio": seat / series.trunk_px,
        "seat_travel_leg_ratio": seat / series.leg_px,
        "seat_handle_travel_ratio": share,
    }


def _reach(table: FloatArray) -> FloatArray:
    """(U,) from the lowest to the highest of each row; NaN rows stay NaN."""
    return np.asarray(table.max(axis=1) - table.min(axis=1))
