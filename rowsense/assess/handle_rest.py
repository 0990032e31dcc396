"""Micro-pauses: how long the handle is slow around the finish and on its last way to the catch.

Every handle is slow where it turns. What a sine would take there is what the limit is made of, so that a low rate alone
makes no pause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catch_grid import bridged
from rowsense.model import AngleSeries, Stroke

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Slow = under this share of the handle's highest speed in that drive, or that recovery. [D] Of 0.10 and 0.15 the
#: latter gave the length of simulated rests of 0.2 and 0.3 s to 0.01 s at 24 strokes a minute, through noise and
#: low-pass.
SLOW_RATIO: Final = 0.15
#: Share of the half stroke that a sine is slower than that at one of its ends: asin(0.15) / pi.
SINE_SHARE: Final = float(np.arcsin(SLOW_RATIO) / np.pi)
#: A pause is longer than this ... [D] Rests of 0.1 s at the finish of simulated strokes are blurred by the low-pass to
#: 0.09 to 0.12 s, turns without any take under 0.08 s. On the way to the catch these take up to 0.13 s.
LEAST_S: Final = {"finish": 0.15, "catch": 0.20}
#: ... and than so many times what a sine takes. [D]
OVER_SINE: Final = 1.5
#: The rest at the finish is looked for this long before and after that event. [D] The low-pass rings around a rest.
NEAR_S: Final = 0.15
#: Resolution. [D] An eighth of a frame at 30 a second.
STEP_S: Final = 1.0 / 240.0
#: No longer rest is followed. [D] Strokes with longer ones do not count.
LONGEST_S: Final = 1.5
#: Moments of a half stroke at which the highest speed is looked for.
_MOMENTS: Final = 61


@dataclass(frozen=True, slots=True)
class Rests:
    """Of U usable strokes, at one place."""

    slow_s: FloatArray
    """(U,) time that the handle is slow; 0 = never; NaN where it was not seen."""
    limit_s: FloatArray
    """(U,) longer is a pause."""

    @property
    def pauses(self) -> BoolArray:
        """(U,) strokes with a pause."""
        return np.asarray(self.slow_s > self.limit_s)


def find_rests(series: AngleSeries, usable: Sequence[Stroke]) -> dict[str, Rests]:
    """Time at each of ``rowsense.model.rhythm.PAUSE_PLACES``.

    At the finish the whole of it counts, on both sides of the event. Before the catch what lies before the event does:
    the catch is where a rest there ends.
    """
    time_s = series.time_s
    speed = np.gradient(bridged(time_s, series.handle_x_px), time_s)
    found = {"finish": np.full(len(usable), np.nan), "catch": np.full(len(usable), np.nan)}
    drive_s, recovery_s = (np.array([getattr(s, name) for s in usable]) for name in ("drive_s", "recovery_s"))
    for u, stroke in enumerate(usable):
        first, end = np.searchsorted(time_s, [stroke.catch_time_s, stroke.end_time_s])
        part = slice(max(first - 1, 0), end + 1)
        if not np.isfinite(speed[part]).all():
            continue
        found["finish"][u], found["catch"][u] = _slow_s(time_s[part], speed[part], stroke)
    return {
        "finish": Rests(found["finish"], _limit_s("finish", SINE_SHARE * (drive_s + recovery_s))),
        "catch": Rests(found["catch"], _limit_s("catch", SINE_SHARE * recovery_s)),
    }


def _limit_s(place: str, sine_s: FloatArray) -> FloatArray:
    return np.maximum(LEAST_S[place], OVER_SINE * sine_s)


def _slow_s(time_s: FloatArray, speed: FloatArray, stroke: Stroke) -> tuple[float, float]:
    """Slow time around the finish, and before the catch that ends the stroke."""
    catch_s, finish_s, end_s = stroke.catch_time_s, stroke.finish_time_s, stroke.end_time_s
    drive = -np.interp(np.linspace(catch_s, finish_s, _MOMENTS), time_s, speed)
    recovery = np.interp(np.linspace(finish_s, end_s, _MOMENTS), time_s, speed)
    low, high = -SLOW_RATIO * drive.max(), SLOW_RATIO * recovery.max()
    around = _slow(time_s, speed, np.arange(max(finish_s - LONGEST_S, catch_s), end_s, STEP_S), low, high)
    before = _slow(time_s, speed, np.arange(end_s, max(end_s - LONGEST_S, finish_s), -STEP_S), low, high)
    start = round((finish_s - max(finish_s - LONGEST_S, catch_s)) / STEP_S)
    near = round(NEAR_S / STEP_S)
    return _longest_s(around, start - near, start + near), _longest_s(before, 0, near)


def _slow(time_s: FloatArray, speed: FloatArray, at_s: FloatArray, low: float, high: float) -> BoolArray:
    drawn = np.interp(at_s, time_s, speed)
    return np.asarray((drawn > low) & (drawn < high))


def _longest_s(slow: BoolArray, first: int, last: int) -> float:
    """Length of the longest unbroken run of True that begins or lies in [first, last]."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], slow, [False]]).astype(np.int8)))
    begins, ends = edges[::2], edges[1::2]
    near = (begins <= last) & (ends > first)
    return float((ends - begins)[near].max(initial=0)) * STEP_S
