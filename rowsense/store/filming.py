"""Whose films somebody may bring in, and which sessions there are of a film already."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from rowsense.store.access import Action, Viewer, may
from rowsense.store.database import Database
from rowsense.store.scope import ClubScope
from rowsense.store.tables import ATHLETE, COACH, Analysis, Athlete, Squad, SquadAthlete, TrainingSession, Video
from rowsense.store.viewers import things_of


@dataclass(frozen=True, slots=True)
class Rower:
    """Somebody who may be in a film."""

    athlete_id: uuid.UUID
    name: str
    squads: tuple[str, ...]
    withheld: bool
    """A junior without a guardian's consent: she is in the list, but no film of hers is taken."""


@dataclass(frozen=True, slots=True)
class KnownFilm:
    """A session that was made of the same file."""

    session_id: uuid.UUID
    athlete: str
    rowed_on: date
    analysed: bool


def rowers_for(database: Database, viewer: Viewer) -> tuple[Rower, ...]:
    """Everybody whose films ``viewer`` may bring in, by name."""
    with database.reading(ClubScope(viewer.club_id)) as unit:
        asked = select(Athlete.id)
        if viewer.role == ATHLETE:
            asked = asked.where(Athlete.id == viewer.athlete_id)
        elif viewer.role == COACH:
            hers = select(SquadAthlete.athlete_id).where(SquadAthlete.squad_id.in_(viewer.squads))
            asked = asked.where(Athlete.id.in_(hers))
        athletes, things = things_of(unit, unit.scalars(asked).all())
        squads = _squads(unit)
        return tuple(
            Rower(one.id, one.name, squads.get(one.id, ()), things[one.id].withheld)
            for one in sorted(athletes.values(), key=lambda one: (one.name.casefold(), one.id))
            if things[one.id].withheld or may(viewer, Action.ADD, things[one.id])
        )


def may_film(unit: Session, viewer: Viewer, athlete_id: uuid.UUID) -> bool:
    """Whether ``viewer`` may bring in films of this athlete."""
    _, things = things_of(unit, [athlete_id])
    return athlete_id in things and may(viewer, Action.ADD, things[athlete_id])


def known_films(database: Database, viewer: Viewer, sha256s: Collection[str]) -> dict[str, tuple[KnownFilm, ...]]:
    """Sessions of the same files that ``viewer`` may see, the newest first; of others nothing is said."""
    with database.reading(ClubScope(viewer.club_id)) as unit:
        films = {v.session_id: v.sha256 for v in unit.scalars(select(Video).where(Video.sha256.in_(sha256s)))}
        sessions = select(TrainingSession).where(TrainingSession.id.in_(films))
        seen = _seen(unit, viewer, unit.scalars(sessions.order_by(TrainingSession.created_at.desc())).all())
    return {sha256: tuple(one for one in seen if films[one.session_id] == sha256) for sha256 in sha256s}


def rowed_in(database: Database, viewer: Viewer, keys: Collection[uuid.UUID]) -> dict[uuid.UUID, KnownFilm]:
    """Those of the sessions that ``viewer`` may see, by key."""
    with database.reading(ClubScope(viewer.club_id)) as unit:
        found = unit.scalars(select(TrainingSession).where(TrainingSession.id.in_(keys))).all()
        return {one.session_id: one for one in _seen(unit, viewer, found)}


def _seen(unit: Session, viewer: Viewer, sessions: Sequence[TrainingSession]) -> list[KnownFilm]:
    athletes, things = things_of(unit, {one.athlete_id for one in sessions})
    of_these = select(Analysis.session_id).where(Analysis.session_id.in_([one.id for one in sessions]))
    analysed = set(unit.scalars(of_these))
    return [
        KnownFilm(one.id, athletes[one.athlete_id].name, one.rowed_on, one.id in analysed)
        for one in sessions
        if may(viewer, Action.SEE, things[one.athlete_id])
    ]


def _squads(unit: Session) -> dict[uuid.UUID, tuple[str, ...]]:
    names = {squad.id: squad.name for squad in unit.scalars(select(Squad))}
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for row in unit.scalars(select(SquadAthlete)):
        found[row.athlete_id].append(names[row.squad_id])
    return {key: tuple(sorted(squads)) for key, squads in found.items()}
