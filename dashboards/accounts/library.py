"""The sessions of a club's store that the viewer may see, as the pages want them."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from contextlib import ExitStack

from flask import Flask, Response, g

from dashboards.accounts.session_files import StoredFiles
from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.library import library
from dashboards.listing import PAGE, Listed, Wanted
from dashboards.pages.club.view_model import names_of
from dashboards.sessions import SUFFIX, SessionEntry
from dashboards.texts.reader import texts
from rowsense.errors import OutputError
from rowsense.season.standing import session_words
from rowsense.store.club_policies import hides_names, read_policies
from rowsense.store.scope import ClubScope
from rowsense.store.seen_athletes import athletes_for
from rowsense.store.session_list import session_list, tags_seen
from rowsense.store.viewers import SeenSession, session_for, sessions_for

_log = logging.getLogger(__name__)


class ClubLibrary:
    """Sessions by ``<key>.rowsense``; what the viewer may not see is not there."""

    is_folder = False

    def __init__(self, server: Flask) -> None:
        server.teardown_appcontext(_let_go)
        server.register_error_handler(OutputError, _cannot_be_read)

    @property
    def compares_rowers(self) -> bool:
        """As the club has settled it."""
        return read_policies(store().database, ClubScope(signed_in_viewer().club_id)).compare_rowers

    @property
    def hides_names(self) -> bool:
        """As the club has settled it, but for a rower herself."""
        if "hides_names" not in g:
            viewer = signed_in_viewer()
            with store().database.reading(ClubScope(viewer.club_id)) as unit:
                g.hides_names = hides_names(unit, viewer)
        return bool(g.hides_names)

    @property
    def where(self) -> str:
        """The club."""
        return texts()("shell.in_your_club")

    def entries(self) -> list[SessionEntry]:
        """The viewer's list."""
        return [_entry(seen) for seen in sessions_for(store().database, signed_in_viewer())]

    def listed(self, wanted: Wanted, most: int = PAGE) -> Listed:
        """A page of all that the viewer may see."""
        called = {uuid.UUID(key): name for key, name in self.numbers().items()} if wanted.names_hidden else None
        viewer = signed_in_viewer()
        found, total = session_list(
            store().database, viewer, wanted.words, wanted.first, most, called, wanted.behind, wanted.tag
        )
        with store().database.reading(ClubScope(viewer.club_id)) as unit:
            return Listed(tuple(map(_entry, found)), total, tags_seen(unit, viewer))

    def numbers(self) -> Mapping[str, str]:
        """The same as on the pages of the season."""
        viewer = signed_in_viewer()
        with store().database.reading(ClubScope(viewer.club_id)) as unit:
            return {str(key): name for key, name in names_of(texts(), athletes_for(unit, viewer), hidden=True).items()}

    def entry(self, key: str) -> SessionEntry | None:
        """One of the viewer's list."""
        seen = self._seen(key)
        return None if seen is None else _entry(seen)

    def judged(self, key: str) -> str:
        """Of one that the viewer may see."""
        seen = self._seen(key)
        if seen is None:
            return ""
        with store().database.reading(ClubScope(signed_in_viewer().club_id)) as unit:
            return session_words(texts(), unit, seen.session_id)

    def files(self, key: str) -> StoredFiles | None:
        """The files of the newest analysis."""
        seen = self._seen(key)
        return None if seen is None else StoredFiles(seen)

    def _seen(self, key: str) -> SeenSession | None:
        known: dict[str, SeenSession | None] = g.setdefault("seen_sessions", {})
        if key not in known:
            session_id = _session_id(key)
            viewer = signed_in_viewer()
            known[key] = None if session_id is None else session_for(store().database, viewer, session_id)
        return known[key]


def shown_name(athlete_id: uuid.UUID, name: str) -> str:
    """What a rower is called on a page: a number where the club hides names."""
    shelf = club_library()
    return shelf.numbers().get(str(athlete_id), name) if shelf.hides_names else name


def writer_name(rower: uuid.UUID | None, name: str) -> str:
    """What somebody is called who wrote or made something; ``rower``: who it is, where her name is hidden."""
    return name if rower is None else club_library().numbers().get(str(rower), texts()("sessions.a_rower"))


def club_library() -> ClubLibrary:
    """The library of the server that answers, which is a club's."""
    found = library()
    assert isinstance(found, ClubLibrary)
    return found


def _session_id(key: str) -> uuid.UUID | None:
    """Of a key in its one spelling: what is known of sessions by key, is known by this one."""
    try:
        found = uuid.UUID(key.removesuffix(SUFFIX))
    except ValueError:
        return None
    return found if key == f"{found}{SUFFIX}" else None


def _entry(seen: SeenSession) -> SessionEntry:
    summary = {**seen.summary, "athlete": seen.athlete}
    return SessionEntry(
        f"{seen.session_id}{SUFFIX}",
        summary,
        seen.analysed_at.timestamp(),
        seen.rowed_on,
        rower=str(seen.athlete_id),
        tags=seen.tags,
    )


def _cannot_be_read(error: OutputError) -> Response:
    """The file store is away for now; a browser or a program asks again. Where that is stands in the log alone."""
    _log.warning("files cannot be read: %s", error)
    return Response(status=503, headers={"Retry-After": "10"})


def _let_go(error: BaseException | None) -> None:
    g.pop("open_folders", ExitStack()).close()
