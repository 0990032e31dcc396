"""Catches and finishes: where the handle turns round, to a fraction of a frame.

1. The handle's path is bridged over short gaps and smoothed, for the search only.
2. Turning points are taken with hysteresis, relative to the rower's own handle travel.
3. Each turn is placed between the frames by two half parabolas on the path as measured. A catch is the middle one of
   the turns of the hands, the near and the far shoulder, where they are known: with straight arms all turn at once, and
   one of three may be wrong. On 37 strokes of ten simulated rowers catches were then off by 8 ms (mean), by the hands
   alone by 12.

Everything goes by time stamps, so a variable frame rate is as good as a constant one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels.cycles import turning_points, vertex_time
from rowsense.kernels.smoothing import lowpass

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SEARCH_CUTOFF_HZ = 4.0
"""Low-pass for the search: 44 strokes a minute are 0.73 Hz, so five harmonics pass [D]."""
BRIDGE_S = 0.3
"""Longest gap bridged for the search; a drive at 44 a minute lasts about 0.6 s [D]."""
ARM_BRIDGE_S = 2.5
"""Longest gap of the hands that the shoulders bridge [D]: from late in a slow recovery to the middle of the drive. In
rendered clips hands that the network put on the knees were back after 0.2 to 1.4 s; with 0.6 the strokes of two of 169
rowers began 0.6 s early, with 1.5 all within 0.1 s. One who rowed 17 a minute had hands for 1.1 s of each stroke: with
1.5 she came out at 83 a minute, with this all catches within 0.02 s. Which strokes count is another matter
(``selection``)."""
FIRST_SWING_SHARE = 0.15
"""First hysteresis, share of the handle's whole range, which may hold reaching for the handle too [D]."""
SWING_SHARE = 0.3
"""Final hysteresis, share of the rower's median travel: half strokes of a racing start still count [D]."""
CATCH_LEVEL_SHARE = 0.10
"""A last extreme that was not left by the full hysteresis is a catch when it lies this close to the usual catch,
in shares of the travel [D]: the clip ends early in the drive."""
EDGE_LEVEL_SHARE = 0.02
EDGE_OVER_SHARE = 0.15
"""A clip that starts or ends at the level of the usual catch, this share of the travel under or over it at most,
starts or ends at a catch [D]; "over" is wider because smoothing lowers a sharp turn inside the clip more."""
LEFT_SHARE = 0.01
"""An extreme from which the handle has come back by this share of the travel is no mere edge of the clip [D]."""
TURN_LEVEL_SHARE = 0.05
"""The half parabolas see the handle within this share of the travel from the turn ..."""
TURN_MIN_S = 0.08
TURN_MAX_S = 0.14
"""... but at least and at most this long to each side [D]. On simulated rowing of 14-38 strokes a minute these three
numbers gave the smallest error among polynomials of degree 2-5 and half parabolas of several widths."""
VERTEX_S = 0.075
"""How far the turn may lie from the smoothed path's extreme [D]: two frames at 30 a second."""
SHOULDER_S = 0.45
"""How far from the handle's turn that of a shoulder may lie [D]. The network sometimes has the hands on the knees until
after the catch: on 240 catches of 40 rendered rowers the mean error was 24 ms at 0.2 s, 17 at 0.45, 15 at 0.6."""
REST_LEVEL_SHARE = 0.025
REST_S = 0.5
"""A handle that stays within this share of the travel for this long rests there [D]; at 14 strokes a minute an
unbroken turn takes 0.4 s for it."""
REST_EDGE_SHARE = 0.01
"""The rest's end: within this share of its level there [D]."""


@dataclass(frozen=True, slots=True)
class HandleTurns:
    """Catches and finishes in order: catch[k] < finish[k] < catch[k + 1]."""

    catch_s: FloatArray
    """(n + 1,) or empty"""
    finish_s: FloatArray
    """(n,)"""
    catch_px: FloatArray
    """(n + 1,) handle position at the catches, search signal."""
    finish_px: FloatArray
    """(n,)"""

    @property
    def travel_px(self) -> FloatArray:
        """(n,) handle travel of each drive."""
        return self.catch_px[:-1] - self.finish_px


