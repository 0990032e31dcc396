"""The files of one session, as pages need them: those that are asked for, by name, and ranges of the large ones."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from flask import Response, send_file

from dashboards.player.films import ORIGINAL, original_of
from dashboards.sessions import light_session
from rowsense.errors import OutputError, RowSenseError
from rowsense.model import Session


class SessionFiles(Protocol):
    """Of a session that is to be seen. Where they lie elsewhere, only what is asked for comes here."""

    @property
    def mark(self) -> str:
        """Another one for other files."""

    def names(self) -> frozenset[str]:
        """All that are there, those in folders as ``folder/name``."""

    def session(self) -> Session:
        """What was measured, without the positions of joints and back.

        Raises
        ------
        RowSenseError
            It cannot be read.
        """

    def folder(self, *names: str) -> Path:
        """A folder of this machine that holds these files, to be read until the request ends.

        Raises
        ------
        OutputError
            One of them is not there.
        """

    def part(self, name: str, first: int, end: int) -> bytes:
        """Bytes ``first`` to ``end`` (half-open) of a file, fewer where it ends before.

        Raises
        ------
        OutputError
            It is not there, or cannot be read.
        """

    def sent(self, name: str) -> Response | None:
        """The answer to who asks for a file or a range of it; None: it is not there."""

    def films(self) -> frozenset[str]:
        """Which ways to see the film itself there are: ``original``, ``copy``."""

    def sent_film(self, kind: str) -> Response | None:
        """As ``sent``, of one of :meth:`films`."""


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """In a folder below ``root``."""

    place: Path
    root: Path

    @property
    def mark(self) -> str:
        """By when the session was written."""
        try:
            changed_ns = (self.place / "session.json").stat().st_mtime_ns
        except OSError:
            changed_ns = 0
        return hashlib.sha256(f"{self.place} {changed_ns}".encode()).hexdigest()[:32]

    def names(self) -> frozenset[str]:
        """What the disk says now."""
        found = (path for pattern in ("*", "faults/*") for path in self.place.glob(pattern) if path.is_file())
        return frozenset(path.relative_to(self.place).as_posix() for path in found)

    def session(self) -> Session:
        """Read again only when it was written again."""
        return light_session(self.place)

    def folder(self, *names: str) -> Path:
        """The folder itself."""
        for name in names:
            self._path(name)
        return self.place

    def part(self, name: str, first: int, end: int) -> bytes:
        """Read from the file."""
        try:
            with self._path(name).open("rb") as file:
                file.seek(first)
                return file.read(max(0, end - first))
        except OSError as error:
            raise OutputError(f"{self.place / name}: cannot be read ({error.strerror})") from error

    def sent(self, name: str) -> Response | None:
        """From the disk."""
        try:
            path = self._path(name)
        except OutputError:
            return None
        return send_file(path, conditional=True, max_age=0)

    def films(self) -> frozenset[str]:
        """The original, where it still is."""
        return frozenset([ORIGINAL] if self._original() is not None else [])

    def sent_film(self, kind: str) -> Response | None:
        """The original."""
        path = self._original() if kind == ORIGINAL else None
        return None if path is None else send_file(path, conditional=True, max_age=0, mimetype="video/mp4")

    def _original(self) -> Path | None:
        try:
            return original_of(self.session().video, self.place, self.root)
        except RowSenseError:
            return None

    def _path(self, name: str) -> Path:
        """Of a file in the folder; a link that leads out of it is none."""
        path = (self.place / name).resolve()
        if not (path.is_relative_to(self.place) and path.is_file()):
            raise OutputError(f"{name}: is not there; analyse the video again")
        return path
