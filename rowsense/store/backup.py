"""Back a whole store up into one file, while the server runs.

Rows are read first, then the files that they name. A folder that rows named before and after it was copied was whole
all the time, because rows go before their files. What was deleted meanwhile is not brought back by a restore.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import rowsense
from rowsense.errors import OutputError, StoreError
from rowsense.store.archive import ArchiveWriter, Manifest, reading_archive, suggested_name, writing_archive
from rowsense.store.claims import ClubStore
from rowsense.store.database import Database
from rowsense.store.files import StoredFile
from rowsense.store.opening import check_there, open_files
from rowsense.store.places import SECRET, StorePlace
from rowsense.store.snapshot import Snapshot, named_now, take_snapshot

#: Where in a backup the parts are.
ROWS: Final = "database/"
KEPT: Final = "files/"
#: Rows are read anew as often, where sessions are deleted while they are copied [D].
_MOST_TRIES: Final = 5
#: Called with the bytes that are done and those of all.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What was written."""

    path: Path
    byte_count: int
    manifest: Manifest


def back_up(
    place: StorePlace, target: Path, progress: Progress = lambda done, total: None, *, with_secret: bool = False
) -> BackedUp:
    """Write a backup to ``target``, or under a name of its own into the folder ``target``.

    ``with_secret``: also what the browsers' sessions are signed with. Who has it next to a copy of the store is a step
    nearer to passing for somebody else; without it everybody signs in again after a restore, and nothing is lost.

    Raises
    ------
    StoreError
        There is no store, or one of a newer version.
    OutputError
        The backup cannot be written, or files cannot be read. Nothing is left of it.
    """
    made_at = datetime.now(UTC)
    path = target / suggested_name(made_at) if target.is_dir() else target
    check_there(place.url)
    with Database(place.url) as database, writing_archive(path) as (archive, scratch):
        copying = _Copying(ClubStore(database, open_files(place.files)), archive, scratch, progress)
        snapshot = copying.everything()
        for file in snapshot.files:
            with file.open("rb") as source:
                archive.add(f"{ROWS}{file.name}", source, copying.counted)
        if with_secret:
            _add_secret(place, archive)
        named = {name: one for name, one in archive.members.items() if copying.belongs(name, snapshot)}
        manifest = Manifest(
            rowsense_version=rowsense.__version__,
            revision=snapshot.revision,
            database=snapshot.kind,
            made_at=made_at.isoformat(timespec="seconds"),
            counts=snapshot.counts,
            members=tuple(named.values()),
            left_out=tuple(name for name in archive.members if name not in named),
            missing=tuple(sorted(snapshot.prefixes - copying.copied)),
        )
        archive.finish(manifest)
    return BackedUp(path, path.stat().st_size, manifest)


def check_backup(path: Path, progress: Progress = lambda done, total: None) -> Manifest:
    """Read a backup from end to end.

    Raises
    ------
    StoreError
        It is damaged or none.
    """
    with reading_archive(path) as archive:
        archive.check(counter(progress, sum(member.byte_count for member in archive.manifest.members)))
        return archive.manifest


def counter(progress: Progress, total: int) -> Callable[[int], None]:
    """Adds up what comes in pieces."""
    done = 0

    def counted(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    return counted


class _Copying:
    """The files of a store on their way into a backup."""

    def __init__(self, store: ClubStore, archive: ArchiveWriter, scratch: Path, progress: Progress) -> None:
        self._store, self._archive, self._scratch, self._progress = store, archive, scratch, progress
        self.copied: set[str] = set()
        self.counted: Callable[[int], None] = lambda count: None

    def everything(self) -> Snapshot:
        """Copy files until they fit rows that are all still there; gives those rows."""
        for number in range(_MOST_TRIES):
            folder = self._scratch / f"rows-{number}"
            folder.mkdir()
            snapshot = take_snapshot(self._store.database, folder)
            self._copy(snapshot)
            if snapshot.prefixes <= named_now(self._store.database):
                return snapshot
            shutil.rmtree(folder)
        raise StoreError("sessions are being deleted all the time; make the backup when that is over")

    def belongs(self, name: str, snapshot: Snapshot) -> bool:
        """Whether a member is to be brought back: everything but files that no row names any more."""
        return not name.startswith(KEPT) or _prefix(name) in snapshot.prefixes

    def _copy(self, snapshot: Snapshot) -> None:
        wanted = snapshot.prefixes - self.copied
        files = [file for file in self._store.files.listed() if file.prefix in wanted]
        self._make_sure_of_room(snapshot, files)
        keys: dict[str, list[str]] = {}
        for file in files:
            keys.setdefault(file.prefix, []).append(file.key)
        for prefix, names in sorted(keys.items()):
            if self._copy_folder(prefix, sorted(names)):
                self.copied.add(prefix)

    def _copy_folder(self, prefix: str, keys: list[str]) -> bool:
        """Whether it was there."""
        try:
            with self._store.files.fetch(prefix) as folder:
                for key in keys:
                    with (folder / key.removeprefix(f"{prefix}/")).open("rb") as source:
                        self._archive.add(f"{KEPT}{key}", source, self.counted)
        except (FileNotFoundError, OutputError):
            if prefix in named_now(self._store.database):
                raise
            return False
        return True

    def _make_sure_of_room(self, snapshot: Snapshot, files: list[StoredFile]) -> None:
        total = sum(file.byte_count for file in files) + sum(file.stat().st_size for file in snapshot.files)
        free = shutil.disk_usage(self._scratch).free
        if total > free:
            raise OutputError(
                f"{self._scratch.parent}: has {free / 1e9:.1f} GB free, and the backup may need {total / 1e9:.1f} GB; "
                "name another place"
            )
        self.counted = counter(self._progress, total)


def _prefix(name: str) -> str:
    return "/".join(name.removeprefix(KEPT).split("/")[:2])


def _add_secret(place: StorePlace, archive: ArchiveWriter) -> None:
    path = (place.folder or Path()) / SECRET
    if place.folder is None or not path.is_file():
        raise StoreError(f"{SECRET}: there is none beside this store; leave --with-secret out")
    with path.open("rb") as source:
        archive.add(SECRET, source)
