"""Strokes of a clip, from the angles alone. Start reading here.

1. Handle reversals (``events``) make whole cycles.
2. Cycles that are no strokes are left out, with a note (``selection``).
3. Each stroke gets its phases and onsets (``phases``), and counts or has a reason why not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.errors import NotMeasurableError
from rowsense.kernels.smoothing import lowpass
from rowsense.model import AngleSeries, Stroke, StrokeList
from rowsense.settings import StrokeSettings
from rowsense.strokes.events import bridge_gaps, find_turns, turn_time
from rowsense.strokes.phases import BodySignals, onsets, phase_borders
from rowsense.strokes.selection import Cycles, is_rowing, make_cycles, reasons, split_strokes

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SEAT_WINDOW_SHARE = 0.35
"""The seat's reversal is looked for within this share of the drive's time around the catch [D]."""
SEAT_CUTOFF_HZ = 4.0

HOW_TO_FILM = "film from the side with the whole rower, hands and feet in the picture, for at least three whole strokes"


def find_strokes(series: AngleSeries, frames: IntArray, settings: StrokeSettings | None = None) -> StrokeList:
    """Find all whole strokes.

    Args:
        series: (T,) angles, handle and seat of the clip.
        frames: (T,) frame numbers in the file.
        settings: lowest and highest believable rate.
    Returns:
        Strokes from catch to next catch with sub-frame times; those that do not count say why. ``notes`` says what
        was left out: the ends of the clip, rests, hand movements that are no strokes.
    Raises:
        NotMeasurableError: no whole stroke, no rowing, or a rate that only a wrong playback speed explains.
    """
    settings = settings or StrokeSettings()
    turns = find_turns(series.time_s, series.handle_x_px, series.shoulders_x_px)
    cycles = make_cycles(series, turns)
    if len(cycles) == 0:
        raise NotMeasurableError(f"No whole stroke from catch to catch was found: {HOW_TO_FILM}.")
    if not is_rowing(series, cycles):
        raise NotMeasurableError(f"Nobody rows in this video, the body hardly moves: {HOW_TO_FILM}.")
    _check_speed(cycles, settings)
    strokes, left_out = split_strokes(cycles, settings)
    if len(strokes) == 0:
        raise NotMeasurableError(f"The hands move, but not in whole strokes: {HOW_TO_FILM}.")
    why = reasons(series, strokes)
    found = tuple(_make_stroke(series, frames, strokes, k, why[k]) for k in range(len(strokes)))
    return StrokeList(found, left_out + _end_notes(series, found) + _count_notes(found))


def _check_speed(cycles: Cycles, settings: StrokeSettings) -> None:
    """Refuse a rate that nobody rows, which slow-motion and time-lapse files give."""
    rate_spm = 60.0 / float(np.median(cycles.period_s))
    if rate_spm < settings.min_rate_spm:
        raise NotMeasurableError(
            f"The rate comes out at {rate_spm:.1f} strokes a minute, under {settings.min_rate_spm:.0f}: if this is "
            f"slow motion, run again with --speed (playback seconds per real second, for example --speed 8)."
        )
    if rate_spm > settings.max_rate_spm:
        raise NotMeasurableError(
            f"The rate comes out at {rate_spm:.1f} strokes a minute, over {settings.max_rate_spm:.0f}: if the video "
            f"runs faster than life, run again with --speed under 1 (playback seconds per real second)."
        )


def _make_stroke(series: AngleSeries, frames: IntArray, strokes: Cycles, k: int, reason: str) -> Stroke:
    catch_s, finish_s, end_s = float(strokes.catch_s[k]), float(strokes.finish_s[k]), float(strokes.end_s[k])
    body = BodySignals(series.time_s, series["trunk_lean_deg"], series["knee_deg"], series["elbow_deg"])
    return Stroke(
        index=k,
        catch_time_s=catch_s,
        finish_time_s=finish_s,
        end_time_s=end_s,
        phase_borders_s=phase_borders(body, catch_s, finish_s, end_s),
        catch_frame=int(frames[np.argmin(np.abs(series.time_s - catch_s))]),
        seat_catch_time_s=seat_reversal_time(series, catch_s, finish_s),
        onsets_s=onsets(body, catch_s, finish_s, end_s),
        usable=not reason,
        reason=reason,
    )


def seat_reversal_time(series: AngleSeries, catch_s: float, finish_s: float) -> float:
    """When the seat turns at the flywheel end around a catch; NaN where it does not turn within the window."""
    window_s = SEAT_WINDOW_SHARE * (finish_s - catch_s)
    near = np.flatnonzero(np.abs(series.time_s - catch_s) <= window_s)
    wide = np.flatnonzero(np.abs(series.time_s - catch_s) <= 3.0 * window_s)
    if near.size < 3:
        return float("nan")
    time_s, seat = series.time_s[wide], series.seat_x_px[wide]
    search = lowpass(time_s, bridge_gaps(time_s, seat), SEAT_CUTOFF_HZ)
    inside = np.flatnonzero((wide >= near[0]) & (wide <= near[-1]))
    if not np.isfinite(search[inside]).all():
        return float("nan")
    top = int(inside[np.argmax(search[inside])])
    if top in (inside[0], inside[-1]):
        return float("nan")
    return turn_time(time_s, seat, search, top, float(np.nanmax(search) - np.nanmin(search)))


def _end_notes(series: AngleSeries, found: tuple[Stroke, ...]) -> tuple[str, ...]:
    """What lies before the first and after the last catch of the clip."""
    notes = []
    before_s = found[0].catch_time_s - float(series.time_s[0])
    after_s = float(series.time_s[-1]) - found[-1].end_time_s
    if before_s > 0.1:
        notes.append(f"The first {before_s:.1f} s lie before the first whole stroke and are not counted.")
    if after_s > 0.1:
        notes.append(f"The last {after_s:.1f} s lie after the last whole stroke and are not counted.")
    return tuple(notes)


def _count_notes(found: tuple[Stroke, ...]) -> tuple[str, ...]:
    usable = sum(stroke.usable for stroke in found)
    if usable >= 3:
        return ()
    amount = {0: "No stroke counts", 1: "Only one stroke counts", 2: "Only two strokes count"}[usable]
    return (f"{amount}: no consistency and no trend can be given; film at least ten strokes next time.",)
