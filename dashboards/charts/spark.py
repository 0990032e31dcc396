"""A season of one quantity as small as a word: for a table, beside its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from markupsafe import Markup

from dashboards.charts.svg import Scale
from dashboards.markup import tag

_WIDE, _HIGH, _EDGE = 120.0, 30.0, 3.0
#: More points than pixels draw nothing more.
_MOST: Final = 120


def spark(points: Sequence[tuple[date, float]], band: tuple[float, float] | None) -> Markup:
    """Sessions by day as a line that ends in a dot, over what is usual; without a session there is nothing to draw."""
    if not points:
        return Markup("")
    shown = [*points[:: -(-len(points) // _MOST)], points[-1]]
    values = [value for _, value in shown] + list(band or ())
    across = Scale(points[0][0].toordinal(), points[-1][0].toordinal(), _EDGE, _WIDE - _EDGE)
    up = Scale(min(values), max(values), _HIGH - _EDGE, _EDGE)
    places = [(across(day.toordinal()), up(value)) for day, value in shown]
    usual = Markup("")
    if band is not None:
        low, high = up(band[0]), up(band[1])
        usual = tag("rect", x="0", width=f"{_WIDE:g}", y=f"{high:.1f}", height=f"{max(1.0, low - high):.1f}")
    return tag(
        "svg", usual, tag("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in places)),
        tag("circle", cx=f"{places[-1][0]:.1f}", cy=f"{places[-1][1]:.1f}", r="2.5"),
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {_WIDE:g} {_HIGH:g}", width=f"{_WIDE:g}",
        height=f"{_HIGH:g}", aria_hidden="true", focusable="false",
    )  # fmt: skip
