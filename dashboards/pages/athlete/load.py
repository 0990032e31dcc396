"""What an athlete's page says of load over time: minutes at the far end of her own usual range. No risk score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from dash import html

from dashboards.charts.weeks import WeekBar, week_bars
from dashboards.markup import Html
from dashboards.pages.season_words import count, day
from dashboards.pages.tables import table, twin
from rowsense.season.exposure import Exposure, WeekOfRowing
from rowsense.season.vocabulary import quantity_of, shown

_HEAD: Final = ("Week of", "Sessions", "Strokes", "Minutes", "In the top tenth", "Above usual")


@dataclass(frozen=True, slots=True)
class LoadBlock:
    """One quantity."""

    title: str
    words: str
    bars: tuple[WeekBar, ...]
    rows: tuple[tuple[str, ...], ...]
    """Newest week first."""


def load_block(exposure: Exposure) -> LoadBlock:
    """In words."""
    quantity = quantity_of(exposure.quantity)
    ends = f"{shown(quantity, exposure.usual_low)} to {shown(quantity, exposure.usual_high)}"
    begins = shown(quantity, exposure.weeks[0].count.top_from)
    return LoadBlock(
        title=quantity.name,
        words=(
            f"Her usual range is {ends}: nine tenths of the strokes of {count(exposure.range_sessions, 'session')} "
            f"lie in it. Counted are minutes in its top tenth, from {begins} on, and above it."
        ),
        bars=tuple(_bar(week) for week in exposure.weeks),
        rows=tuple(_row(week) for week in reversed(exposure.weeks)),
    )


def _bar(week: WeekOfRowing) -> WeekBar:
    counted = week.count
    said = f"{day(week.monday)}: {counted.top_minutes:.1f} min in the top tenth, {counted.above_minutes:.1f} min above"
    return WeekBar(week.monday, counted.top_minutes, counted.above_minutes, said)


def _row(week: WeekOfRowing) -> tuple[str, ...]:
    counted = week.count
    return (
        day(week.monday),
        str(week.session_count),
        str(counted.stroke_count),
        f"{counted.minutes:.1f}",
        f"{count(counted.top_count, 'stroke')}, {counted.top_minutes:.1f} min",
        f"{count(counted.above_count, 'stroke')}, {counted.above_minutes:.1f} min",
    )


def load_section(blocks: Sequence[LoadBlock]) -> list[Any]:
    """Charts with their tables; nothing where there is no usual range yet."""
    if not blocks:
        return []
    return [
        html.H2("Load over time"),
        html.P(
            "A count of movement by her own measure, week by week. It says how much there was, not whether it is good "
            "or bad for her.",
            className="soft",
        ),
        *(
            html.Figure(
                [
                    html.H3(block.title),
                    html.P(block.words, className="soft"),
                    Html(week_bars(block.bars), "plot"),
                    html.P(
                        [html.I(className="key top-tenth"), "top tenth ", html.I(className="key above-usual"), "above"],
                        className="soft",
                    ),
                    twin("All weeks in numbers", table(f"{block.title}, by week", _HEAD, block.rows)),
                ],
                className="card chart wide",
            )
            for block in blocks
        ),
    ]
