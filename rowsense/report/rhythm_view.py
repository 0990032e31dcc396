"""What the report says and draws about rhythm: words, the three speeds, handle and seat, and recovery against drive."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.model import RhythmAnalysis, Session, Typical
from rowsense.model.rhythm import DRIVE_PHASES, SEGMENT_ANGLES, WATER_RATE_SPM, water_ratio
from rowsense.palette import QUANTITY, Rgb
from rowsense.report.curves import StrokeCurves, StrokeTimes, mean_and_sd, stroke_curves
from rowsense.report.words import sentence
from rowsense.texts.measures import ENGLISH, measure, phase_label
from rowsense.texts.texts import Texts
from rowsense.wording.rhythm import rhythm_sentences, segment_name

FloatArray = NDArray[np.float64]

#: Moments of a drive. [D] Finer than a frame at 30 a second in drives up to two seconds.
_POINT_COUNT: Final = 61
#: Rates at which the text twin names the line.
_NAMED_RATES: Final = (18.0, 20.0, 24.0, 28.0, 32.0, 36.0)


@dataclass(frozen=True, slots=True)
class SpeedCurve:
    """Angular speed of legs, trunk or arms from catch to finish."""

    segment: str
    name: str
    """As the reader calls it."""
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
    """Under :func:`speed_head`."""
    rail: RailPath | None
    rail_words: str
    rail_rows: tuple[tuple[str, ...], ...]
    """Under :func:`rail_head`."""
    tempo: TempoDots
    tempo_words: str
    tempo_rows: tuple[tuple[str, ...], ...]
    """Under :func:`tempo_head`."""


def speed_head(t: Texts = ENGLISH) -> tuple[str, ...]:
    """Over the rows of speeds."""
    return ("", *(sentence(segment_name(t, name)) for name in SEGMENT_ANGLES))


def rail_head(t: Texts = ENGLISH) -> tuple[str, ...]:
    """Over the rows of handle and seat."""
    spread = t("report_rhythm.head.spread")
    handle, seat = (sentence(t(f"report_rhythm.name.{name}")) for name in ("handle", "seat"))
    return (t("report_rhythm.head.part"), handle, spread, seat, spread)


def tempo_head(t: Texts = ENGLISH) -> tuple[str, ...]:
    """Over the rows of recovery against drive."""
    return tuple(t(f"report_rhythm.head.{name}") for name in ("rate", "yours", "line"))


def rhythm_view(session: Session, t: Texts = ENGLISH) -> RhythmView | None:
    """The section of a session; None without a usable stroke, and for sessions stored before there was any.

    In English its sentences are those that were stored; in another language they are made anew of the same numbers.
    """
    rhythm = session.assessment.rhythm
    if rhythm is None:
        return None
    speeds = tuple(c for c in (_speed_curve(session, name, t) for name in SEGMENT_ANGLES) if np.isfinite(c.mean).any())
    told = rhythm.sentences if t.language == ENGLISH.language else rhythm_sentences(rhythm, t)
    rail = rail_path(session, rhythm, t)
    dots = tempo_dots(session, rhythm)
    return RhythmView(
        lines=tuple(sentence(line) for line in told),
        speeds=speeds,
        speeds_words=_speeds_words(speeds, t),
        speed_rows=_speed_rows(rhythm, t),
        rail=rail,
        rail_words="" if rail is None else _rail_words(rail, t),
        rail_rows=() if rail is None else _rail_rows(rail, t),
        tempo=dots,
        tempo_words=_tempo_words(dots, t),
        tempo_rows=_tempo_rows(dots, t),
    )


def _speed_curve(session: Session, name: str, t: Texts) -> SpeedCurve:
    quantity, sign = SEGMENT_ANGLES[name]
    time_s = session.angles.time_s
    speed = sign * np.gradient(session.angles[quantity], time_s)
    percent = np.linspace(0.0, 100.0, _POINT_COUNT)
    at_s = [s.catch_time_s + s.drive_s * percent / 100.0 for s in session.strokes.usable]
    mean, sd = mean_and_sd(np.array([np.interp(at, time_s, speed, left=np.nan, right=np.nan) for at in at_s]))
    top = int(np.nanargmax(mean)) if np.isfinite(mean).any() else 0
    peak = float(percent[top]), float(mean[top])
    return SpeedCurve(name, segment_name(t, name), QUANTITY[quantity], percent, mean, sd, *peak)


def rail_path(session: Session, rhythm: RhythmAnalysis, t: Texts = ENGLISH) -> RailPath | None:
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
    unit = "m" if travel.scale else "trunks"
    meaning = t(f"report_rhythm.unit.{unit}_meaning")
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


def _speeds_words(speeds: tuple[SpeedCurve, ...], t: Texts) -> str:
    told = ", ".join(
        t(
            "report_rhythm.words.speed",
            name=c.name,
            speed=_speed(c.peak, t),
            share=measure(t, c.peak_percent, "percent", 0),
        )
        for c in speeds
    )
    return t("report_rhythm.words.speeds", told=told)


def _speed(value: float, t: Texts) -> str:
    written = measure(t, value, "deg")
    return t("report_rhythm.unit.speed", speed=written) if math.isfinite(value) else written


def _speed_rows(rhythm: RhythmAnalysis, t: Texts) -> tuple[tuple[str, ...], ...]:
    segments = rhythm.segments
    rows = [
        (
            t("report_rhythm.row.mean", phase=sentence(phase_label(t, phase))),
            *(_speed_cell(s.speed_deg_per_s[phase], t) for s in segments),
        )
        for phase in DRIVE_PHASES
    ]
    rows.append((t("report_rhythm.row.peak"), *(_speed_cell(s.peak_deg_per_s, t) for s in segments)))
    for name in ("peak_at", "begin_at", "end_at"):
        rows.append((t(f"report_rhythm.row.{name}"), *(_at_cell(getattr(s, f"{name}_ratio"), t) for s in segments)))
    return tuple(rows)


def _speed_cell(found: Typical, t: Texts) -> str:
    doubt = f" ± {_speed(found.sd, t)}" if math.isfinite(found.sd) else ""
    return f"{_speed(found.median, t)}{doubt}"


def _at_cell(found: Typical, t: Texts) -> str:
    doubt = f" ± {measure(t, 100.0 * found.sd, digits=0)}" if math.isfinite(found.sd) else ""
    return measure(t, 100.0 * found.median, digits=0) + f"{doubt} %" * found.known


def _length(value: float, unit: str, t: Texts) -> str:
    return measure(t, value, t(f"report_rhythm.unit.{unit}"), 2)


def _rail_words(rail: RailPath, t: Texts) -> str:
    handle, seat = (_length(float(np.nanmax(one)), rail.unit, t) for one in (rail.handle, rail.seat))
    return t("report_rhythm.words.rail", handle=handle, seat=seat)


def _rail_rows(rail: RailPath, t: Texts) -> tuple[tuple[str, ...], ...]:
    at = np.linspace(0, len(rail.percent) - 1, 11).astype(int)
    return tuple(
        (f"{rail.percent[i]:.0f} %", *(_length(float(column[i]), rail.unit, t) for column in
          (rail.handle, rail.handle_sd, rail.seat, rail.seat_sd)))
        for i in at
    )  # fmt: skip


def _tempo_words(dots: TempoDots, t: Texts) -> str:
    line = water_ratio(dots.typical_rate_spm)
    told = {"rate": measure(t, dots.typical_rate_spm, digits=1), "ratio": measure(t, dots.typical_ratio, digits=2)}
    if math.isfinite(line):
        return t("report_rhythm.words.tempo", line=measure(t, line, digits=2), **told)
    return t("report_rhythm.words.tempo_beyond", **told)


def _tempo_rows(dots: TempoDots, t: Texts) -> tuple[tuple[str, ...], ...]:
    rate = dots.typical_rate_spm
    yours = tuple(
        measure(t, value, digits=digits)
        for value, digits in ((rate, 1), (dots.typical_ratio, 2), (water_ratio(rate), 2))
    )
    return (yours, *((f"{r:.0f}", "–", measure(t, water_ratio(r), digits=2)) for r in _NAMED_RATES))


def tempo_range(dots: TempoDots) -> tuple[float, float]:
    """Rates that the axis holds."""
    ends = np.concatenate([dots.rate_spm, dots.line_rate_spm])
    return float(ends.min()) - 1.0, float(ends.max()) + 1.0


def drive_marks(t: Texts = ENGLISH) -> tuple[str, ...]:
    """Below the axis of a drive: its ends and its thirds, at 0, 1/6, 1/2, 5/6 and 1 of it."""
    thirds = (t(f"report_rhythm.third.{name}") for name in ("early", "mid", "late"))
    return (phase_label(t, "catch"), *thirds, phase_label(t, "finish"))
