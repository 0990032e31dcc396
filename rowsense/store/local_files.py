"""The file store in a folder of this machine."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rowsense.errors import OutputError
from rowsense.store.files import StoredFile, is_prefix
from rowsense.store.places import data_folder


def default_root() -> Path:
    """Beside the SQLite file in this user's data folder."""
    return data_folder() / "club-files"


@dataclass(frozen=True, slots=True)
class LocalFiles:
    """A :class:`~rowsense.store.files.FileStore` below ``root``, which is made with the first file."""

    root: Path
    lasting: bool = True
    """Whether what is put in outlives a power cut; what is thrown away anyway need not wait for the disk."""

    def put(self, source: Path, key: str) -> None:
        """Copy beside the place, flush, and rename."""
        target = self.root / key
        part = ""
        with opened(source) as read:
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                handle, part = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
                with os.fdopen(handle, "wb") as written:
                    shutil.copyfileobj(read, written, 1 << 20)
                    written.flush()
                    if self.lasting:
                        os.fsync(written.fileno())
                Path(part).replace(target)
                if self.lasting:
                    self._flush(target)
            except OSError as error:
                if part:
                    Path(part).unlink(missing_ok=True)
                raise OutputError(f"{target}: cannot be written ({error.strerror}); free some space") from error

    def link(self, source: Path, key: str) -> bool:
        """Have a file that nobody changes any more here too, without copying it; whether the disk can do that."""
        target = self.root / key
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(source, target)
            self._flush(target)
        except OSError:  # another disk, or one that knows no links
            return False
        return True

    def duplicate(self, key: str, other: str) -> None:
        """A second name for the file, or a copy."""
        if not self.link(self.root / key, other):
            self.put(self.root / key, other)

    def _flush(self, target: Path) -> None:
        for folder in (target.parent, *target.parent.relative_to(self.root).parents):
            _flush_folder(self.root / folder)

    @contextmanager
    def fetch(self, prefix: str, names: Collection[str] = ()) -> Iterator[Path]:
        """The folder itself."""
        folder = self.root / prefix
        missing = [name for name in names if not (folder / name).is_file()]
        if missing or not folder.is_dir():
            raise gone(str(folder / "".join(missing[:1])))
        yield folder

    def size(self, key: str) -> int | None:
        """As the disk says."""
        path = self.root / key
        return path.stat().st_size if path.is_file() else None

    def part(self, key: str, first: int, end: int) -> bytes:
        """Read from the place."""
        try:
            with (self.root / key).open("rb") as file:
                file.seek(first)
                return file.read(max(0, end - first))
        except FileNotFoundError as error:
            raise gone(str(self.root / key)) from error
        except OSError as error:
            raise OutputError(f"{self.root / key}: cannot be read ({error.strerror})") from error

    def listed(self, prefix: str = "") -> Iterator[StoredFile]:
        """Every file below the folder; what lies in the root itself is of no club."""
        for folder, _, names in os.walk(self.root / prefix):
            if Path(folder) == self.root:
                continue
            for name in names:
                path = Path(folder, name)
                try:
                    size = path.stat().st_size
                except FileNotFoundError:
                    continue  # removed since its folder was read
                yield StoredFile(path.relative_to(self.root).as_posix(), size)

    def remove(self, prefix: str) -> None:
        """Remove the folder."""
        if not is_prefix(prefix):
            raise ValueError(f"{prefix!r} is no folder of a club")
        while (self.root / prefix).exists():
            try:
                shutil.rmtree(self.root / prefix)
            except FileNotFoundError:
                continue  # another process removes it too, and was quicker with a file
            except OSError as error:
                raise OutputError(f"{self.root / prefix}: cannot be removed ({error.strerror})") from error


def opened(source: Path) -> BinaryIO:
    """A file to be copied into a store.

    Raises
    ------
    OutputError
        It cannot be read.
    """
    try:
        return source.open("rb")
    except OSError as error:
        raise OutputError(f"{source}: cannot be read ({error.strerror}), so it is not stored") from error


def gone(place: str) -> OutputError:
    """That something which the database names is not there."""
    return OutputError(f"{place}: is not there any more; bring it back from a backup")


def _flush_folder(folder: Path) -> None:
    """Make the names in it outlive a power cut, where the system can do that for a folder."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
