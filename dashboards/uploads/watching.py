"""Films of uploads that can be watched before their analysis is done: as they came, or the copy that it makes first."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from contextlib import suppress

from flask import Response, abort, url_for

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.stored import keep_range_short, send_stored
from dashboards.uploads.sending import one, uploads
from rowsense.errors import OutputError
from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore
from rowsense.store.film_copies import FilmToWatch, films_to_watch
from rowsense.store.filming import rowed_in
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Upload


@uploads.get("/uploads/<uuid:key>/film/<string:kind>")
def film(key: uuid.UUID, kind: str) -> Response:
    """A film of a session that the viewer may see, in ranges.

    The kind stands in the address: parts of a copy are never put behind parts of what came.
    """
    session_id = one(key).session_id
    viewer = signed_in_viewer()
    if session_id is None or not rowed_in(store().database, viewer, {session_id}):
        abort(404)
    ways = films_to_watch(store(), ClubScope(viewer.club_id), {session_id}).get(session_id, ())
    way = next((way for way in ways if way.kind == kind), None)
    if way is None:
        abort(404)
    keep_range_short()
    return send_stored(store().files, way.key, "video/mp4") or abort(404)


def ways_to_watch(
    club_store: ClubStore, viewer: Viewer, sessions: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, tuple[FilmToWatch, ...]]:
    """How films of sessions that the viewer may see can be watched; none while the file store cannot be asked."""
    with suppress(OutputError):
        return films_to_watch(club_store, ClubScope(viewer.club_id), sessions)
    return {}


def film_address(row: Upload, ways: tuple[FilmToWatch, ...]) -> str:
    """Of the best way; empty: there is none."""
    return url_for("uploads.film", key=row.id, kind=ways[0].kind) if ways else ""
