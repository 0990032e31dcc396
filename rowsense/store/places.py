"""Where RowSense keeps what belongs to this user, and what lies where in the folder of a club's server."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rowsense.errors import UsageError

DATA_VARIABLE: Final = "ROWSENSE_DATA_DIR"
#: In the folder of a club's server.
DATABASE: Final = "club.sqlite3"
FILES: Final = "club-files"
SECRET: Final = "server.secret"
#: What jobs keep between attempts.
JOB_WORK: Final = "job-work"


@dataclass(frozen=True, slots=True)
class StorePlace:
    """Where a club's store is."""

    url: str
    """Of the database."""
    files: str
    """A folder or a bucket, as :func:`rowsense.store.opening.open_files` takes it."""
    folder: Path | None = None
    """The server's folder; None: the database was named by its address."""


def data_folder() -> Path:
    """The user's data folder, or the one named in ``ROWSENSE_DATA_DIR``."""
    import platformdirs  # not needed to know the names

    named = os.environ.get(DATA_VARIABLE)
    return Path(named).expanduser() if named else platformdirs.user_data_path("rowsense", appauthor=False)


def store_place(named: str, files: str = "") -> StorePlace:
    """What ``named`` stands for: the folder of ``rowsense serve --store``, or a database with its ``files`` elsewhere.

    Raises
    ------
    UsageError
        A database was named, and no place for its files.
    """
    if "://" in named:
        if not files:
            raise UsageError(f"{named.partition(':')[0]}://...: say with --files where the files of this database are")
        return StorePlace(named, files)
    folder = Path(named).expanduser().absolute()
    return StorePlace(f"sqlite:///{folder / DATABASE}", files or str(folder / FILES), folder)
