"""One quantity over a season: sessions with their interval, the usual, what was changed, trend and clear change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup

from dashboards.charts.svg import Scale, axis_number, day_steps, dot, line, link, picture, steps, words
from dashboards.markup import joined, tag
from rowsense.texts.texts import Texts

HEIGHT_PX: Final = 300.0
_TOP_PX, _BOTTOM_PX = 26.0, 268.0
_LEFT, _RIGHT = 9.0, 95.0
#: Intervals and strokes of more sessions than this would be one grey field [D].
_MOST_INTERVALS: Final = 60
#: Of the words at the head of the chart; all of them stand below it [D].
_EVENT_LETTERS: Final = 24


@dataclass(frozen=True, slots=True)
class Mark:
    """One session, in the unit of the quantity."""

    day: date
    value: float
    low: float
    high: float
    """Ends of its interval; NaN: not known."""
    strokes_low: float
    strokes_high: float
    """A tenth of its strokes lie below, a tenth above; NaN: not known."""
    href: str
    title: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """What else happened on a day."""

    day: date
    said: str
    kind: str = "event"
    """``event``: at the machine, or a calibration; ``tried``: what a note says; ``level``: a level begins."""


@dataclass(frozen=True, slots=True)
class SeasonLine:
    """Everything that is drawn."""

    marks: Sequence[Mark]
    band: tuple[float, float] | None
    """The usual."""
    trend: tuple[float, float] | None
    """Where a clear trend begins and ends, over the days of the marks."""
    clear_from: float
    """Smallest clear change; NaN: none is drawn."""
    events: Sequence[Event]
    """What else happened, by day."""
    ends: tuple[float, float]
    """Beyond which there are no values."""
    ticks: Sequence[tuple[float, str]] | None = None
    """None: round numbers in the unit."""
    unit: str = ""


def season_line(t: Texts, shown: SeasonLine) -> Markup:
    """The chart; without a session there is nothing to draw."""
    if not shown.marks:
        return Markup("")
    across, up = _scales(shown)
    return picture(
        HEIGHT_PX,
        _grid(t, shown, across, up),
        _band(shown, up),
        _events(shown, across),
        *_trend(shown, across, up),
        joined(_mark(mark, across, up, full=len(shown.marks) <= _MOST_INTERVALS) for mark in shown.marks),
        *_clear(shown, up),
    )


def _scales(shown: SeasonLine) -> tuple[Scale, Scale]:
    days = [mark.day.toordinal() for mark in shown.marks]
    ends = [edge for mark in shown.marks for edge in (mark.low, mark.high, mark.strokes_low, mark.strokes_high)]
    edges = [mark.value for mark in shown.marks] + [edge for edge in ends if math.isfinite(edge)]
    edges += list(shown.band or ())
    room = 0.06 * (max(edges) - min(edges)) or 1.0
    low, high = max(shown.ends[0], min(edges) - room), min(shown.ends[1], max(edges) + room)
    return Scale(min(days), max(days), _LEFT, _RIGHT), Scale(low, high, _BOTTOM_PX, _TOP_PX)


def _grid(t: Texts, shown: SeasonLine, across: Scale, up: Scale) -> Markup:
    ticks = shown.ticks or [(value, axis_number(t, value, shown.unit)) for value in steps(up.low, up.high)]
    rows = [
        line("0", up(value), "100%", up(value), "grid") + words("0", up(value) - 4, said)
        for value, said in ticks
        if up.low <= value <= up.high
    ]
    first, last = (date.fromordinal(int(day)) for day in (across.low, across.high))
    columns = [
        words(across.across(day.toordinal()), HEIGHT_PX - 8, said, anchor="middle")
        for day, said in day_steps(t, first, last)
    ]
    return joined([*rows, *columns])


def _band(shown: SeasonLine, up: Scale) -> Markup:
    if shown.band is None:
        return Markup("")
    low, high = shown.band
    return tag(
        "rect", x="0", width="100%", y=f"{up(high):.1f}", height=f"{max(1.0, up(low) - up(high)):.1f}", class_="usual"
    )


def _events(shown: SeasonLine, across: Scale) -> Markup:
    inside = [one for one in shown.events if across.low <= one.day.toordinal() <= across.high]
    # By turns on two lines: two within a few days would cover each other.
    return joined(_event(one, across.across(one.day.toordinal()), (14.0, 0.0)[n % 2]) for n, one in enumerate(inside))


def _event(one: Event, x: str, words_px: float) -> Markup:
    short = one.said if len(one.said) <= _EVENT_LETTERS else f"{one.said[: _EVENT_LETTERS - 1].rstrip()}…"
    drawn = line(x, _TOP_PX - 8, x, _BOTTOM_PX, one.kind), words(x, words_px, short, anchor="middle")
    return tag("g", tag("title", one.said), *drawn)


def _trend(shown: SeasonLine, across: Scale, up: Scale) -> list[Markup]:
    if shown.trend is None:
        return []
    begin, end = shown.trend
    return [line(across.across(across.low), up(begin), across.across(across.high), up(end), "trend")]


def _mark(mark: Mark, across: Scale, up: Scale, *, full: bool) -> Markup:
    x, parts = across.across(mark.day.toordinal()), []
    if full and math.isfinite(mark.strokes_low):
        parts.append(line(x, up(mark.strokes_low), x, up(mark.strokes_high), "strokes"))
    if full and math.isfinite(mark.low):
        parts.append(line(x, up(mark.low), x, up(mark.high), "interval"))
    here = "dot chosen" if mark.chosen else "dot"
    return link(mark.href, mark.title, *parts, dot(x, up(mark.value), 7.0 if mark.chosen else 4.5, here))


def _clear(shown: SeasonLine, up: Scale) -> list[Markup]:
    """A bar as tall as a clear change, at the right edge: an eye can hold it against the dots."""
    tall = abs(up(up.low + shown.clear_from) - up(up.low)) if math.isfinite(shown.clear_from) else math.nan
    if not 4.0 <= tall <= _BOTTOM_PX - _TOP_PX:
        return []
    top = (_TOP_PX + _BOTTOM_PX - tall) / 2.0
    caps = [line("98%", y, "100%", y, "clear") for y in (top, top + tall)]
    return [line("99%", top, "99%", top + tall, "clear"), *caps]
