"""Strokes and minutes in the top tenth of the rower's own usual range, and above it: per session and per week.

A count of movement, as a training diary has it, and no more than that. The usual range is where 90 % of the strokes of
her earlier sessions lie, each session counting the same, however long it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.model import RangeCount, WeekCount

FloatArray = NDArray[np.float64]

#: What is counted, more = further. [D] Changes within the stroke: they need no zero that all sessions share.
COUNTED: Final = ("lumbar_rise_into_catch_deg", "pelvic_tilt_fall_into_catch_deg")
#: Share of the earlier strokes within the usual range. [C]
USUAL_SHARE: Final = 0.9


def usual_range(sessions: Sequence[FloatArray]) -> tuple[float, float]:
    """Ends of the range that holds :data:`USUAL_SHARE` of the strokes of sessions, (S,) each; NaN = not measured.

    NaN, NaN where nothing was measured.
    """
    known = [x[np.isfinite(x)] for x in sessions]
    known = [x for x in known if x.size]
    if not known:
        return float("nan"), float("nan")
    values = np.concatenate(known)
    weights = np.concatenate([np.full(x.size, 1.0 / x.size) for x in known])
    order = np.argsort(values, kind="stable")
    # A value stands for the middle of its own weight.
    share = (np.cumsum(weights[order]) - 0.5 * weights[order]) / len(known)
    low, high = np.interp([0.5 * (1.0 - USUAL_SHARE), 0.5 * (1.0 + USUAL_SHARE)], share, values[order])
    return float(low), float(high)


def count_range(
    name: str, unit: str, values: FloatArray, stroke_s: FloatArray, usual: tuple[float, float]
) -> RangeCount:
    """The strokes of a session against a usual range.

    Args:
        name: the quantity.
        unit: its unit.
        values: (S,) of usable strokes; NaN = not measured.
        stroke_s: (S,) how long each lasts, catch to catch.
        usual: from :func:`usual_range`.
    """
    low, high = usual
    known = np.isfinite(values)
    above = known & (values > high)
    top = known & ~above & (values >= RangeCount(name, unit, low, high).top_from)
    count = {"stroke": known, "top": top, "above": above}
    numbers = {f"{key}_count": int(which.sum()) for key, which in count.items()}
    minutes = {key: float(stroke_s[which].sum()) / 60.0 for key, which in count.items()}
    return RangeCount(
        name, unit, low, high, **numbers, minutes=minutes["stroke"], top_minutes=minutes["top"],
        above_minutes=minutes["above"],
    )  # fmt: skip


def weeks(sessions: Sequence[tuple[date, Mapping[str, RangeCount]]]) -> tuple[WeekCount, ...]:
    """Sums by ISO week, oldest first; weeks without a session are left out."""
    by_week: dict[tuple[int, int], list[Mapping[str, RangeCount]]] = {}
    for day, counts in sessions:
        year, week, _ = day.isocalendar()
        by_week.setdefault((year, week), []).append(counts)
    return tuple(
        WeekCount(f"{year}-W{week:02d}", len(found), tuple(_sum(name, found) for name in found[0]))
        for (year, week), found in sorted(by_week.items())
    )


def _sum(name: str, sessions: Sequence[Mapping[str, RangeCount]]) -> RangeCount:
    counts = [session[name] for session in sessions]
    first = counts[0]
    return RangeCount(
        first.quantity,
        first.unit,
        first.usual_low,
        first.usual_high,
        stroke_count=sum(c.stroke_count for c in counts),
        minutes=sum(c.minutes for c in counts),
        top_count=sum(c.top_count for c in counts),
        top_minutes=sum(c.top_minutes for c in counts),
        above_count=sum(c.above_count for c in counts),
        above_minutes=sum(c.above_minutes for c in counts),
    )
