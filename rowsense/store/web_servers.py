"""Several servers of pages on one PostgreSQL store: whether they fit together, and which of them keeps house.

Each holds advisory locks on a connection of its own: that it is there, with which secret, with which folder for films
on their way in. PostgreSQL gives them up as soon as that connection ends, however it ends, so nobody has to be cleared
away. An SQLite file has room for one server (:func:`rowsense.store.start.only_server`), which keeps house.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from rowsense.errors import StoreError
from rowsense.store.database import POSTGRESQL, Database
from rowsense.store.migrate import current_revision, newest_revision
from rowsense.store.scope import SCOPE, WRITES, AllClubs

#: First halves of the locks' keys, which nothing else may take: there, its secret, its folder, keeps house.
_HERE, _SECRET, _FOLDER, _HOUSE = 7_269_479, 7_269_480, 7_269_481, 7_269_482
_SCOPE: Final = AllClubs("which servers show this store")
#: What others hold. Halves of keys are shown as numbers without sign.
_HELD: Final = text(
    "SELECT classid::bigint AS kind, objid::bigint AS mark FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 "
    "AND granted AND pid <> pg_backend_pid() AND classid::bigint BETWEEN :first AND :last "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
).bindparams(first=_HERE, last=_HOUSE)


@dataclass(frozen=True, slots=True)
class Common:
    """What all servers of a store have to have in common, as marks that tell nothing else of it."""

    secret: int
    folder: int

    @classmethod
    def of(cls, secret: str, folder_mark: str) -> Common:
        """``folder_mark``: what lies in the folder for films on their way in."""
        return cls(_mark(secret), _mark(folder_mark))


def _mark(words: str) -> int:
    """31 bits: half of a lock's key has a sign, and is shown without one."""
    return int.from_bytes(hashlib.sha256(f"rowsense {words}".encode()).digest()[:4], "big") >> 1


class WebServer:
    """One server among those of its store. Only one thread may call :meth:`look`; ``keeps_house`` is for all."""

    def __init__(self, database: Database, common: Common) -> None:
        self.keeps_house = database.url.get_backend_name() != POSTGRESQL
        """Whether it does what one server does for all; two may believe it for some seconds where a line broke."""
        self.others = 0
        """How many others there were at the last look."""
        self._alone = self.keeps_house
        self._common = common
        self._engine = database.engine.execution_options(**{SCOPE: _SCOPE, WRITES: True}, isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None

    def look(self) -> None:
        """Say that it is there, look who else is, and keep house if nobody does. To be called now and then.

        Raises
        ------
        StoreError
            Others were there before, and show this store with another secret or take films into another folder.
        DBAPIError
            The database is away; the next look begins anew.
        """
        if self._alone:
            return
        try:
            self._look()
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """Close the connection rather than give it back to the pool: the locks go with it, at once where it answers."""
        self.keeps_house = self._alone
        if self._connection is not None:
            with suppress(SQLAlchemyError):
                if not self._connection.invalidated:
                    self._connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")
            with suppress(SQLAlchemyError):
                self._connection.invalidate()
            with suppress(SQLAlchemyError):
                self._connection.close()
            self._connection = None

    def _look(self) -> None:
        comes = self._connection is None
        if self._connection is None:
            self._connection = self._engine.connect()
            for kind, mark in ((_HERE, 0), (_SECRET, self._common.secret), (_FOLDER, self._common.folder)):
                self._connection.execute(_SHARE, {"kind": kind, "mark": mark})
        held = self._connection.execute(_HELD).all()
        # Who comes is refused, not who is there.
        problem = _problem({(kind, mark) for kind, mark in held}, self._common) if comes else ""
        if problem:
            raise StoreError(problem)
        self.others = sum(kind == _HERE for kind, _ in held)
        if not self.keeps_house:
            self.keeps_house = bool(self._connection.scalar(_TAKE, {"kind": _HOUSE}))


_SHARE: Final = text("SELECT pg_advisory_lock_shared(:kind, :mark)")
_TAKE: Final = text("SELECT pg_try_advisory_lock(:kind, 0)")


@contextmanager
def among_others(database: Database, common: Common) -> Iterator[WebServer]:
    """Be one of the servers of a store while the block lasts.

    Raises
    ------
    StoreError
        It does not fit to the others.
    """
    server = WebServer(database, common)
    try:
        server.look()
        yield server
    finally:
        server.leave()


def check_others(database: Database, common: Common | None) -> None:
    """Refuse to start a server that does not fit to those that are there, or would change the tables below them.

    ``common``: what is known of this one; None: only the tables are looked at. Changes nothing.

    Raises
    ------
    StoreError
        It is so.
    """
    if database.url.get_backend_name() != POSTGRESQL:
        return
    with database.reading(_SCOPE) as unit:
        held = {(kind, mark) for kind, mark in unit.execute(_HELD)}
    # The others first: of two that start together the second one sees what the first has made of the tables.
    if any(kind == _HERE for kind, _ in held) and current_revision(database) != newest_revision():
        raise StoreError(
            f"{database.url.render_as_string()}: other `rowsense serve` of an older version show this store, and this "
            "one would change its tables; stop all of them, start this one, then the others in the same version"
        )
    problem = _problem(held, common) if common is not None else ""
    if problem:
        raise StoreError(problem)


def _problem(held: set[tuple[int, int]], common: Common) -> str:
    if any(kind == _SECRET and mark != common.secret for kind, mark in held):
        return (
            "another `rowsense serve` shows this store with another server.secret, so each would sign out whom the "
            "other has signed in; give all of them the same file, with ROWSENSE_SERVER__SECRET_FILE"
        )
    if any(kind == _FOLDER and mark != common.folder for kind, mark in held):
        return (
            "another `rowsense serve` of this store takes films into another folder, so a film that is begun there "
            "could not go on here; name a folder for --files that all of them share, or, with a bucket, one for "
            "ROWSENSE_DATA_DIR and the same address for --store"
        )
    return ""
