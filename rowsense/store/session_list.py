"""The list of sessions that somebody may see: found by words, page by page, however many there are."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, exists, func, or_, select

from rowsense.store.access import Viewer
from rowsense.store.database import Database
from rowsense.store.scope import ClubScope
from rowsense.store.seen_athletes import SeenAthlete, athletes_for
from rowsense.store.tables import Analysis, TrainingSession, Video
from rowsense.store.viewers import SeenSession, likely, seen_of


def session_list(
    database: Database,
    viewer: Viewer,
    words: Sequence[str],
    first: int,
    most: int,
    called: Mapping[uuid.UUID, str] | None = None,
) -> tuple[tuple[SeenSession, ...], int]:
    """Analysed sessions, the last rowed first, from the ``first``-th on, and how many there are in all.

    ``words``: each is part of the rower's or of the film's name, in any case. ``called``: what stands for the rowers
    whose names are hidden; then nothing is found by what is not shown.
    """
    with database.reading(ClubScope(viewer.club_id)) as unit:
        rowers = athletes_for(unit, viewer)
        asked = likely(viewer).where(
            TrainingSession.athlete_id.in_([rower.id for rower in rowers]),
            exists().where(Analysis.session_id == TrainingSession.id),
            *(_named(word, rowers, called) for word in words),
        )
        total = unit.scalar(select(func.count()).select_from(asked.subquery())) or 0
        order = TrainingSession.rowed_on.desc(), TrainingSession.created_at.desc(), TrainingSession.id
        rows = unit.scalars(asked.order_by(*order).offset(first).limit(most)).all()
        return seen_of(unit, viewer, rows), total


def _named(word: str, rowers: Sequence[SeenAthlete], called: Mapping[uuid.UUID, str] | None) -> ColumnElement[bool]:
    """Names of rowers are looked through here: SQLite knows capitals of English only, which is enough for films."""
    folded = word.casefold()
    if called is not None:
        return TrainingSession.athlete_id.in_([key for key, name in called.items() if folded in name.casefold()])
    keys = [rower.id for rower in rowers if folded in rower.name.casefold()]
    film = exists().where(Video.session_id == TrainingSession.id, Video.name.icontains(word, autoescape=True))
    return or_(TrainingSession.athlete_id.in_(keys), film)
