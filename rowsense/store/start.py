"""What a store must be like before a program works on it: looked at when it starts, refused with the mend."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

from rowsense.errors import OutputError, StoreError
from rowsense.store.database import SQLITE, Database, row_security_problem
from rowsense.store.file_lock import try_lock
from rowsense.store.files import FileStore
from rowsense.store.local_files import LocalFiles


def check_role(database: Database) -> None:
    """Refuse a role of the database that sees every club's rows whatever the program says.

    Raises
    ------
    StoreError
        It is one.
    """
    problem = row_security_problem(database)
    if problem:
        raise StoreError(problem)


def check_files(files: FileStore, *, change: bool = True) -> None:
    """Refuse a place for files that cannot be written, or a bucket that cannot be reached.

    ``change``: really write something there, and take it away again; else only look.

    Raises
    ------
    OutputError
        It is so.
    """
    if not isinstance(files, LocalFiles):
        _check_bucket(files, change=change)
        return
    root = files.root.absolute()
    there = next(folder for folder in (root, *root.parents) if folder.exists())
    try:
        if change:
            root.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=root) as probe:
                probe.write(b"x")
                probe.flush()
        elif not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
            raise PermissionError(0, "no right to write there")
    except OSError as error:
        raise OutputError(
            f"{root}: no files can be kept there ({error.strerror}); give this user the right to write, or name "
            "another place with --files"
        ) from error


def _check_bucket(files: FileStore, *, change: bool) -> None:
    from rowsense.store.bucket_files import BucketFiles

    if change and isinstance(files, BucketFiles):
        files.probe()
    else:
        next(iter(files.listed()), None)


@contextmanager
def only_server(url: URL) -> Iterator[None]:
    """Be the only server of pages on an SQLite file while the block lasts; of PostgreSQL there may be many.

    Raises
    ------
    StoreError
        There is one already.
    """
    if url.get_backend_name() != SQLITE:
        yield
        return
    path = _lock_of(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror}); name another folder with --store") from error
    with file:
        if not try_lock(file):
            raise _another(url)
        yield


def check_no_other_server(url: URL) -> None:
    """As :func:`only_server`, only looked at.

    Raises
    ------
    StoreError
        There is one.
    """
    path = _lock_of(url)
    if url.get_backend_name() == SQLITE and path.is_file():
        with path.open("r+") as file:
            if not try_lock(file):
                raise _another(url)


def _lock_of(url: URL) -> Path:
    return Path(f"{url.database}.server")


def _another(url: URL) -> StoreError:
    return StoreError(
        f"{url.database}: another `rowsense serve` shows this store already, and an SQLite file has room for one; "
        "stop that one, or keep the store in PostgreSQL for several"
    )
