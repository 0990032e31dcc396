"""What an athlete's page says, from what the store knows. Plain Python; nothing of it is a component."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from dashboards.addresses import CALIBRATIONS
from dashboards.calibrations.words import calibration_lines
from dashboards.pages.athlete.blocks import LineBlock, StrokesBlock, line_block, strokes_block, within_words
from dashboards.pages.athlete.events import calibrated_words, changed_words
from dashboards.pages.athlete.facts import AthleteFacts, looked_into
from dashboards.pages.athlete.faults import FaultBlock, fault_block
from dashboards.pages.athlete.load import LoadBlock, load_block
from dashboards.pages.athlete.tried import TriedBlock, tried_block
from dashboards.pages.filters import Filters
from dashboards.pages.season_words import athlete_address, count, session_address
from dashboards.pages.seasons.asked import Asked as Seasons
from rowsense.season.athlete import by_session
from rowsense.season.changes import LEAST_TREND
from rowsense.season.reasons import LAST_WEEKS, WEEKS_BEFORE, Reason, Why
from rowsense.season.told import told
from rowsense.season.vocabulary import Quantity, fault_name, piece_name, quantity_of, shown
from rowsense.store.season_of import SessionCard
from rowsense.texts.texts import Texts

#: Sessions that are shown as pictures before all are asked for. [D] Three rows on a laptop.
MOST: Final = 12
MOST_OF_ALL: Final = 200


@dataclass(frozen=True, slots=True)
class QuantityRow:
    """One quantity in the table."""

    name: str
    href: str
    points: tuple[tuple[date, float], ...]
    band: tuple[float, float] | None
    """Sessions by day and what is usual, for the small line."""
    last: str
    within: str
    """Where the last one lies with 95 % probability; empty: not known."""
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
    tried: TriedBlock
    faults: FaultBlock
    strokes: StrokesBlock | None
    load: tuple[LoadBlock, ...]
    sessions: tuple[SessionPicture, ...]
    more: int
    more_href: str
    calibrations: tuple[str, ...]
    """On which days, and what the one in use says and how surely."""
    calibrations_page: str
    """Address; empty where names are hidden, because it has one."""
    seasons: str
    """Address of the page that holds her season against another, or against another rower's."""
    set_ups: str
    """What was changed at the machine, and when; empty: nothing that was noted."""


def athlete_page(t: Texts, facts: AthleteFacts, filters: Filters) -> AthletePage:
    """Lay the facts out in words."""
    quantity = quantity_of(filters.quantity)
    season = facts.season
    into = looked_into(season.sessions, filters.session)
    shows = by_session(season.faults)
    judged = {point.session_id for fault in season.faults for point in fault.points}
    return AthletePage(
        name=facts.name,
        lead=_lead(t, facts),
        unasked=_unasked(t, facts),
        reasons=tuple(_reason(t, reason) for reason in facts.reasons),
        reasons_empty=_no_reason(t, facts),
        line=line_block(t, facts, quantity, filters, into) if season.sessions else None,
        empty=_nothing(t, facts, quantity),
        table=tuple(_row(t, facts, one.quantity, filters) for one in season.table),
        tried=tried_block(t, facts, quantity, filters),
        faults=fault_block(t, season.faults, filters),
        strokes=strokes_block(t, facts.strokes, quantity, into, names_hidden=filters.names_hidden),
        load=tuple(load_block(t, one, _week_of(facts, filters)) for one in facts.exposures),
        sessions=tuple(
            _picture(t, card, shows.get(card.session_id, ()), filters, judged=card.session_id in judged)
            for card in facts.cards
        ),
        more=facts.session_count - len(facts.cards) if not filters.every else 0,
        more_href=athlete_address(facts.athlete_id, filters, every=True),
        calibrations=_calibrations(t, facts),
        calibrations_page="" if filters.names_hidden else f"{CALIBRATIONS}{facts.athlete_id}",
        seasons=Seasons(first=facts.athlete_id, names_hidden=filters.names_hidden).address(),
        set_ups=changed_words(t, facts.set_ups),
    )


def _week_of(facts: AthleteFacts, filters: Filters) -> Callable[[date], str]:
    """Address of the list of her sessions of a week, by its Monday."""

    def address(monday: date) -> str:
        week = replace(filters, first=monday, last=monday + timedelta(days=6))
        return week.behind(monday, athlete=facts.athlete_id)

    return address


