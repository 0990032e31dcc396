"""What a club's server tells of a season. None is what was not measured; units are those of the quantity."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from rowsense.client.answers import Person, Quantity, Squad


@dataclass(frozen=True, slots=True)
class Group:
    """Sessions that have in common what was grouped by."""

    athlete: uuid.UUID | None
    squad: uuid.UUID | None
    week: date | None
    piece_kind: str | None
    session_count: int
    stroke_count: int
    mean: float | None
    sd: float | None
    session_mean: float | None
    session_sd: float | None
    percentiles: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One session and its value."""

    session: uuid.UUID
    athlete: uuid.UUID
    rowed_on: date
    stroke_count: int
    mean: float
    sd: float | None


@dataclass(frozen=True, slots=True)
class Usual:
    """Where 19 of 20 sessions would lie if nothing changed."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Trend:
    """A line through sessions."""

    change: float | None
    """From the first session to the last; None: too few."""
    weeks: float
    detectable_change: float | None
    clear: bool
    """Beyond chance and beyond what the measurement can tell."""


@dataclass(frozen=True, slots=True)
class QuantitySeason:
    """One quantity in all sessions of a rower."""

    quantity: Quantity
    session_count: int
    last: float | None
    usual: Usual | None
    trend: Trend


@dataclass(frozen=True, slots=True)
class FaultSeason:
    """One fault in all sessions in which it was looked for."""

    id: str
    name: str
    session_count: int
    shown_in: int


@dataclass(frozen=True, slots=True)
class AthleteSeason:
    """One rower's season."""

    athlete: Person
    quantities: tuple[QuantitySeason, ...]
    faults: tuple[FaultSeason, ...]


@dataclass(frozen=True, slots=True)
class AthleteTrend:
    """One quantity of one rower."""

    athlete: Person
    session_count: int
    last: float | None
    usual: Usual | None
    trend: Trend


@dataclass(frozen=True, slots=True)
class RowerPlace:
    """Where a rower lies in her squad; not who is better."""

    athlete: Person
    mean: float
    session_count: int
    stroke_count: int


@dataclass(frozen=True, slots=True)
class SquadSpread:
    """How the strokes of a squad lie."""

    squad: Squad | None
    """None: rowers of no squad."""
    stroke_count: int
    percentiles: tuple[float, ...]
    """Values below which 10, 25, 50, 75 and 90 % of its strokes lie; empty where the quantity has none."""
    rowers: tuple[RowerPlace, ...]
    """By value; empty where the club compares no rowers."""
