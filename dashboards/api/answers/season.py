"""What a program is told of a season."""

from __future__ import annotations

import uuid
from datetime import date

from dashboards.api.answers.people import Person, SquadName
from dashboards.api.operations import Told


class QuantityName(Told):
    """Something that a season can be asked about."""

    id: str
    name: str
    unit: str
    """``deg``, ``s``, ``ratio``, ``spm``, ``percent``, ``score``, nothing; ``share``: of strokes that show a fault."""


class Quantities(Told):
    """All of which the club knows anything."""

    items: list[QuantityName]
    next: str | None


class GroupLine(Told):
    """Sessions that have in common what was grouped by; what was not grouped by is null."""

    athlete: uuid.UUID | None
    squad: uuid.UUID | None
    week: date | None
    """Its Monday."""
    piece_kind: str | None
    session_count: int
    stroke_count: int
    mean: float | None
    """Of all strokes; for a fault the share that shows it."""
    sd: float | None
    session_mean: float | None
    """Mean of the sessions' means."""
    session_sd: float | None
    percentiles: list[float]
    """Values below which the asked shares of the strokes lie; empty where the quantity has none."""


class Groups(Told):
    """Numbers of a season."""

    quantity: QuantityName
    items: list[GroupLine]
    next: str | None


class SessionPoint(Told):
    """One session and its value."""

    session: uuid.UUID
    athlete: uuid.UUID
    analysis: uuid.UUID
    rowed_on: date
    stroke_count: int
    mean: float
    sd: float | None


class SessionPoints(Told):
    """Sessions, by day."""

    quantity: QuantityName
    items: list[SessionPoint]
    next: str | None


class Usual(Told):
    """Where 19 of 20 of her sessions would lie if nothing changed."""

    low: float
    middle: float
    high: float


class Trend(Told):
    """A line through her sessions."""

    change: float | None
    """Along the line, from the first session to the last; null: too few sessions."""
    weeks: float
    detectable_change: float | None
    """The smallest that would be clear."""
    clear: bool
    """Beyond chance and beyond what the measurement can tell."""


class QuantitySeason(Told):
    """One quantity in all her sessions."""

    quantity: QuantityName
    session_count: int
    last: float | None
    """Of the newest session."""
    usual: Usual | None
    trend: Trend


class FaultSeason(Told):
    """One fault in all sessions in which it was looked for."""

    id: str
    name: str
    session_count: int
    shown_in: int
    """Sessions that show it."""


class AthleteSeason(Told):
    """One rower's season."""

    athlete: Person
    quantities: list[QuantitySeason]
    faults: list[FaultSeason]


class AthleteTrend(Told):
    """One quantity in all sessions of a rower."""

    athlete: Person
    session_count: int
    last: float | None
    """Of the newest session."""
    usual: Usual | None
    trend: Trend


class Trends(Told):
    """Rowers, by name."""

    quantity: QuantityName
    items: list[AthleteTrend]
    next: str | None


class RowerPlace(Told):
    """Where a rower lies in her squad; not who is better."""

    athlete: Person
    mean: float
    """Mean of her sessions' means."""
    session_count: int
    stroke_count: int


class SquadSpread(Told):
    """How the strokes of a squad's rowers lie."""

    squad: SquadName | None
    """Null: rowers of no squad."""
    stroke_count: int
    percentiles: list[float]
    """Values below which the shares of ``SquadSpreads`` lie; empty where the quantity has none."""
    rowers: list[RowerPlace]
    """By value; empty where the club compares no rowers."""


class SquadSpreads(Told):
    """Squads side by side."""

    quantity: QuantityName
    shares: list[float]
    items: list[SquadSpread]
    next: str | None
