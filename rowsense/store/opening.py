"""Open a club's store: bring its tables up to date, and finish what a crash left."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from rowsense.errors import StoreError, UsageError
from rowsense.store.claims import ClubStore, recover
from rowsense.store.database import SQLITE, Database, store_url
from rowsense.store.files import FileStore
from rowsense.store.local_files import LocalFiles, default_root
from rowsense.store.migrate import checked_revision, upgrade
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Club


def open_store(url: str = "", files: str = "") -> ClubStore:
    """The store at an address, empty: in this user's data folder. Close ``store.database`` after use.

    ``files``: a folder, or ``s3://BUCKET/FOLDER?endpoint=...`` (see :func:`open_files`).

    Raises
    ------
    StoreError
        It cannot be reached or is of a newer version.
    UsageError
        That is no place for files.
    OutputError
        Files that are to go cannot be removed.
    """
    place = open_files(files)
    database = Database(url)
    try:
        upgrade(database)
        store = ClubStore(database, place)
        recover(store)
    except BaseException:
        database.close()
        raise
    return store


def check_there(url: str) -> None:
    """Refuse a store that is not there, which opening it would make.

    Raises
    ------
    StoreError
        There is no such SQLite file, or no store in the PostgreSQL database.
    """
    place = store_url(url)
    if place.get_backend_name() == SQLITE and not Path(str(place.database)).is_file():
        raise StoreError(f"{place.database}: is not there; name the folder that `rowsense serve` keeps")
    with Database(url) as database:
        if not checked_revision(database):
            raise StoreError(f"{place.render_as_string()}: holds no store; name the one of your club")


def open_files(address: str = "") -> FileStore:
    """The file store at an address: a folder, a bucket, or, empty, the folder in this user's data folder.

    Raises
    ------
    UsageError
        It is neither, or buckets need a package that is not installed.
    """
    if "://" not in address:
        return LocalFiles(Path(address).expanduser() if address else default_root())
    if importlib.util.find_spec("obstore") is None:
        raise UsageError(f"{address}: buckets need one more package; pip install 'rowsense[s3]'")
    from rowsense.store.bucket_files import open_bucket

    return open_bucket(address)


def address_of(files: FileStore) -> str:
    """What :func:`open_files` makes this file store of again, in another process."""
    if isinstance(files, LocalFiles):
        return str(files.root.absolute())
    from rowsense.store.bucket_files import BucketFiles

    if not isinstance(files, BucketFiles):
        raise UsageError(f"{files!r}: has no address, so no other process can open it")
    return files.address


def answers(database: Database) -> bool:
    """Whether the database is there and has its tables."""
    try:
        with database.reading(AllClubs("is the database there")) as unit:
            unit.scalar(select(Club.id).limit(1))
    except (SQLAlchemyError, StoreError):
        return False
    return True
