"""What the report says and draws about rhythm: words, the three speeds, handle and seat, and recovery against drive."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.model import RhythmAnalysis, Session, Typical
from rowsense.model.rhythm import DRIVE_PHASES, SEGMENT_ANGLES, WATER_RATE_SPM, water_ratio
from rowsense.palette import PHASE_WORDS, QUANTITY, Rgb
from rowsense.report.curves import StrokeCurves, StrokeTimes, mean_and_sd, stroke_curves
from rowsense.report.words import number, sentence

FloatArray = NDArray[np.float64]

SPEED_HEAD: Final = ("", "Legs", "Trunk", "Arms")
RAIL_HEAD: Final = ("Part of the stroke", "Handle", "Spread (±)", "Seat", "Spread (±)")
TEMPO_HEAD: Final = ("Strokes a minute", "Your recovery : drive", "BioRow's line")
#: Moments of a drive. [D] Finer than a frame at 30 a second in drives up to two seconds.
_POINT_COUNT: Final = 61
#: Rates at which the text twin names the line.
_NAMED_RATES: Final = (18.0, 20.0, 24.0, 28.0, 32.0, 36.0)


@dataclass(frozen=True, slots=True)
class SpeedCurve:
    """Angular speed of legs, trunk or arms from catch to finish."""

    name: str
    colour: Rgb
    percent: FloatArray
    """(P,) of the drive, 0 = catch, 100 = finish."""
    mean: FloatArray
    sd: FloatArray
    """(P,) degrees a second; NaN where it was not measured."""
    peak_percent: float
    peak: float
    """Where the mean curve is highest, and how high."""


@dataclass(frozen=True, slots=True)
class RailPath:
    """Handle and seat, from where they are at the catch; + towards the body."""

    percent: FloatArray
    """(P,) 0 = catch, 100 = next catch."""
    finish_percent: float
    unit: str
    """``trunks`` or ``m``."""
    meaning: str
    handle: FloatArray
    handle_sd: FloatArray
    seat: FloatArray
    seat_sd: FloatArray


@dataclass(frozen=True, slots=True)
class TempoDots:
    """Recovery over drive against the rate."""

    rate_spm: FloatArray
    """(U,) of the usable strokes."""
    ratio: FloatArray
    typical_rate_spm: float
    typical_ratio: float
    line_rate_spm: FloatArray
    """(L,) where BioRow's line reaches."""
    line_ratio: FloatArray


@dataclass(frozen=True, slots=True)
class RhythmView:
    """The section on rhythm."""

    lines: tuple[str, ...]
    speeds: tuple[SpeedCurve, ...]
    """Empty where none was measured."""
    speeds_words: str
    speed_rows: tuple[tuple[str, ...], ...]
    """Under :data:`SPEED_HEAD`."""
    rail: RailPath | None
    rail_words: str
    rail_rows: tuple[tuple[str, ...], ...]
    """Under :data:`RAIL_HEAD`."""
    tempo: TempoDots
    tempo_words: str
    tempo_rows: tuple[tuple[str, ...], ...]
    """Under :data:`TEMPO_HEAD`."""


def rhythm_view(session: Session) -> RhythmView | None:
    """The section of a session; None without a usable stroke, and for sessions stored before there was any."""
    rhythm = session.assessment.rhythm
    if rhythm is None:
        return None
    speeds = tuple(c for c in (_speed_curve(session, name) for name in SEGMENT_ANGLES) if np.isfinite(c.mean).any())
    rail = rail_path(session, rhythm)
    dots = tempo_dots(session, rhythm)
    return RhythmView(
        lines=tuple(sentence(line) for line in rhythm.sentences),
        speeds=speeds,
        speeds_words=_speeds_words(speeds),
        speed_rows=_speed_rows(rhythm),
        rail=rail,
        rail_words="" if rail is None else _rail_words(rail),
        rail_rows=() if rail is None else _rail_rows(rail),
        tempo=dots,
        tempo_words=_tempo_words(dots),
        tempo_rows=_tempo_rows(dots),
    )


def _speed_curve(session: Session, name: str) -> SpeedCurve:
    quantity, sign = SEGMENT_ANGLES[name]
    time_s = session.angles.time_s
    speed = sign * np.gradient(session.angles[quantity], time_s)
    percent = np.linspace(0.0, 100.0, _POINT_COUNT)
    at_s = [s.catch_time_s + s.drive_s * percent / 100.0 for s in session.strokes.usable]
    mean, sd = mean_and_sd(np.array([np.interp(at, time_s, speed, left=np.nan, right=np.nan) for at in at_s]))
    top = int(np.nanargmax(mean)) if np.isfinite(mean).any() else 0
    return SpeedCurve(name, QUANTITY[quantity], percent, mean, sd, float(percent[top]), float(mean[top]))


