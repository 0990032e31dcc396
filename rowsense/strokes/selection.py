"""Which cycles of the handle are strokes, and which strokes count: every refusal has its sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.model import AngleSeries
from rowsense.settings import StrokeSettings
from rowsense.strokes.events import HandleTurns

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

STROKE_TRAVEL_SHARES = (0.33, 1.6)
"""Handle travel of a stroke against the median: outside it the hands did something else [D]."""
FULL_TRAVEL_SHARE = 0.8
"""Shorter strokes, as in a racing start, are strokes but do not count [D]."""
STROKE_KNEE_SHARE = 0.3
"""Knee movement of a stroke against the median: reaching for the handle or standing up does not push [D]."""
MAX_GAP_S = 0.25
"""Longest time without the handle inside a stroke that counts [D]: a third of a drive. Without it there are no events;
where hip or leg are lost for a while the other windows of the stroke can still be measured."""
MAX_CARRIED_GAP_S = 2.5
"""The same away from the finish where both shoulders were seen all the while [D], as long as they bridge the hands
(``events.ARM_BRIDGE_S``): with long arms the handle goes with them. The network puts hands on the knees that they pass,
around the catch above all. In 67 strokes of 169 rendered rowers (fault clips 205 to 267 and 294 to 399) with gaps of
0.25 to 1.5 s the catch was off by 0.017 s and the finish by 0.009 (median), one of each by more than 0.1; in one who
rowed 17 a minute with gaps of 2.2 to 2.4 s both by 0.02 at most in the five strokes that count. At the finish
arms are bent: lost there it was off by up to 0.26 s."""
AWAY_S = 0.1
"""So far from the finish [D]: what the turn is fitted to."""
MIN_SEEN_SHARE = 0.5
"""Frames of a stroke in which trunk lean, knee and handle must be seen, or shoulders that carry it [D]: most of them.
What was lost in one window leaves the others, and a fault that could be measured in too few strokes is not judged."""
PERIOD_SHARES = (0.7, 1.4)
"""Stroke time against the median of up to three strokes either side: a step in rate stays inside it [D]."""
DRIVE_SHARES = (0.7, 1.4)
"""The same of the drive's time [D]: hands that the network put elsewhere at the finish gave one of 169 rendered rowers
drives of 0.3 and 1.3 s, all 0.4 s off. Drives a fifth shorter, of hard strokes, stay inside."""
PAUSE_RECOVERY_SHARE = 1.6
"""A recovery this much longer than its neighbours' holds a pause [D]."""
NEIGHBOURS = 3
MIN_EXCURSIONS_DEG = {"knee_deg": 15.0, "trunk_lean_deg": 10.0, "elbow_deg": 30.0}
"""Rowing moves at least one of these by this much; landmark noise on a still picture moves none [D]."""


@dataclass(frozen=True, slots=True)
class Cycles:
    """Whole handle cycles as plain columns, (n,) each."""

    catch_s: FloatArray
    finish_s: FloatArray
    end_s: FloatArray
    travel_px: FloatArray
    knee_range_deg: FloatArray
    """Knee movement in the drive; NaN where it was not seen."""

    def __len__(self) -> int:
        return len(self.catch_s)

    @property
    def period_s(self) -> FloatArray:
        """Catch to next catch."""
        return self.end_s - self.catch_s

    def take(self, chosen: NDArray[np.bool_]) -> Cycles:
        """The chosen rows."""
        return Cycles(*(getattr(self, name)[chosen] for name in self.__slots__))


def make_cycles(series: AngleSeries, turns: HandleTurns) -> Cycles:
    """Columns of every cycle between neighbouring catches; cycles out of order in time are left out."""
    catch, finish, end = turns.catch_s[:-1], turns.finish_s, turns.catch_s[1:]
    knee = np.array([_range(series, "knee_deg", a, b) for a, b in zip(catch, finish, strict=True)])
    cycles = Cycles(catch, finish, end, turns.travel_px, knee)
    return cycles.take((catch < finish) & (finish < end)) if len(catch) else cycles


