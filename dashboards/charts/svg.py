"""SVG as text. Places across are shares of the width: a chart is as wide as the page and its words stay legible."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from dashboards.markup import tag
from rowsense.texts.texts import Texts


def picture(height_px: float, *parts: Markup) -> Markup:
    """A whole chart. Its words and numbers stand beside it, so programs that read the page aloud leave it out."""
    return tag(
        "svg", *parts, xmlns="http://www.w3.org/2000/svg", width="100%", height=f"{height_px:g}",
        aria_hidden="true", focusable="false",
    )  # fmt: skip


def link(href: str, title: str, *parts: Markup, class_: str = "point") -> Markup:
    """Something to click, with its words on hover. By keyboard one goes through the table beside the chart."""
    return tag("a", tag("title", title), *parts, href=href, tabindex="-1", class_=class_)


def dot(x: str, y_px: float, radius_px: float = 5.0, class_: str = "dot") -> Markup:
    """A point, with room around it for a finger."""
    around = tag("circle", cx=x, cy=f"{y_px:.1f}", r=f"{max(12.0, radius_px):g}", class_="touch")
    return around + tag("circle", cx=x, cy=f"{y_px:.1f}", r=f"{radius_px:g}", class_=class_)


def line(x1: str, y1_px: float, x2: str, y2_px: float, class_: str) -> Markup:
    """A straight line."""
    return tag("line", x1=x1, y1=f"{y1_px:.1f}", x2=x2, y2=f"{y2_px:.1f}", class_=class_)


def words(x: str, y_px: float, said: str, class_: str = "tick", anchor: str = "start") -> Markup:
    """Text."""
    return tag("text", said, x=x, y=f"{y_px:.1f}", class_=class_, text_anchor=anchor)


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to places."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where a value lies; a scale without width puts everything in the middle."""
        if self.high == self.low:
            return (self.start + self.end) / 2.0
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def across(self, value: float) -> str:
        """As a share of the width."""
        return f"{self(value):.2f}%"


def steps(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers between two ends, ``most`` at the most (two more where that is fewer than two)."""
    if not math.isfinite(low) or not math.isfinite(high) or high <= low:
        return []
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [round(number * step, 10) for number in range(first, math.floor(high / step + 1e-9) + 1)]


def axis_number(t: Texts, value: float, unit: str) -> str:
    """A round number at an axis."""
    return t.decimal(f"{value:g}") + unit


def day_steps(t: Texts, first: date, last: date, most: int = 4) -> list[tuple[date, str]]:
    """Days to be named on an axis: firsts of months, or the two ends of less than that."""
    months = [
        date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        if first <= date(year, month, 1) <= last
    ]
    if len(months) < 2:
        ends = [first] if first == last else [first, last]
        return [(day, t.short_day(day)) for day in ends]
    every = math.ceil(len(months) / most)
    return [(day, t.month(day)) for day in months[::every]]
