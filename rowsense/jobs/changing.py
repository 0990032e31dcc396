"""A session changed or deleted with its jobs: who is another rower's is analysed again as hers. Light, as ``queue``."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rowsense.errors import OutputError, StoreError
from rowsense.jobs.requests import ANALYZE, AnalysisRequest, Settings, ask_for_analysis, ask_for_report
from rowsense.jobs.stopping import cancel_within
from rowsense.store.access import Action, Viewer
from rowsense.store.change import Changed, change_session, mark_of
from rowsense.store.claims import ClubStore, clear
from rowsense.store.delete import delete_session
from rowsense.store.moved import Renamed, names_of, renamed_folders
from rowsense.store.scope import ClubScope
from rowsense.store.shown import shown_analysis
from rowsense.store.tables import Analysis, Job, TrainingSession, Video
from rowsense.store.tables.jobs import QUEUED, RUNNING
from rowsense.store.viewers import may_do


def change(
    store: ClubStore, viewer: Viewer, session_id: uuid.UUID, changes: Mapping[str, Any], mark: str = ""
) -> Changed:
    """Change what is known of a session; see :func:`rowsense.store.change.change_session`.

    Where it becomes another rower's, what analyses it now is stopped. In the same transaction a new analysis is asked
    for with the settings of the one that is shown, or, where the film is not kept, that its report is written anew.

    Raises
    ------
    StoreError
        As there.
    OutputError
        Its files cannot be written under the new name; nothing is changed.
    """
    with _renamed(store, viewer, session_id, changes) as renamed:
        try:
            changed = _change(store, viewer, session_id, changes, mark, renamed)
        except IntegrityError:
            # Somebody else made the same tag, or took the last session from it, at the same moment.
            changed = _change(store, viewer, session_id, changes, mark, renamed)
    # What is left of ended links opens nothing any more, and goes with the next sweep.
    with suppress(OutputError):
        clear(store, list(changed.folders))
    return changed


@contextmanager
def _renamed(
    store: ClubStore, viewer: Viewer, session_id: uuid.UUID, changes: Mapping[str, Any]
) -> Iterator[Renamed | None]:
    """The session's files under another rower's name, where it becomes hers; None: it does not, or may not."""
    scope, names = ClubScope(viewer.club_id), None
    if "athlete_id" in changes and may_do(store.database, viewer, Action.CHANGE, session_id):
        with store.database.reading(scope) as unit:
            session = unit.get(TrainingSession, session_id)
            if session is not None and session.athlete_id != changes["athlete_id"]:
                names = names_of(unit, session, changes["athlete_id"])
    if names is None:
        yield None
        return
    with renamed_folders(store, scope, session_id, names) as renamed:
        yield renamed


def _change(
    store: ClubStore,
    viewer: Viewer,
    session_id: uuid.UUID,
    changes: Mapping[str, Any],
    mark: str,
    renamed: Renamed | None,
) -> Changed:
    with store.database.writing(ClubScope(viewer.club_id)) as unit:
        changed = change_session(unit, viewer, session_id, changes, mark, renamed)
        if changed.moved:
            settings = _settings(unit, session_id)
            _stop(unit, session_id)
            session = unit.get_one(TrainingSession, session_id)
            film = unit.scalar(select(Video.file_key).where(Video.session_id == session_id))
            if film is not None:
                request = AnalysisRequest(session.athlete_id, session_id, uuid.uuid4(), settings=settings)
                ask_for_analysis(unit, request)
            elif shown_analysis(unit, session_id) is not None:
                ask_for_report(unit, session.athlete_id, session_id)
    return changed


def remove(store: ClubStore, viewer: Viewer, session_id: uuid.UUID, mark: str = "") -> None:
    """Delete a session with everything of it; what analyses it now is stopped.

    Raises
    ------
    MeanwhileError
        It is not what ``mark`` stands for any more.
    StoreError
        There is no such session, or ``viewer`` may not.
    OutputError
        The rows are gone, but not all files yet; they go with the next sweep.
    """
    if not may_do(store.database, viewer, Action.CHANGE, session_id):
        raise StoreError("there is no such session of yours")
    scope = ClubScope(viewer.club_id)
    with store.database.writing(scope) as unit:
        if mark:
            change_session(unit, viewer, session_id, {}, mark)
        _stop(unit, session_id)
    delete_session(store, scope, session_id, by=viewer.user_id)


def is_analysed_again(unit: Session, session_id: uuid.UUID) -> bool:
    """Whether an analysis of it waits or runs."""
    return next(_going(unit, session_id), None) is not None


def session_mark(store: ClubStore, viewer: Viewer, session_id: uuid.UUID) -> str:
    """What :func:`change` takes as ``mark``; empty: there is no such session."""
    with store.database.reading(ClubScope(viewer.club_id)) as unit:
        session = unit.get(TrainingSession, session_id)
        return "" if session is None else mark_of(unit, session)


def _stop(unit: Session, session_id: uuid.UUID) -> None:
    for job in _going(unit, session_id):
        cancel_within(unit, job)


def _going(unit: Session, session_id: uuid.UUID) -> Iterator[uuid.UUID]:
    asked = select(Job).where(Job.kind == ANALYZE, Job.state.in_((QUEUED, RUNNING)))
    for job in unit.scalars(asked).all():
        if job.payload.get("session_id") == str(session_id) and not job.cancel_requested:
            yield job.id


def _settings(unit: Session, session_id: uuid.UUID) -> Settings:
    """How the session is analysed: which of several people, how slow its motion is. Empty: as usual."""
    shown = shown_analysis(unit, session_id)
    if shown is None:
        return {}
    measured = select(Analysis.id).where(
        Analysis.session_id == session_id, Analysis.version == (shown.judges_version or shown.version)
    )
    key = unit.scalar(measured)
    job = None if key is None else unit.get(Job, key)
    settings: Settings = {} if job is None else dict(job.payload.get("settings", {}))
    return settings
