"""Whom the token stands for, and the rowers and squads that its owner sees."""

from __future__ import annotations

import uuid
from collections import Counter

from flask import abort

from dashboards.accounts.bearer import bearer
from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.api.answers.people import AthleteLine, Athletes, Me, SquadLine, SquadName, Squads
from dashboards.api.cursors import Paged, sliced
from dashboards.api.operations import operation
from rowsense import __version__
from rowsense.store.accounts import user_by
from rowsense.store.people import club_name
from rowsense.store.scope import ClubScope
from rowsense.store.seen_athletes import SeenAthlete, athlete_for, athletes_for

_SUBJECT = "People"


@operation("GET", "/me", _SUBJECT, gives=Me)
def me() -> Me:
    """Whom the token stands for, and what it may do."""
    viewer, token = signed_in_viewer(), bearer(store().database)
    user = user_by(store().database, id=viewer.user_id)
    with store().database.reading(ClubScope(viewer.club_id)) as unit:
        club = club_name(unit, viewer.club_id)
    if token is None or user is None:
        abort(401)
    return Me(
        name=user.name,
        role=viewer.role,  # type: ignore[arg-type]  # one of the three
        club=club,
        token=token.name,
        scopes=sorted(token.scopes),
        expires_at=token.expires_at,
        version=__version__,
    )


@operation("GET", "/athletes", _SUBJECT, query=Paged, gives=Athletes)
def athletes(asked: Paged) -> Athletes:
    """Rowers whose sessions the owner may see, by name."""
    here, following = sliced(seen_athletes(), asked)
    return Athletes(items=[_line(one) for one in here], next=following)


@operation("GET", "/athletes/<uuid:athlete_id>", _SUBJECT, gives=AthleteLine)
def athlete(athlete_id: uuid.UUID) -> AthleteLine:
    """One rower."""
    return _line(seen_athlete(athlete_id))


@operation("GET", "/squads", _SUBJECT, query=Paged, gives=Squads)
def squads(asked: Paged) -> Squads:
    """Squads of these rowers, by name."""
    here, following = sliced(_squads(), asked)
    return Squads(items=list(here), next=following)


@operation("GET", "/squads/<uuid:squad_id>", _SUBJECT, gives=SquadLine)
def squad(squad_id: uuid.UUID) -> SquadLine:
    """One squad."""
    return next((one for one in _squads() if one.id == squad_id), None) or abort(404)


def _squads() -> list[SquadLine]:
    seen = [squad for one in seen_athletes() for squad in one.squads]
    names, counts = {squad.id: squad.name for squad in seen}, Counter(squad.id for squad in seen)
    lines = [SquadLine(id=key, name=name, athlete_count=counts[key]) for key, name in names.items()]
    return sorted(lines, key=lambda one: (one.name.casefold(), one.id))


def seen_athletes() -> tuple[SeenAthlete, ...]:
    """All whom the viewer may see."""
    viewer = signed_in_viewer()
    with store().database.reading(ClubScope(viewer.club_id)) as unit:
        return athletes_for(unit, viewer)


def seen_athlete(athlete_id: uuid.UUID) -> SeenAthlete:
    """One of them; anybody else is not there."""
    viewer = signed_in_viewer()
    with store().database.reading(ClubScope(viewer.club_id)) as unit:
        found = athlete_for(unit, viewer, athlete_id)
    if found is None:
        abort(404)
    return found


def _line(one: SeenAthlete) -> AthleteLine:
    return AthleteLine(
        id=one.id, name=one.name, squads=[SquadName(id=squad.id, name=squad.name) for squad in one.squads]
    )
