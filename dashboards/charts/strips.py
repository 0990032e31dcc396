"""Strips of dots: squads as distributions, faults session by session, and the strokes of one session."""

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

_SQUAD_PX: Final = 92.0
_FAULT_PX: Final = 58.0
_AXIS_PX: Final = 26.0
_STROKES_PX: Final = 190.0
#: Dots of a squad that lie closer than this share of the width are put beside each other [D].
_CLOSE: Final = 2.4


@dataclass(frozen=True, slots=True)
class RowerDot:
    """One rower in her squad."""

    value: float
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class SquadRow:
    """One squad: its rowers, and at which values a tenth, a quarter, half ... of its strokes lie (empty: not known)."""

    name: str
    rowers: Sequence[RowerDot]
    strokes: Sequence[float]
    href: str = ""
    """Of the sessions of its middle half; empty: nowhere."""
    title: str = ""


@dataclass(frozen=True, slots=True)
class FaultMark:
    """One session: the share of its strokes that show a fault, and the ends of its interval; NaN: not known."""

    day: date
    share: float
    low: float
    high: float
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One fault in every session in which it was looked for."""

    name: str
    count: str
    sessions: Sequence[FaultMark]


def squad_strip(t: Texts, squads: Sequence[SquadRow], unit: str, factor: float = 1.0) -> Markup:
    """Squads below each other on one scale; ``factor``: what a number on the axis is multiplied by."""
    values = [v for squad in squads for v in (*squad.strokes, *(r.value for r in squad.rowers)) if math.isfinite(v)]
    if not values:
        return Markup("")
    room = 0.04 * (max(values) - min(values)) or 1.0
    across = Scale(min(values) - room, max(values) + room, 2.0, 98.0)
    height = len(squads) * _SQUAD_PX + _AXIS_PX
    grid = [
        line(across.across(v / factor), 0, across.across(v / factor), height - _AXIS_PX, "grid")
        + words(across.across(v / factor), height - 8, axis_number(t, v, unit), anchor="middle")
        for v in steps(across.low * factor, across.high * factor, 5)
    ]
    return picture(height, *grid, *(_squad(squad, row * _SQUAD_PX, across) for row, squad in enumerate(squads)))


def _squad(squad: SquadRow, top_px: float, across: Scale) -> Markup:
    middle = top_px + 56.0
    parts = [words("0", top_px + 18.0, squad.name, "name")]
    if squad.strokes:
        low, first, half, third, high = (across(value) for value in squad.strokes)
        box = tag(
            "rect", x=f"{first:.2f}%", width=f"{max(0.3, third - first):.2f}%", y=f"{middle - 22:.1f}", height="44",
            rx="4", class_="box",
        )  # fmt: skip
        parts += [
            line(f"{low:.2f}%", middle, f"{high:.2f}%", middle, "whisker"),
            link(squad.href, squad.title, box) if squad.href else box,
            line(f"{half:.2f}%", middle - 22, f"{half:.2f}%", middle + 22, "median"),
        ]
    for rower, lane in zip(squad.rowers, _lanes([across(r.value) for r in squad.rowers]), strict=True):
        parts.append(link(rower.href, rower.title, dot(across.across(rower.value), middle + 9.0 * lane)))
    return joined(parts)


def _lanes(places: Sequence[float]) -> list[int]:
    """Of places in order: 0 for those by themselves, 1, -1, 2, -2 for those that would cover another."""
    lanes: list[int] = []
    for number, place in enumerate(places):
        near = {lanes[i] for i in range(number) if place - places[i] < _CLOSE}
        lanes.append(next((lane for lane in (0, 1, -1, 2, -2) if lane not in near), 0))
    return lanes


def fault_strip(t: Texts, faults: Sequence[FaultRow], first: date, last: date) -> Markup:
    """Faults below each other over the days of a season; a taller bar: in more strokes, with how sure that is."""
    if not faults:
        return Markup("")
    across = Scale(first.toordinal(), last.toordinal(), 3.0, 97.0)
    height = len(faults) * _FAULT_PX + _AXIS_PX
    axis = [
        words(across.across(day.toordinal()), height - 8, said, anchor="middle")
        for day, said in day_steps(t, first, last)
    ]
    return picture(height, *(_fault(fault, n * _FAULT_PX, across) for n, fault in enumerate(faults)), *axis)


def _fault(fault: FaultRow, top_px: float, across: Scale) -> Markup:
    ground = top_px + _FAULT_PX - 4.0
    up = Scale(0.0, 1.0, ground - 5.0, top_px + 24.0)
    parts = [
        words("0", top_px + 16.0, fault.name, "name"),
        words("100%", top_px + 16.0, fault.count, anchor="end"),
        line("0", ground, "100%", ground, "grid"),
    ]
    for mark in fault.sessions:
        x = across.across(mark.day.toordinal())
        if mark.share > 0.0:
            sure = [line(x, up(mark.low), x, up(mark.high), "sure")] if math.isfinite(mark.low) else []
            parts.append(link(mark.href, mark.title, line(x, ground, x, up(mark.share), "shown"), *sure))
        else:
            parts.append(tag("circle", cx=x, cy=f"{ground:.1f}", r="1.5", class_="not-shown"))
    return joined(parts)


def stroke_strip(t: Texts, values: Sequence[tuple[int, float, str, str]], unit: str) -> Markup:
    """Every stroke of a session: its number, value, page and words."""
    if not values:
        return Markup("")
    low, high = min(value for _, value, _, _ in values), max(value for _, value, _, _ in values)
    room = 0.08 * (high - low) or 1.0
    across = Scale(values[0][0], values[-1][0], 9.0, 97.0)
    up = Scale(low - room, high + room, _STROKES_PX - 30.0, 12.0)
    grid = [
        line("0", up(v), "100%", up(v), "grid") + words("0", up(v) - 4, axis_number(t, v, unit))
        for v in steps(up.low, up.high, 4)
    ]
    ends = dict.fromkeys((values[0][0], values[-1][0]))
    axis = [
        words(
            across.across(n),
            _STROKES_PX - 8,
            t("athlete.strokes.axis", number=n + 1),
            anchor="end" if n == values[-1][0] else "start",
        )
        for n in ends
    ]
    dots = [link(href, title, dot(across.across(n), up(value), 3.5)) for n, value, href, title in values]
    return picture(_STROKES_PX, *grid, *dots, *axis)
