"""What changes over a piece at equal stroke rate: posture, timing, and how much the strokes differ."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.differences import beyond_chance, detectable
from rowsense.assess.piece_strokes import DRIVE, SEAT_LAG, PieceStrokes, Quantity
from rowsense.assess.slope import MAD_TO_SD, Z95
from rowsense.assess.trend import Trend, trend_of
from rowsense.model import Drift
from rowsense.texts.measures import plain_name

FloatArray = NDArray[np.float64]

#: What is followed over the piece. Lumbar flexion and pelvic tilt at the catch rise and fall with fatigue in three
#: studies, not in two [R: Wilson, Caldwell 2003, Sekine; ISBS 2018, Mackenzie 2008].
POSTURE: Final = tuple(
    f"{q}_deg_{p}" for q in ("pelvic_tilt", "lumbar_flexion") for p in ("catch", "slide", "early_drive")
)
TIMING: Final = (DRIVE, SEAT_LAG)
#: How far these are from the strokes around is followed too.
ALIKE: Final = ("pelvic_tilt_deg_catch", "lumbar_flexion_deg_catch", DRIVE)

#: Fewest strokes of a drift. [D] With strokes that scatter by 4.33 deg (2.18 fresh of an error of 5 deg, the rower's
#: own 3.74) and eleven quantities looked at, 8 deg over the piece (limit of hips_tip_back) would be found by least
#: squares in 8 of 10 pieces of n = 12 (4.33 / 8)^2 (2.84 + 0.84)^2 = 48 strokes. As it is done here they are in 7 of 10
#: simulated ones of 50.
MIN_STROKES: Final = 50
#: Shortest piece. [D] The beginning is a minute, and so is what is held against it.
MIN_MINUTES: Final = 2.0
#: Share of the piece that the measured strokes must span. [D] A line is drawn on by a third of its length at most.
MIN_SPAN_RATIO: Final = 0.75
#: Fewest measured strokes of a beginning, an end and a minute. [D] Their mean has a third of the error of one.
MINUTE_STROKES: Final = 10
#: Mean of the absolute value of a normal error over its sd, and what is left of it to scatter. [D] sqrt(2 / pi).
MEAN_ABSOLUTE: Final = math.sqrt(2.0 / math.pi)
DEVIATION_SCATTER: Final = math.sqrt(1.0 - MEAN_ABSOLUTE**2) / MEAN_ABSOLUTE


def too_short(stroke_count: int, duration_min: float) -> str:
    """Why nothing can be said about drift; empty where something can."""
    if stroke_count >= MIN_STROKES and duration_min >= MIN_MINUTES:
        return ""
    strokes = "1 usable stroke" if stroke_count == 1 else f"{stroke_count} usable strokes"
    return (
        f"Too short to say what changes over the piece: {strokes} in {duration_min:.1f} minutes. It takes "
        f"{MIN_STROKES} strokes and {MIN_MINUTES:.0f} minutes: with fewer even a change of 8° is often lost in what "
        "strokes differ by anyway, and beginning and end are not yet a minute each."
    )


def drifts(piece: PieceStrokes, trends: Mapping[str, Trend]) -> tuple[Drift, ...]:
    """Posture, timing and consistency over a piece that is not too short.

    Args:
        piece: usable strokes.
        trends: of every quantity of :data:`POSTURE`, :data:`TIMING` and :data:`ALIKE`.
    """
    followed = [(piece.quantities[name], trends[name]) for name in (*POSTURE, *TIMING)]
    for name in ALIKE:
        deviation = deviations(piece.quantities[name], trends[name])
        followed.append((deviation, trend_of(piece.time_min, piece.rate_spm, deviation.values)))
    reasons = [_why_not(piece, q, t) for q, t in followed]
    probabilities = [math.nan if r else t.slope.probability for (_, t), r in zip(followed, reasons, strict=True)]
    beyond = beyond_chance(probabilities)
    return tuple(
        _drift(piece, q, t, bool(b), r) for (q, t), b, r in zip(followed, beyond, reasons, strict=True)
    )  # fmt: skip


def deviations(quantity: Quantity, trend: Trend) -> Quantity:
    """How far each stroke is from the line, as a standard deviation that its kind would have; (S,), NaN unknown."""
    values = np.full(len(trend.measured), np.nan)
    values[trend.measured] = np.abs(trend.residual) / MEAN_ABSOLUTE
    return Quantity(f"spread_of_{quantity.name}", quantity.unit, values, DEVIATION_SCATTER * quantity.fresh_sd)


def _why_not(piece: PieceStrokes, quantity: Quantity, trend: Trend) -> str:
    name = plain_name(quantity.name)
    time_min = piece.time_min[trend.measured]
    if len(time_min) < MIN_STROKES:
        return f"{name} was measured in {len(time_min)} strokes; it takes {MIN_STROKES}"
    if np.ptp(time_min) < MIN_SPAN_RATIO * np.ptp(piece.time_min):
        return f"{name} was measured in a part of the piece only"
    if math.isnan(quantity.fresh_sd):
        return f"the measurement error of {name} is not known"
    if not trend.separable:
        return "the stroke rate changes steadily with time: what goes with time and what with rate cannot be told apart"
    return ""


def _drift(piece: PieceStrokes, quantity: Quantity, trend: Trend, beyond: bool, reason: str) -> Drift:
    count = int(trend.measured.sum())
    handling = "like" if math.isnan(trend.per_spm) else "partialled"
    if reason:
        return Drift(quantity.name, quantity.unit, count, rate_handling=handling, reason=reason)
    slope, minutes = trend.slope, float(np.ptp(piece.time_min))
    time_min = piece.time_min[trend.measured]
    change = slope.value * minutes
    limit = detectable(quantity.fresh_sd, edge_count(time_min), edge_count(-time_min[::-1]))
    clear = beyond and abs(change) > limit
    return Drift(
        quantity=quantity.name,
        unit=quantity.unit,
        stroke_count=count,
        slope_per_min=slope.value,
        slope_low_per_min=slope.low,
        slope_high_per_min=slope.high,
        change=change,
        change_low=slope.low * minutes,
        change_high=slope.high * minutes,
        detectable_change=limit,
        per_spm=trend.per_spm,
        rate_handling=handling,
        clear=clear,
        from_min=real_from_min(time_min, trend, quantity.fresh_sd) if clear else math.nan,
    )


def edge_count(time_min: FloatArray) -> int:
    """Strokes of the first minute, (M,) increasing times; at least :data:`MINUTE_STROKES`."""
    return max(MINUTE_STROKES, int(np.sum(time_min < time_min[0] + 1.0)))


def real_from_min(time_min: FloatArray, trend: Trend, fresh_sd: float) -> float:
    """First minute from which every minute's mean at equal rate is beyond what is detectable from the beginning's.

    Beyond on the side to which the slope goes. The doubt is the measurement's, or the strokes' own scatter where that
    is more. A few strokes at the end belong to the minute before. Minutes with few measured strokes are passed over;
    NaN where the last minute is not beyond.

    Args:
        time_min: (M,) of the measured strokes.
        trend: of the quantity.
        fresh_sd: of one stroke, unit of the quantity.
    """
    value = trend.at_equal_rate
    begin = edge_count(time_min)
    scatter = MAD_TO_SD * float(np.median(np.abs(trend.residual)))
    sd = max(fresh_sd, scatter)
    level = float(value[:begin].mean())
    minute = np.floor(time_min).astype(np.int64)
    if np.sum(minute == minute[-1]) < MINUTE_STROKES:
        minute = np.minimum(minute, minute[-1] - 1)
    side = math.copysign(1.0, trend.slope.value)
    found = math.nan
    for m in range(int(minute[-1]), int(minute[begin - 1]), -1):
        there = value[minute == m]
        if len(there) < MINUTE_STROKES:
            continue
        if side * (float(there.mean()) - level) <= Z95 * sd * math.sqrt(1.0 / begin + 1.0 / len(there)):
            break
        found = float(m)
    return found


def trends_of(piece: PieceStrokes, names: Sequence[str]) -> dict[str, Trend]:
    """The trend of every named quantity."""
    return {name: trend_of(piece.time_min, piece.rate_spm, piece.quantities[name].values) for name in names}
