"""One runner for a store: a lock that goes with the process that holds it, however that ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from rowsense.errors import StoreError
from rowsense.store.database import SQLITE, Database
from rowsense.store.file_lock import try_lock
from rowsense.store.scope import SCOPE, WRITES, AllClubs

#: Of PostgreSQL's advisory lock, which is of one database; any number will do that nothing else takes.
_LOCK: Final = 7_269_478


class Hold:
    """The right to be the only runner. On a file it lasts as long as the process, on a server as its connection."""

    def renew(self) -> bool:
        """Look whether it is still ours and take it again if it is not; whether it was lost meanwhile.

        Raises
        ------
        StoreError
            Somebody else has it by now.
        DBAPIError
            The database is away, so nobody can say.
        """
        return False


class _OnServer(Hold):
    """A session's advisory lock: gone as soon as the server ends that session, for whatever reason."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._engine = database.engine.execution_options(
            **{SCOPE: AllClubs("one runner for all clubs"), WRITES: True}, isolation_level="AUTOCOMMIT"
        )
        self._connection: Connection | None = None
        self._take()

    def renew(self) -> bool:
        if self._connection is not None:
            try:
                self._connection.exec_driver_sql("SELECT 1")  # the lock is its session's: who answers has it
            except DBAPIError:
                self.let_go()
            else:
                return False
        self._take()
        return True

    def let_go(self) -> None:
        """Close the connection, rather than give it back to the pool: the lock goes with it."""
        if self._connection is not None:
            with suppress(DBAPIError):
                self._connection.invalidate()
            with suppress(DBAPIError):
                self._connection.close()
            self._connection = None

    def _take(self) -> None:
        connection = self._engine.connect()
        try:
            taken = connection.scalar(text(f"SELECT pg_try_advisory_lock({_LOCK})"))
        except DBAPIError:
            connection.close()
            raise
        self._connection = connection
        if not taken:
            self.let_go()
            raise _another(self._database)


@contextmanager
def alone(database: Database) -> Iterator[Hold]:
    """Be the only runner of this store while the block lasts.

    Raises
    ------
    StoreError
        There is one already.
    """
    if database.url.get_backend_name() == SQLITE:
        place = Path(f"{database.url.database}.runner")
        with place.open("a") as file:
            if not try_lock(file):
                raise _another(database)
            os.set_inheritable(file.fileno(), False)
            yield Hold()
        return
    hold = _OnServer(database)
    try:
        yield hold
    finally:
        hold.let_go()


class OtherRunnerError(StoreError):
    """Another runner has the store."""


def _another(database: Database) -> StoreError:
    shown = database.url.render_as_string()
    return OtherRunnerError(f"{shown}: another RowSense already runs its jobs; stop that one, or let it do them")
