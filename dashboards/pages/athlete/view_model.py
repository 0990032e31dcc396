"""What an athlete's page says, from what the store knows. Plain Python; nothing of it is a component."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboards.charts.strips import FaultRow
from dashboards.pages.athlete.blocks import LineBlock, StrokesBlock, line_block, strokes_block
from dashboards.pages.athlete.events import calibrated_words, changed_words
from dashboards.pages.athlete.facts import AthleteFacts, looked_into
from dashboards.pages.athlete.load import LoadBlock, load_block
from dashboards.pages.filters import Filters
from dashboards.pages.season_words import athlete_address, count, day, piece, session_address
from rowsense.report.words import number
from rowsense.season.athlete import FaultSeason, by_session
from rowsense.season.changes import LEAST_TREND
from rowsense.season.reasons import LAST_WEEKS, WEEKS_BEFORE, Reason, Why
from rowsense.season.vocabulary import Quantity, fault_name, quantity_of, shown
from rowsense.store.season_of import SessionCard

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
    unasked: tuple[str, str] | None
    """What is left out until she has said what she felt, and where she is asked."""
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
    load: tuple[LoadBlock, ...]
    sessions: tuple[SessionPicture, ...]
    more: int
    more_href: str
    calibrations: str
    set_ups: str
    """What was changed at the machine, and when; empty: nothing that was noted."""


def athlete_page(facts: AthleteFacts, filters: Filters) -> AthletePage:
    """Lay the facts out in words."""
    quantity = quantity_of(filters.quantity)
    season = facts.season
    into = looked_into(season.sessions, filters.session)
    faults = tuple(fault for fault in season.faults if fault.shown)
    days = [point.rowed_on for fault in season.faults for point in fault.points]
    shows = by_session(season.faults)
    judged = {point.session_id for fault in season.faults for point in fault.points}
    return AthletePage(
        name=facts.name,
        lead=_lead(facts),
        unasked=_unasked(facts),
        reasons=tuple(map(_reason, facts.reasons)),
        reasons_empty=_no_reason(facts),
        line=line_block(facts, quantity, filters, into) if season.sessions else None,
        empty=_nothing(facts, quantity),
        table=tuple(_row(facts, one.quantity, filters) for one in season.table),
        faults=tuple(_fault(fault, filters) for fault in faults),
        fault_days=(min(days), max(days)) if days else None,
        faults_words=_faults_words(season.faults, faults),
        strokes=strokes_block(facts.strokes, quantity, into, names_hidden=filters.names_hidden),
        load=tuple(map(load_block, facts.exposures)),
        sessions=tuple(
            _picture(card, shows.get(card.session_id, ()), filters, judged=card.session_id in judged)
            for card in facts.cards
        ),
        more=facts.session_count - len(facts.cards) if not filters.every else 0,
        more_href=athlete_address(facts.athlete_id, filters, every=True),
        calibrations=calibrated_words(facts.calibrations),
        set_ups=changed_words(facts.set_ups),
    )


def _lead(facts: AthleteFacts) -> str:
    where = f"{', '.join(facts.squads)} · " if facts.squads else ""
    span = facts.span
    waiting = f" · {count(span.waiting, 'session')} without an analysis yet" if span.waiting else ""
    if span.first is None or span.last is None:
        return f"{where}no session yet{waiting}"
    return f"{where}{count(span.count, 'session')} from {day(span.first)} to {day(span.last)}{waiting}"


def _unasked(facts: AthleteFacts) -> tuple[str, str] | None:
    if not facts.unasked:
        return None
    how_many = len(facts.unasked)
    are, them = ("is", "it") if how_many == 1 else ("are", "them")
    words = f"{count(how_many, 'session')} {are} not shown until you have said what you felt in {them}."
    return words, session_address(facts.unasked[0])


def _reason(reason: Reason) -> str:
    if reason.why is not Why.BETTER or reason.sentence.startswith("A fault"):
        return reason.sentence
    return f"For the better: {reason.sentence[:1].lower()}{reason.sentence[1:]}"


def _no_reason(facts: AthleteFacts) -> str:
    if facts.reasons:
        return ""
    return (
        f"Nothing has clearly changed in the last {LAST_WEEKS} weeks against the {WEEKS_BEFORE} before them, or there "
        "are too few sessions to tell: it takes three on each side."
    )


def _nothing(facts: AthleteFacts, quantity: Quantity) -> str:
    if facts.span.count == 0:
        return (
            "Film from the side, phone steady at seat height, the whole machine in view, ten strokes or more. With the "
            f"first session this page has numbers, with three what is usual, with {LEAST_TREND} a trend."
        )
    if facts.unasked and not facts.session_count:
        return "No other session fits what is chosen above. Say what you felt first, or take a longer period."
    if facts.session_count:
        return f"{quantity.name}: not measured in any of these sessions. Choose something else above or from the table."
    return "No session fits what is chosen above. Take a longer period, or all kinds of piece."


def _row(facts: AthleteFacts, identifier: str, filters: Filters) -> QuantityRow:
    quantity = quantity_of(identifier)
    season = next(one for one in facts.season.table if one.quantity == identifier)
    trend = season.trend
    if trend.session_count < LEAST_TREND:
        words = "too few sessions"
    else:
        words = quantity.said(trend.change) if trend.clear else "no clear trend"
    return QuantityRow(
        name=quantity.name,
        href=athlete_address(facts.athlete_id, filters, quantity=identifier, session=filters.session),
        last=shown(quantity, season.last),
        usual="–" if season.usual is None else shown(quantity, season.usual.middle),
        trend=words,
        chosen=identifier == filters.quantity,
    )


def _fault(fault: FaultSeason, filters: Filters) -> FaultRow:
    return FaultRow(
        name=fault_name(fault.fault_id),
        count=f"in {len(fault.shown)} of {len(fault.points)}",
        sessions=tuple(
            (
                point.rowed_on,
                point.mean,
                session_address(point.session_id, names_hidden=filters.names_hidden),
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


def _picture(card: SessionCard, faults: Sequence[str], filters: Filters, *, judged: bool) -> SessionPicture:
    none = "Nothing passed its limit" if judged else "Not looked at for faults"
    parts = (
        piece(card.piece_kind),
        f"{card.distance_m:,.0f} m".replace(",", " ") if card.distance_m else "",
        count(card.stroke_count, "stroke"),
        f"rate {card.rate_spm:.0f}" if card.rate_spm is not None and math.isfinite(card.rate_spm) else "",
        f"score {card.score:.0f}" if card.score is not None and math.isfinite(card.score) else "",
    )
    picture = session_address(card.session_id).replace("/session/", "/thumbnail/", 1)
    return SessionPicture(
        href=session_address(card.session_id, names_hidden=filters.names_hidden),
        picture=picture,
        day=day(card.rowed_on),
        detail=" · ".join(part for part in parts if part),
        faults=", ".join(map(fault_name, faults)) or none,
    )
