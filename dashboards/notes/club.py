"""What people of a club said, from its store. Asked once per request."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from flask import g
from werkzeug.exceptions import NotFound

from dashboards.accounts.viewing import signed_in_viewer, store, viewer
from dashboards.addresses import notes_address
from dashboards.sessions import SUFFIX
from rowsense.model import Felt
from rowsense.store.feelings import felt_of, to_be_asked
from rowsense.store.scope import ClubScope
from rowsense.store.tried_notes import cues_in
from rowsense.store.unread import unread


class ClubRemarks:
    """Of the sessions that the viewer may see."""

    are_kept = True

    def notes_address(self, key: str) -> str:
        """Beside the session's other data."""
        return notes_address(key)

    def unread(self) -> Mapping[str, int]:
        """By the sessions' keys; nobody who is not signed in has any."""
        if viewer() is None:
            return {}
        if "unread" not in g:
            counts = unread(store().database, signed_in_viewer())
            g.unread = {f"{key}{SUFFIX}": count for key, count in counts.items()}
        found: Mapping[str, int] = g.unread
        return found

    def to_be_asked(self) -> frozenset[str]:
        """For a rower, and of what she rowed lately."""
        if "to_be_asked" not in g:
            g.to_be_asked = frozenset(f"{key}{SUFFIX}" for key in to_be_asked(store().database, signed_in_viewer()))
        found: frozenset[str] = g.to_be_asked
        return found

    def felt(self, key: str) -> Felt | None:
        """As she said it before she saw the page."""
        return felt_of(store().database, signed_in_viewer(), session_id(key))

    def cues(self, key: str) -> Sequence[tuple[float, str]]:
        """As notes on the session say it."""
        with store().database.reading(ClubScope(signed_in_viewer().club_id)) as unit:
            return cues_in(unit, session_id(key))


def session_id(key: str) -> uuid.UUID:
    """The session that a key names.

    Raises
    ------
    NotFound
        The key names none. Behind the guard that does not happen.
    """
    try:
        return uuid.UUID(key.removesuffix(SUFFIX))
    except ValueError:
        raise NotFound from None
