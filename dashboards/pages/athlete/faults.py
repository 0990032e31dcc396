"""What an athlete's page says of her faults over time: bars with their interval, and the same as tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dash import html

from dashboards.charts.strips import FaultMark, FaultRow, fault_strip
from dashboards.markup import Html
from dashboards.pages.filters import Filters
from dashboards.pages.season_words import count, session_address
from dashboards.pages.tables import table, twin
from rowsense.season.athlete import FaultSeason, interval
from rowsense.season.vocabulary import fault_name
from rowsense.store.quantities import FAULT
from rowsense.store.season import Point
from rowsense.texts.measures import measure
from rowsense.texts.texts import Texts

_HEAD: Final = ("fault", "sessions", "last_shown")
_EVERY_HEAD: Final = ("session", "fault", "share", "within")


@dataclass(frozen=True, slots=True)
class FaultBlock:
    """Her faults."""

    rows: tuple[FaultRow, ...]
    """Those that showed."""
    days: tuple[date, date] | None
    """First and last that were looked at; None: none was."""
    words: str
    every: tuple[tuple[str, str, str, str, str], ...]
    """Day, page of the session, fault, share of strokes, interval; of all that showed one, the last rowed first."""


def fault_block(t: Texts, season: Sequence[FaultSeason], filters: Filters) -> FaultBlock:
    """In words."""
    shown = [fault for fault in season if fault.shown]
    days = [point.rowed_on for fault in season for point in fault.points]
    every = [(point, fault.fault_id) for fault in shown for point in fault.shown]
    every.sort(key=lambda one: one[0].rowed_on, reverse=True)
    return FaultBlock(
        rows=tuple(_row(t, fault, filters) for fault in shown),
        days=(min(days), max(days)) if days else None,
        words=_words(t, season, shown),
        every=tuple(_line(t, point, fault_id, filters) for point, fault_id in every),
    )


def _row(t: Texts, fault: FaultSeason, filters: Filters) -> FaultRow:
    return FaultRow(
        name=fault_name(t, fault.fault_id),
        count=t("athlete.fault_count", shown=len(fault.shown), sessions=len(fault.points)),
        sessions=tuple(_mark(t, point, fault.fault_id, filters) for point in fault.points),
    )


def _mark(t: Texts, point: Point, fault_id: str, filters: Filters) -> FaultMark:
    if point.mean <= 0.0:  # a dot without words: of most sessions and faults
        return FaultMark(point.rowed_on, 0.0, math.nan, math.nan, "", "")
    low, high = interval(point, f"{FAULT}{fault_id}")
    return FaultMark(
        day=point.rowed_on,
        share=point.mean,
        low=low,
        high=high,
        href=_address(point, fault_id, filters),
        title=t("athlete.fault_share", day=t.day(point.rowed_on), share=_percent(t, point.mean)),
    )


def _line(t: Texts, point: Point, fault_id: str, filters: Filters) -> tuple[str, str, str, str, str]:
    low, high = interval(point, f"{FAULT}{fault_id}")
    within = "–" if math.isnan(low) else t("season_pages.to", low=_percent(t, low), high=_percent(t, high))
    name = fault_name(t, fault_id)
    return t.day(point.rowed_on), _address(point, fault_id, filters), name, _percent(t, point.mean), within


def _address(point: Point, fault_id: str, filters: Filters) -> str:
    """The session, opened where the fault is worst."""
    return session_address(point.session_id, names_hidden=filters.names_hidden, fault=fault_id)


def _percent(t: Texts, share: float) -> str:
    return measure(t, 100.0 * share, "percent")


def _words(t: Texts, looked_for: Sequence[FaultSeason], shown: Sequence[FaultSeason]) -> str:
    if not looked_for:
        return t("athlete.fault_words.not_looked")
    if not shown:
        return t("athlete.fault_words.none", faults=count(t, len(looked_for), "faults"))
    rest = len(looked_for) - len(shown)
    never = f" {t('athlete.fault_words.never', n=rest)}" if rest else ""
    return t("athlete.fault_words.bars") + never


def faults_section(t: Texts, block: FaultBlock) -> list[Any]:
    """The chart with its tables."""
    words = html.P(block.words, className="soft")
    if block.days is None or not block.rows:
        return [html.H2(t("athlete.faults")), html.Div(words, className="card")]
    last = [[mark for mark in row.sessions if mark.share > 0.0][-1] for row in block.rows]
    rows = [(row.name, row.count, (one.title, one.href)) for row, one in zip(block.rows, last, strict=True)]
    numbers = table(t("athlete.faults"), [t(f"athlete.head.{name}") for name in _HEAD], rows)
    every = table(
        t("athlete.faults_by_session"),
        [t(f"athlete.head.{name}") for name in _EVERY_HEAD],
        [((day, href), *rest) for day, href, *rest in block.every],
    )
    chart = Html(fault_strip(t, block.rows, *block.days), "plot")
    tables = twin(t("season_pages.in_numbers"), numbers), twin(t("athlete.faults_by_session"), every)
    return [html.H2(t("athlete.faults")), html.Figure([words, chart, *tables], className="card chart wide")]
