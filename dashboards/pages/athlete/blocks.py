"""The two charts of one quantity: sessions over time, and the strokes of one session."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.charts.season_line import Mark, SeasonLine
from dashboards.pages.athlete.events import set_up_changes
from dashboards.pages.athlete.facts import AthleteFacts
from dashboards.pages.athlete.words import clear_words, trend_words, usual_words
from dashboards.pages.filters import Filters
from dashboards.pages.season_words import athlete_address, axis_factor, axis_unit, count, day, session_address
from rowsense.season.athlete import ends_of, interval
from rowsense.season.vocabulary import Quantity, shown
from rowsense.store.season import Spread
from rowsense.store.season_of import OneStroke


@dataclass(frozen=True, slots=True)
class LineBlock:
    """The chosen quantity over time."""

    title: str
    chart: SeasonLine
    sentences: tuple[str, ...]
    table: tuple[tuple[str, str, str, str, str], ...]
    """Day, page of the session, piece, value, interval."""


@dataclass(frozen=True, slots=True)
class StrokesBlock:
    """Every stroke of one session."""

    title: str
    href: str
    strokes: tuple[tuple[int, float, str, str], ...]
    unit: str
    words: str


def line_block(facts: AthleteFacts, quantity: Quantity, filters: Filters, into: Spread | None) -> LineBlock:
    """Of a season that has a session; ``into``: the one whose strokes are shown."""
    season, usual = facts.season, facts.season.chosen.usual
    factor = axis_factor(quantity)
    marks = [_mark(one, quantity, facts, filters, one is into) for one in season.sessions]
    trend = season.chosen.trend
    half = trend.change / 2.0
    table = [
        (
            day(one.point.rowed_on),
            session_address(one.point.session_id, names_hidden=filters.names_hidden),
            shown(quantity, one.point.mean),
            _within(one, quantity),
            count(one.point.stroke_count, "stroke"),
        )
        for one in reversed(season.sessions)
    ]
    low, high = ends_of(quantity.id)
    return LineBlock(
        title=quantity.name,
        chart=SeasonLine(
            marks=marks,
            band=(usual.low * factor, usual.high * factor) if usual else None,
            trend=((trend.middle - half) * factor, (trend.middle + half) * factor) if trend.clear else None,
            clear_from=season.clear_from * factor,
            events=sorted(
                [*((when.date(), "calibrated") for when in facts.calibrations), *set_up_changes(facts.set_ups)]
            ),
            ends=(low * factor, high * factor),
            unit=axis_unit(quantity),
        ),
        sentences=(
            trend_words(quantity, season.chosen),
            usual_words(quantity, season.chosen),
            clear_words(quantity, season.clear_from),
        ),
        table=tuple(table),
    )


def _within(one: Spread, quantity: Quantity) -> str:
    low, high = interval(one.point, quantity.id)
    return "–" if math.isnan(low) else f"{shown(quantity, low)} to {shown(quantity, high)}"


def _mark(one: Spread, quantity: Quantity, facts: AthleteFacts, filters: Filters, chosen: bool) -> Mark:
    factor = axis_factor(quantity)
    low, high = interval(one.point, quantity.id)
    value = shown(quantity, one.point.mean)
    strokes = count(one.point.stroke_count, "stroke")
    return Mark(
        day=one.point.rowed_on,
        value=one.point.mean * factor,
        low=low * factor,
        high=high * factor,
        strokes_low=one.low * factor,
        strokes_high=one.high * factor,
        href=athlete_address(facts.athlete_id, filters, session=one.point.session_id),
        title=f"{day(one.point.rowed_on)}: {value}, {strokes}",
        chosen=chosen,
    )


def strokes_block(
    strokes: Sequence[OneStroke], quantity: Quantity, into: Spread | None, *, names_hidden: bool = False
) -> StrokesBlock | None:
    """Of the session that is looked into; None: none, or its single strokes are not kept."""
    if into is None or not strokes:
        return None
    when, factor = day(into.point.rowed_on), axis_factor(quantity)
    key = into.point.session_id
    by_value = sorted(strokes, key=lambda s: s.value)
    ends = [f"{shown(quantity, s.value)} (stroke {s.stroke + 1})" for s in (by_value[0], by_value[-1])]
    return StrokesBlock(
        title=f"The strokes of {when}",
        href=session_address(key, names_hidden=names_hidden),
        strokes=tuple(
            (
                s.stroke,
                s.value * factor,
                session_address(key, s.stroke, names_hidden=names_hidden),
                f"stroke {s.stroke + 1}: {shown(quantity, s.value)}",
            )
            for s in strokes
        ),
        unit=axis_unit(quantity),
        words=(
            f"{quantity.name}: {count(len(strokes), 'stroke')}, from {' to '.join(ends)}. "
            "A dot opens the film at its stroke."
        ),
    )  # fmt: skip