def rail_path(session: Session, rhythm: RhythmAnalysis) -> RailPath | None:
    """Mean paths, in metres where a scale is known, else in trunk lengths; None where they were not measured."""
    travel = rhythm.travel
    if not travel.handle_trunk_ratio.known:
        return None
    unit_px = travel.trunk_px / (travel.metres_per_trunk if travel.scale else 1.0)
    times = StrokeTimes.of(session)
    handle, seat = (
        stroke_curves("", session.angles.time_s, x / unit_px, times)
        for x in (session.angles.handle_x_px, session.angles.seat_x_px)
    )
    (handle_mean, handle_sd), (seat_mean, seat_sd) = (_from_catch(c) for c in (handle, seat))
    if not (np.isfinite(handle_mean).any() and np.isfinite(seat_mean).any()):  # one was never seen at a catch
        return None
    unit, meaning = ("m", "metres") if travel.scale else ("trunks", "trunk lengths")
    return RailPath(handle.percent, handle.finish_percent, unit, meaning, handle_mean, handle_sd, seat_mean, seat_sd)


def _from_catch(curves: StrokeCurves) -> tuple[FloatArray, FloatArray]:
    counted = curves.values[curves.usable]
    return mean_and_sd(counted[:, :1] - counted)


def tempo_dots(session: Session, rhythm: RhythmAnalysis) -> TempoDots:
    """The strokes, the typical one, and the line."""
    usable = session.strokes.usable
    rates = np.linspace(*WATER_RATE_SPM, 37)
    return TempoDots(
        rate_spm=np.array([s.rate_spm for s in usable]),
        ratio=np.array([s.recovery_s / s.drive_s for s in usable]),
        typical_rate_spm=rhythm.tempo.rate_spm.median,
        typical_ratio=rhythm.tempo.recovery_drive_ratio.median,
        line_rate_spm=rates,
        line_ratio=np.array([water_ratio(float(r)) for r in rates]),
    )


def _speeds_words(speeds: tuple[SpeedCurve, ...]) -> str:
    told = ", ".join(
        f"{c.name} highest with {_speed(c.peak)} at {number(c.peak_percent, 'percent', 0)} of the drive" for c in speeds
    )
    return f"Mean angular speeds from catch to finish: {told}."


def _speed(value: float) -> str:
    return number(value, "deg") + ("/s" if math.isfinite(value) else "")


def _speed_rows(rhythm: RhythmAnalysis) -> tuple[tuple[str, ...], ...]:
    segments = rhythm.segments
    rows = [
        (f"{PHASE_WORDS[phase].capitalize()}, mean", *(_speed_cell(s.speed_deg_per_s[phase]) for s in segments))
        for phase in DRIVE_PHASES
    ]
    rows.append(("Fastest", *(_speed_cell(s.peak_deg_per_s) for s in segments)))
    for words, name in (("Fastest at", "peak_at_ratio"), ("Begins at", "begin_at_ratio"), ("Ends at", "end_at_ratio")):
        rows.append((words, *(_at_cell(getattr(s, name)) for s in segments)))
    return tuple(rows)


def _speed_cell(found: Typical) -> str:
    doubt = f" ± {_speed(found.sd)}" if math.isfinite(found.sd) else ""
    return f"{_speed(found.median)}{doubt}"


def _at_cell(found: Typical) -> str:
    doubt = f" ± {number(100.0 * found.sd, digits=0)}" if math.isfinite(found.sd) else ""
    return number(100.0 * found.median, digits=0) + f"{doubt} %" * found.known


def _length(value: float, unit: str) -> str:
    return number(value, unit, 2)


def _rail_words(rail: RailPath) -> str:
    handle, seat = float(np.nanmax(rail.handle)), float(np.nanmax(rail.seat))
    return (
        f"Handle and seat over the stroke: on the mean path the handle goes {_length(handle, rail.unit)}, "
        f"the seat {_length(seat, rail.unit)}."
    )


def _rail_rows(rail: RailPath) -> tuple[tuple[str, ...], ...]:
    at = np.linspace(0, len(rail.percent) - 1, 11).astype(int)
    return tuple(
        (f"{rail.percent[i]:.0f} %", *(_length(float(column[i]), rail.unit) for column in
          (rail.handle, rail.handle_sd, rail.seat, rail.seat_sd)))
        for i in at
    )  # fmt: skip


def _tempo_words(dots: TempoDots) -> str:
    line = water_ratio(dots.typical_rate_spm)
    beside = f"BioRow's line has {number(line, digits=2)}" if math.isfinite(line) else "BioRow's line does not reach it"
    return (
        f"At {number(dots.typical_rate_spm, digits=1)} strokes a minute the recovery takes "
        f"{number(dots.typical_ratio, digits=2)} times the drive; {beside}."
    )


def _tempo_rows(dots: TempoDots) -> tuple[tuple[str, ...], ...]:
    rate = dots.typical_rate_spm
    yours = (number(rate, digits=1), number(dots.typical_ratio, digits=2), number(water_ratio(rate), digits=2))
    return (yours, *((f"{r:.0f}", "–", number(water_ratio(r), digits=2)) for r in _NAMED_RATES))


def tempo_range(dots: TempoDots) -> tuple[float, float]:
    """Rates that the axis holds."""
    ends = np.concatenate([dots.rate_spm, dots.line_rate_spm])
    return float(ends.min()) - 1.0, float(ends.max()) + 1.0
