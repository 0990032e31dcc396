"""The two charts of one quantity: sessions over time, and the strokes of one session."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.charts.season_line import Event, Mark, SeasonLine
from dashboards.pages.athlete.facts import AthleteFacts
from dashboards.pages.athlete.tried import tried_events
from dashboards.pages.athlete.words import clear_words, trend_words, usual_words
from dashboards.pages.filters import Filters
from dashboards.pages.season_words import athlete_address, axis_factor, axis_unit, count, session_address
from rowsense.season.athlete import ends_of, interval
from rowsense.season.levels import NewLevel, new_levels
from rowsense.season.vocabulary import Quantity, shown
from rowsense.store.season import Point, Spread
from rowsense.store.season_of import OneStroke
from rowsense.texts.texts import Texts


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


def line_block(t: Texts, facts: AthleteFacts, quantity: Quantity, filters: Filters, into: Spread | None) -> LineBlock:
    """Of a season that has a session; ``into``: the one whose strokes are shown."""
    season, usual = facts.season, facts.season.chosen.usual
    factor = axis_factor(quantity)
    marks = [_mark(t, one, quantity, facts, filters, one is into) for one in season.sessions]
    trend = season.chosen.trend
    half = trend.change / 2.0
    table = [
        (
            t.day(one.point.rowed_on),
            session_address(one.point.session_id, names_hidden=filters.names_hidden),
            shown(t, quantity, one.point.mean),
            within_words(t, one.point, quantity) or "–",
            count(t, one.point.stroke_count, "strokes"),
        )
        for one in reversed(season.sessions)
    ]
    low, high = ends_of(quantity.id)
    return LineBlock(
        title=quantity.name(t),
        chart=SeasonLine(
            marks=marks,
            band=(usual.low * factor, usual.high * factor) if usual else None,
            trend=((trend.middle - half) * factor, (trend.middle + half) * factor) if trend.clear else None,
            clear_from=season.clear_from * factor,
            events=_events(t, facts, quantity),
            ends=(low * factor, high * factor),
            unit=axis_unit(quantity),
        ),
        sentences=tuple(
            said
            for said in (
                trend_words(t, quantity, season.chosen),
                usual_words(t, quantity, season.chosen),
                level_words(t, facts, quantity),
                clear_words(t, quantity, season.clear_from),
            )
            if said
        ),
        table=tuple(table),
    )


def _events(t: Texts, facts: AthleteFacts, quantity: Quantity) -> list[Event]:
    """What else happened, by day: calibrations, what was tried, and where another level began."""
    levels = [
        Event(one.day, _level_words(t, one, quantity), "level")
        for one in new_levels(facts.season.chosen.points, quantity.id)
    ]
    calibrated = [Event(when.date(), t("athlete.calibrated")) for when in facts.calibrations]
    return sorted([*calibrated, *tried_events(t, facts), *levels], key=lambda one: one.day)


def _level_words(t: Texts, one: NewLevel, quantity: Quantity) -> str:
    return t("athlete.level", before=shown(t, quantity, one.before), after=shown(t, quantity, one.after))


def level_words(t: Texts, facts: AthleteFacts, quantity: Quantity) -> str:
    """The marks of another level as a sentence; empty: there is none."""
    found = [
        t("athlete.level_from", change=_level_words(t, one, quantity), day=t.day(one.day))
        for one in new_levels(facts.season.chosen.points, quantity.id)
    ]
    return t("athlete.levels", changes="; ".join(found)) if found else ""


def within_words(t: Texts, point: Point, quantity: Quantity) -> str:
    """Where a session's mean lies with 95 % probability; empty: not known."""
    low, high = interval(point, quantity.id)
    return "" if math.isnan(low) else t("season_pages.to", low=shown(t, quantity, low), high=shown(t, quantity, high))


def _mark(t: Texts, one: Spread, quantity: Quantity, facts: AthleteFacts, filters: Filters, chosen: bool) -> Mark:
    factor = axis_factor(quantity)
    low, high = interval(one.point, quantity.id)
    value = shown(t, quantity, one.point.mean)
    strokes = count(t, one.point.stroke_count, "strokes")
    return Mark(
        day=one.point.rowed_on,
        value=one.point.mean * factor,
        low=low * factor,
        high=high * factor,
        strokes_low=one.low * factor,
        strokes_high=one.high * factor,
        href=athlete_address(facts.athlete_id, filters, session=one.point.session_id),
        title=t("athlete.mark", day=t.day(one.point.rowed_on), value=value, strokes=strokes),
        chosen=chosen,
    )


def strokes_block(
    t: Texts, strokes: Sequence[OneStroke], quantity: Quantity, into: Spread | None, *, names_hidden: bool = False
) -> StrokesBlock | None:
    """Of the session that is looked into; None: none, or its single strokes are not kept."""
    if into is None or not strokes:
        return None
    when, factor = t.day(into.point.rowed_on), axis_factor(quantity)
    key = into.point.session_id
    by_value = sorted(strokes, key=lambda s: s.value)
    low, high = by_value[0], by_value[-1]
    return StrokesBlock(
        title=t("athlete.strokes.title", day=when),
        href=session_address(key, names_hidden=names_hidden),
        strokes=tuple(
            (
                s.stroke,
                s.value * factor,
                session_address(key, s.stroke, names_hidden=names_hidden),
                t("athlete.strokes.one", number=s.stroke + 1, value=shown(t, quantity, s.value)),
            )
            for s in strokes
        ),
        unit=axis_unit(quantity),
        words=t(
            "athlete.strokes.words",
            name=quantity.name(t),
            strokes=count(t, len(strokes), "strokes"),
            low=shown(t, quantity, low.value),
            low_stroke=low.stroke + 1,
            high=shown(t, quantity, high.value),
            high_stroke=high.stroke + 1,
        ),
    )  # fmt: skip
