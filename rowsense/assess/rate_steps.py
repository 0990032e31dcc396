"""Where the stroke rate goes from one level to another, and what is different in the strokes after it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.differences import beyond_chance, compare
from rowsense.assess.drift import POSTURE, TIMING
from rowsense.assess.piece_strokes import PieceStrokes
from rowsense.model import RateStep

FloatArray = NDArray[np.float64]

#: A step is this much or more. [D] Twice the +-1 spm that count as equal rate.
STEP_SPM: Final = 2.0
#: Shortest part at one rate. [D] With ten strokes a side a difference of 3.8 deg can be told where strokes scatter by
#: 4.3 deg, the rower's own share included; the measurement alone, off by 5 deg a stroke, tells 1.9.
PART_STROKES: Final = 10
#: Strokes compared on a side. [D] With twenty it is 2.7 deg, and 1.4 by the measurement alone; more would mix in what
#: drifts.
SIDE_STROKES: Final = 20
#: What one more part must save in squared deviation, spm^2. [D] The saving of a step of STEP_SPM between two of the
#: shortest parts: 10 x 10 / 20 x 2^2.
PART_COST: Final = 0.5 * PART_STROKES * STEP_SPM**2


def rate_steps(piece: PieceStrokes) -> tuple[RateStep, ...]:
    """Every step of the rate, in order of time, with the differences in posture and timing across it.

    What drifts within the strokes compared is in the differences too.
    """
    borders = [*part_begins(piece.rate_spm), len(piece)]
    steps = (_step(piece, *three) for three in zip(borders, borders[1:], borders[2:], strict=False))
    return tuple(s for s in steps if s is not None)


def part_begins(rate_spm: FloatArray) -> list[int]:
    """Where the parts of one rate begin, the first at 0: the cut with least squared deviation from the parts' means.

    Each part costs :data:`PART_COST` and has :data:`PART_STROKES` or more. Every cut is tried, by the best cut of
    what comes before it.

    Args:
        rate_spm: (S,) finite.
    """
    count = len(rate_spm)
    sums = np.concatenate([[0.0], np.cumsum(rate_spm)])
    squares = np.concatenate([[0.0], np.cumsum(rate_spm**2)])
    best = np.full(count + 1, np.inf)
    best[0] = 0.0
    begin_of = np.zeros(count + 1, dtype=np.int64)
    for end in range(PART_STROKES, count + 1):
        tried = np.arange(end - PART_STROKES + 1)
        apart = squares[end] - squares[tried] - (sums[end] - sums[tried]) ** 2 / (end - tried)
        cost = best[tried] + apart + PART_COST
        begin_of[end] = np.argmin(cost)
        best[end] = cost[begin_of[end]]
    begins, end = [], count
    while end > 0:
        end = int(begin_of[end])
        begins.append(end)
    return begins[::-1]


def _step(piece: PieceStrokes, begin_before: int, begin: int, end: int) -> RateStep | None:
    """The step at ``begin`` between two parts; None where the rates right before and after it are alike."""
    before = np.zeros(len(piece), dtype=np.bool_)
    after = np.zeros(len(piece), dtype=np.bool_)
    before[max(begin_before, begin - SIDE_STROKES) : begin] = True
    after[begin : min(end, begin + SIDE_STROKES)] = True
    rates_spm = float(piece.rate_spm[before].mean()), float(piece.rate_spm[after].mean())
    if abs(rates_spm[1] - rates_spm[0]) < STEP_SPM:
        return None
    found = [c for n in (*POSTURE, *TIMING) if (c := compare(piece.quantities[n], after, before)) is not None]
    beyond = beyond_chance([c.probability for c in found])
    return RateStep(
        at_min=float(piece.time_min[begin]),
        first_stroke=int(piece.index[begin]),
        rate_before_spm=rates_spm[0],
        rate_after_spm=rates_spm[1],
        stroke_count_before=int(before.sum()),
        stroke_count_after=int(after.sum()),
        differences=tuple(c.named(bool(b)) for c, b in zip(found, beyond, strict=True)),
    )