def find_turns(time_s: FloatArray, handle_x_px: FloatArray, shoulders_x_px: FloatArray | None = None) -> HandleTurns:
    """All handle reversals that make whole cycles, flywheel end to flywheel end.

    Args:
        time_s: (T,) any spacing.
        handle_x_px: (T,) + towards the flywheel; NaN = not seen.
        shoulders_x_px: (K, T) shoulders, same axis; None = not known.
    """
    if shoulders_x_px is not None:
        handle_x_px = bridge_by_shoulders(time_s, handle_x_px, shoulders_x_px)
    search = lowpass(time_s, bridge_gaps(time_s, handle_x_px), SEARCH_CUTOFF_HZ)
    seen = search[np.isfinite(search)]
    if seen.size < 5:
        return _no_turns()
    low, high = np.percentile(seen, [1.0, 99.0])
    if high <= low:
        return _no_turns()
    index, kind = turning_points(search, FIRST_SWING_SHARE * float(high - low))
    travel = _median_drive(search, index, kind)
    if travel is not None:
        index, kind = turning_points(search, SWING_SHARE * travel)
        index, kind = _mend_edges(search, index, kind, travel)
    index, kind = _whole_cycles(index, kind)
    if index.size < 3:
        return _no_turns()
    travels = np.abs(np.diff(search[index]))
    paths = [handle_x_px, *([] if shoulders_x_px is None else shoulders_x_px)]
    smooth = [search, *(lowpass(time_s, bridge_gaps(time_s, path), SEARCH_CUTOFF_HZ) for path in paths[1:])]
    turn_s = np.empty(index.size)
    for k, i in enumerate(index):
        travel = float(np.max(travels[max(k - 1, 0) : k + 1]))
        if k % 2:
            turn_s[k] = turn_time(time_s, handle_x_px, search, int(i), travel, rest_side=-1)
            continue
        tops = [int(i), *(_top_near(time_s, shoulder, int(i)) for shoulder in smooth[1:])]
        turn_s[k] = np.median(
            [
                turn_time(time_s, path, smoothed, top, travel, rest_side=1)
                for path, smoothed, top in zip(paths, smooth, tops, strict=True)
                if top is not None
            ]
        )
    return HandleTurns(turn_s[::2], turn_s[1::2], search[index[::2]], search[index[1::2]])


def _top_near(time_s: FloatArray, values: FloatArray, index: int) -> int | None:
    """Sample of the highest value within ``SHOULDER_S`` of a sample; None where it lies at the edge or is not seen."""
    near = np.flatnonzero(np.abs(time_s - time_s[index]) <= SHOULDER_S)
    if not np.isfinite(values[near]).all():
        return None
    top = int(near[np.argmax(values[near])])
    return None if top in (near[0], near[-1]) else top


def bridge_by_shoulders(time_s: FloatArray, handle_x_px: FloatArray, shoulders_x_px: FloatArray) -> FloatArray:
    """(T,) the handle with gaps up to ``ARM_BRIDGE_S`` filled, for finding events only.

    Arms are straight around the catch, where hands are lost most: the handle goes with the shoulders (K, T), and what
    lies between them is bridged by a straight line. A straight line for the handle itself would cut the turn off.
    """
    shoulder = shoulders_x_px.mean(axis=0)
    reach = bridge_gaps(time_s, handle_x_px - shoulder, ARM_BRIDGE_S)
    return np.where(np.isfinite(handle_x_px), handle_x_px, shoulder + reach)


def bridge_gaps(time_s: FloatArray, values: FloatArray, longest_s: float = BRIDGE_S) -> FloatArray:
    """Fill gaps no longer than ``longest_s`` by straight lines, for finding events only."""
    seen = np.flatnonzero(np.isfinite(values))
    if seen.size < 2:
        return values.copy()
    filled = np.interp(time_s, time_s[seen], values[seen], left=np.nan, right=np.nan)
    after = np.searchsorted(seen, np.arange(len(values)))
    inside = (after > 0) & (after < seen.size)
    gap_s = np.full(len(values), np.inf)
    left, right = seen[np.clip(after - 1, 0, None)], seen[np.clip(after, None, seen.size - 1)]
    gap_s[inside] = (time_s[right] - time_s[left])[inside]
    return np.where(np.isfinite(values) | (gap_s <= longest_s), filled, np.nan)


