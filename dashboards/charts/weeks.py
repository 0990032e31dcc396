"""Minutes week by week as bars: those at the top of a rower's own usual range, and those above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from dashboards.charts.svg import Scale, axis_number, day_steps, line, link, picture, steps, words
from dashboards.markup import joined, tag
from rowsense.texts.texts import Texts

_HEIGHT_PX: Final = 150.0
_GROUND_PX: Final = 118.0
_BAR_PX: Final = 9.0


@dataclass(frozen=True, slots=True)
class WeekBar:
    """One week."""

    monday: date
    top_minutes: float
    above_minutes: float
    title: str
    href: str
    """Of its sessions."""


def week_bars(t: Texts, weeks: Sequence[WeekBar]) -> Markup:
    """Above stands on top; a week without a session leaves a gap."""
    if not weeks:
        return Markup("")
    first, last = weeks[0].monday, weeks[-1].monday + timedelta(days=6)
    across = Scale(first.toordinal(), last.toordinal(), 8.0, 97.0)
    most = max((week.top_minutes + week.above_minutes for week in weeks), default=0.0) or 1.0
    up = Scale(0.0, most, _GROUND_PX, 14.0)
    grid = [
        line("0", up(value), "100%", up(value), "grid") + words("0", up(value) - 4, axis_number(t, value, " min"))
        for value in steps(0.0, most, 3)
    ]
    axis = [
        words(across.across(day.toordinal()), _HEIGHT_PX - 8, said, anchor="middle")
        for day, said in day_steps(t, first, last)
    ]
    return picture(_HEIGHT_PX, *grid, *(_bar(week, across, up) for week in weeks), *axis)


def _bar(week: WeekBar, across: Scale, up: Scale) -> Markup:
    x = across.across(week.monday.toordinal() + 3)
    top, above = up(week.top_minutes), up(week.top_minutes + week.above_minutes)
    parts = [_part(x, _GROUND_PX, top, "top-tenth"), _part(x, top, above, "above-usual")]
    return link(week.href, week.title, joined(part for part in parts if part))


def _part(x: str, from_px: float, to_px: float, class_: str) -> Markup:
    if from_px - to_px < 0.05:
        return Markup("")
    return tag("line", x1=x, x2=x, y1=f"{from_px:.1f}", y2=f"{to_px:.1f}", class_=class_, stroke_width=f"{_BAR_PX:g}")
