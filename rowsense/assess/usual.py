"""The rower's usual level of a quantity from her earlier sessions, and whether a new session lies outside it.

A session is one value, the mean over its strokes. Means of one rower differ from session to session by what she does,
by camera and clothes and by the measurement; the spread of the earlier means holds all of it. So the usual is a
prediction interval: where a further session would lie with 95 % probability if nothing had changed. With few sessions
that is wide, as it has to be.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.differences import by_chance, mostly_real
from rowsense.model import UsualLevel
from rowsense.model.change import BETWEEN_SESSIONS_DEG, Z95, StrokeDoubt, detectable_between_sessions

FloatArray = NDArray[np.float64]

#: Fewest earlier sessions. [D] With three the interval is 5 standard deviations wide to either side; with two it would
#: be 16, and nothing could ever lie outside.
MIN_SESSIONS: Final = 3
#: Two-sided 95 % of Student's t with 2 to 5 degrees of freedom [R: tables]; beyond, its expansion is right to 0.6 %.
_T95: Final = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571}


def t95(freedom: int) -> float:
    """Two-sided 95 % quantile of Student's t, 1 degree of freedom or more."""
    if freedom in _T95:
        return _T95[freedom]
    z = Z95
    return z + (z**3 + z) / (4.0 * freedom) + (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / (96.0 * freedom**2)


@dataclass(frozen=True, slots=True)
class Now:
    """One quantity of the session in question."""

    unit: str
    values: FloatArray
    """(S,) of the strokes that counted; NaN = not measured."""
    doubt: StrokeDoubt
    """Of one stroke's value, in the unit of the quantity."""


def usual_levels(now: Mapping[str, Now], earlier: Sequence[Mapping[str, float]]) -> tuple[UsualLevel, ...]:
    """Every quantity that enough earlier sessions have, against their usual.

    Args:
        now: by name; what was not measured in any stroke is left out.
        earlier: of each session the mean of each quantity over its strokes; absent or NaN = not measured.
    """
    found: list[UsualLevel] = []
    chances: list[float] = []
    for name, quantity in now.items():
        before = np.array([means.get(name, math.nan) for means in earlier])
        before = before[np.isfinite(before)]
        known = quantity.values[np.isfinite(quantity.values)]
        if len(before) < MIN_SESSIONS or not known.size:
            continue
        level, chance = _level(name, quantity, known, before)
        found.append(level)
        chances.append(chance)
    judged = zip(found, mostly_real(chances), strict=True)
    return tuple(replace(level, clear=bool(real) and _outside(level)) for level, real in judged)


def _level(name: str, quantity: Now, known: FloatArray, before: FloatArray) -> tuple[UsualLevel, float]:
    """Not yet judged, and the probability of so unusual a session by chance."""
    count = len(before)
    usual, spread = float(before.mean()), float(before.std(ddof=1))
    value = float(known.mean())
    error = spread * math.sqrt(1.0 + 1.0 / count)
    half = t95(count - 1) * error
    # The earlier sessions are taken to be as sure as this one.
    measured = quantity.doubt.standard_error_deg(known.size) * math.sqrt(1.0 + 1.0 / count)
    floor = BETWEEN_SESSIONS_DEG if quantity.unit == "deg" else 0.0
    level = UsualLevel(
        quantity=name,
        unit=quantity.unit,
        value=value,
        usual=usual,
        spread=spread,
        low=usual - half,
        high=usual + half,
        session_count=count,
        detectable_change=detectable_between_sessions(measured, floor),
        clear=False,
    )
    return level, by_chance(value - usual, error, count - 1)


def _outside(level: UsualLevel) -> bool:
    beyond = abs(level.value - level.usual) > level.detectable_change
    return beyond and not level.low <= level.value <= level.high
