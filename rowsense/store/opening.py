"""Open a club's store: bring its tables up to date, and finish what a crash left."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from rowsense.errors import StoreError, UsageError
from rowsense.store.claims import ClubStore, recover
from rowsense.store.database import SQLITE, Database, store_url
from rowsense.store.files import FileStore
from rowsense.store.local_files import LocalFiles, default_root
from rowsense.store.migrate import checked_revision, upgrade
from rowsense.store.trouble import in_words, newest_copies, ways_back


def open_store(url: str = "", files: str = "", *, anew: bool = False) -> ClubStore:
    """The store at an address, empty: in this user's data folder. Close ``store.database`` after use.

    ``files``: a folder, or ``s3://BUCKET/FOLDER?endpoint=...`` (see :func:`open_files`). ``anew``: make a new database
    also where files or copies of an older one lie; they stay.

    Raises
    ------
    StoreError
        It cannot be reached or read, is of a newer version, or its database is gone and its files are there.
    UsageError
        That is no place for files.
    OutputError
        Files that are to go cannot be removed.
    """
    place = open_files(files)
    database = Database(url)
    try:
        with in_words(database.url):
            if not anew:
                check_not_lost(database, place)
            upgrade(database)
            store = ClubStore(database, place)
            recover(store)
    except BaseException:
        database.close()
        raise
    return store


def check_not_lost(database: Database, files: FileStore) -> None:
    """Refuse to make an empty database where an older one was lost: what it left is still there. Changes nothing.

    Raises
    ------
    StoreError
        It was lost, with the ways back.
    """
    path = Path(str(database.url.database)) if database.url.get_backend_name() == SQLITE else None
    if (path is None or path.is_file()) and checked_revision(database):
        return
    left = _left_of_a_store(path, files)
    if not left:
        return
    shown = path or database.url.render_as_string()
    way = "bring a backup back into an empty one: `rowsense restore BACKUP STORE`" if path is None else ways_back(path)
    raise StoreError(
        f"{shown}: is not there, but {left} is, so the database was lost or this is the wrong place; {way}; or begin "
        "anew, with nobody and nothing known, by `rowsense serve --begin-anew` (files stay)"
    )


def _left_of_a_store(database: Path | None, files: FileStore) -> str:
    """What shows that there was one; empty: nothing."""
    file = next(iter(files.listed()), None)
    if file is not None:
        return f"the file {file.key} of a club"
    if database is None:
        return ""
    copy = newest_copies(database)[1]
    log = database.with_name(f"{database.name}-wal")
    return f"its copy {copy.name}" if copy is not None else f"its log {log.name}" if log.is_file() else ""


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
