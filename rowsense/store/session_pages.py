"""Sessions that somebody may see, in pieces: the next one begins where the last one ended, whatever came meanwhile."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from rowsense.store.access import Action, Viewer, may
from rowsense.store.database import Database
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Analysis, Athlete, SquadAthlete, TrainingSession, Video
from rowsense.store.tagging import tagged, tags_of
from rowsense.store.viewers import likely, things_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sessions; what is left empty leaves nothing out."""

    athlete_id: uuid.UUID | None = None
    squad_id: uuid.UUID | None = None
    first: date | None = None
    last: date | None = None
    without: frozenset[uuid.UUID] = frozenset()
    tag: str = ""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session with its newest analysis."""

    session: TrainingSession
    athlete: Athlete
    analysis: Analysis
    video: Video | None
    tags: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[date, datetime, uuid.UUID]:
        """Where it stands in the list."""
        return self.session.rowed_on, self.session.created_at, self.session.id


def session_page(
    database: Database,
    viewer: Viewer,
    wanted: Wanted,
    limit: int,
    after: tuple[date, datetime, uuid.UUID] | None = None,
) -> tuple[tuple[SessionRow, ...], bool]:
    """Up to ``limit`` analysed sessions that ``viewer`` may see, the last rowed first; whether there are more."""
    with database.reading(ClubScope(viewer.club_id)) as unit:
        found: list[TrainingSession] = []
        for session in _allowed(unit, viewer, wanted, limit + 1, after):
            found.append(session)
            if len(found) > limit:
                break
        return _rows(unit, found[:limit]), len(found) > limit


def session_row(database: Database, viewer: Viewer, session_id: uuid.UUID) -> SessionRow | None:
    """One of them; None: there is none of this key, it has no analysis, or ``viewer`` may not see it."""
    with database.reading(ClubScope(viewer.club_id)) as unit:
        found = unit.scalar(_analysed(select(TrainingSession)).where(TrainingSession.id == session_id))
        if found is None:
            return None
        thing = things_of(unit, [found.athlete_id])[1][found.athlete_id]
        return _rows(unit, [found])[0] if may(viewer, Action.SEE, thing) else None


def analyses_of(database: Database, viewer: Viewer, session_id: uuid.UUID) -> tuple[Analysis, ...]:
    """All versions of a session that ``viewer`` may see, the newest first."""
    if session_row(database, viewer, session_id) is None:
        return ()
    with database.reading(ClubScope(viewer.club_id)) as unit:
        versions = select(Analysis).where(Analysis.session_id == session_id)
        return tuple(unit.scalars(versions.order_by(Analysis.version.desc())))


def analysis_named(database: Database, viewer: Viewer, analysis_id: uuid.UUID) -> Analysis | None:
    """An analysis of a session that ``viewer`` may see."""
    with database.reading(ClubScope(viewer.club_id)) as unit:
        found = unit.get(Analysis, analysis_id)
    return found if found is not None and session_row(database, viewer, found.session_id) is not None else None


def _allowed(
    unit: Session, viewer: Viewer, wanted: Wanted, at_once: int, after: tuple[date, datetime, uuid.UUID] | None
) -> Iterator[TrainingSession]:
    """In the order of the list. What is asked for is what is likely; ``may`` has the last word."""
    order = (TrainingSession.rowed_on.desc(), TrainingSession.created_at.desc(), TrainingSession.id.desc())
    asked = _chosen(_analysed(likely(viewer)), wanted).order_by(*order).limit(at_once)
    while True:
        here = unit.scalars(asked if after is None else asked.where(_beyond(*after))).all()
        things = things_of(unit, {session.athlete_id for session in here})[1]
        yield from (session for session in here if may(viewer, Action.SEE, things[session.athlete_id]))
        if len(here) < at_once:
            return
        after = (here[-1].rowed_on, here[-1].created_at, here[-1].id)


def _analysed(asked: Select[TrainingSession]) -> Select[TrainingSession]:
    return asked.where(exists().where(Analysis.session_id == TrainingSession.id))


def _chosen(asked: Select[TrainingSession], wanted: Wanted) -> Select[TrainingSession]:
    if wanted.athlete_id is not None:
        asked = asked.where(TrainingSession.athlete_id == wanted.athlete_id)
    if wanted.squad_id is not None:
        members = select(SquadAthlete.athlete_id).where(SquadAthlete.squad_id == wanted.squad_id)
        asked = asked.where(TrainingSession.athlete_id.in_(members))
    if wanted.tag:
        asked = asked.where(tagged(wanted.tag))
    if wanted.first is not None:
        asked = asked.where(TrainingSession.rowed_on >= wanted.first)
    if wanted.last is not None:
        asked = asked.where(TrainingSession.rowed_on <= wanted.last)
    return asked.where(TrainingSession.id.not_in(wanted.without)) if wanted.without else asked


def _beyond(rowed_on: date, created_at: datetime, key: uuid.UUID) -> ColumnElement[bool]:
    same_day = TrainingSession.rowed_on == rowed_on
    return (
        (TrainingSession.rowed_on < rowed_on)
        | (same_day & (TrainingSession.created_at < created_at))
        | (same_day & (TrainingSession.created_at == created_at) & (TrainingSession.id < key))
    )


def _rows(unit: Session, sessions: list[TrainingSession]) -> tuple[SessionRow, ...]:
    keys = [session.id for session in sessions]
    athletes = things_of(unit, {session.athlete_id for session in sessions})[0]
    # The highest version comes last and stays.
    versions = select(Analysis).where(Analysis.session_id.in_(keys)).order_by(Analysis.version)
    newest = {analysis.session_id: analysis for analysis in unit.scalars(versions)}
    films = {video.session_id: video for video in unit.scalars(select(Video).where(Video.session_id.in_(keys)))}
    tags = tags_of(unit, keys)
    return tuple(
        SessionRow(one, athletes[one.athlete_id], newest[one.id], films.get(one.id), tags.get(one.id, ()))
        for one in sessions
    )
