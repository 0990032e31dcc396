"""What an athlete's page says of load over time: minutes at the far end of her own usual range. No risk score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dash import html

from dashboards.charts.weeks import WeekBar, week_bars
from dashboards.markup import Html
from dashboards.pages.season_words import count
from dashboards.pages.tables import Cell, table, twin
from rowsense.season.exposure import Exposure, WeekOfRowing
from rowsense.season.vocabulary import quantity_of, shown
from rowsense.texts.texts import Texts

_HEAD: Final = ("week", "sessions", "strokes", "minutes", "top", "above")


@dataclass(frozen=True, slots=True)
class LoadBlock:
    """One quantity."""

    title: str
    words: str
    bars: tuple[WeekBar, ...]
    rows: tuple[tuple[Cell, ...], ...]
    """Newest week first; a week leads to its sessions."""


def load_block(t: Texts, exposure: Exposure, address: Callable[[date], str]) -> LoadBlock:
    """In words; ``address``: of the sessions of a week, by its Monday."""
    quantity = quantity_of(exposure.quantity)
    low, high = (shown(t, quantity, end) for end in (exposure.usual_low, exposure.usual_high))
    begins = shown(t, quantity, exposure.weeks[0].count.top_from)
    return LoadBlock(
        title=quantity.name(t),
        words=t(
            "athlete.load.words",
            ends=t("season_pages.to", low=low, high=high),
            sessions=count(t, exposure.range_sessions, "sessions"),
            begins=begins,
        ),
        bars=tuple(_bar(t, week, address(week.monday)) for week in exposure.weeks),
        rows=tuple(_row(t, week, address(week.monday)) for week in reversed(exposure.weeks)),
    )


def _bar(t: Texts, week: WeekOfRowing, href: str) -> WeekBar:
    counted = week.count
    top, above = t.number(counted.top_minutes, 1), t.number(counted.above_minutes, 1)
    said = t("athlete.load.bar", day=t.day(week.monday), top=top, above=above)
    return WeekBar(week.monday, counted.top_minutes, counted.above_minutes, said, href)


def _row(t: Texts, week: WeekOfRowing, href: str) -> tuple[Cell, ...]:
    counted = week.count
    return (
        (t.day(week.monday), href),
        str(week.session_count),
        str(counted.stroke_count),
        t.number(counted.minutes, 1),
        _cell(t, counted.top_count, counted.top_minutes),
        _cell(t, counted.above_count, counted.above_minutes),
    )


def _cell(t: Texts, strokes: int, minutes: float) -> str:
    return t("athlete.load.cell", strokes=count(t, strokes, "strokes"), minutes=t.number(minutes, 1))


def load_section(t: Texts, blocks: Sequence[LoadBlock]) -> list[Any]:
    """Charts with their tables; nothing where there is no usual range yet."""
    if not blocks:
        return []
    return [
        html.H2(t("athlete.load.head")),
        html.P(
            t("athlete.load.lead"),
            className="soft",
        ),
        *(
            html.Figure(
                [
                    html.H3(block.title),
                    html.P(block.words, className="soft"),
                    Html(week_bars(t, block.bars), "plot"),
                    html.P(
                        [
                            html.I(className="key top-tenth"),
                            f"{t('athlete.load.key_top')} ",
                            html.I(className="key above-usual"),
                            t("athlete.load.key_above"),
                        ],
                        className="soft",
                    ),
                    twin(
                        t("athlete.load.all"),
                        table(
                            t("athlete.load.by_week", name=block.title),
                            [t(f"athlete.load.col.{name}") for name in _HEAD],
                            block.rows,
                        ),
                    ),
                ],
                className="card chart wide",
            )
            for block in blocks
        ),
    ]
