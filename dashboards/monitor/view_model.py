"""What the monitor recorded, as pages show it: how it lies over the film, and what it said of each stroke."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from rowsense.assess.monitor import MOST_RMS_SPM, by_stroke, rate_difference_spm
from rowsense.model.monitor import FilmStrokes, MonitorSeries, MonitorStrokes
from rowsense.texts.measures import MISSING, measure
from rowsense.texts.texts import Texts

#: Columns of the strokes: texts of ``monitor.column``.
HEADS: Final = ("stroke", "film_rate", "rate", "power", "distance", "pace", "heart_rate")


@dataclass(frozen=True, slots=True)
class Attached:
    """A session's recording as the store has it."""

    name: str
    duration_s: float
    distance_m: float | None
    offset_s: float | None
    low_s: float | None
    high_s: float | None
    reason: str
    series: MonitorSeries


@dataclass(frozen=True, slots=True)
class MonitorLine:
    """A stroke; what the monitor did not say is a dash."""

    number: int
    """From 0."""
    at_s: float
    """Its catch in the film."""
    film_spm: float
    monitor_spm: float
    """NaN: the monitor did not see it."""
    cells: tuple[str, ...]
    """Rate in the film, rate, power, distance, pace, heart rate."""


@dataclass(frozen=True, slots=True)
class MonitorBlock:
    """For a page."""

    name: str
    sentences: tuple[str, ...]
    warning: str
    """Why the numbers below may not be of these strokes; empty: nothing is amiss."""
    lines: tuple[MonitorLine, ...]
    """Strokes that count, in their order; none where it is not known where the file belongs."""


def monitor_block(t: Texts, attached: Attached, film: FilmStrokes) -> MonitorBlock:
    """Lay it over the strokes that count."""
    whole = t("monitor.whole", time=clock(attached.duration_s))
    if attached.distance_m is not None:
        metres = t.number(attached.distance_m)
        whole = t("monitor.whole_far", time=clock(attached.duration_s), distance=metres)
    if attached.offset_s is None:
        return MonitorBlock(attached.name, (whole,), attached.reason, ())
    found = by_stroke(film, attached.series, attached.offset_s)
    apart = rate_difference_spm(film, found)
    fits = apart <= MOST_RMS_SPM
    lines = tuple(_line(t, film, found, at) for at in range(len(film)))
    sentences = (whole, _matched(t, found, apart), _placed(t, attached))
    return MonitorBlock(attached.name, sentences, "" if fits else t("monitor.no_longer"), lines)


def clock(seconds: float) -> str:
    """Minutes and seconds, as a monitor shows them."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def pace_words(t: Texts, pace_s: float) -> str:
    """Minutes, seconds and tenths for 500 m; a dash where it is not known."""
    if not math.isfinite(pace_s):
        return MISSING
    minutes, tenths = divmod(round(pace_s * 10.0), 600)
    return t.decimal(f"{minutes}:{tenths / 10.0:04.1f}")


def _matched(t: Texts, found: MonitorStrokes, apart: float) -> str:
    seen, count = int(found.known.sum()), len(found.known)
    if math.isnan(apart):
        return t("monitor.none_matched", n=count)
    return t("monitor.matched", n=count, seen=seen, apart=measure(t, apart, digits=1))


def _placed(t: Texts, attached: Attached) -> str:
    assert attached.offset_s is not None
    begins = t.number(attached.offset_s, 1)
    if attached.low_s is None or attached.high_s is None:
        return t("monitor.by_hand", begins=begins)
    sure = max(attached.high_s - attached.offset_s, attached.offset_s - attached.low_s)
    return t("monitor.by_rate", begins=begins, sure=t.number(max(sure, 0.1), 1))


def _line(t: Texts, film: FilmStrokes, found: MonitorStrokes, at: int) -> MonitorLine:
    film_spm, monitor_spm = float(film.rate_spm[at]), float(found.rate_spm[at])
    cells = (
        measure(t, film_spm, digits=1),
        measure(t, monitor_spm, digits=0),
        measure(t, float(found.power_w[at]), digits=0),
        measure(t, float(found.distance_m[at]), digits=1),
        pace_words(t, float(found.pace_s_500m[at])),
        measure(t, float(found.heart_rate_bpm[at]), digits=0),
    )
    return MonitorLine(int(film.number[at]), float(film.catch_s[at]), film_spm, monitor_spm, cells)
