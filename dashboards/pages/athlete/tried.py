"""What was tried, and what followed: notes that say so and changes at the machine, sessions before and after."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from dash import dcc, html

from dashboards.charts.season_line import Event
from dashboards.pages.athlete.events import set_up_changes
from dashboards.pages.athlete.facts import AthleteFacts
from dashboards.pages.filters import Filters
from dashboards.pages.season_words import count, session_address
from rowsense.season.changes import LEAST_SESSIONS, SeasonChange
from rowsense.season.tried import around
from rowsense.season.vocabulary import Quantity, shown
from rowsense.texts.texts import Texts


@dataclass(frozen=True, slots=True)
class TriedRow:
    """One thing that was tried."""

    day: str
    what: str
    href: str
    """The session whose note says it; empty: it was noted at the upload."""
    followed: str


@dataclass(frozen=True, slots=True)
class TriedBlock:
    """All of it, the last first."""

    lead: str
    rows: tuple[TriedRow, ...]


def tried_events(t: Texts, facts: AthleteFacts) -> list[Event]:
    """Marks on the line."""
    noted = [Event(note.day, note.words or t("athlete.tried.something"), "tried") for note in facts.tried]
    return [*noted, *(Event(day, said) for day, said in set_up_changes(t, facts.set_ups))]


def tried_block(t: Texts, facts: AthleteFacts, quantity: Quantity, filters: Filters) -> TriedBlock:
    """With what followed in one quantity."""
    noted = [
        (note.day, t("athlete.tried.cue", words=note.words or t("athlete.tried.something")),
         session_address(note.session_id, note.stroke, names_hidden=filters.names_hidden))
        for note in facts.tried
    ]  # fmt: skip
    changed = [(day, said, "") for day, said in set_up_changes(t, facts.set_ups)]
    every = sorted([*noted, *changed], key=lambda one: one[0], reverse=True)
    rows = tuple(TriedRow(t.day(day), what, href, _followed(t, facts, day, quantity)) for day, what, href in every)
    return TriedBlock(t("athlete.tried.lead" if rows else "athlete.tried.none"), rows)


def _followed(t: Texts, facts: AthleteFacts, day: date, quantity: Quantity) -> str:
    change = around(facts.season.chosen.points, day, facts.athlete_id, quantity.id)
    if math.isnan(change.detectable_change):
        return t("athlete.tried.too_few", name=quantity.name(t), least=LEAST_SESSIONS)
    said = t(
        "athlete.tried.sides",
        name=quantity.name(t),
        before=shown(t, quantity, change.first),
        before_sessions=count(t, change.first_count, "sessions"),
        after=shown(t, quantity, change.last),
        after_sessions=count(t, change.last_count, "sessions"),
    )
    return f"{said} {_verdict(t, change, quantity)}"


def _verdict(t: Texts, change: SeasonChange, quantity: Quantity) -> str:
    kind = "change" if change.clear else "no_change"
    return t(f"athlete.tried.{kind}", wide=shown(t, quantity, change.detectable_change))


def tried_section(t: Texts, block: TriedBlock) -> list[Any]:
    """A list; where nothing was tried, how it comes about."""
    rows = [
        html.Li(
            [
                html.P([html.B(row.day), " ", dcc.Link(row.what, href=row.href) if row.href else row.what]),
                html.P(row.followed, className="soft"),
            ]
        )
        for row in block.rows
    ]
    listed = [html.Ul(rows, className="tried")] if rows else []
    return [
        html.H2(t("athlete.tried.head")),
        html.Div([html.P(block.lead, className="soft"), *listed], className="card"),
    ]
