"""Which frames show a fault: half-open frame intervals per stroke, and the one frame that shows it best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catalogue import WINDOWS
from rowsense.assess.rules import FaultVerdict, RuleVerdict
from rowsense.model import AngleSeries

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def frame_intervals(
    verdict: FaultVerdict, series: AngleSeries, windows_s: FloatArray, frames: IntArray
) -> tuple[tuple[int, int], ...]:
    """Half-open frame intervals of the strokes that show the fault; overlapping ones are joined."""
    found: list[tuple[int, int]] = []
    for rule_verdict in verdict.rules:
        columns = [WINDOWS.index(name) for name in rule_verdict.rule.frames]
        for s in np.flatnonzero(rule_verdict.shown):
            windows = windows_s[s, columns]
            windows = windows[windows[:, 1] > windows[:, 0]]
            if not len(windows):
                continue
            first, last = _indices(series.time_s, float(windows[:, 0].min()), float(windows[:, 1].max()))
            if last > first:
                found.append((int(frames[first]), int(frames[last - 1]) + 1))
    return _joined(found)


def worst_frame(verdict: FaultVerdict, series: AngleSeries, windows_s: FloatArray, frames: IntArray) -> int:
    """Frame number that shows the fault best: in the worst stroke, where the rule's quantity is most extreme."""
    leading = max(verdict.rules, key=_worst_value)
    stroke = int(np.nanargmax(np.where(leading.shown, leading.margin, np.nan)))
    rule = leading.rule
    start_s, end_s = windows_s[stroke, WINDOWS.index(rule.worst_phase)]
    first, last = _indices(series.time_s, start_s, end_s)
    if last <= first:
        # An empty phase (a pause, a slow camera) still has an instant: the frame nearest to it.
        return int(frames[min(first, len(frames) - 1)])
    index = last - 1
    if rule.worst != "last":
        values = series[rule.quantity][first:last]
        if np.isfinite(values).any():
            index = first + int(np.nanargmin(values) if rule.worst == "lowest" else np.nanargmax(values))
    return int(frames[index])


def _worst_value(verdict: RuleVerdict) -> float:
    shown = verdict.margin[verdict.shown]
    return float(shown.max()) if shown.size else -np.inf


def _indices(time_s: FloatArray, start_s: float, end_s: float) -> tuple[int, int]:
    first, last = np.searchsorted(time_s, [start_s, end_s])
    return int(first), int(last)


def _joined(intervals: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    out: list[tuple[int, int]] = []
    for first, last in sorted(intervals):
        if out and first <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], last))
        else:
            out.append((first, last))
    return tuple(out)
