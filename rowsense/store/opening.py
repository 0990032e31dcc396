"""Open a club's store: bring its tables up to date, and finish what a crash left."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from rowsense.errors import StoreError
from rowsense.store.claims import ClubStore, recover
from rowsense.store.database import Database
from rowsense.store.local_files import LocalFiles, default_root
from rowsense.store.migrate import upgrade
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Club


def open_store(url: str = "", files: Path | None = None) -> ClubStore:
    """The store at an address, empty: in this user's data folder. Close ``store.database`` after use.

    Raises
    ------
    StoreError
        It cannot be reached or is of a newer version.
    OutputError
        Files that are to go cannot be removed.
    """
    database = Database(url)
    try:
        upgrade(database)
        store = ClubStore(database, LocalFiles(files or default_root()))
        recover(store)
    except BaseException:
        database.close()
        raise
    return store


def answers(database: Database) -> bool:
    """Whether the database is there and has its tables."""
    try:
        with database.reading(AllClubs("is the database there")) as unit:
            unit.scalar(select(Club.id).limit(1))
    except (SQLAlchemyError, StoreError):
        return False
    return True