def turn_time(
    time_s: FloatArray, values: FloatArray, search: FloatArray, index: int, travel: float, *, rest_side: int = 0
) -> float:
    """Time of one turn between the samples; the sample's own time where too little of it was seen.

    Args:
        time_s, values: (T,) what is fitted.
        search: (T,) smoothed values, which say what samples belong to the turn.
        index: the turn's sample in ``search``.
        travel: movement to the neighbouring turns, same unit as ``values``.
        rest_side: which end of a rest at the turn is the event: -1 its start (finish: the drive is over), +1 its
            end (catch: the drive begins), 0 neither.
    """
    if rest_side:
        index = _end_of_rest(time_s, search, index, travel, rest_side)
    since_s = time_s - time_s[index]
    close = np.abs(search - search[index]) <= TURN_LEVEL_SHARE * travel
    reach = np.abs(since_s) <= TURN_MAX_S
    chosen = (np.abs(since_s) <= TURN_MIN_S) | (reach & _around(close & reach, index))
    vertex_s, _ = vertex_time(since_s[chosen], values[chosen], -VERTEX_S, VERTEX_S)
    return float(time_s[index] + (vertex_s if np.isfinite(vertex_s) else 0.0))


def _end_of_rest(time_s: FloatArray, search: FloatArray, index: int, travel: float, side: int) -> int:
    """Sample at which a rest around the turn starts (side -1) or ends (+1); the turn itself where none is."""
    rest = np.flatnonzero(_around(np.abs(search - search[index]) <= REST_LEVEL_SHARE * travel, index))
    if time_s[rest[-1]] - time_s[rest[0]] <= REST_S:
        return index
    from_end_s = time_s[rest] - time_s[rest[0]] if side < 0 else time_s[rest[-1]] - time_s[rest]
    level = float(np.median(search[rest[from_end_s <= REST_S]]))
    flat = rest[np.abs(search[rest] - level) <= REST_EDGE_SHARE * travel]
    if flat.size == 0:
        return index
    return int(flat[0] if side < 0 else flat[-1])


def _around(condition: NDArray[np.bool_], index: int) -> NDArray[np.bool_]:
    """The unbroken run of True that holds ``index``."""
    run = np.zeros(len(condition), dtype=bool)
    breaks = np.flatnonzero(~condition)
    k = int(np.searchsorted(breaks, index))
    first = breaks[k - 1] + 1 if k > 0 else 0
    last = breaks[k] if k < breaks.size else len(condition)
    run[first:last] = True
    return run


def _no_turns() -> HandleTurns:
    empty = np.empty(0)
    return HandleTurns(empty, empty, empty, empty)


def _median_drive(search: FloatArray, index: IntArray, kind: IntArray) -> float | None:
    """Median handle travel from a flywheel-end turn to the next body-end turn."""
    drives = [search[a] - search[b] for a, b, k in zip(index[:-1], index[1:], kind[:-1], strict=True) if k > 0]
    return float(np.median(drives)) if drives else None


def _mend_edges(search: FloatArray, index: IntArray, kind: IntArray, travel: float) -> tuple[IntArray, IntArray]:
    """Drop a first turn that is only the clip's beginning; add a last catch that was not confirmed."""
    seen = np.flatnonzero(np.isfinite(search))
    inner = (kind > 0) & (index > seen[0])
    usual = float(np.median(search[index[inner]])) if inner.any() else np.nan
    if index.size:
        before = search[seen[seen <= index[0]]]
        if not _is_turn(before, int(kind[0]), float(search[index[0]]) - usual, travel):
            index, kind = index[1:], kind[1:]
    if index.size and kind[-1] < 0:
        tail = seen[seen > index[-1]]
        top = int(tail[np.argmax(search[tail])])
        over = float(search[top]) - usual
        if over >= -CATCH_LEVEL_SHARE * travel and _is_turn(search[tail[tail >= top]], 1, over, travel):
            index, kind = np.append(index, top), np.append(kind, 1)
    return index, kind


def _is_turn(beyond: FloatArray, kind: int, over_usual: float, travel: float) -> bool:
    """Whether the handle turned at an extreme near the clip's edge, or the edge lies at a catch.

    ``beyond`` are the positions from the edge to the extreme; ``over_usual`` its height over the usual catch.
    """
    left = float(np.ptp(beyond)) >= LEFT_SHARE * travel
    at_catch = kind > 0 and -EDGE_LEVEL_SHARE * travel <= over_usual <= EDGE_OVER_SHARE * travel
    return left or at_catch


def _whole_cycles(index: IntArray, kind: IntArray) -> tuple[IntArray, IntArray]:
    """From the first flywheel-end turn to the last one."""
    tops = np.flatnonzero(kind > 0)
    if tops.size == 0:
        return index[:0], kind[:0]
    return index[tops[0] : tops[-1] + 1], kind[tops[0] : tops[-1] + 1]
