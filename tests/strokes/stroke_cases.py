"""Angle series with something special done to them, for the stroke tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rowsense.angles.joint_angles import angle_series
from rowsense.kernels.smoothing import lowpass
from rowsense.model import AngleSeries, StrokeList
from rowsense.strokes.detect import find_strokes
from tests.synthetic_rower import Rower

FloatArray = NDArray[np.float64]

#: Recovery time / drive time at a rate, roughly as rowers do it.
USUAL_RATIO = {14: 2.0, 18: 1.8, 23: 1.4, 28: 1.1, 32: 0.95, 38: 0.85, 44: 0.8}


def strokes_of(series: AngleSeries) -> StrokeList:
    """Strokes with frames numbered from 0."""
    return find_strokes(series, np.arange(len(series)))


def smoothed(rower: Rower, cutoff_hz: float = 6.0) -> AngleSeries:
    """The series from joints smoothed as the pose stage does it."""
    joints = {name: lowpass(rower.view.time_s, xy, cutoff_hz) for name, xy in rower.view.joints.items()}
    return angle_series(replace(rower.view, joints=joints), rower.spine)


def cut(series: AngleSeries, first_s: float, last_s: float) -> AngleSeries:
    """The samples in [first_s, last_s]."""
    keep = (series.time_s >= first_s) & (series.time_s <= last_s)
    return AngleSeries(
        time_s=series.time_s[keep],
        values={name: value[keep] for name, value in series.values.items()},
        handle_x_px=series.handle_x_px[keep],
        seat_x_px=series.seat_x_px[keep],
        confidence=series.confidence[keep],
    )


def retimed(series: AngleSeries, time_s: FloatArray) -> AngleSeries:
    """The same samples at other times."""
    return replace(series, time_s=time_s)


def changed(series: AngleSeries, **columns: FloatArray) -> AngleSeries:
    """Handle, seat or angles replaced by name."""
    own = {name: columns.pop(name) for name in ("handle_x_px", "seat_x_px") if name in columns}
    return replace(series, values={**series.values, **columns}, **own)


def joined(*parts: AngleSeries) -> AngleSeries:
    """Series one after the other, a thirtieth of a second between them."""
    times, start_s = [], 0.0
    for part in parts:
        times.append(part.time_s - part.time_s[0] + start_s)
        start_s = float(times[-1][-1]) + 1.0 / 30.0
    return AngleSeries(
        time_s=np.concatenate(times),
        values={name: np.concatenate([p.values[name] for p in parts]) for name in parts[0].values},
        handle_x_px=np.concatenate([p.handle_x_px for p in parts]),
        seat_x_px=np.concatenate([p.seat_x_px for p in parts]),
        confidence=np.concatenate([p.confidence for p in parts]),
    )


def held(series: AngleSeries, at_s: float, length_s: float) -> AngleSeries:
    """The posture at ``at_s`` held for a while, with a little sway."""
    k = int(np.argmin(np.abs(series.time_s - at_s)))
    count = max(2, round(length_s * 30.0))
    sway = np.sin(np.arange(count) * 0.7)
    return AngleSeries(
        time_s=np.arange(count) / 30.0,
        values={name: value[k] + 0.3 * sway for name, value in series.values.items()},
        handle_x_px=series.handle_x_px[k] + 1.5 * sway,
        seat_x_px=series.seat_x_px[k] + 0.5 * sway,
        confidence=np.ones(count),
    )


def blend(start: AngleSeries, at_s: float, end: AngleSeries, until_s: float, length_s: float) -> AngleSeries:
    """A smooth move from one posture to another."""
    a, b = int(np.argmin(np.abs(start.time_s - at_s))), int(np.argmin(np.abs(end.time_s - until_s)))
    count = max(2, round(length_s * 30.0))
    share = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, count))

    def between(first: FloatArray, last: FloatArray) -> FloatArray:
        return first[a] + share * (last[b] - first[a])

    return AngleSeries(
        time_s=np.arange(count) / 30.0,
        values={name: between(value, end.values[name]) for name, value in start.values.items()},
        handle_x_px=between(start.handle_x_px, end.handle_x_px),
        seat_x_px=between(start.seat_x_px, end.seat_x_px),
        confidence=np.ones(count),
    )
