"""What people said about sessions, as the pages show it. In a folder nobody is signed in, and nobody said anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from flask import Flask, current_app, has_app_context

from dashboards.texts.reader import texts
from rowsense.model import Felt

_NAME = "rowsense-remarks"


class Remarks(Protocol):
    """Said by and to the viewer, by the sessions' keys."""

    @property
    def are_kept(self) -> bool:
        """Whether anybody can say anything here."""

    def notes_address(self, key: str) -> str:
        """Where a session's notes are asked for; empty: there are none here."""

    def unread(self) -> Mapping[str, int]:
        """Notes that the viewer has not read, by session; the session with the newest first."""

    def to_be_asked(self) -> frozenset[str]:
        """The viewer's own sessions in which she has not said yet what she felt."""

    def felt(self, key: str) -> Felt | None:
        """What the rower said she felt."""

    def cues(self, key: str) -> Sequence[tuple[float, str]]:
        """What was tried from a moment of the film on: seconds, and the words, which may be empty."""


class NoRemarks:
    """Where nobody signs in."""

    are_kept = False

    def notes_address(self, key: str) -> str:
        """Nowhere."""
        return ""

    def unread(self) -> Mapping[str, int]:
        """None."""
        return {}

    def to_be_asked(self) -> frozenset[str]:
        """None."""
        return frozenset()

    def felt(self, key: str) -> Felt | None:
        """Nothing that is not in the session itself."""
        return None

    def cues(self, key: str) -> Sequence[tuple[float, str]]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class Bell:
    """The mark in the head of every page."""

    count: int
    """Notes to be read."""
    to: str
    """Address of the page that shows the first of them."""
    words: str
    """The count and what is counted."""


def bell(said: Remarks) -> Bell:
    """The mark for what the viewer has not read."""
    counts = said.unread()
    to = f"/session/{next(iter(counts))}#notes" if len(counts) == 1 else "/"
    count = sum(counts.values())
    return Bell(count, to, texts()("shell.new_notes", n=count))


def use_remarks(server: Flask, said: Remarks) -> None:
    """Say what the pages of this server show."""
    server.extensions[_NAME] = said


def remarks() -> Remarks:
    """Those of the server that answers."""
    found = current_app.extensions.get(_NAME) if has_app_context() else None
    return cast("Remarks", found) if found is not None else NoRemarks()
