"""The files of a session of a club: in a folder of this machine, or in a bucket, which gives what is asked for alone.

Nothing of them is kept on this machine after a request, so nothing has to be cleared away here when somebody is
deleted; what was measured in the last sessions that somebody looked at stays in memory, as for every library.
"""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import Response, g

from dashboards.accounts.viewing import store
from dashboards.player.films import COPY, ORIGINAL
from dashboards.sessions import stored_session
from dashboards.stored import send_stored
from rowsense.model import Session
from rowsense.store.film_copies import copy_key
from rowsense.store.viewers import SeenSession

#: What a session without positions is read from.
_MEASURED: Final = ("session.json", "frames.parquet")


@dataclass(frozen=True, slots=True)
class StoredFiles:
    """Of the newest analysis. Its folder is never changed: a newer analysis has another one."""

    seen: SeenSession

    @property
    def mark(self) -> str:
        """By the folder."""
        return hashlib.sha256(self.seen.file_prefix.encode()).hexdigest()[:32]

    def names(self) -> frozenset[str]:
        """Asked once per request."""
        prefix = self.seen.file_prefix
        known: dict[str, frozenset[str]] = g.setdefault("stored_names", {})
        if prefix not in known:
            listed = store().files.listed(prefix)
            known[prefix] = frozenset(file.key.removeprefix(f"{prefix}/") for file in listed)
        return known[prefix]

    def session(self) -> Session:
        """Of the last few sessions without asking the store."""
        return stored_session(self.seen.file_prefix, lambda: self.folder(*_MEASURED))

    def folder(self, *names: str) -> Path:
        """The folder of the store, or one of this request with copies of these files."""
        at_hand: dict[tuple[str, tuple[str, ...]], Path] = g.setdefault("fetched", {})
        asked = (self.seen.file_prefix, names)
        if asked not in at_hand:
            open_folders: ExitStack = g.setdefault("open_folders", ExitStack())
            at_hand[asked] = open_folders.enter_context(store().files.fetch(*asked)).resolve()
        return at_hand[asked]

    def part(self, name: str, first: int, end: int) -> bytes:
        """Nothing else is moved."""
        return store().files.part(f"{self.seen.file_prefix}/{name}", first, end)

    def sent(self, name: str) -> Response | None:
        """No more than is sent is read."""
        return send_stored(store().files, f"{self.seen.file_prefix}/{name}")

    def films(self) -> frozenset[str]:
        """The video from the store alone: what a session's file says of places on a disk is not believed."""
        return frozenset(kind for kind, key in self._films().items() if store().files.size(key) is not None)

    def sent_film(self, kind: str) -> Response | None:
        """The video, or the copy of it that an analysis made."""
        key = self._films().get(kind)
        return None if key is None else send_stored(store().files, key, "video/mp4")

    def _films(self) -> dict[str, str]:
        """Where they are, if they are there."""
        key = self.seen.video_key
        return {} if key is None else {ORIGINAL: key, COPY: copy_key(key)}
