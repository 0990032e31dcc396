"""A session's film as a browser shows it: the uploaded file itself, or RowSense's copy, which lies beside it.

The copy is in the folder of the film, so whatever keeps, copies or removes the film does the same to it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select

from rowsense.model.video import plays_in_browsers
from rowsense.store.claims import ClubStore, claimed
from rowsense.store.files import prefix_of
from rowsense.store.kept_bytes import say_size
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Video

#: RowSense's copy without drawing.
COPY: Final = "film.mp4"
#: The ways to see a film.
AS_COPY: Final = "copy"
AS_IT_CAME: Final = "original"


@dataclass(frozen=True, slots=True)
class FilmToWatch:
    """A film that a browser can show, whatever is known of what is in it."""

    kind: str
    """:data:`AS_COPY` or :data:`AS_IT_CAME`."""
    key: str
    """Of its file in the file store."""


def copy_key(film_key: str) -> str:
    """Where the copy of a film is, if there is one."""
    return f"{prefix_of(film_key)}/{COPY}"


def films_to_watch(
    store: ClubStore, scope: ClubScope, sessions: Collection[uuid.UUID]
) -> dict[uuid.UUID, tuple[FilmToWatch, ...]]:
    """How the films of sessions can be seen now, the best way first; none: not kept, or no browser plays it yet.

    Raises
    ------
    OutputError
        The file store cannot be asked.
    """
    if not sessions:
        return {}
    with store.database.reading(scope) as unit:
        asked = select(Video.session_id, Video.codec, Video.file_key)
        rows = unit.execute(asked.where(Video.session_id.in_(sessions), Video.file_key.is_not(None))).all()
    found = {}
    for session_id, codec, file_key in rows:
        key = str(file_key)
        ways = [FilmToWatch(AS_COPY, copy_key(key))] if store.files.size(copy_key(key)) is not None else []
        if plays_in_browsers(codec, key):
            ways.append(FilmToWatch(AS_IT_CAME, key))
        found[session_id] = tuple(ways)
    return found


def keep_copy(store: ClubStore, scope: ClubScope, session_id: uuid.UUID, film_key: str, copy: Path) -> bool:
    """Put a copy beside its film; whether the film is still kept.

    The bytes come in under a claim. Only while the row that names the film is held, so that nobody removes it, the
    file gets its place: a copy of a film that was removed meanwhile would be nobody's.

    Raises
    ------
    OutputError
        It cannot be stored.
    """
    with claimed(store, scope, 1) as (prefix,):
        store.files.put(copy, f"{prefix}/{COPY}")
        with store.database.writing(scope) as unit:
            named = unit.scalar(select(Video.file_key).where(Video.session_id == session_id).with_for_update())
            if named == film_key:
                store.files.duplicate(f"{prefix}/{COPY}", copy_key(film_key))
                folder = prefix_of(film_key)
                say_size(unit, scope, folder, tuple(store.files.listed(folder)))
    return named == film_key
