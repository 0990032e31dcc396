"""Films as they were filmed: dropped by the club's rule while their session stays, or held in any case.

The film is the uploaded file and RowSense's copy of it without drawing, which lies beside it; a copy of before lies
among the files of an analysis. What is drawn on, stills and reports stay as
long as the session does.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, update

from rowsense.errors import StoreError
from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore, claimed, clear, keep, let_go
from rowsense.store.club_settings import kept_privacy
from rowsense.store.database import Database
from rowsense.store.files import prefix_of
from rowsense.store.film_copies import COPY
from rowsense.store.local_files import LocalFiles
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Analysis, AuditEntry, TrainingSession, Video
from rowsense.store.times_kept import Dates, film_ends


def drop_film(
    store: ClubStore,
    scope: ClubScope,
    session_id: uuid.UUID,
    why: Mapping[str, Any],
    by: uuid.UUID | None = None,
) -> bool:
    """Remove a session's film and its clean copies; whether there was one. Noted with ``why``.

    The copies go first: stopped in between, the film is still named and the next try goes on.

    Raises
    ------
    OutputError
        The files cannot be copied or removed now.
    """
    with store.database.reading(scope) as unit:
        analyses = unit.execute(
            select(Analysis.id, Analysis.file_prefix).where(Analysis.session_id == session_id)
        ).all()  # fmt: skip
    copies = [_drop_copy(store, scope, key, prefix) for key, prefix in analyses]
    with store.database.writing(scope) as unit:
        film = unit.scalar(select(Video).where(Video.session_id == session_id).with_for_update())
        prefixes = [] if film is None or film.file_key is None else [prefix_of(film.file_key)]
        if not prefixes and not any(copies):
            return False
        if film is not None:
            film.file_key = film.byte_count = None
        let_go(unit, prefixes)
        note = AuditEntry(actor_user_id=by, action="drop_film", subject_kind="sessions", subject_id=session_id)
        note.details = dict(why)
        unit.add(note)
    clear(store, prefixes)
    return True


def drop_unless_kept(store: ClubStore, scope: ClubScope, session_id: uuid.UUID) -> bool:
    """After an analysis: drop the film where the club keeps none and nobody holds the session; whether it was.

    One that was analysed before the club settled that waits, as for the sweep, until the change cannot be a slip.
    """
    now = datetime.now(UTC)
    with store.database.reading(scope) as unit:
        session, settled = unit.get(TrainingSession, session_id), kept_privacy(unit, scope)
        first = unit.scalar(select(func.min(Analysis.created_at)).where(Analysis.session_id == session_id))
    if session is None or session.held_at is not None or settled.privacy.keep_originals:
        return False
    # What was calibrated has no analysis, and is as what was analysed now.
    ends = film_ends(settled, Dates(session.rowed_on, session.created_at, first or now))
    return ends is not None and ends <= now and drop_film(store, scope, session_id, {"why": "originals are not kept"})


def hold(database: Database, viewer: Viewer, session_id: uuid.UUID, *, held: bool) -> None:
    """Keep a session and its film in any case, or let the club's times hold for it again.

    Raises
    ------
    StoreError
        The club has no such session.
    """
    with database.writing(ClubScope(viewer.club_id)) as unit:
        session = unit.get(TrainingSession, session_id)
        if session is None:
            raise StoreError("there is no such session in this club")
        if (session.held_at is not None) == held:
            return
        session.held_at = datetime.now(UTC) if held else None
        action = "hold" if held else "let_go"
        unit.add(
            AuditEntry(
                actor_user_id=viewer.user_id, action=action, subject_kind="sessions", subject_id=session_id, details={}
            )
        )


def _drop_copy(store: ClubStore, scope: ClubScope, analysis_id: uuid.UUID, prefix: str) -> bool:
    """Give an analysis a folder without the copy; whether there was one. A folder that is named is never changed."""
    names = [file.key.removeprefix(f"{prefix}/") for file in store.files.listed(prefix)]
    if COPY not in names:
        return False
    with claimed(store, scope, 1) as (new,):
        with store.files.fetch(prefix) as folder:
            for name in names:
                if name != COPY:
                    _put(store, folder / name, f"{new}/{name}")
        with store.database.writing(scope) as unit:
            naming = (
                update(Analysis)
                .where(Analysis.id == analysis_id, Analysis.file_prefix == prefix)
                .values(file_prefix=new)
                .returning(Analysis.id)
            )
            if unit.scalar(naming) is None:
                return False  # deleted meanwhile
            keep(unit, [new])
            let_go(unit, [prefix])
    clear(store, [prefix])
    return True


def _put(store: ClubStore, source: Any, key: str) -> None:
    if not (isinstance(store.files, LocalFiles) and store.files.link(source, key)):
        store.files.put(source, key)
