"""The best strokes of a piece by their score, and what is different in them.

Whoever picks the best of noisy values picks lucky errors with them: the chosen look better than they are. So every
difference is drawn towards 0 by the share of the strokes' variance that the measurement explains (Kelley 1947), and
only then held against what the measurement can tell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.differences import FEWEST, Compared, beyond_chance, by_chance, detectable
from rowsense.assess.drift import POSTURE, TIMING
from rowsense.assess.piece_strokes import RATE, PieceStrokes, Quantity
from rowsense.model import BestStrokes

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: So many are the best, or a fifth of the scored ones where that is fewer, and never under three. [D] Three show
#: whether something comes again; more than five nobody looks at.
MOST: Final = 5
SHARE: Final = 0.2
LEAST: Final = 3
#: Fewest scored strokes. [D] Three against seven others.
MIN_STROKES: Final = 10


def too_few(scored_count: int) -> str:
    """Why no best strokes are named; empty where they can be."""
    if scored_count >= MIN_STROKES:
        return ""
    strokes = "1 stroke has a score" if scored_count == 1 else f"{scored_count} strokes have a score"
    return f"Too few strokes to set some apart as the best: {strokes}. It takes {MIN_STROKES}."


def best_strokes(piece: PieceStrokes, names: Sequence[str]) -> BestStrokes:
    """The best strokes of a piece that has enough with a score.

    Args:
        piece: usable strokes.
        names: the metrics that the score is made of; posture, timing and rate are compared as well.
    """
    scored = np.isfinite(piece.score)
    rank = ranked(piece, scored)
    chosen = rank[: max(LEAST, min(MOST, math.floor(SHARE * len(rank))))]
    best = np.zeros(len(piece), dtype=np.bool_)
    best[chosen] = True
    others = scored & ~best
    compared = dict.fromkeys((*names, *POSTURE, *TIMING, RATE))
    found = [c for name in compared if (c := compare_best(piece.quantities[name], best, others)) is not None]
    named = (c.named(bool(b)) for c, b in zip(found, beyond_chance([c.probability for c in found]), strict=True))
    return BestStrokes(
        strokes=tuple(int(i) for i in piece.index[chosen]),
        score=float(piece.score[best].mean()),
        score_of_others=float(piece.score[others].mean()),
        other_count=int(others.sum()),
        differences=tuple(d for d in named if d.clear),
    )


def ranked(piece: PieceStrokes, scored: BoolArray) -> NDArray[np.int64]:
    """Places of the scored strokes, best first. Scores within a point are taken as equal; then the stroke that is more
    like the piece's mean comes first.
    """
    unlike = unlikeness([piece.quantities[name].values for name in (*POSTURE, *TIMING)], scored)
    places = np.flatnonzero(scored)
    order = np.lexsort((unlike[places], -np.round(piece.score[places])))
    return places[order]


def unlikeness(values: Sequence[FloatArray], scored: BoolArray) -> FloatArray:
    """(S,) mean distance from the scored strokes' mean in their standard deviations; infinite where none is known."""
    total, count = np.zeros(len(scored)), np.zeros(len(scored))
    for value in values:
        known = value[scored & np.isfinite(value)]
        sd = float(known.std()) if known.size else 0.0
        if sd > 0.0:
            away = np.abs(value - known.mean()) / sd
            total += np.nan_to_num(away)
            count += np.isfinite(away)
    return np.where(count > 0, total / np.maximum(count, 1.0), np.inf)


def compare_best(quantity: Quantity, best: BoolArray, others: BoolArray) -> Compared | None:
    """Best minus others, with what choosing them adds taken out; None where it was not measured in enough of them.

    What is taken out is right for strokes that differ normally and too much where the best stand apart from all
    others; so the interval reaches to what was measured, with its doubt.
    """
    finite = np.isfinite(quantity.values)
    one, two = quantity.values[best & finite], quantity.values[others & finite]
    if len(one) < LEAST or len(two) < FEWEST or math.isnan(quantity.fresh_sd):
        return None
    variance = float(quantity.values[(best | others) & finite].var(ddof=1))
    real = max(0.0, 1.0 - quantity.fresh_sd**2 / variance) if variance > 0.0 else 0.0
    seen = float(one.mean() - two.mean())
    limit = detectable(quantity.fresh_sd, len(one), len(two))
    freedom = len(one) + len(two) - 2
    within = (float(one.var()) * len(one) + float(two.var()) * len(two)) / freedom
    chance = by_chance(seen, math.sqrt(within * (1.0 / len(one) + 1.0 / len(two))), freedom)
    drawn, half = real * seen, math.sqrt(real) * limit
    low, high = min(drawn - half, seen - limit), max(drawn + half, seen + limit)
    return Compared(quantity, drawn, low, high, limit, chance)
