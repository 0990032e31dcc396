"""The list of sessions that somebody may see: found by words, page by page, however many there are."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from rowsense.store.access import Viewer
from rowsense.store.behind import EVERY, RATES, Behind
from rowsense.store.database import Database
from rowsense.store.scope import ClubScope
from rowsense.store.season import at_rate
from rowsense.store.seen_athletes import SeenAthlete, athletes_for
from rowsense.store.tables import Analysis, TrainingSession, Video
from rowsense.store.tables import AnalysisQuantity as Row
from rowsense.store.tagging import tagged, tags_among
from rowsense.store.viewers import SeenSession, likely, seen_of


def session_list(
    database: Database,
    viewer: Viewer,
    words: Sequence[str],
    first: int,
    most: int,
    called: Mapping[uuid.UUID, str] | None = None,
    behind: Behind = EVERY,
    tag: str = "",
) -> tuple[tuple[SeenSession, ...], int]:
    """Analysed sessions, the last rowed first, from the ``first``-th on, and how many there are in all.

    ``words``: each is part of the rower's or of the film's name, in any case. ``called``: what stands for the rowers
    whose names are hidden; then nothing is found by what is not shown. ``behind``: only these.
    ``tag``: only sessions that have it.
    """
    with database.reading(ClubScope(viewer.club_id)) as unit:
        rowers = athletes_for(unit, viewer)
        asked = likely(viewer).where(
            TrainingSession.athlete_id.in_([rower.id for rower in rowers]),
            exists().where(Analysis.session_id == TrainingSession.id),
            *(_named(word, rowers, called) for word in words),
            *_behind(behind, rowers),
            *([tagged(tag)] if tag else []),
        )
        total = unit.scalar(select(func.count()).select_from(asked.subquery())) or 0
        order = TrainingSession.rowed_on.desc(), TrainingSession.created_at.desc(), TrainingSession.id
        rows = unit.scalars(asked.order_by(*order).offset(first).limit(most)).all()
        return seen_of(unit, viewer, rows), total


def tags_seen(unit: Session, viewer: Viewer) -> tuple[str, ...]:
    """The tags of all sessions that ``viewer`` may see, by the alphabet."""
    rowers = athletes_for(unit, viewer)
    return tags_among(unit, TrainingSession.athlete_id.in_([rower.id for rower in rowers]))


def _behind(behind: Behind, rowers: Sequence[SeenAthlete]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if behind.athlete is not None:
        conditions.append(TrainingSession.athlete_id == behind.athlete)
    if behind.squad is not None:
        hers = [rower.id for rower in rowers if behind.squad in {squad.id for squad in rower.squads}]
        conditions.append(TrainingSession.athlete_id.in_(hers))
    if behind.first is not None:
        conditions.append(TrainingSession.rowed_on >= behind.first)
    if behind.last is not None:
        conditions.append(TrainingSession.rowed_on <= behind.last)
    if behind.kind:
        conditions.append(TrainingSession.piece_kind == behind.kind)
    if behind.rate:
        conditions.append(TrainingSession.id.in_(at_rate(Row.session_id, RATES[behind.rate])))
    if behind.quantity:
        conditions.append(TrainingSession.id.in_(_measured(behind)))
    return conditions


def _measured(behind: Behind) -> Select[uuid.UUID]:
    asked = select(Row.session_id).where(Row.quantity == behind.quantity, Row.shown.is_(True))
    if behind.low is not None:
        asked = asked.where(Row.mean >= behind.low)
    return asked if behind.high is None else asked.where(Row.mean <= behind.high)


def _named(word: str, rowers: Sequence[SeenAthlete], called: Mapping[uuid.UUID, str] | None) -> ColumnElement[bool]:
    """Names of rowers are looked through here: SQLite knows capitals of English only, which is enough for films."""
    folded = word.casefold()
    if called is not None:
        return TrainingSession.athlete_id.in_([key for key, name in called.items() if folded in name.casefold()])
    keys = [rower.id for rower in rowers if folded in rower.name.casefold()]
    film = exists().where(Video.session_id == TrainingSession.id, Video.name.icontains(word, autoescape=True))
    return or_(TrainingSession.athlete_id.in_(keys), film)
