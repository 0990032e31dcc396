"""Quantities on one grid of times around the catch that ends each stroke: a table of strokes by moments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import EVENT_WINDOW_S, PHASES
from rowsense.model import Stroke

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Step of the grid. [D] A frame at 30 a second; the angles are low-passed at 3 Hz.
STEP_S: Final = 1.0 / 30.0
#: The hips are looked at from this share of the median recovery before the catch on, but not from further back than
#: this. [D] The slide of simulated and filmed rowers takes 60 to 70 % of the recovery. Of a slow one the last part will
#: do.
SLIDE_RATIO: Final = 0.65
LONGEST_S: Final = 1.2
#: What may go before them is looked at from so much earlier. [D] As long as something counts as before the hips is half
#: a second; the trunk is seldom upright by then.
EARLIER_S: Final = 0.3
#: ... and ends this long after the catch. [D] Seat and handle turn within it.
AFTER_S: Final = 0.1
#: No value is drawn across a longer hole. [D] Three frames at 30 a second.
LONGEST_HOLE_S: Final = 0.1
#: Least part of the strokes in which a moment must be seen, and of the moments for a stroke to be one of them. [D]
MIN_SEEN_RATIO: Final = 0.5


@dataclass(frozen=True, slots=True)
class CatchGrid:
    """S strokes and K moments around the catch that ends each of them."""

    offset_s: FloatArray
    """(K,) from that catch, increasing; 0 is one of them."""
    catch_s: FloatArray
    """(S,) that catch."""
    upright_s: FloatArray
    """(S,) when the trunk is upright in the recovery: nothing before it belongs to the way to the catch."""
    slide: slice
    """Moments in which the hips may begin to tip back; what follows them shows whether they recover."""
    way: slice
    """Moments in which something before or with them may begin."""

    def table(self, time_s: FloatArray, values: FloatArray) -> FloatArray:
        """(S, K) one quantity (T,) at the moments, straight between samples; NaN in holes and before upright."""
        at_s = self.catch_s[:, None] + self.offset_s[None]
        out = sample(time_s, values, at_s)
        return np.where(at_s < self.upright_s[:, None], np.nan, out)


def catch_grid(strokes: Sequence[Stroke]) -> CatchGrid | None:
    """The grid of these strokes; None without any."""
    if not strokes:
        return None
    recovery_s = float(np.median([s.recovery_s for s in strokes]))
    third_s = float(np.median([s.drive_s for s in strokes])) / 3.0
    before, earlier = round(min(SLIDE_RATIO * recovery_s, LONGEST_S) / STEP_S), round(EARLIER_S / STEP_S)
    within, after = round(AFTER_S / STEP_S), round(max(third_s, AFTER_S) / STEP_S)
    rock_over = PHASES.index("rock_over")
    return CatchGrid(
        offset_s=STEP_S * np.arange(-before - earlier, after + 1, dtype=np.float64),
        catch_s=np.array([s.end_time_s for s in strokes]),
        upright_s=np.array([s.phase_borders_s[rock_over] for s in strokes]),
        slide=slice(earlier, earlier + before + within + 1),
        way=slice(0, earlier + before + within + 1),
    )


def sample(time_s: FloatArray, values: FloatArray, at_s: FloatArray) -> FloatArray:
    """``values`` (T,) at any times, straight between seen samples; NaN in holes over ``LONGEST_HOLE_S``.

    Of slow cameras two and a half frames are no hole.
    """
    seen = np.flatnonzero(np.isfinite(values))
    if seen.size < 2:
        return np.full(at_s.shape, np.nan)
    known_s = time_s[seen]
    drawn = np.interp(at_s, known_s, values[seen], left=np.nan, right=np.nan)
    after = np.searchsorted(known_s, at_s)
    left, right = np.clip(after - 1, 0, None), np.clip(after, None, seen.size - 1)
    hole_s = max(LONGEST_HOLE_S, 2.5 * float(np.median(np.diff(time_s))))
    return np.where(known_s[right] - known_s[left] <= hole_s, drawn, np.nan)


def bridged(time_s: FloatArray, values: FloatArray) -> FloatArray:
    """(T,) ``values`` with short holes filled as :func:`sample` does; longer ones stay NaN."""
    return np.where(np.isfinite(values), values, sample(time_s, values, time_s))


def level(table: FloatArray, column: int) -> FloatArray:
    """(S,) mean within ±``EVENT_WINDOW_S`` of one moment of a (S, K) table; NaN where nothing was seen."""
    half = round(EVENT_WINDOW_S / STEP_S - 0.01)
    return mean_of(table[:, max(column - half, 0) : column + half + 1])


def known_median(values: FloatArray) -> float:
    """Median of what is known; NaN where nothing is."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else np.nan


def mean_of(table: FloatArray) -> FloatArray:
    """(S,) mean of every row over what was seen; NaN where nothing was."""
    seen = np.isfinite(table)
    count = seen.sum(axis=1)
    total = np.where(seen, table, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def well_seen(table: FloatArray) -> BoolArray:
    """(S,) rows in which enough of the moments were seen."""
    return np.asarray(np.isfinite(table).mean(axis=1) >= MIN_SEEN_RATIO)


def widest_way(table: FloatArray, sign: float, quantile: float) -> tuple[int, int]:
    """The two moments, the earlier first, between which the quantity moves furthest in the direction of ``sign``.

    ``quantile`` of the strokes is taken, so that what some of them do is enough; those in which the quantity was hidden
    say nothing. (0, 0) where it never moves that way.

    Args:
        table: (S, K) NaN = not seen.
    """
    best, found = 0.0, (0, 0)
    table = table[well_seen(table)]
    if not len(table):
        return found
    columns = np.flatnonzero(np.isfinite(table).mean(axis=0) >= MIN_SEEN_RATIO)
    for first in columns[:-1]:
        later = columns[columns > first]
        ways = _quantile(sign * (table[:, later] - table[:, first : first + 1]), quantile)
        top = int(np.argmax(ways))
        if ways[top] > best:
            best, found = float(ways[top]), (int(first), int(later[top]))
    return found


def _quantile(values: FloatArray, quantile: float) -> FloatArray:
    """(L,) of every column (S, L) over what was seen, the next lower value; minus infinity where nothing was."""
    count = np.isfinite(values).sum(axis=0)
    place = np.floor(quantile * np.maximum(count - 1, 0)).astype(np.int64)
    found = np.sort(values, axis=0)[place, np.arange(values.shape[1])]  # NaN comes last
    return np.where(count > 0, found, -np.inf)
