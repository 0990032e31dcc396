"""What the club's page says, from what the store knows. Plain Python; nothing of it is a component."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboards.charts.strips import RowerDot, SquadRow
from dashboards.pages.filters import Filters, Option
from dashboards.pages.season_words import athlete_address, axis_factor, axis_unit, count
from dashboards.pages.tables import Cell
from rowsense.season.reasons import LAST_WEEKS, WEEKS_BEFORE, Why
from rowsense.season.squads import SquadSpread
from rowsense.season.told import told
from rowsense.season.triage import Need, Silence, Triage
from rowsense.season.vocabulary import Quantity, quantity_of, shown
from rowsense.store.seen_athletes import SeenAthlete
from rowsense.texts.texts import Texts

#: Athletes that a list shows before it is asked for all. [D] A coach's minute.
MOST: Final = 8
#: About one athlete.
MOST_SENTENCES: Final = 3


@dataclass(frozen=True, slots=True)
class NeedCard:
    """One athlete of the list."""

    href: str
    name: str
    squads: str
    tag: str
    better: bool
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SilentRow:
    """One who was not filmed for long."""

    href: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class SquadsBlock:
    """Squads side by side."""

    title: str
    lead: str
    rows: tuple[SquadRow, ...]
    unit: str
    factor: float
    table: tuple[tuple[Cell, ...], ...]
    """Squad, rowers, middle half of the strokes, median."""
    rowers: tuple[tuple[Cell, ...], ...]
    """Squad, rower, value, sessions."""
    empty: str
    """Why there is nothing to see; empty where there is."""


@dataclass(frozen=True, slots=True)
class ClubPage:
    """The page; lists that are empty say so in their ``..._empty``."""

    title: str
    lead: str
    first: tuple[NeedCard, ...]
    first_empty: str
    better: tuple[NeedCard, ...]
    silent: tuple[SilentRow, ...]
    more: int
    """Athletes of the first list that are not shown."""
    more_href: str
    squads: SquadsBlock


@dataclass(frozen=True, slots=True)
class ClubFacts:
    """What the page is made of."""

    club: str
    athletes: tuple[SeenAthlete, ...]
    """Those who are shown: of the squad that is chosen."""
    names: Mapping[uuid.UUID, str]
    triage: Triage
    spreads: tuple[SquadSpread, ...]
    compared: bool = True
    """Whether rowers may be seen beside each other."""
    standing: str = ""
    """How many sessions an older catalogue judged; empty: none."""


def names_of(t: Texts, athletes: Sequence[SeenAthlete], *, hidden: bool) -> dict[uuid.UUID, str]:
    """Names, or numbers in an order that says nothing about them; it changes as people join and leave."""
    if not hidden:
        return {athlete.id: athlete.name for athlete in athletes}
    keys = sorted(athlete.id for athlete in athletes)
    return {key: t("season_pages.rower_number", number=number) for number, key in enumerate(keys, 1)}


def squads_of(athletes: Sequence[SeenAthlete]) -> dict[uuid.UUID, str]:
    """All squads that anybody is in, by name."""
    known = {squad.id: squad.name for athlete in athletes for squad in athlete.squads}
    return dict(sorted(known.items(), key=lambda entry: entry[1]))


def squad_options(athletes: Sequence[SeenAthlete]) -> list[Option]:
    """For the filter."""
    return [(str(key), name) for key, name in squads_of(athletes).items()]


def members_of(athletes: Sequence[SeenAthlete], only: uuid.UUID | None) -> dict[uuid.UUID | None, list[uuid.UUID]]:
    """Who is in which squad, by the squads' names; None: those who are in none, at the end."""
    found: dict[uuid.UUID | None, list[uuid.UUID]] = {
        key: [athlete.id for athlete in athletes if key in {squad.id for squad in athlete.squads}]
        for key in squads_of(athletes)
        if only is None or key == only
    }
    alone = [athlete.id for athlete in athletes if not athlete.squads] if only is None else []
    return {**found, None: alone} if alone else found


def club_page(t: Texts, facts: ClubFacts, filters: Filters, today: date) -> ClubPage:
    """Lay the facts out in words."""
    people = {athlete.id: athlete for athlete in facts.athletes}
    cards = [_card(t, need, people[need.athlete_id], facts.names, filters) for need in facts.triage.first]
    better = [_card(t, need, people[need.athlete_id], facts.names, filters) for need in facts.triage.better]
    shown_cards = cards if filters.every else cards[:MOST]
    squads = len(squads_of(facts.athletes))
    who = count(t, len(facts.athletes), "rowers")
    if squads:
        who = t("club.in_squads", rowers=who, squads=count(t, squads, "squads"))
    end = t.day(filters.last) if filters.last else t("club.today")
    return ClubPage(
        title=facts.club,
        lead=f"{t('club.lead', who=who, weeks=LAST_WEEKS, end=end, before=WEEKS_BEFORE)} {facts.standing}".strip(),
        first=tuple(shown_cards),
        first_empty="" if cards else _nobody(t, facts.triage.looked_at, len(facts.athletes)),
        better=tuple(better if filters.every else better[:MOST]),
        silent=tuple(_silent(t, gap, facts.names, filters) for gap in facts.triage.silent),
        more=len(cards) - len(shown_cards),
        more_href=f"/club{filters.but(every=True)}",
        squads=_squads(t, facts, filters, today),
    )


