"""How alike the strokes of a piece are: the spread of posture and timing, less what the measurement makes of it.

Skill shows in the consistency of angles and timing more than in the mean posture [R: Bosch; Ng 2015].
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.piece_strokes import DRIVE, SEAT_LAG, PieceStrokes, Quantity
from rowsense.assess.slope import Z95, pairs
from rowsense.assess.trend import Trend
from rowsense.model import Spread

FloatArray = NDArray[np.float64]

#: Posture and timing at the catch, and the drive's time.
FOLLOWED: Final = (
    "pelvic_tilt_deg_catch", "lumbar_flexion_deg_catch", "trunk_lean_deg_catch", "shin_deg_catch", SEAT_LAG, DRIVE,
)  # fmt: skip
#: Fewest strokes. [D] With ten the spread is known to a factor of two either way.
MIN_STROKES: Final = 10
#: The lower quartile of the differences of all pairs times this is the sd of a normal error, and its variance is that
#: of the plain sd of 0.82 times as many strokes [R: Rousseeuw and Croux 1993, Qn].
QUARTILE_TO_SD: Final = 2.2191
EFFICIENCY: Final = 0.82
#: With few strokes it is less sure: its sd grows by this over the degrees of freedom. [D] Simulated, 10 to 50 strokes.
SMALL_SAMPLE: Final = 3.0
#: Strokes that are paired with one another. [D] Fewer would cost a tenth of the precision.
CHAIN_STROKES: Final = 100


def too_few(stroke_count: int) -> str:
    """Why nothing can be said about consistency; empty where something can."""
    if stroke_count >= MIN_STROKES:
        return ""
    strokes = "1 usable stroke" if stroke_count == 1 else f"{stroke_count} usable strokes"
    return (
        f"Too few strokes to say how alike they are: {strokes}. It takes {MIN_STROKES}: with fewer the spread is known "
        "to less than a factor of two."
    )


def spreads(piece: PieceStrokes, trends: Mapping[str, Trend]) -> tuple[Spread, ...]:
    """Spread of every followed quantity that was measured in enough strokes.

    Args:
        piece: usable strokes.
        trends: of every quantity of :data:`FOLLOWED`; what drifts or goes with the rate is no spread.
    """
    found = (spread(piece.quantities[name], trends[name]) for name in FOLLOWED)
    return tuple(s for s in found if s is not None)


def spread(quantity: Quantity, trend: Trend) -> Spread | None:
    """Robust sd about the line at equal rate; None with under :data:`MIN_STROKES` measured strokes.

    The interval holds for strokes that differ normally and apart from one another. It takes the measurement's sd as
    given: where the stated one is too large, the rower's own part is too small, down to 0.
    """
    count = len(trend.residual)
    if count < MIN_STROKES:
        return None
    freedom = count - trend.fitted_count
    seen = robust_sd(trend.residual) * math.sqrt(count / freedom)
    factor = math.exp(Z95 * (1.0 + SMALL_SAMPLE / freedom) / math.sqrt(2.0 * EFFICIENCY * freedom))
    own, low, high = (without(x, quantity.fresh_sd) for x in (seen, seen / factor, seen * factor))
    return Spread(quantity.name, quantity.unit, count, seen, quantity.fresh_sd, own, low, high)


def without(seen_sd: float, part_sd: float) -> float:
    """What is left of an sd when an independent part is taken out, never under 0; NaN where the part is not known."""
    return math.sqrt(max(0.0, seen_sd**2 - part_sd**2)) if math.isfinite(part_sd) else math.nan


def robust_sd(values: FloatArray) -> float:
    """Standard deviation from the lower quartile of the differences between strokes (Qn): half of the strokes may be
    wild, and it asks for no middle to measure from.

    Args:
        values: (M,) finite, two or more.
    """
    count = len(values)
    first, later = pairs(count, CHAIN_STROKES)
    apart = np.abs(values[later] - values[first])
    half = count // 2 + 1
    rank = math.ceil(len(apart) * half * (half - 1) / (count * (count - 1))) - 1
    # Small samples come out too large by this much [R: Croux and Rousseeuw 1992].
    small = count / (count + (1.4 if count % 2 else 3.8))
    return QUARTILE_TO_SD * small * float(np.partition(apart, rank)[rank])
