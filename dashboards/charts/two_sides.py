"""Two sides of a comparison over each other: the course of both by week, and a mean of each with its interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from dashboards.charts.svg import Scale, axis_number, dot, line, link, picture, steps, words
from dashboards.markup import joined, tag
from rowsense.texts.texts import Texts

HEIGHT_PX: Final = 280.0
_TOP_PX, _BOTTOM_PX = 12.0, 246.0
_LEFT, _RIGHT = 9.0, 97.0
#: Intervals of more sessions than this would be one grey field [D].
_MOST_INTERVALS: Final = 60
_SIDES: Final = ("side-first", "side-second")
_WIDE, _HIGH, _EDGE = 120.0, 30.0, 6.0


@dataclass(frozen=True, slots=True)
class SideDot:
    """One session."""

    week: float
    """From the first day of its side."""
    value: float
    low: float
    high: float
    """Ends of its interval; NaN: not known."""
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Pair:
    """The sessions of both sides."""

    sides: tuple[Sequence[SideDot], Sequence[SideDot]]
    weeks: float
    """How long the longer side is."""
    unit: str
    ends: tuple[float, float]
    """Beyond which there are no values."""


@dataclass(frozen=True, slots=True)
class Ends:
    """A mean with its interval; NaN: that is not known."""

    mean: float
    low: float
    high: float


def pair_line(t: Texts, shown: Pair) -> Markup:
    """Both courses, each from its own first day."""
    every = [one for side in shown.sides for one in side]
    if not every:
        return Markup("")
    edges = [edge for one in every for edge in (one.value, one.low, one.high) if math.isfinite(edge)]
    room = 0.06 * (max(edges) - min(edges)) or 1.0
    low, high = max(shown.ends[0], min(edges) - room), min(shown.ends[1], max(edges) + room)
    across, up = Scale(0.0, max(1.0, shown.weeks), _LEFT, _RIGHT), Scale(low, high, _BOTTOM_PX, _TOP_PX)
    full = len(every) <= _MOST_INTERVALS
    return picture(
        HEIGHT_PX,
        _grid(t, shown, across, up),
        *(_course(side, name, across, up, full=full) for side, name in zip(shown.sides, _SIDES, strict=True)),
    )


def _grid(t: Texts, shown: Pair, across: Scale, up: Scale) -> Markup:
    rows = [
        line("0", up(value), "100%", up(value), "grid") + words("0", up(value) - 4, axis_number(t, value, shown.unit))
        for value in steps(up.low, up.high)
    ]
    columns = [
        words(across.across(week), HEIGHT_PX - 10, t("seasons.week", week=f"{week:g}"), anchor="middle")
        for week in steps(0.0, across.high)
        if week == int(week)
    ]
    return joined([*rows, *columns])


def _course(side: Sequence[SideDot], name: str, across: Scale, up: Scale, *, full: bool) -> Markup:
    places = [(across.across(one.week), up(one.value)) for one in side]
    between = [line(a[0], a[1], b[0], b[1], "course") for a, b in pairwise(places)]
    dots = []
    for one, (x, y) in zip(side, places, strict=True):
        known = full and math.isfinite(one.low)
        parts = [line(x, up(one.low), x, up(one.high), "within")] if known else []
        dots.append(link(one.href, one.title, *parts, dot(x, y, 4.5)))
    return tag("g", *between, *dots, class_=name)


def two_means(first: Ends | None, second: Ends | None) -> Markup:
    """Both means with their intervals, the first above; for a table, beside its numbers."""
    known = [one for one in (first, second) if one is not None]
    edges = [edge for one in known for edge in (one.mean, one.low, one.high) if math.isfinite(edge)]
    if not edges:
        return Markup("")
    across = Scale(min(edges), max(edges), _EDGE, _WIDE - _EDGE)
    parts = [
        _one(one, name, across, y)
        for one, name, y in zip((first, second), _SIDES, (_HIGH * 0.3, _HIGH * 0.7), strict=True)
        if one is not None
    ]
    return tag(
        "svg", *parts, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {_WIDE:g} {_HIGH:g}", width=f"{_WIDE:g}",
        height=f"{_HIGH:g}", aria_hidden="true", focusable="false",
    )  # fmt: skip


def _one(one: Ends, name: str, across: Scale, y: float) -> Markup:
    within = Markup("")
    if math.isfinite(one.low):
        within = line(f"{across(one.low):.1f}", y, f"{across(one.high):.1f}", y, "within")
    return tag(
        "g", within, tag("circle", cx=f"{across(one.mean):.1f}", cy=f"{y:.1f}", r="4", class_="dot"), class_=name
    )