def is_rowing(series: AngleSeries, cycles: Cycles) -> bool:
    """Whether any joint moves in the drives as it does in rowing."""
    for name, least in MIN_EXCURSIONS_DEG.items():
        ranges = [_range(series, name, a, b) for a, b in zip(cycles.catch_s, cycles.finish_s, strict=True)]
        finite = [r for r in ranges if np.isfinite(r)]
        if finite and float(np.median(finite)) >= least:
            return True
    return False


def split_strokes(cycles: Cycles, settings: StrokeSettings) -> tuple[Cycles, tuple[str, ...]]:
    """Cycles that are strokes, and a sentence for each kind of cycle left out."""
    typical = cycles.take(_within_rate(cycles, settings))
    if len(typical) == 0:
        return typical, ()
    travel = cycles.travel_px / np.median(typical.travel_px)
    other_hands = (travel < STROKE_TRAVEL_SHARES[0]) | (travel > STROKE_TRAVEL_SHARES[1])
    no_push = np.zeros(len(cycles), dtype=bool)
    if np.isfinite(typical.knee_range_deg).any():
        knee = float(np.nanmedian(typical.knee_range_deg))
        if knee >= MIN_EXCURSIONS_DEG["knee_deg"]:
            no_push = cycles.knee_range_deg < STROKE_KNEE_SHARE * knee
    rest = ~_within_rate(cycles, settings) & ~other_hands & ~no_push
    notes = []
    for left_out, sentence in (
        (other_hands | no_push, "hand movement that is no stroke (taking or putting down the handle, standing up)"),
        (rest, "rest longer than a stroke"),
    ):
        times = ", ".join(f"{t:.1f} s" for t in cycles.catch_s[left_out])
        if times:
            notes.append(f"Left out: {sentence}, from {times}.")
    return cycles.take(~(other_hands | no_push | rest)), tuple(notes)


def reasons(series: AngleSeries, strokes: Cycles) -> list[str]:
    """Why each stroke does not count; empty where it does."""
    return [_reason(series, strokes, k) for k in range(len(strokes))]


def _reason(series: AngleSeries, strokes: Cycles, k: int) -> str:
    gap_s, seen = _coverage(series, float(strokes.catch_s[k]), float(strokes.finish_s[k]), float(strokes.end_s[k]))
    if gap_s > 0.0:
        return f"hands not seen for {gap_s:.1f} s"
    if seen < MIN_SEEN_SHARE:
        return f"trunk, knee or hands seen in only {100 * seen:.0f} % of the frames"
    share = float(strokes.travel_px[k] / np.median(strokes.travel_px))
    if share < FULL_TRAVEL_SHARE:
        return f"short: {100 * share:.0f} % of the usual handle travel"
    near = _neighbours(len(strokes), k)
    if near.size < 2:
        return ""
    recovery_s = strokes.end_s - strokes.finish_s
    usual_s = float(np.median(recovery_s[near]))
    extra_s = float(recovery_s[k]) - usual_s
    if recovery_s[k] > PAUSE_RECOVERY_SHARE * usual_s and extra_s > 0.5:
        return f"pause of about {extra_s:.1f} s"
    ratio = float(strokes.period_s[k] / np.median(strokes.period_s[near]))
    if not PERIOD_SHARES[0] <= ratio <= PERIOD_SHARES[1]:
        return f"out of rhythm: {60.0 / strokes.period_s[k]:.0f} strokes a minute among {_rate(strokes, near):.0f}"
    drive_s = strokes.finish_s - strokes.catch_s
    usual_s = float(np.median(drive_s[near]))
    if not DRIVE_SHARES[0] <= drive_s[k] / usual_s <= DRIVE_SHARES[1]:
        return f"out of rhythm: a drive of {drive_s[k]:.1f} s among drives of {usual_s:.1f} s"
    return ""


