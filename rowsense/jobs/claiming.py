"""From an upload to a session whose film waits for its analysis: file, rows and job come together or not at all."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from pathlib import PurePath
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from rowsense.errors import OutputError, StoreError
from rowsense.jobs.requests import (
    AnalysisRequest,
    CalibrationRequest,
    Settings,
    ask_for_analysis,
    ask_for_calibration,
    kept_piece,
)
from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore, claimed, keep
from rowsense.store.film_kinds import HEAD_BYTES, suffix_of
from rowsense.store.filming import may_film
from rowsense.store.record import Piece
from rowsense.store.scope import ClubScope
from rowsense.store.tables import TrainingSession, Upload, Video
from rowsense.store.tables.uploads import CHECKING, CLAIMED, FILM_FACTS, READY, RECEIVING
from rowsense.store.upload_files import keep_film, upload_files_of
from rowsense.store.uploads import move_on, upload_of

_MOVED_ON: Final = "this film was claimed or taken away meanwhile; load the page again"


def claim(
    store: ClubStore,
    viewer: Viewer,
    key: uuid.UUID,
    piece: Piece,
    settings: Settings | None = None,
    *,
    calibration: bool = False,
) -> uuid.UUID | None:
    """Say who is in a film. The session's key; None: the film is not here yet, and it is done when it is.

    ``settings``: how it is to be analysed, where that is not as usual. ``calibration``: she poses in it, to be
    calibrated; the session holds the film only, and gets no analysis.

    Raises
    ------
    StoreError
        ``viewer`` may not bring in films of this athlete, or the upload is over or claimed.
    OutputError
        The film cannot be stored.
    """
    _check_may(store, viewer, piece)
    for _ in (RECEIVING, CHECKING, READY):  # it may move on meanwhile, as often as that
        row = upload_of(store, viewer, key)
        if row is None or row.state not in (RECEIVING, CHECKING, READY):
            break
        if row.state == READY:
            return _make_session(store, row, piece, settings or {}, calibration=calibration)
        if move_on(store, row, row.state, claim=kept_piece(piece, settings, calibration=calibration)):
            return None
    raise StoreError(_MOVED_ON)


def is_claimed_so(store: ClubStore, viewer: Viewer, key: uuid.UUID, piece: Piece, *, calibration: bool) -> bool:
    """Whether a film of the viewer's became a session, or a calibration, of this rower and day already."""
    with store.database.reading(ClubScope(viewer.club_id)) as unit:
        row = unit.scalar(select(Upload).where(Upload.id == key, Upload.user_id == viewer.user_id))
        session = None if row is None or row.session_id is None else unit.get(TrainingSession, row.session_id)
    if row is None or session is None or (row.job_id == session.id) != calibration:
        return False
    return (session.athlete_id, session.rowed_on) == (piece.athlete_id, piece.rowed_on)


def _check_may(store: ClubStore, viewer: Viewer, piece: Piece) -> None:
    with store.database.reading(ClubScope(viewer.club_id)) as unit:
        if not may_film(unit, viewer, piece.athlete_id):
            raise StoreError(
                "films of this rower cannot be taken: she is not one of yours, a junior without a guardian's consent, "
                "or her year of birth is not known"
            )


def _make_session(store: ClubStore, row: Upload, piece: Piece, settings: Settings, *, calibration: bool) -> uuid.UUID:
    uploads = upload_files_of(store)
    scope = ClubScope(row.club_id)
    session_id = uuid.uuid4()
    with claimed(store, scope, 1) as (prefix,):
        try:
            key = f"{prefix}/video{_suffix(row, uploads.head(row.id, HEAD_BYTES))}"
            keep_film(uploads.path(row.id), store.files, key)
        except (OSError, OutputError) as error:
            if uploads.path(row.id).exists():
                raise
            raise StoreError(_MOVED_ON) from error  # somebody else has claimed it
        with store.database.writing(scope) as unit:
            job_id = session_id if calibration else uuid.uuid4()
            _add(unit, row, session_id, job_id, piece, key)
            if calibration:
                request = CalibrationRequest(session_id, piece.athlete_id, piece.rowed_on, settings)
                ask_for_calibration(unit, request)
            else:
                ask_for_analysis(unit, AnalysisRequest(piece.athlete_id, session_id, job_id, settings=settings))
            keep(unit, [prefix])
    uploads.remove_film(row.id)
    return session_id


def _add(unit: Session, row: Upload, session_id: uuid.UUID, job_id: uuid.UUID, piece: Piece, key: str) -> None:
    unit.add(TrainingSession(id=session_id, **asdict(piece)))
    unit.flush()
    facts = {name: row.found[name] for name in FILM_FACTS}
    unit.add(Video(session_id=session_id, name=row.name, file_key=key, byte_count=row.byte_count, **facts))
    taking = (
        update(Upload)
        .where(Upload.id == row.id, Upload.state == READY)
        .values(state=CLAIMED, session_id=session_id, job_id=job_id, problem="", claim={})
        .returning(Upload.id)
    )
    if unit.scalar(taking) is None:
        raise StoreError(_MOVED_ON)


def _suffix(row: Upload, head: bytes) -> str:
    """As the file was called, where that is an ending; browsers and the film's page go by it."""
    named = PurePath(row.name).suffix.lower()
    return named if 1 < len(named) <= 5 and named[1:].isalnum() and named.isascii() else suffix_of(head)
