"""The rowers whose seasons somebody may see: those whose sessions she may see."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from rowsense.store.access import Action, Viewer, may
from rowsense.store.tables import ATHLETE, COACH, Athlete, Squad, SquadAthlete
from rowsense.store.viewers import things_of


@dataclass(frozen=True, slots=True)
class SeenSquad:
    """A squad that the viewer may know of."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class SeenAthlete:
    """A rower whose season the viewer may see."""

    id: uuid.UUID
    name: str
    squads: tuple[SeenSquad, ...]
    """By name; a coach is told of her own squads only."""


def athletes_for(unit: Session, viewer: Viewer) -> tuple[SeenAthlete, ...]:
    """Everybody whose season ``viewer`` may see, by name."""
    return _seen(unit, viewer, select(Athlete.id))


def athlete_for(unit: Session, viewer: Viewer, athlete_id: uuid.UUID) -> SeenAthlete | None:
    """One rower; None: there is none of this key, or ``viewer`` may not see her."""
    return next(iter(_seen(unit, viewer, select(Athlete.id).where(Athlete.id == athlete_id))), None)


def _seen(unit: Session, viewer: Viewer, asked: Select[uuid.UUID]) -> tuple[SeenAthlete, ...]:
    if viewer.role == ATHLETE:
        asked = asked.where(Athlete.id == viewer.athlete_id)
    if viewer.role == COACH:
        asked = asked.where(Athlete.id.in_(_of_squads(viewer)))
    athletes, things = things_of(unit, unit.scalars(asked).all())
    # What was asked for is what is likely; `may` has the last word.
    allowed = {key for key, thing in things.items() if may(viewer, Action.SEE, thing)}
    squads = _squads(unit, viewer, allowed)
    seen = (SeenAthlete(key, athletes[key].name, tuple(squads[key])) for key in allowed)
    return tuple(sorted(seen, key=lambda athlete: (athlete.name, athlete.id)))


def _of_squads(viewer: Viewer) -> Select[uuid.UUID]:
    return select(SquadAthlete.athlete_id).where(SquadAthlete.squad_id.in_(viewer.squads))


def _squads(unit: Session, viewer: Viewer, athlete_ids: set[uuid.UUID]) -> dict[uuid.UUID, list[SeenSquad]]:
    asked = (
        select(SquadAthlete.athlete_id, Squad.id, Squad.name)
        .join(Squad, Squad.id == SquadAthlete.squad_id)
        .where(SquadAthlete.athlete_id.in_(athlete_ids))
        .order_by(Squad.name)
    )
    if viewer.role == COACH:
        asked = asked.where(Squad.id.in_(viewer.squads))
    found: dict[uuid.UUID, list[SeenSquad]] = defaultdict(list)
    for athlete_id, squad_id, name in unit.execute(asked):
        found[athlete_id].append(SeenSquad(squad_id, name))
    return found