def _calibrations(t: Texts, facts: AthleteFacts) -> tuple[str, ...]:
    used = next((one for one in calibration_lines(t, list(facts.known)) if one.used), None)
    return (calibrated_words(t, facts.calibrations), *(() if used is None else (f"{used.says} {used.sure}",)))


def _lead(t: Texts, facts: AthleteFacts) -> str:
    where = f"{', '.join(facts.squads)} · " if facts.squads else ""
    span = facts.span
    waiting = f" · {t('athlete.lead.waiting', n=span.waiting)}" if span.waiting else ""
    if span.first is None or span.last is None:
        return f"{where}{t('athlete.lead.none')}{waiting}"
    sessions = count(t, span.count, "sessions")
    return (
        f"{where}{t('athlete.lead.from', sessions=sessions, first=t.day(span.first), last=t.day(span.last))}{waiting}"
    )


def _unasked(t: Texts, facts: AthleteFacts) -> tuple[str, str] | None:
    if not facts.unasked:
        return None
    return t("athlete.unasked", n=len(facts.unasked)), session_address(facts.unasked[0])


def _reason(t: Texts, reason: Reason) -> str:
    said = told(t, reason)
    # That a fault is gone says by itself that it is for the better.
    if reason.why is not Why.BETTER or reason.told[0] == "gone_fault":
        return said
    return t("season.reason.better", told=t.after_colon(said))


def _no_reason(t: Texts, facts: AthleteFacts) -> str:
    if facts.reasons:
        return ""
    return t("athlete.no_reason", weeks=LAST_WEEKS, before=WEEKS_BEFORE)


def _nothing(t: Texts, facts: AthleteFacts, quantity: Quantity) -> str:
    if facts.span.count == 0:
        return t("athlete.nothing.first", trend=LEAST_TREND)
    if facts.unasked and not facts.session_count:
        return t("athlete.nothing.unasked")
    if facts.session_count:
        return t("athlete.nothing.quantity", name=quantity.name(t))
    return t("athlete.nothing.chosen")


def _row(t: Texts, facts: AthleteFacts, identifier: str, filters: Filters) -> QuantityRow:
    quantity = quantity_of(identifier)
    season = next(one for one in facts.season.table if one.quantity == identifier)
    trend = season.trend
    if trend.session_count < LEAST_TREND:
        words = t("athlete.too_few")
    else:
        words = quantity.said(t, trend.change) if trend.clear else t("athlete.no_trend_short")
    return QuantityRow(
        name=quantity.name(t),
        href=athlete_address(facts.athlete_id, filters, quantity=identifier, session=filters.session),
        points=tuple((point.rowed_on, point.mean) for point in season.points),
        band=(season.usual.low, season.usual.high) if season.usual else None,
        last=shown(t, quantity, season.last),
        within=within_words(t, season.points[-1], quantity),
        usual="–" if season.usual is None else shown(t, quantity, season.usual.middle),
        trend=words,
        chosen=identifier == filters.quantity,
    )


def _picture(t: Texts, card: SessionCard, faults: Sequence[str], filters: Filters, *, judged: bool) -> SessionPicture:
    none = t("athlete.picture.none" if judged else "athlete.picture.not_looked")
    parts = (
        piece_name(t, card.piece_kind),
        f"{card.distance_m:,.0f} m".replace(",", " ") if card.distance_m else "",
        count(t, card.stroke_count, "strokes"),
        _whole(t, "rate", card.rate_spm),
        _whole(t, "score", card.score),
    )
    picture = session_address(card.session_id).replace("/session/", "/thumbnail/", 1)
    return SessionPicture(
        href=session_address(card.session_id, names_hidden=filters.names_hidden),
        picture=picture,
        day=t.day(card.rowed_on),
        detail=" · ".join(part for part in parts if part),
        faults=", ".join(fault_name(t, one) for one in faults) or none,
    )


def _whole(t: Texts, what: str, value: float | None) -> str:
    known = value is not None and math.isfinite(value)
    return t(f"athlete.picture.{what}", **{what: f"{value:.0f}"}) if known else ""
