"""Lay the monitor's clock over the video's by the stroke rate that both saw.

Both rates are taken as what a monitor shows: the rate of the last whole stroke. Their difference is taken as a normal
error, so how much likelier one shift is than another follows from the mean squares at both and the number of strokes. A
rate that hardly changes fits everywhere, and then nothing is said.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.model.monitor import FilmStrokes, MonitorAlignment, MonitorSeries, MonitorStrokes, not_aligned

FloatArray = NDArray[np.float64]

#: Grid of the shifts. [D] A quarter of what the monitor's own polling is apart.
STEP_S: Final = 0.1
#: Least time and strokes that both must have seen. [D]
LEAST_OVERLAP_S: Final = 20.0
LEAST_STROKES: Final = 8
#: A rate is that of the last stroke for so long; then strokes are missing. [D] A stroke at 10 a minute.
OLD_S: Final = 6.0
#: Variance that is always there: a monitor shows whole strokes a minute (0.29 spm), and an event is off by 10 ms. [D]
LEAST_VARIANCE_SPM2: Final = 0.15
#: Rates that differ by more are not of the same piece. [D]
MOST_RMS_SPM: Final = 2.0
#: A shift is in play unless another is a hundred times as likely; those in play must lie this close: two strokes. [D]
IN_PLAY: Final = 2.0 * math.log(100.0)
WITHIN_S: Final = 6.0
#: 95 % of a chi-square of one degree.
_INTERVAL: Final = 3.84


def align_by_rate(start_s: FloatArray, end_s: FloatArray, monitor: MonitorSeries) -> MonitorAlignment:
    """Find the shift.

    Args:
        start_s: (S,) where the video's strokes that count begin, increasing.
        end_s: (S,) where each ends: from then on its rate is shown.
        monitor: what it recorded.
    """
    if len(start_s) < LEAST_STROKES:
        return not_aligned(f"the video has only {len(start_s)} strokes that count; it takes {LEAST_STROKES}")
    film = _last_known(end_s, 60.0 / (end_s - start_s), float(end_s[0]), float(end_s[-1]))
    rates = np.where(monitor.rate_spm > 0.0, monitor.rate_spm, np.nan)
    if not np.isfinite(rates).any():
        return not_aligned("the monitor recorded no stroke rate")
    shown = _last_known(monitor.time_s, rates, float(monitor.time_s[0]), float(monitor.time_s[-1]))
    square, count = _mean_squares(film, shown)
    strokes_a_sample = STEP_S / float(np.median(end_s - start_s))
    enough = (count * STEP_S >= LEAST_OVERLAP_S) & (count * strokes_a_sample >= LEAST_STROKES - 1)
    if not enough.any():
        return not_aligned("video and monitor have too little rowing in common")
    variance = np.where(enough, np.maximum(square, LEAST_VARIANCE_SPM2), np.inf)
    best = int(np.argmin(variance))
    rms_spm = math.sqrt(float(square[best]))
    if rms_spm > MOST_RMS_SPM:
        return not_aligned("nowhere do the two stroke rates agree; is it the file of this piece?")
    fewer = np.minimum(count, count[best]) * strokes_a_sample
    with np.errstate(invalid="ignore"):
        behind = fewer * np.log(variance / variance[best])
    offsets_s = float(end_s[0]) - float(monitor.time_s[0]) + (np.arange(len(square)) - (len(shown) - 1)) * STEP_S
    in_play = offsets_s[behind <= IN_PLAY]
    if in_play[-1] - in_play[0] > WITHIN_S:
        return not_aligned(
            "the stroke rate is too even to tell where the two belong together; say when in the film the monitor's "
            "clock begins"
        )
    inside = offsets_s[behind <= _INTERVAL]
    return MonitorAlignment(float(np.mean(inside)), float(inside[0]), float(inside[-1]), rms_spm)


def align(film: FilmStrokes, monitor: MonitorSeries) -> MonitorAlignment:
    """Find the shift between a video and its monitor, which shows the rate from finish to finish, at the finish."""
    return align_by_rate(film.before_s, film.finish_s, monitor)


def aligned_at(film: FilmStrokes, monitor: MonitorSeries, offset_s: float) -> MonitorAlignment:
    """Take the shift that somebody gave, where it lets both see the same strokes at the same rate."""
    found = by_stroke(film, monitor, offset_s)
    if not found.known.any():
        return not_aligned("beginning there, the monitor saw none of the strokes of the video")
    rms_spm = rate_difference_spm(film, found)
    if rms_spm > MOST_RMS_SPM:
        return not_aligned("beginning there, the two stroke rates do not agree; is it the file of this piece?")
    return MonitorAlignment(offset_s, math.nan, math.nan, rms_spm)


def by_stroke(film: FilmStrokes, monitor: MonitorSeries, offset_s: float) -> MonitorStrokes:
    """What the monitor showed of each stroke, and how far the boat went from catch to catch.

    A PM5 shows a stroke's power and rate from the end of its drive to the end of the next one [D: a recording in which
    both change with its "Dwelling"], so they are read in the middle of the recovery, where a second more or less does
    not matter.

    Args:
        film: strokes of the video.
        monitor: what it recorded.
        offset_s: monitor time + this = video time; NaN: it says nothing of any stroke.
    """
    time_s = monitor.time_s + offset_s
    read_s = (film.finish_s + film.end_s) / 2.0
    newest = np.searchsorted(time_s, read_s + 1e-9, side="right") - 1
    # Before its first sample, and long after its last, it says nothing of a stroke.
    there = (newest >= 0) & (read_s - time_s[np.maximum(newest, 0)] <= OLD_S)

    def shown(values: FloatArray) -> FloatArray:
        return np.where(there, values[np.maximum(newest, 0)], np.nan)

    rate_spm = shown(np.where(monitor.rate_spm > 0.0, monitor.rate_spm, np.nan))
    known = np.isfinite(rate_spm)
    distance_m = np.where(known, _gone(time_s, monitor.distance_m, film.catch_s, film.end_s), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        pace_s_500m = np.where(distance_m > 0.0, 500.0 * (film.end_s - film.catch_s) / distance_m, np.nan)
    power_w = np.where(known, shown(monitor.power_w), np.nan)
    heart_rate_bpm = np.where(known, shown(monitor.heart_rate_bpm), np.nan)
    return MonitorStrokes(rate_spm, power_w, distance_m, pace_s_500m, heart_rate_bpm)


def rate_difference_spm(film: FilmStrokes, found: MonitorStrokes) -> float:
    """Root mean square of how far the two rates differ in the strokes that both saw; NaN: none."""
    apart = (film.rate_spm - found.rate_spm)[found.known]
    return float(np.sqrt(np.mean(apart**2))) if len(apart) else math.nan


def _gone(time_s: FloatArray, distance_m: FloatArray, start_s: FloatArray, end_s: FloatArray) -> FloatArray:
    """(S,) metres between two moments; NaN where one of them lies outside of what is known."""
    known = np.isfinite(distance_m)
    if known.sum() < 2:
        return np.full(len(start_s), np.nan)
    ends = [np.interp(at, time_s[known], distance_m[known], left=np.nan, right=np.nan) for at in (start_s, end_s)]
    return np.asarray(ends[1] - ends[0])


def _last_known(time_s: FloatArray, value: FloatArray, first_s: float, last_s: float) -> FloatArray:
    """(G,) the newest value at every step from ``first_s`` to ``last_s``; NaN where it is old."""
    grid = np.arange(first_s, last_s + STEP_S / 2.0, STEP_S)
    newest = np.searchsorted(time_s, grid + 1e-9, side="right") - 1
    return np.where(grid - time_s[newest] <= OLD_S, value[newest], np.nan)


def _mean_squares(film: FloatArray, shown: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(F + M - 1,) mean square difference and number of samples in common, for every shift of ``shown``."""
    seen, there = np.isfinite(film).astype(float), np.isfinite(shown).astype(float)
    one, two = np.nan_to_num(film), np.nan_to_num(shown)
    count = np.round(_correlated(seen, there))
    total = _correlated(one * one, there) + _correlated(seen, two * two) - 2.0 * _correlated(one, two)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(count > 0, np.maximum(total, 0.0) / count, np.inf), count


def _correlated(film: FloatArray, shown: FloatArray) -> FloatArray:
    """(F + M - 1,) sums of products; at index k, sample 0 of ``shown`` lies on sample k - (M - 1) of ``film``."""
    length = len(film) + len(shown) - 1
    product = np.fft.rfft(film, length) * np.fft.rfft(shown[::-1], length)
    return np.fft.irfft(product, length)
