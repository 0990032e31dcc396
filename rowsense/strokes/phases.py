"""Borders of the phases and onsets inside one stroke, from events and angles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import EVENT_WINDOW_S
from rowsense.kernels.cycles import crossing_time

FloatArray = NDArray[np.float64]

KNEE_BREAK_DEG = 5.0
"""The slide starts when the knee has closed this far [D, C]."""
LEGS_ONSET_DEG = 3.0
TRUNK_ONSET_DEG = 3.0
"""Change from the value at the catch that counts as a start [D, C]."""
ARMS_STRAIGHT_DEG = 170.0
"""Elbow under it: arms draw; over it: hands are away [D, C]."""
ARMS_ONSET_DEG = 5.0
"""Where the arm is seen bent at the catch already, its bend is counted from there [D]: landmarks of a straight
arm often make 165 degrees."""

ONSET_NAMES = ("legs", "trunk", "arms", "hands_away", "rock_over", "knee_break")


@dataclass(frozen=True, slots=True)
class BodySignals:
    """The angles that phases and onsets are made of, each (T,) degrees with NaN for missing."""

    time_s: FloatArray
    lean_deg: FloatArray
    knee_deg: FloatArray
    elbow_deg: FloatArray


def phase_borders(body: BodySignals, catch_s: float, finish_s: float, end_s: float) -> tuple[float, ...]:
    """Seven border times of the six phases, none before the one before it.

    Thirds of the drive; early recovery until the lean reaches 0; rock-over until the knee has closed
    ``KNEE_BREAK_DEG``; slide until the next catch. A lean that is 0 or more at the finish makes early recovery
    empty; one that never reaches 0 leaves rock-over and slide empty. Where lean or knee were not seen in the
    recovery their border falls on the one before: an empty phase instead of a guessed one.
    """
    third_s = (finish_s - catch_s) / 3.0
    upright_s = lean_upright_time(body, finish_s, end_s)
    if np.isnan(upright_s):
        upright_s = end_s if _seen(body, body.lean_deg, finish_s, end_s) else finish_s
    closed_s = knee_break_time(body, finish_s, end_s)
    if np.isnan(closed_s):
        closed_s = end_s if _seen(body, body.knee_deg, finish_s, end_s) else upright_s
    upright_s = min(max(upright_s, finish_s), end_s)
    closed_s = min(max(closed_s, upright_s), end_s)
    return (catch_s, catch_s + third_s, catch_s + 2.0 * third_s, finish_s, upright_s, closed_s, end_s)


def onsets(body: BodySignals, catch_s: float, finish_s: float, end_s: float) -> dict[str, float]:
    """Start of each movement by name (``ONSET_NAMES``), in seconds; NaN where it was not found."""
    time_s = body.time_s
    knee_at_catch = value_at(body, body.knee_deg, catch_s)
    lean_at_catch = value_at(body, body.lean_deg, catch_s)
    elbow_at_catch = value_at(body, body.elbow_deg, catch_s)
    straight = np.fmin(ARMS_STRAIGHT_DEG, elbow_at_catch - ARMS_ONSET_DEG)
    return {
        "legs": crossing_time(time_s, body.knee_deg, knee_at_catch + LEGS_ONSET_DEG, catch_s, finish_s),
        "trunk": crossing_time(time_s, np.abs(body.lean_deg - lean_at_catch), TRUNK_ONSET_DEG, catch_s, finish_s),
        "arms": crossing_time(time_s, -body.elbow_deg, -straight, catch_s, finish_s),
        "hands_away": crossing_time(time_s, body.elbow_deg, straight, finish_s, end_s),
        "rock_over": lean_upright_time(body, finish_s, end_s),
        "knee_break": knee_break_time(body, finish_s, end_s),
    }


def lean_upright_time(body: BodySignals, finish_s: float, end_s: float) -> float:
    """First time in the recovery at which the trunk lean is 0 or more; NaN where it never is."""
    return float(crossing_time(body.time_s, body.lean_deg, 0.0, finish_s, end_s))


def knee_break_time(body: BodySignals, finish_s: float, end_s: float) -> float:
    """Last time in the recovery at which the knee is within ``KNEE_BREAK_DEG`` of flat; NaN where unseen.

    "Flat" is the upper tenth of the knee angles in the recovery rather than their maximum, and the *last* crossing
    is taken rather than the first, so that one jumpy frame does not start the slide.
    """
    inside = (body.time_s >= finish_s) & (body.time_s <= end_s) & np.isfinite(body.knee_deg)
    if not inside.any():
        return float("nan")
    time_s, knee = body.time_s[inside][::-1], body.knee_deg[inside][::-1]
    flat = float(np.percentile(knee, 90.0))
    backwards = crossing_time(-time_s, knee, flat - KNEE_BREAK_DEG, -end_s, -finish_s)
    return float(-backwards)


def value_at(body: BodySignals, values: FloatArray, time_s: float) -> float:
    """Mean within +-``EVENT_WINDOW_S``, or the nearest sample where frames are sparse; NaN where unseen."""
    distance_s = np.where(np.isfinite(values), np.abs(body.time_s - time_s), np.inf)
    near = distance_s <= EVENT_WINDOW_S
    if near.any():
        return float(values[near].mean())
    nearest = int(np.argmin(distance_s))
    return float(values[nearest]) if distance_s[nearest] <= 2.0 * EVENT_WINDOW_S else float("nan")


def _seen(body: BodySignals, values: FloatArray, start_s: float, end_s: float) -> bool:
    inside = (body.time_s >= start_s) & (body.time_s < end_s)
    return bool(inside.any() and np.isfinite(values[inside]).mean() > 0.5)
