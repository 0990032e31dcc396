"""Where the files of a club's store lie: in folders that are named by keys of the database, whole or not at all.

A key is ``<club>/<folder>/<name>``; the database names the folders, never single files of one. Nobody's name is in it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

_PREFIX: Final = re.compile(r"[0-9a-f-]{36}/[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is there, half-written ones included: those have a name that nobody asked for."""

    key: str
    byte_count: int

    @property
    def prefix(self) -> str:
        """The folder that the database would name."""
        return prefix_of(self.key)


class FileStore(Protocol):
    """A local folder, or something that behaves like one. What is there can be read as soon as ``put`` returns."""

    def put(self, source: Path, key: str) -> None:
        """Copy a file in, whole or not at all; it outlives a power cut.

        Raises
        ------
        OutputError
            It cannot be written; nothing of it can be read.
        """

    def duplicate(self, key: str, other: str) -> None:
        """Have a file under another key too, without its content passing through here where that can be.

        Raises
        ------
        OutputError
            It is not there, or cannot be written.
        """

    def fetch(self, prefix: str, names: Collection[str] = ()) -> AbstractContextManager[Path]:
        """The files of a folder as a local folder, as long as the block lasts; only to be read.

        ``names``: those that are needed; empty: all.

        Raises
        ------
        OutputError
            One of ``names`` is not there, or nothing at all.
        """

    def size(self, key: str) -> int | None:
        """How many bytes a file has; None: it is not there.

        Raises
        ------
        OutputError
            That cannot be asked now.
        """

    def part(self, key: str, first: int, end: int) -> bytes:
        """Bytes ``first`` to ``end`` (half-open) of a file, fewer where it ends before; nothing else of it is moved.

        Raises
        ------
        OutputError
            It is not there, or cannot be read.
        """

    def listed(self, prefix: str = "") -> Iterator[StoredFile]:
        """Everything below a folder of any level, in no order."""

    def remove(self, prefix: str) -> None:
        """Remove a folder with all that is in it; nothing happens where there is none.

        Raises
        ------
        OutputError
            Something of it may be left; to be called again.
        """


def prefix_of(key: str) -> str:
    """The folder that a file lies in, of those that the database names."""
    return "/".join(key.split("/")[:2])


def new_prefix(club_id: uuid.UUID) -> str:
    """A folder that never was."""
    return f"{club_id}/{uuid.uuid4().hex}"


def is_prefix(prefix: str) -> bool:
    """Whether it may be removed: a folder of one club, never a club's or the root."""
    return _PREFIX.fullmatch(prefix) is not None
