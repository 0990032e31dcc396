"""One runner for a store: a lock that goes with the process that holds it, however that ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import text

from rowsense.errors import StoreError
from rowsense.store.database import SQLITE, Database
from rowsense.store.file_lock import try_lock
from rowsense.store.scope import SCOPE, WRITES, AllClubs

#: Of PostgreSQL's advisory lock, which is of one database; any number will do that nothing else takes.
_LOCK: Final = 7_269_478


@contextmanager
def alone(database: Database) -> Iterator[None]:
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
            yield
        return
    engine = database.engine.execution_options(
        **{SCOPE: AllClubs("one runner for all clubs"), WRITES: True}, isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        if not connection.scalar(text(f"SELECT pg_try_advisory_lock({_LOCK})")):
            raise _another(database)
        try:
            yield
        finally:
            connection.invalidate()  # closed, not given back to the pool: the lock goes with it


def _another(database: Database) -> StoreError:
    shown = database.url.render_as_string()
    return StoreError(f"{shown}: another RowSense already runs its jobs; stop that one, or let it do them")
