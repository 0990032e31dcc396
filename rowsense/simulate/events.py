"""Exact catches, finishes and phases of a simulated motion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import PHASES
from rowsense.simulate.kinematics import joint_angles, solve_joints
from rowsense.simulate.posture import PostureModel

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_GRID_HZ = 400.0
_KNEE_CLOSED_DEG = 5.0


@dataclass(frozen=True)
class Events:
    """Handle reversals inside the clip and the borders of the phases of every whole stroke."""

    catch_s: FloatArray
    """All catches (handle nearest to the flywheel) inside the clip, also those of no whole stroke."""
    finish_s: FloatArray
    """All finishes inside the clip."""
    stroke_catch_s: FloatArray
    """(n,) whole strokes only: catch, finish and end inside the clip."""
    stroke_finish_s: FloatArray
    stroke_end_s: FloatArray
    borders_s: FloatArray
    """(n, 7) borders of ``conventions.PHASES``."""
    seat_catch_s: FloatArray
    """(n,) seat nearest to the flywheel, around each stroke's catch."""

    def __len__(self) -> int:
        return len(self.stroke_catch_s)


def no_events() -> Events:
    """Of a clip in which nobody rows."""
    nothing = np.zeros(0)
    return Events(nothing, nothing, nothing, nothing, nothing, np.zeros((0, len(PHASES) + 1)), nothing)


def measure_events(model: PostureModel, start_s: float, end_s: float) -> Events:
    """Find the events on a 2.5 ms grid and refine the reversals by a parabola (error under 0.3 ms)."""
    line = model.timeline
    grid = np.arange(line.catch_s[0], line.catch_s[-1], 1.0 / _GRID_HZ)
    posture = model.at(grid)
    joints = solve_joints(model.skeleton, posture)
    angles = joint_angles(model.skeleton, posture, joints)
    handle, hip = joints.handle[:, 0], joints.hip[:, 0]
    catches = np.array([_peak_time(grid, handle, t, 0.25) for t in line.catch_s[1:-1]])
    finishes = np.array([_peak_time(grid, -handle, t, 0.25) for t in line.finish_s[1:-1]])
    seats = np.array([_peak_time(grid, hip, t, 0.25) for t in line.catch_s[1:-1]])
    strokes = [
        (catches[i], finishes[i], catches[i + 1], seats[i])
        for i in range(len(catches) - 1)
        if catches[i] >= start_s and catches[i + 1] <= end_s
    ]
    table = np.array(strokes).reshape(-1, 4)
    borders = [_borders(grid, angles["trunk_lean_deg"], angles["knee_deg"], *row[:3]) for row in table]
    inside_c = catches[(catches >= start_s) & (catches <= end_s)]
    inside_f = finishes[(finishes >= start_s) & (finishes <= end_s)]
    return Events(
        catch_s=inside_c,
        finish_s=inside_f,
        stroke_catch_s=table[:, 0],
        stroke_finish_s=table[:, 1],
        stroke_end_s=table[:, 2],
        borders_s=np.array(borders).reshape(-1, len(PHASES) + 1),
        seat_catch_s=table[:, 3],
    )


def frame_phases(events: Events, time_s: FloatArray) -> tuple[IntArray, tuple[str, ...]]:
    """Stroke number (-1 outside whole strokes) and phase id of every frame."""
    stroke = np.full(len(time_s), -1, dtype=np.int64)
    phase = [""] * len(time_s)
    for i, borders in enumerate(events.borders_s):
        inside = np.flatnonzero((time_s >= borders[0]) & (time_s < borders[-1]))
        stroke[inside] = i
        for frame in inside:
            phase[frame] = PHASES[int(np.searchsorted(borders[1:-1], time_s[frame], side="right"))]
    return stroke, tuple(phase)


def _peak_time(grid: FloatArray, value: FloatArray, near_s: float, window_s: float) -> float:
    """Time of the largest value within ``window_s`` of ``near_s``."""
    low, high = np.searchsorted(grid, [near_s - window_s, near_s + window_s])
    top = int(low + np.argmax(value[low:high]))
    top = min(max(top, 1), len(grid) - 2)
    left, middle, right = value[top - 1 : top + 2]
    bend = left - 2.0 * middle + right
    shift = 0.0 if bend >= 0.0 else 0.5 * (left - right) / bend
    return float(grid[top] + shift / _GRID_HZ)


def _borders(
    grid: FloatArray, lean_deg: FloatArray, knee_deg: FloatArray, catch_s: float, finish_s: float, end_s: float
) -> list[float]:
    """Borders of one stroke: thirds of the drive, lean reaching 0, knee closed by 5 degrees."""
    third = (finish_s - catch_s) / 3.0
    low, high = np.searchsorted(grid, [finish_s, end_s])
    upright = np.flatnonzero(lean_deg[low:high] >= 0.0)
    upright_s = float(grid[low + upright[0]]) if len(upright) else end_s
    knee = knee_deg[low:high]
    closed = np.flatnonzero(np.maximum.accumulate(knee) - knee >= _KNEE_CLOSED_DEG)
    closed_s = float(grid[low + closed[0]]) if len(closed) else end_s
    return [catch_s, catch_s + third, catch_s + 2 * third, finish_s, upright_s, max(upright_s, closed_s), end_s]
