"""Read what was recorded: an analysis as a folder, as a session, or one of its series."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from rowsense.errors import StoreError
from rowsense.model import Session
from rowsense.store.claims import ClubStore
from rowsense.store.parquet import read_table
from rowsense.store.scope import ClubScope
from rowsense.store.session_folder import read_session
from rowsense.store.tables import Analysis

#: The series of an analysis.
SERIES: Final = ("frames", "track", "strokes")
_OF_A_SESSION: Final = ("session.json", "frames.parquet", "track.parquet")


@contextmanager
def analysis_folder(
    store: ClubStore, scope: ClubScope, analysis_id: uuid.UUID, names: Collection[str] = ()
) -> Iterator[Path]:
    """The files of an analysis as a local folder, only to be read; ``names``: those that are needed, empty: all.

    Raises
    ------
    StoreError
        The club has no such analysis.
    OutputError
        Its files are not there.
    """
    with store.database.reading(scope) as unit:
        prefix = unit.scalar(select(Analysis.file_prefix).where(Analysis.id == analysis_id))
    if prefix is None:
        raise StoreError(f"there is no analysis {analysis_id} in this club")
    with store.files.fetch(prefix, names) as folder:
        yield folder


def recorded_session(store: ClubStore, scope: ClubScope, analysis_id: uuid.UUID) -> Session:
    """Everything that was measured, as ``rowsense analyze`` left it."""
    with analysis_folder(store, scope, analysis_id, _OF_A_SESSION) as folder:
        return read_session(folder)


def recorded_series(
    store: ClubStore, scope: ClubScope, analysis_id: uuid.UUID, series: str
) -> dict[str, NDArray[np.generic[Any]]]:
    """One of :data:`SERIES`; NaN where nothing was measured."""
    if series not in SERIES:
        raise ValueError(f"{series!r} is none of {', '.join(SERIES)}")
    name = f"{series}.parquet"
    with analysis_folder(store, scope, analysis_id, [name]) as folder:
        return read_table(folder / name)