def _nobody(t: Texts, looked_at: int, everybody: int) -> str:
    if looked_at:
        return t("club.nobody_stands_out", looked_at=looked_at, everybody=count(t, everybody, "rowers"))
    return t("club.too_early", weeks=LAST_WEEKS, before=WEEKS_BEFORE)


def _card(t: Texts, need: Need, athlete: SeenAthlete, names: Mapping[uuid.UUID, str], filters: Filters) -> NeedCard:
    rest = len(need.reasons) - MOST_SENTENCES
    more = (t("club.more_on_page", n=rest),) if rest > 0 else ()
    return NeedCard(
        href=athlete_address(athlete.id, filters, quantity=need.reasons[0].quantity),
        name=names[athlete.id],
        squads=", ".join(squad.name for squad in athlete.squads),
        tag=t(f"club.tag.{need.reasons[0].why.name.lower()}"),
        better=need.reasons[0].why is Why.BETTER,
        sentences=(*(told(t, reason) for reason in need.reasons[:MOST_SENTENCES]), *more),
    )


def _silent(t: Texts, gap: Silence, names: Mapping[uuid.UUID, str], filters: Filters) -> SilentRow:
    words = t("club.never_filmed")
    if gap.last is not None:
        words = t("club.days_since", days=gap.days, day=t.day(gap.last))
    return SilentRow(athlete_address(gap.athlete_id, filters), names[gap.athlete_id], words)


def _leading(compared: bool, boxes: bool) -> str:
    if compared:
        return "boxes" if boxes else "dots"
    return "boxes_only" if boxes else "nothing"


def _cell(words: str, href: str) -> Cell:
    return (words, href) if href else words


def _only_squad(words: str, spread: SquadSpread, filters: Filters) -> Cell:
    """Leads to this page with one squad alone."""
    return _cell(words, "" if spread.squad_id is None else f"/club{filters.but(squad=spread.squad_id)}")


def _squad_cells(
    t: Texts, spread: SquadSpread, filters: Filters, today: date, name: str, middle: Cell
) -> tuple[Cell, ...]:
    """Squad and median lead to all its sessions, the middle half to those in it."""
    every = "" if spread.squad_id is None else filters.behind(today, squad=spread.squad_id)
    median = shown(t, quantity_of(filters.quantity), spread.strokes[2]) if spread.strokes else "–"
    who = count(t, len(spread.rowers), "rowers")
    return _cell(name, every), _only_squad(who, spread, filters), middle, _cell(median, every)


def _middle_half(spread: SquadSpread, filters: Filters, today: date) -> str:
    """Address of the squad's sessions whose mean lies in the middle half of its strokes; empty: there is none."""
    if spread.squad_id is None or not spread.strokes:
        return ""
    low, high = spread.strokes[1], spread.strokes[3]
    return filters.behind(today, squad=spread.squad_id, quantity=filters.quantity, low=low, high=high)


def _middle_words(t: Texts, spread: SquadSpread, quantity: Quantity) -> str:
    low, high = (shown(t, quantity, spread.strokes[n]) for n in (1, 3)) if spread.strokes else ("–", "–")
    return t("season_pages.to", low=low, high=high)


def _squads(t: Texts, facts: ClubFacts, filters: Filters, today: date) -> SquadsBlock:
    quantity = quantity_of(filters.quantity)
    squads = squads_of(facts.athletes)
    rows: list[SquadRow] = []
    table: list[tuple[Cell, ...]] = []
    rowers: list[tuple[Cell, ...]] = []
    for spread in facts.spreads:
        name = t("club.no_squad") if spread.squad_id is None else squads[spread.squad_id]
        dots = []
        for rower in spread.rowers if facts.compared else ():
            who, value = facts.names[rower.athlete_id], shown(t, quantity, rower.mean)
            href = athlete_address(rower.athlete_id, filters)
            sessions = count(t, rower.session_count, "sessions")
            dots.append(RowerDot(rower.mean, href, t("club.dot", who=who, value=value, sessions=sessions)))
            hers = filters.behind(today, athlete=rower.athlete_id)
            rowers.append((_only_squad(name, spread, filters), (who, href), (value, href), (sessions, hers)))
        middle, ends = _middle_half(spread, filters, today), _middle_words(t, spread, quantity)
        title = t("club.middle_half", squad=name, ends=ends) if middle else ""
        rows.append(SquadRow(name, tuple(dots), spread.strokes, middle, title))
        table.append(_squad_cells(t, spread, filters, today, name, _cell(ends, middle)))
    first, end = filters.days(today)
    last = t.day(end - date.resolution)
    since = t("club.since", first=t.day(first), last=last) if first else t("club.until", last=last)
    # What is 0 or 1 in a stroke has no middle half: dots alone say it.
    boxes = any(row.strokes for row in rows)
    return SquadsBlock(
        title=quantity.name(t),
        lead=t(f"club.squads_lead.{_leading(facts.compared, boxes)}", since=since),
        rows=tuple(rows),
        unit=axis_unit(quantity),
        factor=axis_factor(quantity),
        table=tuple(table),
        rowers=tuple(rowers),
        empty="" if rows else t("club.nothing_fits"),
    )
