"""How long what is kept, by what a club has settled: told of one session, and carried out for all (the daily sweep)."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from rowsense.errors import RowSenseError
from rowsense.store.claims import ClubStore, recover
from rowsense.store.club_settings import PRIVACY, KeptPrivacy, Privacy, kept_privacy
from rowsense.store.database import Database
from rowsense.store.delete import delete_session
from rowsense.store.films_kept import drop_film
from rowsense.store.forgetting import forget_old
from rowsense.store.kept_bytes import kept_bytes
from rowsense.store.link_ends import end_old_links
from rowsense.store.paces import forget_full
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import Analysis, Club, ClubSettings, Job, TrainingSession, Video
from rowsense.store.tables.jobs import QUEUED, RUNNING
from rowsense.store.times_kept import Dates, film_ends, session_ends

_log = logging.getLogger("rowsense.jobs.keeping")
_ALL: Final = AllClubs("the daily sweep goes through all clubs")
_Asking = Select[uuid.UUID, uuid.UUID, object, datetime, datetime | None, str | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Keeping:
    """What holds for one session."""

    film_kept: bool
    """The film as it was filmed is there."""
    film_ends: datetime | None
    """None: with the session, or it is gone already."""
    session_ends: datetime | None
    """None: it stays."""
    held_at: datetime | None
    """Since when it is kept in any case; then neither of the above comes true."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep removed."""

    films: int = 0
    sessions: int = 0
    links: int = 0
    """Whose files went because they are over."""
    folders: int = 0
    """Left behind by what was stopped half-way."""
    rows: int = 0
    """Of what is of no use any more."""

    def words(self) -> str:
        """For the log; empty: nothing went."""
        said = (
            (self.films, "film"),
            (self.sessions, "session"),
            (self.links, "ended link"),
            (self.folders, "stray folder"),
            (self.rows, "old row"),
        )
        parts = [f"{count} {word}{'s' if count > 1 else ''}" for count, word in said if count]
        return f"times of keeping: {', '.join(parts)} removed" if parts else ""


def keeping_of(database: Database, scope: ClubScope, session_id: uuid.UUID) -> Keeping | None:
    """What holds for a session; None: the club has no such session. Who may see it is asked before."""
    with database.reading(scope) as unit:
        row = unit.execute(_asked().where(TrainingSession.id == session_id)).one_or_none()
        if row is None:
            return None
        kept = kept_privacy(unit, scope)
        film = row.file_key is not None
        return Keeping(
            film,
            film_ends(kept, _dates(row)) if film and row.held_at is None else None,
            session_ends(kept, _dates(row)) if row.held_at is None else None,
            row.held_at,
        )


def would_go(database: Database, scope: ClubScope, privacy: Privacy, now: datetime | None = None) -> tuple[int, int]:
    """How many films and sessions would be over by these settings as soon as their grace is: to be said before."""
    now, kept = now or datetime.now(UTC), KeptPrivacy(privacy, None)
    with database.reading(scope) as unit:
        rows = unit.execute(_asked().where(TrainingSession.held_at.is_(None))).all()
    sessions = {row.id for row in rows if _is_over(session_ends(kept, _dates(row)), now)}
    films = [row for row in rows if row.file_key is not None and row.id not in sessions]
    return sum(_is_over(film_ends(kept, _dates(row)), now) for row in films), len(sessions)


def sweep(store: ClubStore, now: datetime | None = None) -> Swept:
    """Remove what is over in every club. What cannot be removed now is said in the log and waits for the next sweep.

    A rower with a job that waits or runs is left out: it may need the film.
    """
    now = now or datetime.now(UTC)
    films = sessions = 0
    with store.database.reading(_ALL) as unit:
        clubs = unit.scalars(select(ClubSettings.club_id).where(ClubSettings.topic == PRIVACY)).all()
    for club_id in clubs:
        scope = ClubScope(club_id)
        for session_id, ends_film in _over(store.database, scope, now):
            try:
                films, sessions = _remove(store, scope, session_id, ends_film, films, sessions)
            except RowSenseError as error:
                _log.warning("times of keeping: session %s waits (%s)", session_id, error, extra={"club": str(club_id)})
    forget_full(store.database, now - timedelta(days=1))
    _look_up_sizes(store)
    links = end_old_links(store)
    return Swept(films, sessions, links, len(recover(store)), forget_old(store.database, now))


def _look_up_sizes(store: ClubStore) -> None:
    """So that whoever sends a film or opens the settings need not wait for it."""
    with store.database.reading(_ALL) as unit:
        clubs = unit.scalars(select(Club.id)).all()
    for club_id in clubs:
        kept_bytes(store, ClubScope(club_id))


def _remove(
    store: ClubStore, scope: ClubScope, session_id: uuid.UUID, ends_film: bool, films: int, sessions: int
) -> tuple[int, int]:
    with store.database.reading(scope) as unit:
        privacy = kept_privacy(unit, scope).privacy
    if ends_film:
        why = {"why": "films are kept for a time", "days": privacy.keep_films_days} if privacy.keep_originals else {}
        return films + drop_film(store, scope, session_id, why or {"why": "originals are not kept"}), sessions
    why = {"why": "sessions are kept for a time", "months": privacy.keep_sessions_months}
    delete_session(store, scope, session_id, why=why)
    return films, sessions + 1


def _over(database: Database, scope: ClubScope, now: datetime) -> Iterator[tuple[uuid.UUID, bool]]:
    """Sessions that are over (False) or whose film is (True)."""
    with database.reading(scope) as unit:
        found = _ends(unit, scope, now, _asked())
    for session_id in found:
        # Asked once more: those before it may have taken minutes, in which somebody held it or took a change back.
        with database.reading(scope) as unit:
            still = _ends(unit, scope, now, _asked().where(TrainingSession.id == session_id))
        yield from still.items()


def _ends(unit: Session, scope: ClubScope, now: datetime, asked: _Asking) -> dict[uuid.UUID, bool]:
    kept, busy = kept_privacy(unit, scope), _busy(unit)
    found = {}
    for row in unit.execute(asked.where(TrainingSession.held_at.is_(None))):
        if row.athlete_id in busy:
            continue
        if _is_over(session_ends(kept, _dates(row)), now):
            found[row.id] = False
        elif row.file_key is not None and _is_over(film_ends(kept, _dates(row)), now):
            found[row.id] = True
    return found


def _busy(unit: Session) -> set[uuid.UUID | None]:
    return set(unit.scalars(select(Job.athlete_id).where(Job.state.in_((QUEUED, RUNNING)))))


def _asked() -> _Asking:
    first = (
        select(Analysis.session_id, func.min(Analysis.created_at).label("analysed_at"))
        .group_by(Analysis.session_id)
        .subquery()
    )
    columns = (
        TrainingSession.id, TrainingSession.athlete_id, TrainingSession.rowed_on, TrainingSession.created_at,
        TrainingSession.held_at, Video.file_key, first.c.analysed_at,
    )  # fmt: skip
    asked = select(*columns).outerjoin(Video, Video.session_id == TrainingSession.id)
    return asked.outerjoin(first, first.c.session_id == TrainingSession.id)


def _dates(row: Row[*tuple[object, ...]]) -> Dates:
    return Dates(row.rowed_on, row.created_at, row.analysed_at)


def _is_over(ends: datetime | None, now: datetime) -> bool:
    return ends is not None and ends <= now
