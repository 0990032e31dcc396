"""Where the sessions come from that the pages show: a folder of this computer, or a club's store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, cast

from flask import Flask, current_app

from dashboards.listing import PAGE, Listed, Wanted, numbers_for, part_of, wanted_of
from dashboards.session_files import FolderFiles, SessionFiles
from dashboards.sessions import SessionEntry, find_sessions, session_entry, session_folder
from dashboards.texts.reader import texts

_NAME = "rowsense-library"


class Library(Protocol):
    """Sessions by key. A key ends with ``.rowsense``; what is not to be seen is not there."""

    @property
    def where(self) -> str:
        """Where the sessions are, in the reader's words: ``in your club``."""

    @property
    def is_folder(self) -> bool:
        """Whether the reader can put sessions and films there herself."""

    @property
    def compares_rowers(self) -> bool:
        """Whether one rower may be held against another."""

    @property
    def hides_names(self) -> bool:
        """Whether rowers are numbers on every page, whatever the reader has chosen."""

    def entries(self) -> list[SessionEntry]:
        """The newest sessions, newest first; of a club not all."""

    def listed(self, wanted: Wanted, most: int = PAGE) -> Listed:
        """A page of all sessions, ``most`` from its first on."""

    def numbers(self) -> Mapping[str, str]:
        """What stands for a rower (:attr:`SessionEntry.rower`, else her name) where names are hidden."""

    def entry(self, key: str) -> SessionEntry | None:
        """One of them."""

    def judged(self, key: str) -> str:
        """By which catalogue a session was judged, in a sentence; empty: there is only one."""

    def files(self, key: str) -> SessionFiles | None:
        """The files of a session."""


@dataclass(frozen=True, slots=True)
class FolderLibrary:
    """The sessions below one folder."""

    root: Path

    @property
    def where(self) -> str:
        """The folder."""
        return texts()("shell.in_folder", folder=str(self.root))

    @property
    def is_folder(self) -> bool:
        """It is one."""
        return True

    @property
    def compares_rowers(self) -> bool:
        """The folder is one person's."""
        return True

    @property
    def hides_names(self) -> bool:
        """As is said for each page."""
        return False

    def entries(self) -> list[SessionEntry]:
        """All readable sessions."""
        return find_sessions(self.root)

    def listed(self, wanted: Wanted, most: int = PAGE) -> Listed:
        """A page of them."""
        return part_of(self.entries(), wanted, self.numbers() if wanted.names_hidden else None, most)

    def numbers(self) -> Mapping[str, str]:
        """By the names that were given; a rower more or less changes them."""
        return numbers_for(texts(), (str(entry.summary.get("athlete") or "") for entry in self.entries()))

    def entry(self, key: str) -> SessionEntry | None:
        """One readable session."""
        folder = session_folder(self.root, key)
        return None if folder is None else session_entry(self.root.resolve(), folder)

    def judged(self, key: str) -> str:
        """Its own words say it."""
        return ""

    def files(self, key: str) -> FolderFiles | None:
        """In the session's folder; nothing outside the root."""
        folder = session_folder(self.root, key)
        return None if folder is None else FolderFiles(folder, self.root)


def wanted_here(shelf: Library, search: str | None) -> Wanted:
    """What an address asks for; names are hidden too where the club hides them for everybody."""
    wanted = wanted_of(search)
    return replace(wanted, names_hidden=wanted.names_hidden or shelf.hides_names)


def use_library(server: Flask, library: Library) -> None:
    """Say where the pages of this server find sessions."""
    server.extensions[_NAME] = library


def library() -> Library:
    """The library of the server that answers."""
    return cast("Library", current_app.extensions[_NAME])
