"""The file of a backup: a ZIP with a manifest that names every member by its size and SHA-256.

It appears under its name when it is whole; until then it lies beside, in a folder that goes when the writing stops.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Final, Self

from rowsense.errors import OutputError, StoreError
from rowsense.store.whole_file import check_free
from rowsense.store.zip_stream import is_packed

FORMAT: Final = "rowsense backup 1"
MANIFEST: Final = "manifest.json"
_BLOCK: Final = 1 << 20
#: Called with the bytes that were read since the last call.
Counted = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a backup."""

    name: str
    byte_count: int
    sha256: str

    def __post_init__(self) -> None:
        parts = PurePosixPath(self.name).parts
        if not parts or ".." in parts or self.name.startswith("/") or "\\" in self.name or ":" in self.name:
            raise ValueError(f"{self.name!r} would lie outside of the store")
        if self.byte_count < 0 or len(self.sha256) != 64:
            raise ValueError(f"{self.name!r} has no proper size and SHA-256")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    rowsense_version: str
    revision: str
    """Of the tables."""
    database: str
    """``sqlite`` or ``postgresql``."""
    made_at: str
    """UTC, ISO 8601."""
    counts: dict[str, int]
    """Rows of some tables, for people."""
    members: tuple[Member, ...]
    left_out: tuple[str, ...] = ()
    """Members of what was deleted while the backup was made; they are not brought back."""
    missing: tuple[str, ...] = ()
    """Folders that rows name and that held nothing when the backup was made."""

    def to_json(self) -> str:
        """As it stands in the backup."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read it.

        Raises
        ------
        ValueError, KeyError, TypeError
            It is damaged, or none.
        """
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise ValueError(f"its form is {told['format']!r}; this version of RowSense reads {FORMAT!r}")
        values = {field.name: told[field.name] for field in fields(cls)}
        values["members"] = tuple(Member(**one) for one in told["members"])
        values["left_out"], values["missing"] = tuple(told["left_out"]), tuple(told["missing"])
        return cls(**values)


class ArchiveWriter:
    """Adds members to a backup that is being written."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self.members: dict[str, Member] = {}

    def add(self, name: str, source: IO[bytes], counted: Counted = lambda count: None) -> None:
        """Copy what can be read; its hash is taken on the way."""
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_STORED if is_packed(name) else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        digest, count = hashlib.sha256(), 0
        with self._packed.open(entry, "w", force_zip64=True) as written:
            for block in _blocks(source):
                written.write(block)
                digest.update(block)
                count += len(block)
                counted(len(block))
        self.members[name] = Member(name, count, digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest, as the last member."""
        self._packed.writestr(MANIFEST, manifest.to_json(), zipfile.ZIP_DEFLATED)


@contextmanager
def writing_archive(target: Path) -> Iterator[tuple[ArchiveWriter, Path]]:
    """A backup that is there when the block has ended well, and a folder for what is needed meanwhile.

    Raises
    ------
    OutputError
        Something is there already, or it cannot be written. Nothing half-written is left, unless the process is killed:
        then a folder ``.<name>.*.part`` stays, which can be deleted.
    """
    check_free(target)
    scratch = None
    try:
        scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
        part = scratch / "backup"
        with part.open("xb") as raw:
            part.chmod(0o600)
            with zipfile.ZipFile(raw, "w", compresslevel=1) as packed:
                yield ArchiveWriter(packed), scratch
            raw.flush()
            os.fsync(raw.fileno())
        part.rename(target)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror or error}); name another place") from error
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)


class ArchiveReader:
    """A backup that is open for reading."""

    def __init__(self, path: Path, packed: zipfile.ZipFile, manifest: Manifest) -> None:
        self.path, self.manifest, self._packed = path, manifest, packed

    def extract(self, member: Member, target: Path, counted: Counted = lambda count: None) -> None:
        """Write one member to ``target``.

        Raises
        ------
        StoreError
            It is not what the manifest says.
        """
        with target.open("wb") as written:
            self._read(member, written.write, counted)
            written.flush()
            os.fsync(written.fileno())

    def check(self, counted: Counted = lambda count: None) -> None:
        """Read everything and compare it with the manifest.

        Raises
        ------
        StoreError
            Something is damaged, missing or too much.
        """
        expected = {member.name for member in self.manifest.members} | set(self.manifest.left_out) | {MANIFEST}
        there = self._packed.namelist()
        twice = (name for name, count in Counter(there).items() if count > 1)
        odd = sorted(expected.symmetric_difference(there)) or sorted(twice)
        if len(there) != len(expected) or odd:
            raise _damaged(self.path, f"{odd[0] if odd else 'a member'} is missing or too much")
        for member in self.manifest.members:
            self._read(member, lambda block: None, counted)

    def _read(self, member: Member, take: Callable[[bytes], object], counted: Counted) -> None:
        digest, count = hashlib.sha256(), 0
        try:
            with self._packed.open(member.name) as source:
                for block in _blocks(source):
                    count += len(block)
                    if count > member.byte_count:
                        break
                    digest.update(block)
                    take(block)
                    counted(len(block))
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise _damaged(self.path, f"{member.name} cannot be read") from error
        if (count, digest.hexdigest()) != (member.byte_count, member.sha256):
            raise _damaged(self.path, f"{member.name} is not what was written")


@contextmanager
def reading_archive(path: Path) -> Iterator[ArchiveReader]:
    """Open a backup; its members are looked at by :meth:`ArchiveReader.check`.

    Raises
    ------
    StoreError
        It is not there, damaged, or no backup.
    """
    try:
        packed = zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise StoreError(f"{path}: is not there; name the file that `rowsense backup` wrote") from error
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror}); name the file of a backup") from error
    except zipfile.BadZipFile as error:
        raise _damaged(path, "it is no backup, or its end is missing") from error
    with packed:
        try:
            manifest = Manifest.from_json(packed.read(MANIFEST).decode("utf-8"))
        except (ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
            raise _damaged(path, f"its manifest cannot be read: {error}") from error
        yield ArchiveReader(path, packed, manifest)


def _blocks(source: IO[bytes]) -> Iterator[bytes]:
    while block := source.read(_BLOCK):
        yield block


def _damaged(path: Path, what: str) -> StoreError:
    return StoreError(f"{path}: is damaged ({what}); take another copy of this backup, or an older one")


def suggested_name(made_at: datetime) -> str:
    """How a backup is called where only its folder was named."""
    return f"rowsense-{made_at:%Y-%m-%d-%H%M%S}.backup"
