"""What is known of viewers and sessions for :func:`rowsense.store.access.may` to decide on."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from rowsense.store.access import Action, Kind, Thing, Viewer, may
from rowsense.store.database import Database
from rowsense.store.juniors import consents_of, is_junior
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import (
    ATHLETE,
    COACH,
    Analysis,
    Athlete,
    Membership,
    SquadAthlete,
    SquadCoach,
    TrainingSession,
    Video,
)
from rowsense.store.tagging import tags_of

#: Sessions that a list shows [D]; a season of one rower fits.
MOST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class SeenSession:
    """A session that somebody may see, with the newest analysis."""

    session_id: uuid.UUID
    athlete_id: uuid.UUID
    athlete: str
    rowed_on: date
    analysed_at: datetime
    file_prefix: str
    video_key: str | None
    """Where the original is in the file store; None: it is not kept."""
    summary: dict[str, Any]
    tags: tuple[str, ...] = ()


def viewer_of(database: Database, user_id: uuid.UUID, club_id: uuid.UUID | None = None) -> Viewer | None:
    """The user as a member of a club, or else of the one she joined first; None: she is not in it, or in none."""
    with database.reading(AllClubs("which club a user is in")) as unit:
        members = _members(unit, user_id)
        fitting = [one for one in members if club_id is None or one.club_id == club_id]
        return _as_member(unit, fitting[0]) if fitting else None


def viewer_choosing(database: Database, user_id: uuid.UUID, chosen: uuid.UUID | None) -> Viewer | None:
    """The user in the club that she chose, or in her only one; None: she is in none, or has to choose."""
    with database.reading(AllClubs("which club a user is in")) as unit:
        members = _members(unit, user_id)
        fitting = [one for one in members if one.club_id == chosen] or (members if len(members) == 1 else [])
        return _as_member(unit, fitting[0]) if fitting else None


def _members(unit: Session, user_id: uuid.UUID) -> Sequence[Membership]:
    asked = select(Membership).where(Membership.user_id == user_id, Membership.suspended_at.is_(None))
    return unit.scalars(asked.order_by(Membership.created_at, Membership.id)).all()


def _as_member(unit: Session, member: Membership) -> Viewer:
    user_id = member.user_id
    of_hers = select(SquadCoach.squad_id).where(SquadCoach.user_id == user_id, SquadCoach.club_id == member.club_id)
    squads = frozenset(unit.scalars(of_hers)) if member.role == COACH else frozenset()
    return Viewer(user_id, member.club_id, member.role, squads, member.athlete_id)


def sessions_for(database: Database, viewer: Viewer, most: int = MOST_SHOWN) -> tuple[SeenSession, ...]:
    """The sessions that ``viewer`` may see, the last rowed first."""
    with database.reading(ClubScope(viewer.club_id)) as unit:
        asked = likely(viewer).order_by(TrainingSession.rowed_on.desc(), TrainingSession.created_at.desc())
        return seen_of(unit, viewer, unit.scalars(asked.limit(most)).all())


def session_for(database: Database, viewer: Viewer, session_id: uuid.UUID) -> SeenSession | None:
    """One session; None: there is none of this key, or ``viewer`` may not see it."""
    with database.reading(ClubScope(viewer.club_id)) as unit:
        found = unit.get(TrainingSession, session_id)
        return next(iter(seen_of(unit, viewer, [found] if found is not None else [])), None)


def may_do(database: Database, viewer: Viewer, action: Action, session_id: uuid.UUID) -> bool:
    """Whether ``viewer`` may do this with a session; not with one that is not there."""
    with database.reading(ClubScope(viewer.club_id)) as unit:
        found = unit.get(TrainingSession, session_id)
        if found is None:
            return False
        return may(viewer, action, things_of(unit, {found.athlete_id})[1][found.athlete_id])


def may_see_all_of(database: Database, viewer: Viewer, athlete_id: uuid.UUID) -> bool:
    """Whether ``viewer`` may see an athlete's sessions, of which there need not be any."""
    with database.reading(ClubScope(viewer.club_id)) as unit:
        thing = things_of(unit, [athlete_id])[1].get(athlete_id)
        return thing is not None and may(viewer, Action.SEE, thing)


def likely(viewer: Viewer) -> Select[TrainingSession]:
    """What is worth asking about; ``may`` has the last word."""
    asked = select(TrainingSession)
    if viewer.role == ATHLETE:
        return asked.where(TrainingSession.athlete_id == viewer.athlete_id)
    if viewer.role == COACH:
        hers = select(SquadAthlete.athlete_id).where(SquadAthlete.squad_id.in_(viewer.squads))
        return asked.where(TrainingSession.athlete_id.in_(hers))
    return asked


def seen_of(unit: Session, viewer: Viewer, sessions: Sequence[TrainingSession]) -> tuple[SeenSession, ...]:
    """Those of them that ``viewer`` may see and that are analysed, in their order."""
    athletes, things = things_of(unit, {session.athlete_id for session in sessions})
    allowed = [s for s in sessions if may(viewer, Action.SEE, things[s.athlete_id])]
    keys = [s.id for s in allowed]
    # The highest version comes last and stays.
    versions = select(Analysis).where(Analysis.session_id.in_(keys)).order_by(Analysis.version)
    newest = {analysis.session_id: analysis for analysis in unit.scalars(versions)}
    videos = {v.session_id: v.file_key for v in unit.scalars(select(Video).where(Video.session_id.in_(keys)))}
    tags = tags_of(unit, keys)
    return tuple(
        SeenSession(
            session_id=session.id,
            athlete_id=session.athlete_id,
            athlete=athletes[session.athlete_id].name,
            rowed_on=session.rowed_on,
            analysed_at=newest[session.id].created_at,
            file_prefix=newest[session.id].file_prefix,
            video_key=videos.get(session.id),
            summary=newest[session.id].summary,
            tags=tags.get(session.id, ()),
        )
        for session in allowed
        if session.id in newest
    )


def things_of(
    unit: Session, athlete_ids: Collection[uuid.UUID]
) -> tuple[dict[uuid.UUID, Athlete], dict[uuid.UUID, Thing]]:
    """Athletes, and what any of their sessions is to somebody who wants to see it."""
    athletes = {a.id: a for a in unit.scalars(select(Athlete).where(Athlete.id.in_(athlete_ids)))}
    squads: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for row in unit.scalars(select(SquadAthlete).where(SquadAthlete.athlete_id.in_(athlete_ids))):
        squads[row.athlete_id].add(row.squad_id)
    consents, today = consents_of(unit, athlete_ids), datetime.now(UTC).date()
    return athletes, {
        key: Thing(
            Kind.SESSION,
            club_id=athlete.club_id,
            athlete_id=key,
            squads=frozenset(squads[key]),
            withheld=is_junior(athlete.birth_year, today) and key not in consents,
        )
        for key, athlete in athletes.items()
    }
