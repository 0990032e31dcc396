"""What an athlete's page is made of."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rowsense.season.athlete import AthleteSeason
from rowsense.season.exposure import Exposure
from rowsense.season.reasons import Reason
from rowsense.store.own_calibrations import KnownCalibration
from rowsense.store.season import Spread
from rowsense.store.season_of import OneStroke, SessionCard, SetUp, Span
from rowsense.store.tried_notes import TriedNote


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
    span: Span
    """Of all her sessions."""
    calibrations: tuple[datetime, ...]
    set_ups: tuple[SetUp, ...]
    strokes: tuple[OneStroke, ...]
    """Of the session that is looked into."""
    tried: tuple[TriedNote, ...] = ()
    """By day."""
    exposures: tuple[Exposure, ...] = ()
    unasked: tuple[uuid.UUID, ...] = ()
    """Her sessions that are left out until she has said what she felt, the last rowed first."""
    known: tuple[KnownCalibration, ...] = ()
    """Her calibrations, the newest first."""


def looked_into(sessions: Sequence[Spread], asked: uuid.UUID | None) -> Spread | None:
    """The session whose strokes are shown: the one asked for, else the newest."""
    return next((one for one in sessions if one.point.session_id == asked), sessions[-1] if sessions else None)
