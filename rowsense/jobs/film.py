"""The film of a job as a file on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from rowsense.errors import UsageError
from rowsense.jobs.requests import AnalysisRequest
from rowsense.store.claims import ClubStore
from rowsense.store.files import prefix_of
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Video


@contextmanager
def film_of(store: ClubStore, scope: ClubScope, request: AnalysisRequest) -> Iterator[tuple[Path, str]]:
    """The file, as long as the block lasts, and what it was called where it came from.

    Raises
    ------
    UsageError
        The session's video was not kept.
    """
    if request.video is not None:
        yield request.video, request.video.name
        return
    with store.database.reading(scope) as unit:
        film = unit.scalar(select(Video).where(Video.session_id == request.session_id))
    key = None if film is None else film.file_key
    if film is None or key is None:
        raise UsageError("the session's video was not kept, so it cannot be analysed again; upload it again")
    name = key.removeprefix(f"{prefix_of(key)}/")
    with store.files.fetch(prefix_of(key), [name]) as folder:
        yield folder / name, film.name
