"""The strokes themselves, for questions that no summary answers: read from the files of the analyses."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence

import numpy as np
from sqlalchemy import select

from rowsense.store.analysis_rows import STROKES
from rowsense.store.claims import ClubStore
from rowsense.store.parquet import Table, read_table
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Analysis


def raw_strokes(
    store: ClubStore, scope: ClubScope, analysis_ids: Sequence[uuid.UUID]
) -> Iterator[tuple[uuid.UUID, Table]]:
    """The usable rows of ``strokes.parquet`` of some analyses, one after the other.

    A file takes some milliseconds: ask for an athlete, not for a season.

    Raises
    ------
    OutputError
        A file is gone or damaged.
    """
    with store.database.reading(scope) as unit:
        asked = select(Analysis.id, Analysis.file_prefix).where(Analysis.id.in_(analysis_ids)).order_by(Analysis.id)
        places = unit.execute(asked).all()
    for key, prefix in places:
        with store.files.fetch(prefix, [STROKES]) as folder:
            table = read_table(folder / STROKES)
        usable = np.asarray(table["usable"], dtype=bool)
        yield key, {name: column[usable] for name, column in table.items()}
