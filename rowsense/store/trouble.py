"""What a database says when it is away, full or damaged, as one sentence with the next step."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from rowsense.errors import StoreError

_SQLITE: Final = "sqlite"
#: What SQLite says of a file that is no database any more; everything else of it can be mended where it is.
_DAMAGED: Final = ("malformed", "not a database")
_FULL: Final = ("is full", "No space left", "could not extend file", "disk quota")
_UNUSABLE: Final = (*_DAMAGED, *_FULL, "unable to open", "disk I/O error", "is locked", "readonly", "read-only")
#: Classes of PostgreSQL's error codes: no connection, no room, being started or stopped, the system's errors, damaged.
_STATES: Final = ("08", "53", "57P", "58", "XX001", "XX002")


class DatabaseAwayError(StoreError):
    """The database cannot be reached, read or written now."""


def is_away(error: BaseException) -> bool:
    """Whether the database cannot be used at all, rather than that it refused one statement."""
    if isinstance(error, DatabaseAwayError):
        return True
    if isinstance(error, sqlite3.Error):
        return any(words in str(error) for words in _UNUSABLE)
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return is_away(error.orig)
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith(_STATES)
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)


def reason(error: BaseException) -> str:
    """What a database said: the first line; the rest is advice for somebody else."""
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0] if said else type(error).__name__


def is_full(error: BaseException) -> bool:
    """Whether its disk is full."""
    return any(words in reason(error) for words in _FULL)


def is_damaged(error: BaseException) -> bool:
    """Whether what is there is no database any more."""
    return any(words in reason(error) for words in _DAMAGED)


def words_of(error: BaseException, url: URL | None = None) -> str:
    """What cannot be reached or read, why, and what to do next; ``url``: of the database, where it is known."""
    shown, why = "the database" if url is None else _shown(url), reason(error)
    if is_full(error):
        return f"{shown}: its disk is full ({why}); free some space and start again, nothing is lost"
    if is_damaged(error):
        return f"{shown}: is damaged ({why}); {_way_back(url)}"
    if isinstance(getattr(error, "orig", error), sqlite3.Error):
        return f"{shown}: cannot be used ({why}); see that this user may read and write it, and that its disk is well"
    return (
        f"{shown}: cannot be reached ({why}); see that PostgreSQL runs there, and that address, role and password are "
        "right, then start again"
    )


@contextmanager
def in_words(url: URL) -> Iterator[None]:
    """Say in one sentence that the database cannot be used, where the block finds that out.

    Raises
    ------
    DatabaseAwayError
        It is so. Anything else that a database refuses passes as it is.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        if not is_away(error):
            raise
        raise DatabaseAwayError(words_of(error, url)) from error


def damage_in(url: URL) -> None:
    """Read an SQLite file from end to end.

    Raises
    ------
    DatabaseAwayError
        It is damaged, or cannot be read.
    """
    name = f"{Path(str(url.database)).absolute().as_uri()}?mode=ro"
    with in_words(url), closing(sqlite3.connect(name, uri=True)) as connection:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(f"malformed: {' '.join(str(found).split())}")


def newest_copies(database: Path) -> tuple[Path | None, Path | None]:
    """Of those beside an SQLite file: the newest backup, and the newest copy that an upgrade made before it began."""
    return _newest(database, "rowsense-*.backup"), _newest(database, f"{database.name}.before-*.backup")


def ways_back(database: Path) -> str:
    """The commands that bring a lost SQLite file back, the newest copies named."""
    backup, before = newest_copies(database)
    said = f"bring a backup back into a new folder: `rowsense restore {backup or 'BACKUP'} NEW-FOLDER`"
    if before is not None:
        said += f"; or go on from {before}, the database before the last upgrade: copy it to {database}"
    return said


def _way_back(url: URL | None) -> str:
    if url is None or url.get_backend_name() != _SQLITE:
        return "bring a backup back into an empty one: `rowsense restore BACKUP STORE`"
    path = Path(str(url.database))
    return f"move it and what begins with {path.name}- away, keep them, and {ways_back(path)}"


def _newest(database: Path, pattern: str) -> Path | None:
    return max(database.parent.glob(pattern), key=lambda path: path.stat().st_mtime, default=None)


def _shown(url: URL) -> str:
    return str(url.database) if url.get_backend_name() == _SQLITE else url.render_as_string()
