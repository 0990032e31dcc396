"""The rows of a whole store as they were at one moment, while others write; and back.

SQLite gives a copy of its file. Of PostgreSQL every table becomes a file of JSON lines, read in one transaction.
"""

from __future__ import annotations

import base64
import json
import os
import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, LargeBinary, MetaData, Table, Uuid, create_engine, insert, inspect, select
from sqlalchemy.pool import NullPool
from sqlalchemy.types import Date, DateTime

from rowsense.errors import StoreError
from rowsense.store.database import SQLITE, Database
from rowsense.store.files import prefix_of
from rowsense.store.places import DATABASE
from rowsense.store.scope import SCOPE, WRITES, AllClubs

#: Columns that name folders or files of the file store, whatever the revision.
NAMING: Final = (
    ("analyses", "file_prefix"),
    ("monitor_files", "file_prefix"),
    ("share_links", "file_prefix"),
    ("videos", "file_key"),
)
_COUNTED: Final = ("clubs", "athletes", "sessions", "users")
_REVISION: Final = "alembic_version"
_LINES: Final = ".jsonl"
_AT_ONCE: Final = 2000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was read."""

    kind: str
    """Of the database: ``sqlite`` or ``postgresql``."""
    revision: str
    files: tuple[Path, ...]
    prefixes: frozenset[str]
    """Folders of the file store that the rows name."""
    counts: dict[str, int]


def take_snapshot(database: Database, folder: Path) -> Snapshot:
    """Read all rows of a store that is there into ``folder``, which is empty."""
    if database.url.get_backend_name() == SQLITE:
        return _of_sqlite(Path(str(database.url.database)), folder / DATABASE)
    isolated = {SCOPE: AllClubs("back everything up"), WRITES: False, "isolation_level": "REPEATABLE READ"}
    with database.engine.execution_options(**isolated).begin() as connection:
        tables = _tables(connection)
        return Snapshot(
            database.url.get_backend_name(),
            _revision(connection),
            tuple(_written(connection, table, folder / f"{table.name}{_LINES}") for table in tables),
            _prefixes(connection),
            _counts(connection),
        )


def named_now(database: Database) -> frozenset[str]:
    """Folders of the file store that rows name at this moment."""
    scoped = {SCOPE: AllClubs("compare rows with files"), WRITES: False}
    with database.engine.execution_options(**scoped).begin() as connection:
        return _prefixes(connection)


def fill_from(database: Database, folder: Path) -> None:
    """Put the rows of a PostgreSQL snapshot into tables of its revision, all or none.

    Raises
    ------
    StoreError
        There are rows in the tables, or one of the files is of no table.
    """
    scoped = {SCOPE: AllClubs("bring a backup back"), WRITES: True}
    with database.engine.execution_options(**scoped).begin() as connection:
        tables = {table.name: table for table in _tables(connection)}
        strange = sorted({path.name for path in folder.iterdir()} ^ {f"{name}{_LINES}" for name in tables})
        if strange:
            raise StoreError(
                f"the backup does not fit these tables ({strange[0]}); bring it back into an empty database"
            )
        for name, table in tables.items():
            rows = _parents_first(table, _read(table, folder / f"{name}{_LINES}"))
            while some := list(islice(rows, _AT_ONCE)):
                connection.execute(insert(table), some)


def is_bare(database: Database) -> bool:
    """Whether there is not a single row in any table."""
    scoped = {SCOPE: AllClubs("is there anything"), WRITES: False}
    with database.engine.execution_options(**scoped).begin() as connection:
        return not any(connection.execute(select(table).limit(1)).first() for table in _tables(connection))


def _of_sqlite(source: Path, target: Path) -> Snapshot:
    try:
        kept, copy = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True), sqlite3.connect(target)
        try:
            kept.backup(copy)
            # One file instead of a file and its log.
            copy.execute("PRAGMA journal_mode = DELETE")
        finally:
            copy.close()
            kept.close()
    except sqlite3.Error as error:
        raise StoreError(f"{source}: cannot be copied ({error}); look whether the disk is full") from error
    engine = create_engine(f"sqlite:///{target}", poolclass=NullPool)
    with engine.connect() as connection:
        return Snapshot(SQLITE, _revision(connection), (target,), _prefixes(connection), _counts(connection))


def _prefixes(connection: Connection) -> frozenset[str]:
    there = set(inspect(connection).get_table_names())
    found = (
        connection.exec_driver_sql(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL").scalars()
        for table, column in NAMING
        if table in there
    )
    return frozenset(prefix_of(str(key)) for keys in found for key in keys)


def _counts(connection: Connection) -> dict[str, int]:
    there = set(inspect(connection).get_table_names())
    asked = {name: f"SELECT count(*) FROM {name}" for name in _COUNTED if name in there}
    return {name: int(connection.exec_driver_sql(words).scalar_one()) for name, words in asked.items()}


def _revision(connection: Connection) -> str:
    return str(connection.exec_driver_sql(f"SELECT version_num FROM {_REVISION}").scalar_one())


def _tables(connection: Connection) -> list[Table]:
    """As the database has them, parents first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != _REVISION]


def _written(connection: Connection, table: Table, path: Path) -> Path:
    names = [column.name for column in table.columns]
    with path.open("w", encoding="utf-8") as lines:
        lines.write(json.dumps(names) + "\n")
        rows = connection.execution_options(stream_results=True, yield_per=_AT_ONCE).execute(select(table))
        lines.writelines(json.dumps([_plain(value) for value in row], ensure_ascii=False) + "\n" for row in rows)
        lines.flush()
        os.fsync(lines.fileno())
    return path


def _read(table: Table, path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        names = json.loads(next(lines))
        kinds = [table.columns[name].type for name in names]
        for line in lines:
            values = json.loads(line)
            yield {name: _typed(kind, value) for name, kind, value in zip(names, kinds, values, strict=True)}


def _parents_first(table: Table, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows in an order in which none comes before the row of the same table that it names."""
    own = [
        (link.parent.name, link.column.name) for link in table.foreign_keys
        if link.column.table is table and link.parent.name != link.column.name
    ]  # fmt: skip
    if not own:
        yield from rows
        return
    (column, key), *_ = own
    waiting, known = list(rows), set[Any]()
    while waiting:
        ready = [row for row in waiting if row[column] is None or row[column] in known]
        if not ready:
            raise StoreError(f"the backup's {table.name} name each other in a circle; take another backup")
        yield from ready
        known |= {row[key] for row in ready}
        waiting = [row for row in waiting if row[key] not in known]


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, date):  # a moment is one too
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Uuid):
        return uuid.UUID(value)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return base64.b64decode(value) if isinstance(kind, LargeBinary) else value
