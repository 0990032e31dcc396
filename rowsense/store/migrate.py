"""Bring a store's tables to what this program knows, with a copy of an SQLite file beside it first.

Alembic is loaded where tables are changed and nowhere else: every process of a server opens the store, and it and what
it brings take ten megabytes of each.

python -m rowsense.store.migrate "what changes"    write the next revision from the difference to the models
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import URL, Connection, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from rowsense.errors import StoreError
from rowsense.store.database import POSTGRESQL, SQLITE, Database, make_engine
from rowsense.store.scope import SCOPE, WRITES, AllClubs
from rowsense.store.trouble import DatabaseAwayError, in_words, is_away, is_damaged, reason, words_of

if TYPE_CHECKING:
    from alembic.config import Config

_SCRIPTS: Final = Path(__file__).parent / "migrations"
#: Where Alembic notes the revision.
_NOTED: Final = "alembic_version"
#: Of the advisory lock that keeps two programs from upgrading one PostgreSQL database together; any number will do.
_LOCK: Final = 7_269_477


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What :func:`upgrade` did."""

    before: str
    """Revision; empty: there was no store."""
    after: str
    backup: Path | None
    """The SQLite file as it was; None where nothing was changed, and on PostgreSQL."""


def newest_revision() -> str:
    """The revision that the models of this program stand for."""
    return known_revisions()[-1]


def known_revisions() -> tuple[str, ...]:
    """All revisions, oldest first."""
    return tuple(sorted(path.name.partition("_")[0] for path in (_SCRIPTS / "versions").glob("[0-9]*_*.py")))


def upgrade(database: Database, revision: str = "") -> Upgrade:
    """Bring the tables to ``revision`` (empty: the newest); nothing happens where they are there already.

    Raises
    ------
    StoreError
        The store is newer than this program, the database holds other things, or it cannot be reached or copied.
    """
    wanted = revision or newest_revision()
    with _changing(database) as connection:
        before = _checked_revision(connection, database.url)
        if before == wanted:
            return Upgrade(before, before, None)
        backup = _back_up(database.url, before) if before else None
        from alembic import command

        try:
            command.upgrade(_config(connection), wanted)
        except DBAPIError as error:
            if is_away(error):
                raise
            raise StoreError(
                f"{database.url.render_as_string()}: the tables ({before or 'none'}) cannot be brought to {wanted} "
                f"({reason(error)}); they stay as they were. Go on with the version of RowSense that you had, and "
                "report this line"
            ) from error
        _check_references(connection, database.url)
    return Upgrade(before, wanted, backup)


def downgrade(database: Database, revision: str) -> None:
    """Go back to ``revision`` (``base``: no tables). What the later tables and columns held is lost.

    Raises
    ------
    StoreError
        As :func:`upgrade`.
    """
    with _changing(database) as connection:
        _checked_revision(connection, database.url)
        from alembic import command

        command.downgrade(_config(connection), revision)
        _check_references(connection, database.url)


def current_revision(database: Database) -> str:
    """The store's revision; empty: there is no store yet."""
    with _changing(database) as connection:
        return _noted_revision(connection)


def checked_revision(database: Database) -> str:
    """The store's revision; empty: there is none yet. Changes nothing.

    Raises
    ------
    StoreError
        As :func:`upgrade`.
    """
    with _changing(database) as connection:
        return _checked_revision(connection, database.url)


@contextmanager
def _changing(database: Database) -> Iterator[Connection]:
    """A connection on which tables can be changed; all of it is kept or none."""
    engine = make_engine(database.url, poolclass=NullPool)
    engine = engine.execution_options(**{SCOPE: AllClubs("change the tables"), WRITES: True})
    try:
        with in_words(database.url), engine.connect() as connection:
            if connection.dialect.name == SQLITE:
                # Alembic alters a table by making a new one and dropping the old, which would delete, by cascade,
                # whatever refers to it. The switch works outside transactions only.
                _driver(connection).execute("PRAGMA foreign_keys = OFF")
            with connection.begin():
                if connection.dialect.name == POSTGRESQL:
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
                yield connection
    finally:
        engine.dispose()


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _checked_revision(connection: Connection, url: URL) -> str:
    current = _noted_revision(connection)
    shown = url.render_as_string()
    if current and current not in known_revisions():
        raise StoreError(
            f"{shown}: written by a newer version of RowSense (tables {current}, this one knows "
            f"{newest_revision()}); install that version, or name another database"
        )
    tables = set(inspect(connection).get_table_names()) - {_NOTED}
    if not current and tables:
        raise StoreError(f"{shown}: holds something else ({min(tables)}); name another database")
    return current


def _noted_revision(connection: Connection) -> str:
    if not inspect(connection).has_table(_NOTED):
        return ""
    return str(connection.exec_driver_sql(f"SELECT version_num FROM {_NOTED}").scalar() or "")


def _back_up(url: URL, revision: str) -> Path | None:
    """Copy an SQLite file as it is now, whole or not at all."""
    if url.get_backend_name() != SQLITE:
        return None
    source = Path(str(url.database))
    target = source.with_name(f"{source.name}.before-{revision}.backup")
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        kept, copy = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True), sqlite3.connect(part)
        try:
            kept.backup(copy)
        finally:
            copy.close()
            kept.close()
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        if is_damaged(error):
            raise DatabaseAwayError(words_of(error, url)) from error
        raise StoreError(f"{target}: no copy could be made before the upgrade ({error}); free some space") from error
    return target


def _check_references(connection: Connection, url: URL) -> None:
    """What SQLite did not look at while tables were made anew."""
    if connection.dialect.name == SQLITE:
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise StoreError(
                f"{url.render_as_string()}: rows of {broken[0][0]} refer to nothing; the tables stay as they were"
            )


def _config(connection: Connection | None = None) -> Config:
    from alembic.config import Config

    config = Config()
    # A per cent sign would be read as the start of a reference to another option.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def write_revision(message: str) -> Path:
    """Write the next revision into the package: what the models have that the newest one has not. To be read over."""
    from alembic import command
    from alembic.script import Script

    with tempfile.TemporaryDirectory() as folder, Database(f"sqlite:///{folder}/store.sqlite3") as database:
        upgrade(database)
        number = f"{int(newest_revision()) + 1:04d}"
        with _changing(database) as connection:
            written = command.revision(_config(connection), message, autogenerate=True, rev_id=number)
    assert isinstance(written, Script)
    return Path(written.path)


if __name__ == "__main__":
    print(write_revision(" ".join(sys.argv[1:])))
