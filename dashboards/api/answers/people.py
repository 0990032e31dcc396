"""Whom a program is told of: the token's owner, rowers, squads."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Literal

from dashboards.api.operations import Told

Role = Literal["administrator", "coach", "athlete"]


class Me(Told):
    """Whom the token stands for."""

    name: str
    role: Role
    club: str
    token: str
    """What its owner calls it."""
    scopes: list[str]
    expires_at: datetime
    version: str
    """Of RowSense on the server."""


class SquadName(Told):
    """A squad."""

    id: uuid.UUID
    name: str


class AthleteLine(Told):
    """A rower."""

    id: uuid.UUID
    name: str
    squads: list[SquadName]
    """A coach is told of her own squads only."""


class Athletes(Told):
    """Rowers, by name."""

    items: list[AthleteLine]
    next: str | None
    """``cursor`` of the next piece; null: this is the last."""


class SquadLine(SquadName):
    """A squad with how many of its rowers may be seen."""

    athlete_count: int


class Squads(Told):
    """Squads, by name."""

    items: list[SquadLine]
    next: str | None


class Person(Told):
    """Whose session it is."""

    id: uuid.UUID
    name: str


class Range(Told):
    """From sitting tall to the full slump."""

    width_deg: float
    sd_deg: float


class CalibrationLine(Told):
    """A rower's own zero and range."""

    id: uuid.UUID
    made_at: datetime
    """The day of its film."""
    estimator: str
    """Angles of another one have another zero."""
    pelvic_tilt: Range | None
    """Negative: the pelvis tips back. Null: it is damaged."""
    lumbar_flexion: Range | None
    tall_count: int
    slump_count: int
    hinge_count: int
    notes: list[str]
    """What could have been better."""
    film_kept: bool
    """Whether the film it was made of is still here."""


class Calibrations(Told):
    """All of hers, the newest first: films are measured by that one."""

    items: list[CalibrationLine]
    next: str | None
