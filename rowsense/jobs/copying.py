"""The first stage of an analysis: a film that browsers do not play, or in which they miss frames, gets a copy.

So it can be watched while the rest goes on. The copy lies beside the film and is what the session's page shows
afterwards; a later analysis of the same film finds it there.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from rowsense.jobs.work import Work
from rowsense.model import VideoInfo
from rowsense.store.claims import ClubStore
from rowsense.store.film_copies import COPY, copy_key, keep_copy
from rowsense.store.tables import Video
from rowsense.video.copy import write_copy
from rowsense.video.steering import comes_to_every_frame


@dataclass(frozen=True, slots=True)
class _Film:
    """What the store knows of it."""

    key: str
    info: VideoInfo


def copy_first(
    work: Work, store: ClubStore, session_id: uuid.UUID, film: Path, progress: Callable[[float], None]
) -> bool:
    """Have a copy of a session's film where it needs one; whether browsers can be sent to every frame of it then.

    ``film``: the file on this machine. ``progress`` gets a share, 0..1, and may raise to stop.

    Raises
    ------
    VideoError, OutputError
        The film cannot be read, or the copy not be written.
    """
    known = _film(work, store, session_id, film)
    if known is None or comes_to_every_frame(film, known.info):
        return known is not None
    if store.files.size(copy_key(known.key)) is not None:
        return True
    made = work.folder / COPY
    if not made.is_file():  # an attempt that was killed may have left it, whole
        write_copy(film, known.info, made, lambda done, total: progress(done / total))
    kept = keep_copy(store, work.scope, session_id, known.key, made)
    made.unlink()
    return kept


def _film(work: Work, store: ClubStore, session_id: uuid.UUID, film: Path) -> _Film | None:
    with store.database.reading(work.scope) as unit:
        row = unit.scalar(select(Video).where(Video.session_id == session_id))
        if row is None or row.file_key is None:
            return None
        info = VideoInfo(
            path=film, sha256=row.sha256, codec=row.codec, width_px=row.width_px, height_px=row.height_px,
            rotation_deg=0, fps=row.fps, frame_count=None, duration_s=row.duration_s,
        )  # fmt: skip
        return _Film(row.file_key, info)
