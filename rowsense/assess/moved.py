"""Whether one quantity moves on the way to the catch, how far, and when that begins: one value a stroke each."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catch_grid import level, mean_of, well_seen, widest_way
from rowsense.assess.ramp import fit_ramps
from rowsense.model import StrokeDoubt

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: A movement is looked for between the two moments between which this quantile of the strokes goes furthest. [D] So
#: that what a quarter of the strokes do is found, and one wild stroke decides nothing.
QUANTILE: Final = 0.75
#: Whatever the other strokes are like, a stroke must itself show more than this share of the step. [D]
OWN_RATIO: Final = 0.5
#: Samples before the way begins that the ramp is fitted to as well. [D] 0.2 s: enough to see what was before it, and
#: not what the rock-over does. With 0.3 s and more a dropped head came out 0.02 to 0.05 s earlier.
LEAD_IN: Final = 6
#: Samples around the moment at which the piece has moved, in which a stroke is furthest. [D] 0.17 s. No longer hole
#: hides how far a stroke goes, or when it passes a limit: a line across it is off by 0.05 s (sd), as what is seen is.
AROUND: Final = 5
#: Share of a frame's error variance that stays however many frames are averaged. [D] By the drop from single frames to
#: means of 0.36 s; changes into the catch are off by a sixth more than follows from it, as errors fall and rise with
#: the stroke (docs/faults.md). When and in which order things move was settled with it, and is no matter of the extent.
_STAYS: Final = 0.55
#: Standard deviation of a difference of two means of ±0.05 s, over that of a frame. [D] Three frames share out the
#: rest, and two windows err apart.
CHANGE_SD_RATIO: Final = math.sqrt(2.0 * (_STAYS + (1.0 - _STAYS) / 3.0))
#: The same for one mean.
LEVEL_SD_RATIO: Final = math.sqrt(_STAYS + (1.0 - _STAYS) / 3.0)
#: Standard deviation of a beginning, over that of a frame divided by how fast the quantity moves. [D] Measured on
#: simulated strokes with the stated noise, see tests/assess/test_give_way.py; about four fifths of it repeat in every
#: stroke.
BEGIN_SD_RATIO: Final = 0.65


@dataclass(frozen=True, slots=True)
class Movement:
    """Of S strokes; NaN = not known."""

    size: FloatArray
    """(S,) how far, + = in the direction that was asked for."""
    moved: BoolArray
    """(S,) surely further than the step."""
    begin_s: FloatArray
    """(S,) from the catch that ends the stroke, - = before it; NaN where it does not move or had begun before."""
    begin_sd_s: FloatArray
    speed: FloatArray
    """(S,) size over the time that the movement takes, per second."""
    to_column: int
    """Moment of the table at which it has moved."""
    hidden: BoolArray
    """(S,) it moves, and what would show when it begins was not seen."""
    sure: bool = True
    """Of all strokes together: that an error which they share did not make it."""

    @property
    def judged(self) -> BoolArray:
        """(S,) where it could be looked at."""
        return np.isfinite(self.size)

    @property
    def timed(self) -> BoolArray:
        """(S,) where it could also be looked at when it begins, if it moves."""
        return self.judged & ~self.hidden


def movement(
    table: FloatArray,
    offset_s: FloatArray,
    sign: float,
    step: float,
    doubt: StrokeDoubt,
    probability: float,
    done_s: float = math.inf,
    least_sd: float = 0.0,
) -> Movement:
    """A change by more than ``step`` in the direction of ``sign``.

    Args:
        table: (S, K) the quantity; NaN = not seen.
        offset_s: (K,) from the catch that ends each stroke.
        sign: +1 for a rise, -1 for a fall.
        step: least change.
        doubt: of one frame, in the quantity's unit; NaN = not known, and then nothing moves.
        probability: that the change is beyond the step.
        done_s: what follows does not count as change, only to see where it begins.
        least_sd: of its doubt that the change must be, whatever the step.
    """
    done = offset_s <= done_s + 1e-9
    first, last = widest_way(table[:, done], sign, QUANTILE)
    size = _change(table, first, last, int(done.sum()), sign)
    change = _times(CHANGE_SD_RATIO, doubt)
    sure = (beyond(size, step, change) > NormalDist().inv_cdf(probability)) & (beyond(size, 0.0, change) > least_sd)
    moved = sure & (size > OWN_RATIO * step)
    begin_s, speed = np.full(len(table), np.nan), np.full(len(table), np.nan)
    hidden = np.zeros(len(table), np.bool_)
    if moved.any():
        start = max(0, first - LEAD_IN)
        ramps = fit_ramps(offset_s[start:], table[moved][:, start:], sign)
        begin_s[moved], hidden[moved] = ramps.begin_s, ramps.hidden
        speed[moved] = size[moved] / ramps.duration_s
    return Movement(size, moved, begin_s, BEGIN_SD_RATIO * doubt.sd_deg / speed, speed, last, hidden)


def _change(table: FloatArray, first: int, last: int, done: int, sign: float) -> FloatArray:
    """(S,) from one moment to another of the first ``done``; 0 where nothing goes that way and it was looked at."""
    if first == last:
        return np.where(well_seen(table), 0.0, np.nan)
    return sign * (_level_near(table, last, done) - _level_near(table, first, done))


def _level_near(table: FloatArray, column: int, done: int) -> FloatArray:
    """(S,) mean around one moment; where that was hidden, around the nearest one within :data:`AROUND` that was not.

    Moments from ``done`` on stand in for none: there the movement goes back.
    """
    found = level(table, column)
    for away in range(1, AROUND + 1):
        for near in (column - away, column + away):
            if 0 <= near < done:
                found = np.where(np.isfinite(found), found, level(table, near))
    return found


def surely(found: Movement, step: float, shared_sd: float, probability: float) -> Movement:
    """The movement, and whether no error that all strokes share makes it: however many move by as much, such an error
    moves them all. The mean of those that move must be beyond the step by it.

    Args:
        found: a movement.
        step: least change.
        shared_sd: of the error that is the same in all strokes, in the quantity's unit.
        probability: that the mean is beyond the step.
    """
    far = found.size[found.moved]
    sure = bool(far.size) and float(far.mean()) > step + NormalDist().inv_cdf(probability) * shared_sd
    return replace(found, sure=sure)


def passing(
    table: FloatArray, offset_s: FloatArray, sign: float, limit: float, doubt: StrokeDoubt, probability: float
) -> Movement:
    """A limit that is passed on the way to the catch: its size is how far beyond it the catch is.

    Arguments as for :func:`movement`; it rises (sign +1) or falls (-1) past the limit for the last time at the
    beginning.
    """
    catch = int(np.argmin(np.abs(offset_s)))
    size = sign * (_level_near(table, catch, catch + 1) - limit)
    moved = beyond(size, 0.0, _times(LEVEL_SD_RATIO, doubt)) > NormalDist().inv_cdf(probability)
    over = sign * (table[:, : catch + 1] - limit)
    begin_s, speed = np.full(len(table), np.nan), np.full(len(table), np.nan)
    hidden = np.zeros(len(table), np.bool_)
    for s in np.flatnonzero(moved):
        begin_s[s], speed[s], hidden[s] = _last_passing(offset_s[: catch + 1], over[s])
    return Movement(size, moved, begin_s, LEVEL_SD_RATIO * doubt.sd_deg / speed, speed, catch, hidden)


def _times(ratio: float, doubt: StrokeDoubt) -> StrokeDoubt:
    """So many times the sd; what repeats of it keeps its share."""
    return replace(doubt, sd_deg=ratio * doubt.sd_deg)


def beyond(sizes: FloatArray, limit: float, doubt: StrokeDoubt) -> FloatArray:
    """How surely each stroke is beyond a limit, in standard deviations of its doubt; NaN where nothing is known.

    Each stroke by itself, or with what the others say where that is surer: strokes of one piece are alike, so what is
    fresh in one stroke's error is drawn towards their mean by its share of the variance (empirical Bayes), and what
    repeats in all of them stays.

    Args:
        sizes: (S,)
        limit: in the unit of the sizes.
        doubt: of one stroke, in the unit of the sizes.
    """
    known, sd = np.isfinite(sizes), doubt.sd_deg
    if not sd > 0.0:
        return np.where(known & (sd == 0.0), np.where(sizes > limit, np.inf, -np.inf), np.nan)
    alone = (sizes - limit) / sd
    if known.sum() < 3:
        return alone
    mean, seen = float(sizes[known].mean()), float(sizes[known].var(ddof=1))
    fresh = doubt.fresh_sd_deg**2
    own = max(0.0, seen - fresh)
    weight = own / (own + fresh)
    likely = mean + weight * (sizes - mean)
    left = weight * fresh + (1.0 - weight) ** 2 * max(seen, fresh) / known.sum() + doubt.repeating_sd_deg**2
    return np.fmax(alone, (likely - limit) / math.sqrt(left))


def recovered(table: FloatArray, to_column: int, size: FloatArray, sign: float) -> FloatArray:
    """(S,) share of the way that is taken back before the table's end, never under 0.

    Taken back from where the stroke is furthest, which is looked for around ``to_column``: strokes differ a little.

    Args:
        table: (S, K) all moments of the grid.
        size: (S,) of the movement, above 0 where asked for.
        sign: of the movement.
    """
    means = np.stack([sign * mean_of(table[:, max(k - 1, 0) : k + 2]) for k in range(table.shape[1])], axis=1)
    near = means[:, max(to_column - AROUND, 0) : to_column + AROUND + 1]
    furthest = np.max(np.where(np.isfinite(near), near, -np.inf), axis=1)
    place = np.argmax(np.where(np.isfinite(near), near, -np.inf), axis=1) + max(to_column - AROUND, 0)
    later = np.isfinite(means) & (np.arange(means.shape[1])[None] > place[:, None])
    least = np.min(np.where(later, means, np.inf), axis=1)
    way = size + furthest - sign * level(table, to_column)
    known = np.isfinite(furthest) & np.isfinite(least) & (size > 0.0) & np.isfinite(way)
    return np.where(known, np.maximum(furthest - np.where(known, least, 0.0), 0.0) / np.where(known, way, 1.0), np.nan)


def _last_passing(offset_s: FloatArray, over: FloatArray) -> tuple[float, float, bool]:
    """When ``over`` comes up through 0 for the last time, how fast it goes there, per second, and whether that is
    hidden.

    NaN where it was not seen: it was over 0 from the beginning, or came up in a hole.
    """
    seen = np.flatnonzero(np.isfinite(over))
    at_s, value = offset_s[seen], over[seen]
    under = np.flatnonzero(value < 0.0)
    if not under.size:
        return math.nan, math.nan, False
    k = int(under[-1])
    if k == len(value) - 1 or seen[k + 1] - seen[k] > AROUND:
        return math.nan, math.nan, True
    rise = float(value[k + 1] - value[k])
    share = -float(value[k]) / rise
    first, last = max(k - 1, 0), min(k + 2, len(value) - 1)
    speed = float(value[last] - value[first]) / float(at_s[last] - at_s[first])
    return float(at_s[k] + share * (at_s[k + 1] - at_s[k])), max(speed, 1e-6), False
