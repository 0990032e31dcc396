"""What the club's page says, from what the store knows. Plain Python; nothing of it is a component."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboards.charts.strips import RowerDot, SquadRow
from dashboards.pages.filters import Filters, Option
from dashboards.pages.season_words import athlete_address, axis_factor, axis_unit, count, day
from rowsense.season.reasons import LAST_WEEKS, WEEKS_BEFORE, Why
from rowsense.season.squads import SquadSpread
from rowsense.season.triage import Need, Silence, Triage
from rowsense.season.vocabulary import quantity_of, shown
from rowsense.store.seen_athletes import SeenAthlete

#: Athletes that a list shows before it is asked for all. [D] A coach's minute.
MOST: Final = 8
#: About one athlete.
MOST_SENTENCES: Final = 3
_NO_SQUAD: Final = "In no squad"
TAGS: Final = {
    Why.CHANGE: "Clear change",
    Why.FAULT: "New fault",
    Why.CONSISTENCY: "Less alike",
    Why.BETTER: "Better",
}


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
    table: tuple[tuple[str, str, str, str], ...]
    """Squad, rowers, middle half of the strokes, median."""
    rowers: tuple[tuple[str, str, str, str, str], ...]
    """Squad, rower, her page, value, sessions."""
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


def names_of(athletes: Sequence[SeenAthlete], *, hidden: bool) -> dict[uuid.UUID, str]:
    """Names, or numbers in an order that says nothing about them; it changes as people join and leave."""
    if not hidden:
        return {athlete.id: athlete.name for athlete in athletes}
    return {key: f"Rower {number}" for number, key in enumerate(sorted(athlete.id for athlete in athletes), 1)}


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


def club_page(facts: ClubFacts, filters: Filters, today: date) -> ClubPage:
    """Lay the facts out in words."""
    people = {athlete.id: athlete for athlete in facts.athletes}
    cards = [_card(need, people[need.athlete_id], facts.names, filters) for need in facts.triage.first]
    better = [_card(need, people[need.athlete_id], facts.names, filters) for need in facts.triage.better]
    shown_cards = cards if filters.every else cards[:MOST]
    squads = len(squads_of(facts.athletes))
    of_squads = f" in {count(squads, 'squad')}" if squads else ""
    end = day(filters.last) if filters.last else "today"
    return ClubPage(
        title=facts.club,
        lead=(
            f"{count(len(facts.athletes), 'rower')}{of_squads}. "
            f"The {LAST_WEEKS} weeks up to {end} against the {WEEKS_BEFORE} before them."
            f"{' ' if facts.standing else ''}{facts.standing}"
        ),
        first=tuple(shown_cards),
        first_empty="" if cards else _nobody(facts.triage.looked_at, len(facts.athletes)),
        better=tuple(better if filters.every else better[:MOST]),
        silent=tuple(_silent(gap, facts.names, filters) for gap in facts.triage.silent),
        more=len(cards) - len(shown_cards),
        more_href=f"/club{filters.but(every=True)}",
        squads=_squads(facts, filters, today),
    )


def _nobody(looked_at: int, everybody: int) -> str:
    if looked_at:
        return (
            f"Nobody stands out. {looked_at} of {count(everybody, 'rower')} have enough sessions to tell, and what "
            "changed in theirs is no more than camera, clothes and chance make of it."
        )
    return (
        f"It is too early to tell. A rower is compared with herself once she has three sessions in the last "
        f"{LAST_WEEKS} weeks and three in the {WEEKS_BEFORE} before. Film each of them once a week, from the side."
    )


def _card(need: Need, athlete: SeenAthlete, names: Mapping[uuid.UUID, str], filters: Filters) -> NeedCard:
    rest = len(need.reasons) - MOST_SENTENCES
    more = (f"And {rest} more on her page.",) if rest > 0 else ()
    return NeedCard(
        href=athlete_address(athlete.id, filters, quantity=need.reasons[0].quantity),
        name=names[athlete.id],
        squads=", ".join(squad.name for squad in athlete.squads),
        tag=TAGS[need.reasons[0].why],
        better=need.reasons[0].why is Why.BETTER,
        sentences=(*(reason.sentence for reason in need.reasons[:MOST_SENTENCES]), *more),
    )


def _silent(gap: Silence, names: Mapping[uuid.UUID, str], filters: Filters) -> SilentRow:
    words = "never filmed" if gap.last is None else f"{gap.days} days, last on {day(gap.last)}"
    return SilentRow(athlete_address(gap.athlete_id, filters), names[gap.athlete_id], words)


def _squads(facts: ClubFacts, filters: Filters, today: date) -> SquadsBlock:
    quantity = quantity_of(filters.quantity)
    squads = squads_of(facts.athletes)
    rows, table, rowers = [], [], []
    for spread in facts.spreads:
        name = _NO_SQUAD if spread.squad_id is None else squads[spread.squad_id]
        dots = []
        for rower in spread.rowers if facts.compared else ():
            who, value = facts.names[rower.athlete_id], shown(quantity, rower.mean)
            href = athlete_address(rower.athlete_id, filters)
            sessions = count(rower.session_count, "session")
            dots.append(RowerDot(rower.mean, href, f"{who}: {value}, {sessions}"))
            rowers.append((name, who, href, value, sessions))
        rows.append(SquadRow(name, tuple(dots), spread.strokes))
        low, median, high = (shown(quantity, v) for v in spread.strokes[1:4]) if spread.strokes else ("–", "–", "–")
        table.append((name, count(len(spread.rowers), "rower"), f"{low} to {high}", median))
    first, end = filters.days(today)
    since = f"from {day(first)} to {day(end - date.resolution)}" if first else f"up to {day(end - date.resolution)}"
    # What is 0 or 1 in a stroke has no middle half: dots alone say it.
    boxes = any(row.strokes for row in rows)
    return SquadsBlock(
        title=quantity.name,
        lead=(
            (
                f"Every dot is one rower's mean {since}; it opens her sessions. "
                if facts.compared
                else f"Strokes {since}. Your club compares rowers with themselves only. "
            )
            + ("The box holds the middle half of a squad's strokes, the line in it is the median. " if boxes else "")
            + "Where a rower lies is not how good she is: compare her with herself."
        ),
        rows=tuple(rows),
        unit=axis_unit(quantity),
        factor=axis_factor(quantity),
        table=tuple(table),
        rowers=tuple(rowers),
        empty="" if rows else "No session fits what is chosen above. Take a longer period, or all kinds of piece.",
    )
