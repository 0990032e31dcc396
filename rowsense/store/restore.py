"""Bring a backup back into an empty store. All of it is compared with its manifest before anything is written."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import delete, inspect, select, text

from rowsense.errors import OutputError, StoreError
from rowsense.store.archive import ArchiveReader, Manifest, Member, reading_archive
from rowsense.store.backup import KEPT, ROWS, Progress, counter
from rowsense.store.claims import ClubStore, recover
from rowsense.store.database import POSTGRESQL, SQLITE, Database, store_url
from rowsense.store.files import FileStore, is_prefix, prefix_of
from rowsense.store.migrate import checked_revision, known_revisions, upgrade
from rowsense.store.opening import open_files
from rowsense.store.places import SECRET, StorePlace
from rowsense.store.scope import SCOPE, WRITES, AllClubs
from rowsense.store.snapshot import fill_from, is_bare
from rowsense.store.tables import ApiToken, AuditEntry, Club, Mail, OneTimeLink, SignIn

#: What a restore that was killed leaves beside the database; the next one clears it.
_STAGED: Final = ".restoring-"
_KEY: Final = re.compile(r"[0-9a-f-]{36}/[0-9a-f]{32}(/[^/]+)+")


def restore(path: Path, place: StorePlace, progress: Progress = lambda done, total: None) -> Manifest:
    """Bring back a backup, with the tables brought up to what this version of RowSense knows.

    Links that work once and tokens of programs are void afterwards and, where the backup has no secret, everybody
    signs in again.

    Raises
    ------
    StoreError
        The backup is damaged, of a newer version or of the other kind of database, or the store is not empty.
    OutputError
        Files cannot be written. Then nothing of it is left; after a kill, the same restore can be started again.
    """
    with reading_archive(path) as archive:
        manifest = archive.manifest
        _check_fits(archive, place)
        files = open_files(place.files)
        _check_empty(manifest, place, files)
        total = 2 * sum(member.byte_count for member in manifest.members)
        counted = counter(progress, total)
        archive.check(counted)
        with _Restoring(archive, place, files, counted) as work:
            work.bring_files()
            work.bring_rows()
            work.bring_secret()
    return manifest


class _Restoring:
    """Takes back what it wrote, where it is stopped before the rows are there."""

    def __init__(
        self, archive: ArchiveReader, place: StorePlace, files: FileStore, counted: Callable[[int], None]
    ) -> None:
        self._archive, self._place, self._files, self._counted = archive, place, files, counted
        # Of a store whose database was lost, or of an attempt before this one: not ours to remove.
        ours, there = {_key(member) for member in _kept(archive.manifest)}, list(files.listed())
        self._before = {file.prefix for file in there}
        self._half = {file.prefix for file in there if file.key not in ours}
        self._done = False

    def __enter__(self) -> _Restoring:
        parent = _folder_of(self._place)
        if parent is not None:
            parent.mkdir(parents=True, exist_ok=True)
            for left in parent.glob(f"{_STAGED}*"):
                shutil.rmtree(left, ignore_errors=True)
        for prefix in self._half:
            self._files.remove(prefix)
        self._scratch = Path(tempfile.mkdtemp(prefix=_STAGED, dir=parent))
        return self

    def __exit__(self, *problem: object) -> None:
        shutil.rmtree(self._scratch, ignore_errors=True)
        if not self._done:
            for prefix in {prefix_of(_key(member)) for member in _kept(self._archive.manifest)} - self._before:
                self._files.remove(prefix)

    def bring_files(self) -> None:
        """Every file, whole or not at all."""
        part = self._scratch / "file"
        for member in _kept(self._archive.manifest):
            self._archive.extract(member, part, self._counted)
            self._files.put(part, _key(member))
        part.unlink(missing_ok=True)

    def bring_rows(self) -> None:
        """All rows at once, as the last thing that can go wrong."""
        folder = self._scratch / "rows"
        folder.mkdir()
        rows = [member for member in self._archive.manifest.members if member.name.startswith(ROWS)]
        for member in rows:
            self._archive.extract(member, folder / Path(member.name).name, self._counted)
        if self._archive.manifest.database == SQLITE:
            self._bring_sqlite(folder / Path(rows[0].name).name)
        else:
            with Database(self._place.url) as database:
                upgrade(database, self._archive.manifest.revision)
                fill_from(database, folder)
                self._done = True
                self._finish(database)

    def bring_secret(self) -> None:
        """Where the backup has it and the store a folder for it."""
        found = [member for member in self._archive.manifest.members if member.name == SECRET]
        if found and self._place.folder is not None:
            part = self._scratch / SECRET
            part.touch(0o600)
            self._archive.extract(found[0], part)
            part.replace(self._place.folder / SECRET)

    def _bring_sqlite(self, staged: Path) -> None:
        """Made ready beside its place, so that it appears as a store that is in order or not at all."""
        with Database(f"sqlite:///{staged}") as database:
            self._finish(database)
        target = Path(str(store_url(self._place.url).database))
        with staged.open("rb+") as file:
            os.fsync(file.fileno())
        staged.rename(target)
        self._done = True

    def _finish(self, database: Database) -> None:
        upgrade(database)
        # Of what was being written or removed, no file came with the backup.
        recover(ClubStore(database, self._files), timedelta(0))
        kept = any(member.name == SECRET for member in self._archive.manifest.members)
        with database.writing(AllClubs("links and sign-ins of another day")) as unit:
            unit.execute(delete(OneTimeLink))
            # Some may have been taken back since.
            unit.execute(delete(ApiToken))
            # What waited then was sent long ago, or is asked for again.
            unit.execute(delete(Mail))
            if not kept:
                unit.execute(delete(SignIn))
            unit.add_all(
                AuditEntry(club_id=key, action="restore", subject_kind="clubs", subject_id=key)
                for key in unit.scalars(select(Club.id))
            )
        _forget_uploads(database)


def _forget_uploads(database: Database) -> None:
    """Films that were on their way are in no backup; whoever sent them sends them again."""
    scoped = {SCOPE: AllClubs("films that did not come with the backup"), WRITES: True}
    with database.engine.execution_options(**scoped).begin() as connection:
        if "uploads" in inspect(connection).get_table_names():
            connection.execute(text("DELETE FROM uploads WHERE state <> 'claimed'"))


def _kept(manifest: Manifest) -> list[Member]:
    return [member for member in manifest.members if member.name.startswith(KEPT)]


def _key(member: Member) -> str:
    return member.name.removeprefix(KEPT)


def _folder_of(place: StorePlace) -> Path | None:
    """Beside an SQLite file, so that renaming is enough; None: anywhere."""
    url = store_url(place.url)
    return Path(str(url.database)).parent if url.get_backend_name() == SQLITE else None


def _check_fits(archive: ArchiveReader, place: StorePlace) -> None:
    manifest, kind = archive.manifest, store_url(place.url).get_backend_name()
    if manifest.database != kind:
        names = {SQLITE: "an SQLite file", POSTGRESQL: "a PostgreSQL server"}
        raise StoreError(
            f"{archive.path}: is of {names.get(manifest.database, manifest.database)} and cannot be brought into "
            f"{names[kind]}; name a store of its own kind"
        )
    if manifest.revision not in known_revisions():
        raise StoreError(
            f"{archive.path}: was made by a newer RowSense ({manifest.rowsense_version}); install that version"
        )
    strange = [member.name for member in _kept(manifest) if not _KEY.fullmatch(_key(member))]
    strange += [m.name for m in manifest.members if not m.name.startswith((KEPT, ROWS)) and m.name != SECRET]
    rows = [member for member in manifest.members if member.name.startswith(ROWS)]
    if strange or not rows or any(not is_prefix(prefix_of(_key(member))) for member in _kept(manifest)):
        raise StoreError(f"{archive.path}: {(*strange, 'the database')[0]} is not as in a backup; take another one")


def _check_empty(manifest: Manifest, place: StorePlace, files: FileStore) -> None:
    """Refuse a store with anything in it but files of this very backup, which a restore that was killed leaves."""
    url = store_url(place.url)
    said = "is not empty; name a store that is not there yet"
    if url.get_backend_name() == SQLITE:
        if Path(str(url.database)).exists():
            raise StoreError(f"{url.database}: {said}")
        # SQLite would take it for the log of the one that is brought back, and write it into that.
        logs = (Path(f"{url.database}{end}") for end in ("-wal", "-shm", "-journal"))
        log = next(filter(Path.exists, logs), None)
        if log is not None:
            raise StoreError(f"{log}: is left of a database that is gone; move it away first")
    else:
        with Database(place.url) as database:
            revision = checked_revision(database)
            if revision and (revision != manifest.revision or not is_bare(database)):
                raise StoreError(f"{url.render_as_string()}: {said}")
    ours = {_key(member) for member in _kept(manifest)}
    strange = next((f.key for f in files.listed() if f.key not in ours and not _half_written(f.key, ours)), None)
    if strange is not None:
        raise OutputError(f"{place.files}: {said} ({strange})")
    secret = None if place.folder is None else place.folder / SECRET
    if secret is not None and secret.exists() and any(member.name == SECRET for member in manifest.members):
        raise StoreError(f"{secret}: is there already; move it away first")


def _half_written(key: str, ours: set[str]) -> bool:
    """What a kill leaves in the middle of a file: ``.<name>.<random>.part`` beside its place."""
    folder, _, name = key.rpartition("/")
    found = re.fullmatch(r"\.(.+)\.[^.]+\.part", name)
    return found is not None and f"{folder}/{found.group(1)}" in ours
