"""Reference strokes: one of each rower, chosen by her or who coaches her, and one of the club, chosen by who coaches.

Who may choose with the session is asked before (:func:`rowsense.store.viewers.may_do`). The club's is shown to all in
it, unless the club compares no rowers: without name, day and film, only where the body is.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from rowsense.store.access import Viewer
from rowsense.store.club_policies import policies_of
from rowsense.store.database import Database
from rowsense.store.holding import hold_club
from rowsense.store.scope import ClubScope
from rowsense.store.tables import (
    ADMINISTRATOR,
    CLUB_REFERENCE,
    OWN_REFERENCE,
    AuditEntry,
    ReferenceStroke,
    TrainingSession,
)
from rowsense.store.viewers import SeenSession, seen_of


@dataclass(frozen=True, slots=True)
class Reference:
    """A stroke that was chosen."""

    whose: str
    """One of ``REFERENCES``."""
    session_id: uuid.UUID
    athlete_id: uuid.UUID
    rowed_on: date
    time_s: float
    """A moment in it, from the first frame of the video."""


def references_of(database: Database, viewer: Viewer, session_id: uuid.UUID) -> tuple[Reference, ...]:
    """What a session may be held against: its rower's own reference first, then the club's."""
    scope = ClubScope(viewer.club_id)
    with database.reading(scope) as unit:
        session = unit.get(TrainingSession, session_id)
        if session is None:
            return ()
        own = _chosen(unit, OWN_REFERENCE, session.athlete_id)
        club = _chosen(unit, CLUB_REFERENCE)
        if club is not None and club.athlete_id != session.athlete_id and not policies_of(unit, scope).compare_rowers:
            club = None
        if club is not None and _as_the_club(unit, viewer, club) is None:
            club = None  # withheld: of a junior whose guardian has not agreed
        return tuple(one for one in (own, club) if one is not None)


def club_reference(database: Database, viewer: Viewer) -> tuple[Reference, SeenSession] | None:
    """The club's, with its session, for everybody in the club; None: there is none, or it is not shown.

    ``viewer`` need not be allowed to see the session: what is handed on of it is where the body was in one stroke.
    """
    scope = ClubScope(viewer.club_id)
    with database.reading(scope) as unit:
        found = _chosen(unit, CLUB_REFERENCE)
        if found is None or (found.athlete_id != viewer.athlete_id and not policies_of(unit, scope).compare_rowers):
            return None
        seen = _as_the_club(unit, viewer, found)
        return None if seen is None else (found, seen)


def choose(database: Database, viewer: Viewer, session_id: uuid.UUID, whose: str, time_s: float) -> bool:
    """Make a stroke the reference in place of the one before. False: the session is gone, or the club compares none."""
    scope = ClubScope(viewer.club_id)
    with database.writing(scope) as unit:
        session = unit.get(TrainingSession, session_id)
        if session is None or (whose == CLUB_REFERENCE and not policies_of(unit, scope).compare_rowers):
            return False
        hold_club(unit, viewer.club_id)  # two at once would both find none that gives way
        _drop(unit, whose, session.athlete_id)
        unit.add(ReferenceStroke(session_id=session_id, whose=whose, time_s=time_s))
        if whose == CLUB_REFERENCE:
            unit.add(_noted(viewer, session_id, chosen=True))
    return True


def take_back(database: Database, viewer: Viewer, session_id: uuid.UUID, whose: str) -> None:
    """There is none any more, of the session's rower or of the club."""
    with database.writing(ClubScope(viewer.club_id)) as unit:
        session = unit.get(TrainingSession, session_id)
        if session is not None and _drop(unit, whose, session.athlete_id) and whose == CLUB_REFERENCE:
            unit.add(_noted(viewer, session_id, chosen=False))


def _chosen(unit: Session, whose: str, athlete_id: uuid.UUID | None = None) -> Reference | None:
    asked = (
        select(ReferenceStroke, TrainingSession)
        .join(TrainingSession, TrainingSession.id == ReferenceStroke.session_id)
        .where(ReferenceStroke.whose == whose)
        .order_by(ReferenceStroke.created_at.desc())
    )
    if athlete_id is not None:
        asked = asked.where(TrainingSession.athlete_id == athlete_id)
    found = unit.execute(asked.limit(1)).first()
    if found is None:
        return None
    row, session = found
    return Reference(whose, session.id, session.athlete_id, session.rowed_on, row.time_s)


def _drop(unit: Session, whose: str, athlete_id: uuid.UUID) -> bool:
    """Whether there was one."""
    asked = delete(ReferenceStroke).where(ReferenceStroke.whose == whose)
    if whose == OWN_REFERENCE:
        hers = select(TrainingSession.id).where(TrainingSession.athlete_id == athlete_id)
        asked = asked.where(ReferenceStroke.session_id.in_(hers))
    return bool(unit.execute(asked.returning(ReferenceStroke.session_id)).all())


def _as_the_club(unit: Session, viewer: Viewer, reference: Reference) -> SeenSession | None:
    """Its session as an administrator sees it."""
    everybody = Viewer(viewer.user_id, viewer.club_id, ADMINISTRATOR)
    session = unit.get(TrainingSession, reference.session_id)
    return next(iter(seen_of(unit, everybody, [] if session is None else [session])), None)


def _noted(viewer: Viewer, session_id: uuid.UUID, *, chosen: bool) -> AuditEntry:
    return AuditEntry(
        actor_user_id=viewer.user_id, action="reference" if chosen else "no_reference", subject_kind="sessions",
        subject_id=session_id,
    )  # fmt: skip
