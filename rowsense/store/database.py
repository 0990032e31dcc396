"""The one way to the database: an engine whose every transaction has a scope, and units of work on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DisconnectionError, NoSuchModuleError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from rowsense.errors import StoreError
from rowsense.store.places import data_folder
from rowsense.store.scope import SCOPE, WRITES, AllClubs, ClubScope, Scope, ScopedSession, ScopeError

#: How long a writer waits for another before it gives up. Writes take milliseconds; a thousand strokes take 0.1 s [D].
BUSY_TIMEOUT_MS: Final = 10_000
POSTGRESQL: Final = "postgresql"
#: A server that is cut off without a word is given up after half a minute, not after hours [D]; see libpq's parameters.
_PATIENCE: Final = {
    "connect_timeout": 10, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}  # fmt: skip
#: The same for the server's end: by itself it notices after two hours that a client's machine is cut off or without
#: power, and keeps for so long what that has locked: the house of several servers, the runner's place, rows.
_SERVERS_PATIENCE: Final = {"tcp_keepalives_idle": 15, "tcp_keepalives_interval": 5, "tcp_keepalives_count": 3}
#: In what the pool notes of a connection: which file it has open.
_FILE: Final = "rowsense_file"
SQLITE: Final = "sqlite"


def default_url() -> str:
    """SQLite in this user's data folder."""
    return URL.create(SQLITE, database=str(data_folder() / "club.sqlite3")).render_as_string()


def store_url(named: str) -> URL:
    """Read an address; PostgreSQL is always reached through psycopg.

    Raises
    ------
    StoreError
        Neither SQLite in a file nor PostgreSQL.
    """
    try:
        url = make_url(named)
        kind = url.get_backend_name()
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(f"{named.partition(':')[0]}: is no database; {_FORMS}") from error
    if kind == POSTGRESQL:
        return url.set(drivername="postgresql+psycopg")
    if kind != SQLITE or not url.database or url.database == ":memory:":
        raise StoreError(f"{url.render_as_string()}: cannot hold a club's store; {_FORMS}")
    return url.set(drivername="sqlite+pysqlite")


_FORMS: Final = "name it as sqlite:////folder/club.sqlite3 or postgresql://user:password@server/database"


class Database:
    """A store of clubs. Close it, or use it as a context manager."""

    def __init__(self, url: str | URL = "") -> None:
        self.url = (
            store_url(str(url) if not isinstance(url, URL) else url.render_as_string(hide_password=False))
            if url
            else store_url(default_url())
        )
        self.engine = make_engine(self.url)
        if self.url.get_backend_name() == SQLITE:
            _keep_to_one_file(self.engine, Path(str(self.url.database)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()

    def forget_deleted(self) -> bool:
        """Empty SQLite's log, in which deleted rows stand until it is written over; whether it is, or there is none.

        It waits for who is reading, but no longer than a writer would.
        """
        if self.url.get_backend_name() != SQLITE:
            return True
        connection = self.engine.raw_connection()
        try:
            busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.close()
        return not busy

    @contextmanager
    def reading(self, scope: Scope) -> Iterator[Session]:
        """A unit of work that changes nothing; what it loaded can be read after it."""
        with self._session(scope, writes=False) as session:
            yield session
            session.expunge_all()

    @contextmanager
    def writing(self, scope: Scope) -> Iterator[Session]:
        """A unit of work that is kept whole when the block ends, and not at all when it fails."""
        with self._session(scope, writes=True) as session, session.begin():
            yield session

    def _session(self, scope: Scope, *, writes: bool) -> Session:
        if not isinstance(scope, ClubScope | AllClubs):
            raise ScopeError("every unit of work names its club; give a ClubScope")
        # On the connection for the second wall, on the session for the first.
        bind = self.engine.execution_options(**{SCOPE: scope, WRITES: writes})
        return ScopedSession(bind, info={SCOPE: scope, WRITES: writes}, expire_on_commit=False)


def make_engine(url: URL, **options: Any) -> Engine:
    """An engine on which a transaction without a scope fails before its first statement."""
    # An error's words end up in logs; names and keys do not belong there.
    options = {"hide_parameters": True, **options}
    if url.get_backend_name() == SQLITE:
        _make_folder(url)
        # The driver's own idea of when a transaction begins is switched off; `_begin` says it.
        options = {"connect_args": {"isolation_level": None}, **options}
        engine = create_engine(url, **options)
        event.listen(engine, "connect", _sqlite_settings)
    else:
        patience = {name: value for name, value in _PATIENCE.items() if name not in url.query}
        options = {"connect_args": patience, **options}
        engine = create_engine(url, pool_pre_ping=True, **options)
        event.listen(engine, "connect", _postgresql_settings)
    event.listen(engine, "begin", _begin)
    return engine


def _keep_to_one_file(engine: Engine, path: Path) -> None:
    """Connect to the file that is there, and to no other: SQLite makes one where there is none.

    A connection to a file that was taken away goes on writing into what nobody will find again, so it is given up.
    """

    def there(dialect: Any, entry: ConnectionPoolEntry, arguments: Any, options: Any) -> None:
        if not path.is_file():
            raise sqlite3.OperationalError(f"unable to open database file: {path} is not there any more")

    def opened(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
        entry.info[_FILE] = _identity(path)

    def used(connection: sqlite3.Connection, entry: ConnectionPoolEntry, proxy: Any) -> None:
        if entry.info.get(_FILE) != _identity(path):
            raise DisconnectionError(f"{path} is another file than it was")

    event.listen(engine, "do_connect", there)
    event.listen(engine, "connect", opened)
    event.listen(engine, "checkout", used)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def row_security_problem(database: Database) -> str:
    """Why the second wall does not stand; empty where it does, and on SQLite, which has none."""
    if database.url.get_backend_name() != POSTGRESQL:
        return ""
    with database.reading(AllClubs("look at the role itself")) as session:
        above = session.execute(
            text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        ).scalar_one()
    return (
        f"the database role {database.url.username} is above row-level security, so only the program keeps clubs "
        "apart; use a role that is neither superuser nor BYPASSRLS"
        if above
        else ""
    )


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    scope = options.get(SCOPE)
    if not isinstance(scope, ClubScope | AllClubs):
        raise ScopeError("no club in this transaction; use Database.reading or Database.writing")
    if connection.dialect.name == SQLITE:
        # A writer waits at the start. One that has read before it writes could not: SQLite would refuse it at once.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITES) else "BEGIN")
    else:
        club = str(scope.club_id) if isinstance(scope, ClubScope) else ""
        everybody = "yes" if isinstance(scope, AllClubs) else ""
        connection.exec_driver_sql(
            "SELECT set_config('rowsense.club', %s, true), set_config('rowsense.all_clubs', %s, true)",
            (club, everybody),
        )
        if not options.get(WRITES):
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def _sqlite_settings(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    # What is deleted is written over, so that nobody's name stays in the file.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA synchronous = FULL")
    # One quantity of a club's season has 5 MB: read it once per connection, not at every question.
    connection.execute("PRAGMA cache_size = -32768")
    connection.execute("PRAGMA foreign_keys = ON")


def _postgresql_settings(connection: Any, entry: ConnectionPoolEntry) -> None:
    # Not when it connects: poolers refuse what they do not know there.
    said = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in _SERVERS_PATIENCE.items())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {said}")
    connection.commit()


def _make_folder(url: URL) -> None:
    place = Path(str(url.database))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{place}: cannot be made ({error.strerror}); name another place") from error
