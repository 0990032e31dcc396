"""Delete an analysis or a session with everything that belongs to it: rows and a note of it at once, then the files.

What is deleted of a whole athlete is in :mod:`rowsense.store.erase`.

If that is stopped in between, or files cannot be removed now, :func:`rowsense.store.claims.recover` goes on.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.claims import ClubStore, clear, let_go
from rowsense.store.database import Database
from rowsense.store.files import prefix_of
from rowsense.store.jobs_over import about_session, give_up_jobs
from rowsense.store.link_ends import shared_folders
from rowsense.store.scope import ClubScope
from rowsense.store.shown import show_newest
from rowsense.store.tables import (
    Analysis,
    AuditEntry,
    MonitorFile,
    ShareLink,
    StoredCalibration,
    TrainingSession,
    Upload,
    Video,
)
from rowsense.store.upload_files import upload_files_of

_Deletable = type[Analysis] | type[TrainingSession]


def is_measured(database: Database, scope: ClubScope, session_id: uuid.UUID) -> bool:
    """Whether there is an analysis of a session, or a calibration by its film, whoever may see it."""
    with database.reading(scope) as unit:
        analysed = unit.scalar(select(Analysis.id).where(Analysis.session_id == session_id).limit(1))
        return analysed is not None or unit.get(StoredCalibration, session_id) is not None


def delete_analysis(store: ClubStore, scope: ClubScope, key: uuid.UUID, *, by: uuid.UUID | None = None) -> None:
    """Delete one version of a session's analysis; the others stay."""
    _delete(
        store, scope, Analysis, key, by,
        lambda unit: [*unit.scalars(_folders(Analysis.id == key)), *shared_folders(unit, ShareLink.analysis_id == key)],
    )  # fmt: skip


def delete_session(
    store: ClubStore,
    scope: ClubScope,
    key: uuid.UUID,
    *,
    by: uuid.UUID | None = None,
    why: Mapping[str, Any] | None = None,
) -> None:
    """Delete a session with its video, all analyses, links to it and what people wrote to it.

    ``why``: kept with the note.
    """
    with store.database.reading(scope) as unit:
        uploads = unit.scalars(select(Upload.id).where(Upload.session_id == key)).all()
    files_of = partial(_of_sessions, condition=TrainingSession.id == key)
    _delete(store, scope, TrainingSession, key, by, files_of, why or {})
    for upload in uploads:  # their pictures
        upload_files_of(store).remove(upload)


def _delete(
    store: ClubStore,
    scope: ClubScope,
    table: _Deletable,
    key: uuid.UUID,
    by: uuid.UUID | None,
    files_of: Callable[[Session], Sequence[str]],
    why: Mapping[str, Any] | None = None,
) -> None:
    """Rows, claims on their files and the note in one transaction; then the files.

    Raises
    ------
    StoreError
        The club has no such row.
    OutputError
        The rows are gone, but not all files yet.
    """
    with store.database.writing(scope) as unit:
        row = unit.get(table, key, with_for_update=True)
        if row is None:
            raise StoreError(f"there is nothing of the key {key} among the {table.__tablename__} of this club")
        prefixes = files_of(unit)
        if isinstance(row, TrainingSession):
            give_up_jobs(unit, about_session(key))
        unit.execute(delete(table).where(table.id == key))
        if isinstance(row, Analysis):
            show_newest(unit, row.session_id)
        let_go(unit, prefixes)
        note = AuditEntry(actor_user_id=by, action="delete", subject_kind=table.__tablename__, subject_id=key)
        note.details = dict(why or {})
        unit.add(note)
    store.database.forget_deleted()
    clear(store, prefixes)


def _of_sessions(unit: Session, condition: ColumnElement[bool]) -> list[str]:
    """Folders of the videos and analyses of some sessions, to which no more can be added from here on."""
    sessions = unit.scalars(select(TrainingSession.id).where(condition).with_for_update()).all()
    videos = unit.scalars(select(Video.file_key).where(Video.session_id.in_(sessions), Video.file_key.is_not(None)))
    folders = [prefix_of(str(key)) for key in videos]
    monitors = unit.scalars(select(MonitorFile.file_prefix).where(MonitorFile.session_id.in_(sessions)))
    shared = shared_folders(unit, ShareLink.session_id.in_(sessions))
    return [*unit.scalars(_folders(Analysis.session_id.in_(sessions))), *folders, *monitors, *shared]


def _folders(condition: ColumnElement[bool]) -> Select[str]:
    return select(Analysis.file_prefix).where(condition)