def _rate(strokes: Cycles, chosen: NDArray[np.int64]) -> float:
    return float(60.0 / np.median(strokes.period_s[chosen]))


def _neighbours(count: int, k: int) -> NDArray[np.int64]:
    around = np.arange(max(0, k - NEIGHBOURS), min(count, k + NEIGHBOURS + 1))
    return around[around != k]


def _within_rate(cycles: Cycles, settings: StrokeSettings) -> NDArray[np.bool_]:
    rate = 60.0 / cycles.period_s
    return (rate >= settings.min_rate_spm) & (rate <= settings.max_rate_spm)


def _range(series: AngleSeries, name: str, start_s: float, end_s: float) -> float:
    """Largest minus smallest value in [start_s, end_s]; NaN with fewer than three values."""
    inside = series[name][(series.time_s >= start_s) & (series.time_s <= end_s)]
    inside = inside[np.isfinite(inside)]
    return float(np.ptp(inside)) if inside.size >= 3 else float("nan")


def _coverage(series: AngleSeries, catch_s: float, finish_s: float, end_s: float) -> tuple[float, float]:
    """Longest time without handle that is too long where it is, else 0, and the share of frames with handle, lean and
    knee."""
    inside = (series.time_s >= catch_s) & (series.time_s <= end_s)
    gaps = hidden_s(series, catch_s, end_s)
    long_s = gaps[:, 1] - gaps[:, 0]
    away = (gaps[:, 1] <= finish_s - AWAY_S) | (gaps[:, 0] >= finish_s + AWAY_S)
    away &= _carried(series, gaps)
    if np.diff(series.time_s[inside]).max(initial=0.0) > MAX_GAP_S:  # frames are lost, and all that they showed
        away[:] = False
    too_long = long_s[long_s > np.where(away, MAX_CARRIED_GAP_S, MAX_GAP_S)]
    handle = np.isfinite(series.handle_x_px) | _both_shoulders(series)
    everything = inside & handle & np.isfinite(series["trunk_lean_deg"]) & np.isfinite(series["knee_deg"])
    share = everything.sum() / max(int(inside.sum()), 1)
    return float(too_long.max(initial=0.0)), float(share)


def hidden_s(series: AngleSeries, start_s: float, end_s: float) -> FloatArray:
    """(G, 2) from and to between frames that show the handle, where they reach to [start, end] or into it; without such
    a frame before or after the ends count as one."""
    seen_s = series.time_s[np.isfinite(series.handle_x_px)]
    # A turn at the last frame before a gap is where the gap begins, not where the handle turned: that gap is told too.
    first = max(int(np.searchsorted(seen_s, start_s, side="left")) - 1, 0)
    last = int(np.searchsorted(seen_s, end_s, side="right"))
    seen_s = seen_s[first : last + 1]
    if seen_s.size == 0 or seen_s[0] > start_s:
        seen_s = np.concatenate([[start_s], seen_s])
    if seen_s[-1] < end_s:
        seen_s = np.concatenate([seen_s, [end_s]])
    return np.stack([seen_s[:-1], seen_s[1:]], axis=1)


def _carried(series: AngleSeries, gaps: FloatArray) -> BoolArray:
    """(G,) gaps in which both shoulders were seen in every frame, so that they bridge the hands."""
    lost_s = series.time_s[~_both_shoulders(series)]
    return np.asarray(np.searchsorted(lost_s, gaps[:, 0]) == np.searchsorted(lost_s, gaps[:, 1], side="right"))


def _both_shoulders(series: AngleSeries) -> BoolArray:
    """(T,) where both were seen; nowhere in a series without them."""
    if series.shoulders_x_px is None:
        return np.zeros(len(series), dtype=np.bool_)
    return np.asarray(np.isfinite(series.shoulders_x_px).all(axis=0))
