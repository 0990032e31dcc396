"""A session that is there analysed anew, with other settings: the version before stays. Light, as ``requests`` is."""

from __future__ import annotations

import uuid
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from rowsense.errors import StoreError
from rowsense.jobs.requests import AnalysisRequest, Settings, ask_for_analysis
from rowsense.store.database import Database
from rowsense.store.scope import ClubScope
from rowsense.store.tables import TrainingSession, Video

_NO_FILM: Final = "the film of this session was not kept, so it cannot be analysed again; send it again"
_TAKEN: Final = "this key is of another analysis; choose a new one for each"


def analyse_again(
    database: Database,
    scope: ClubScope,
    session_id: uuid.UUID,
    key: uuid.UUID,
    settings: Settings | None = None,
    *,
    overlay: bool = True,
) -> None:
    """Ask for a new version of a session's analysis, under the ``key`` that it will have; asking again asks once.

    Whether the viewer may is asked before.

    Raises
    ------
    StoreError
        The film is gone, or another analysis has the key.
    """
    try:
        with database.writing(scope) as unit:
            # Held until the job is there: a film that is dropped meanwhile, or goes with its session, is dropped after.
            session = unit.get(TrainingSession, session_id, with_for_update=True)
            film = unit.scalar(select(Video.file_key).where(Video.session_id == session_id))
            if session is None or film is None:
                raise StoreError(_NO_FILM)
            request = AnalysisRequest(
                session.athlete_id, session_id, key, overlay=overlay, settings=settings or {}
            )  # fmt: skip
            if ask_for_analysis(unit, request).payload != request.to_payload():
                raise StoreError(_TAKEN)
    except IntegrityError as error:  # in another club
        raise StoreError(_TAKEN) from error
