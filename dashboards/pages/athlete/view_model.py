"""What an athlete's page says, from what the store knows. Plain Python; nothing of it is a component."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from dashboards.charts.season_line import Mark, SeasonLine
from dashboards.charts.strips import FaultRow
from dashboards.pages.athlete.words import clear_words, trend_words, usual_words
from dashboards.pages.filters import Filters
from dashboards.pages.season_words import (
    athlete_address,
    axis_factor,
    axis_unit,
    count,
    day,
    piece,
    session_address,
)
from rowsense.report.words import number
from rowsense.season.athlete import AthleteSeason, FaultSeason, by_session, ends_of, interval
from rowsense.season.changes import LEAST_TREND
from rowsense.season.triage import LAST_WEEKS, WEEKS_BEFORE, Reason, Why
from rowsense.season.vocabulary import Quantity, fault_name, quantity_of, shown
from rowsense.store.season import Spread
from rowsense.store.season_of import OneStroke, SessionCard, SetUp

#: Sessions that are shown as pictures before all are asked for. [D] Three rows on a laptop.
MOST: Final = 12
MOST_OF_ALL: Final = 200


@dataclass(frozen=True, slots=True)
class QuantityRow:
    """One quantity in the table."""

    name: str
    href: str
    last: str
    usual: str
    trend: str
    chosen: bool


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


@dataclass(frozen=True, slots=True)
class SessionPicture:
    """A session as a small picture."""

    href: str
    picture: str
    day: str
    detail: str
    faults: str


@dataclass(frozen=True, slots=True)
class AthletePage:
    """The page."""

    name: str
    lead: str
    reasons: tuple[str, ...]
    reasons_empty: str
    line: LineBlock | None
    """None: no session fits what is chosen."""
    empty: str
    table: tuple[QuantityRow, ...]
    faults: tuple[FaultRow, ...]
    fault_days: tuple[date, date] | None
    faults_words: str
    strokes: StrokesBlock | None
    sessions: tuple[SessionPicture, ...]
    more: int
    more_href: str
    calibrations: str
    set_ups: str
    """What was changed at the machine, and when; empty: nothing that was noted."""


@dataclass(frozen=True, slots=True)
class AthleteFacts:
    """What the page is made of."""

    athlete_id: uuid.UUID
    name: str
    squads: tuple[str, ...]
    reasons: tuple[Reason, ...]
    season: AthleteSeason
    cards: tuple[SessionCard, ...]
    session_count: int
    """Of those that fit what is chosen."""
    all_count: int
    first: date | None
    last: date | None
    """Of all her sessions."""
    calibrations: tuple[datetime, ...]
    set_ups: tuple[SetUp, ...]
    strokes: tuple[OneStroke, ...]
    """Of the session that is looked into."""


def looked_into(sessions: Sequence[Spread], asked: uuid.UUID | None) -> Spread | None:
    """The session whose strokes are shown: the one asked for, else the newest."""
    return next((one for one in sessions if one.point.session_id == asked), sessions[-1] if sessions else None)


def athlete_page(facts: AthleteFacts, filters: Filters) -> AthletePage:
    """Lay the facts out in words."""
    quantity = quantity_of(filters.quantity)
    season = facts.season
    into = looked_into(season.sessions, filters.session)
    faults = tuple(fault for fault in season.faults if fault.shown)
    days = [point.rowed_on for fault in season.faults for point in fault.points]
    shows = by_session(season.faults)
    return AthletePage(
        name=facts.name,
        lead=_lead(facts),
        reasons=tuple(f"{_lead_in(reason)}{reason.sentence}" for reason in facts.reasons),
        reasons_empty=_no_reason(facts),
        line=_line(facts, quantity, filters, into) if season.sessions else None,
        empty=_nothing(facts, quantity),
        table=tuple(_row(facts, one.quantity, filters) for one in season.table),
        faults=tuple(_fault(fault) for fault in faults),
        fault_days=(min(days), max(days)) if days else None,
        faults_words=_faults_words(season.faults, faults),
        strokes=_strokes(facts.strokes, quantity, into),
        sessions=tuple(_picture(card, shows.get(card.session_id, ())) for card in facts.cards),
        more=facts.session_count - len(facts.cards) if not filters.every else 0,
        more_href=athlete_address(facts.athlete_id, filters, every=True),
        calibrations=_calibrated(facts.calibrations),
        set_ups=_changed(facts.set_ups),
    )


def _lead(facts: AthleteFacts) -> str:
    where = f"{', '.join(facts.squads)} · " if facts.squads else ""
    if facts.first is None or facts.last is None:
        return f"{where}not filmed yet"
    return f"{where}{count(facts.all_count, 'session')} from {day(facts.first)} to {day(facts.last)}"


def _lead_in(reason: Reason) -> str:
    return "For the better: " if reason.why is Why.BETTER and not reason.sentence.startswith("A fault") else ""


def _no_reason(facts: AthleteFacts) -> str:
    if facts.reasons:
        return ""
    return (
        f"Nothing has clearly changed in the last {LAST_WEEKS} weeks against the {WEEKS_BEFORE} before them, or there "
        "are too few sessions to tell: it takes three on each side."
    )


def _nothing(facts: AthleteFacts, quantity: Quantity) -> str:
    if facts.all_count == 0:
        return (
            "Film from the side, phone steady at seat height, the whole machine in view, ten strokes or more. With the "
            f"first session this page has numbers, with three what is usual for her, with {LEAST_TREND} a trend."
        )
    if facts.session_count:
        return f"{quantity.name}: not measured in any of these sessions. Choose something else above or from the table."
    return "No session fits what is chosen above. Take a longer period, or all kinds of piece."


def _line(facts: AthleteFacts, quantity: Quantity, filters: Filters, into: Spread | None) -> LineBlock:
    season, usual = facts.season, facts.season.chosen.usual
    factor = axis_factor(quantity)
    marks = [_mark(one, quantity, facts, filters, one is into) for one in season.sessions]
    trend = season.chosen.trend
    middle = _middle(season)
    half = trend.change / 2.0
    table = [
        (
            day(one.point.rowed_on),
            session_address(one.point.session_id),
            shown(quantity, one.point.mean),
            " to ".join(shown(quantity, end) for end in interval(one.point, quantity.id)),
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
            trend=((middle - half) * factor, (middle + half) * factor) if trend.clear else None,
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


def _middle(season: AthleteSeason) -> float:
    """Where the trend passes the middle of its days: the median leaves as much above as below."""
    values = sorted(one.point.mean for one in season.sessions)
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2.0


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


def _row(facts: AthleteFacts, identifier: str, filters: Filters) -> QuantityRow:
    quantity = quantity_of(identifier)
    season = next(one for one in facts.season.table if one.quantity == identifier)
    trend = season.trend
    if trend.session_count < LEAST_TREND:
        words = "too few sessions"
    else:
        words = quantity.said(trend.change) if trend.clear else "no clear change"
    return QuantityRow(
        name=quantity.name,
        href=athlete_address(facts.athlete_id, filters, quantity=identifier, session=filters.session),
        last=shown(quantity, season.last),
        usual="–" if season.usual is None else shown(quantity, season.usual.middle),
        trend=words,
        chosen=identifier == filters.quantity,
    )


def _fault(fault: FaultSeason) -> FaultRow:
    return FaultRow(
        name=fault_name(fault.fault_id),
        count=f"in {len(fault.shown)} of {len(fault.points)}",
        sessions=tuple(
            (
                point.rowed_on,
                point.mean,
                session_address(point.session_id),
                f"{day(point.rowed_on)}: in {number(100.0 * point.mean, 'percent')} of the strokes",
            )
            for point in fault.points
        ),
    )


def _faults_words(looked_for: Sequence[FaultSeason], shown_ones: Sequence[FaultSeason]) -> str:
    if not looked_for:
        return "No session here was looked at for faults."
    if not shown_ones:
        return f"None of the {count(len(looked_for), 'fault')} that were looked for has shown."
    rest = len(looked_for) - len(shown_ones)
    never = f" {count(rest, 'other fault')} never showed." if rest else ""
    return f"A bar is a session that shows the fault, taller in more of its strokes; a dot is one that does not.{never}"


def _strokes(strokes: Sequence[OneStroke], quantity: Quantity, into: Spread | None) -> StrokesBlock | None:
    if into is None or not strokes:
        return None
    when, factor = day(into.point.rowed_on), axis_factor(quantity)
    key = into.point.session_id
    by_value = sorted(strokes, key=lambda s: s.value)
    ends = [f"{shown(quantity, s.value)} (stroke {s.stroke + 1})" for s in (by_value[0], by_value[-1])]
    return StrokesBlock(
        title=f"The strokes of {when}",
        href=session_address(key),
        strokes=tuple(
            (
                s.stroke,
                s.value * factor,
                session_address(key, s.stroke),
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


def _picture(card: SessionCard, faults: Sequence[str]) -> SessionPicture:
    parts = (
        piece(card.piece_kind),
        f"{card.distance_m:,.0f} m".replace(",", " ") if card.distance_m else "",
        count(card.stroke_count, "stroke"),
        f"rate {card.rate_spm:.0f}" if card.rate_spm is not None and math.isfinite(card.rate_spm) else "",
        f"score {card.score:.0f}" if card.score is not None and math.isfinite(card.score) else "",
    )
    href = session_address(card.session_id)
    return SessionPicture(
        href=href,
        picture=href.replace("/session/", "/thumbnail/", 1),
        day=day(card.rowed_on),
        detail=" · ".join(part for part in parts if part),
        faults=", ".join(map(fault_name, faults)) or "Nothing passed its limit",
    )


def set_up_changes(set_ups: Sequence[SetUp]) -> list[tuple[date, str]]:
    """The days on which something at the machine was not as the last time that it was noted."""
    changes: list[tuple[date, str]] = []
    last = SetUp(date.min, None, None)
    for now in set_ups:
        feet, ergometer = now.foot_height_hole, now.ergometer_type
        if None not in (feet, last.foot_height_hole) and feet != last.foot_height_hole:
            changes.append((now.day, f"feet {last.foot_height_hole} → {feet}"))
        if None not in (ergometer, last.ergometer_type) and ergometer != last.ergometer_type:
            changes.append((now.day, f"{last.ergometer_type} → {ergometer}"))
        last = SetUp(
            now.day,
            last.foot_height_hole if feet is None else feet,
            last.ergometer_type if ergometer is None else ergometer,
        )
    return changes


def _changed(set_ups: Sequence[SetUp]) -> str:
    changes = [f"{said} on {day(when)}" for when, said in set_up_changes(set_ups)]
    return f"Changed at the machine: {', '.join(changes)}." if changes else ""


def _calibrated(when: Sequence[datetime]) -> str:
    if not when:
        return "Not calibrated yet. A calibration gives her own zero and range."
    return f"Calibrated on {', '.join(day(one.date()) for one in when)}."
