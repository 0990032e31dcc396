"""The bytes of uploads: one file each, only ever appended to. Its size alone says how much has come.

Beside it lie a small picture of the film and who was found in it, once it was looked at.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rowsense.errors import OutputError
from rowsense.store.claims import ClubStore
from rowsense.store.file_lock import try_lock
from rowsense.store.files import FileStore
from rowsense.store.local_files import LocalFiles
from rowsense.store.places import data_folder

_BLOCK: Final = 1 << 18
_SUFFIX: Final = ".part"
_PICTURE: Final = ".jpg"
_PEOPLE: Final = ".people"
#: What is written before it gets the name of one of these.
_NEW: Final = ".new"
#: How long a lock is asked for that may be another's for a moment only [D].
_MOMENT_S: Final = 1.0


class BusyError(OutputError):
    """Somebody else is writing to this upload right now."""


@dataclass(frozen=True, slots=True)
class UploadFiles:
    """Files below ``root``, named by the keys of their uploads."""

    root: Path

    def path(self, key: uuid.UUID) -> Path:
        """Where it is, or will be."""
        return self.root / f"{key}{_SUFFIX}"

    def picture(self, key: uuid.UUID) -> Path:
        """Where its small picture is, a JPEG, or would be."""
        return self.root / f"{key}{_PICTURE}"

    def people(self, key: uuid.UUID) -> Path:
        """Where it says who was found in the film, as JSON, or would."""
        return self.root / f"{key}{_PEOPLE}"

    def size(self, key: uuid.UUID) -> int:
        """How many bytes have come; 0 where nothing has.

        Asked of the opened file: on a network's disk another machine's bytes are sure to be counted only then.
        """
        try:
            with self.path(key).open("rb") as file:
                return os.fstat(file.fileno()).st_size
        except FileNotFoundError:
            return 0

    def head(self, key: uuid.UUID, count: int) -> bytes:
        """The first bytes."""
        with self.path(key).open("rb") as file:
            return file.read(count)

    @contextmanager
    def writing(self, key: uuid.UUID) -> Iterator[Writer]:
        """Be the only one who appends to it while the block lasts; what was written is on the disk when it ends.

        Raises
        ------
        BusyError
            Somebody else is.
        OutputError
            It cannot be written.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path(key), os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        except OSError as error:
            raise OutputError(f"{self.root}: cannot be written ({error.strerror}); free some space") from error
        with os.fdopen(handle, "r+b", buffering=0) as file:
            if not try_lock(file):
                raise BusyError("this film is being sent from somewhere else right now; wait a moment")
            try:
                yield Writer(file.fileno(), file.seek(0, os.SEEK_END))
            finally:
                os.fsync(file.fileno())

    @contextmanager
    def looking_at(self, key: uuid.UUID) -> Iterator[bool]:
        """Be the only one of all servers who looks at it while the block lasts; whether it is so."""
        try:
            file = self.path(key).open("r+b")
        except OSError:  # it is gone, or cannot be read: its row says whose turn it is, and who looks says the rest
            yield True
            return
        with file:
            # A program that is being started holds, for a moment, what its parent has open.
            until_s = time.monotonic() + _MOMENT_S
            while not (free := try_lock(file)) and time.monotonic() < until_s:
                time.sleep(_MOMENT_S / 20)
            yield free

    def remove_film(self, key: uuid.UUID) -> None:
        """Remove the bytes, and who is in them; the picture stays. Nothing happens where there are none.

        On Windows they stay while somebody has them open; :func:`rowsense.store.uploads.expire` takes them later.
        """
        _remove(self.path(key), self.people(key))

    def remove(self, key: uuid.UUID) -> None:
        """Remove everything of it, likewise."""
        self.remove_film(key)
        _remove(self.picture(key))

    def listed(self) -> list[uuid.UUID]:
        """Of all films that are there."""
        return [uuid.UUID(path.stem) for path in self.root.glob(f"*{_SUFFIX}")]

    def keep_people(self, key: uuid.UUID, words: str) -> None:
        """Note who was found in a film, whole or not at all.

        Raises
        ------
        OSError
            It cannot be written.
        """
        # Two servers may have searched it at once.
        part = self.root / f"{key}{_PEOPLE}.{uuid.uuid4().hex[:8]}{_NEW}"
        try:
            part.write_text(words, encoding="utf-8")
            part.replace(self.people(key))
        finally:
            part.unlink(missing_ok=True)

    def half_written(self) -> list[Path]:
        """What a crash left of such a note, or of a picture."""
        return list(self.root.glob(f"*{_NEW}"))

    def beside(self) -> set[uuid.UUID]:
        """Of which there is a picture, or who was found."""
        return {uuid.UUID(path.stem) for end in (_PICTURE, _PEOPLE) for path in self.root.glob(f"*-*{end}")}

    def changed_s(self, key: uuid.UUID) -> float:
        """When something last came, as seconds since 1970; 0 where nothing has."""
        try:
            return self.path(key).stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def free_bytes(self) -> int:
        """What the disk has left."""
        place = next(folder for folder in (self.root, *self.root.parents) if folder.exists())
        return shutil.disk_usage(place).free


def _remove(*paths: Path) -> None:
    for path in paths:
        with suppress(PermissionError) if os.name == "nt" else nullcontext():
            path.unlink(missing_ok=True)


@dataclass(slots=True)
class Writer:
    """The end of a file."""

    _handle: int
    size: int

    def append(self, read: Callable[[int], bytes], most: int) -> None:
        """Write what ``read`` gives, at most ``most`` bytes. Where reading breaks off, what came before stays.

        Raises
        ------
        OutputError
            The disk takes no more.
        """
        while most > 0 and (block := read(min(_BLOCK, most))):
            most -= len(block)
            try:
                while block:
                    written = os.write(self._handle, block)
                    self.size += written
                    block = block[written:]
            except OSError as error:
                raise OutputError(f"the server cannot keep more of it ({error.strerror}); free some space") from error


def upload_files_of(store: ClubStore) -> UploadFiles:
    """Beside the store's files on the same disk, so that a film is moved in without being copied."""
    files = store.files
    if isinstance(files, LocalFiles):
        root = files.root.absolute()
        return UploadFiles(root.with_name(f"{root.name}-uploads"))
    # Several stores may share this user's data folder; each sweeps away what no row of its own names.
    named = hashlib.sha256(store.database.url.render_as_string().encode()).hexdigest()[:16]
    return UploadFiles(data_folder() / "uploads" / named)


def keep_film(source: Path, files: FileStore, key: str) -> None:
    """Have an upload's bytes in the file store, without copying them where that can be; ``source`` stays.

    Raises
    ------
    OutputError
        They cannot be stored.
    """
    if not (isinstance(files, LocalFiles) and files.link(source, key)):
        files.put(source, key)
