"""Keep the monitor's recording of a session: the file as it came, and its series."""

from __future__ import annotations

import tempfile
import uuid
from dataclasses import fields
from pathlib import Path
from typing import Final

import numpy as np
from sqlalchemy import delete, select

from rowsense.errors import StoreError
from rowsense.model.monitor import MonitorAlignment, MonitorSeries
from rowsense.store.claims import ClubStore, claimed, clear, keep, let_go
from rowsense.store.database import Database
from rowsense.store.parquet import read_table, write_table
from rowsense.store.scope import ClubScope
from rowsense.store.tables import AuditEntry, MonitorFile, TrainingSession

ORIGINAL: Final = "monitor.csv"
SERIES: Final = "monitor.parquet"


def attach_monitor(
    store: ClubStore,
    scope: ClubScope,
    session_id: uuid.UUID,
    source: Path,
    series: MonitorSeries,
    alignment: MonitorAlignment,
    *,
    by: uuid.UUID | None = None,
) -> MonitorFile:
    """Keep a recording; one that the session has already gives way to it.

    Raises
    ------
    StoreError
        The club has no such session.
    OutputError
        A file cannot be stored. The session has what it had.
    """
    with claimed(store, scope, 1) as (prefix,), tempfile.TemporaryDirectory() as folder:
        table = Path(folder, SERIES)
        write_table(table, {field.name: getattr(series, field.name) for field in fields(series)})
        store.files.put(source, f"{prefix}/{ORIGINAL}")
        store.files.put(table, f"{prefix}/{SERIES}")
        row = _row(session_id, source.name, prefix, series, alignment)
        with store.database.writing(scope) as unit:
            if unit.get(TrainingSession, session_id, with_for_update=True) is None:
                raise StoreError(f"there is no session {session_id} in this club")
            of_it = MonitorFile.session_id == session_id
            old = list(unit.scalars(select(MonitorFile.file_prefix).where(of_it)))
            unit.execute(delete(MonitorFile).where(of_it))
            let_go(unit, old)
            unit.add_all([row, _note(session_id, "attach_monitor", by)])
            keep(unit, [prefix])
    clear(store, old)
    return row


def detach_monitor(store: ClubStore, scope: ClubScope, session_id: uuid.UUID, *, by: uuid.UUID | None = None) -> bool:
    """Take a recording off again; whether there was one.

    Raises
    ------
    OutputError
        The row is gone, but not all files yet.
    """
    with store.database.writing(scope) as unit:
        of_it = MonitorFile.session_id == session_id
        old = list(unit.scalars(select(MonitorFile.file_prefix).where(of_it)))
        unit.execute(delete(MonitorFile).where(of_it))
        let_go(unit, old)
        if old:
            unit.add(_note(session_id, "detach_monitor", by))
    clear(store, old)
    return bool(old)


def monitor_row(database: Database, scope: ClubScope, session_id: uuid.UUID) -> MonitorFile | None:
    """What is known of a session's recording; None: there is none."""
    with database.reading(scope) as unit:
        return unit.scalar(select(MonitorFile).where(MonitorFile.session_id == session_id))


def attached_monitor(store: ClubStore, scope: ClubScope, session_id: uuid.UUID) -> MonitorSeries | None:
    """The series of a session; None: there is none."""
    row = monitor_row(store.database, scope, session_id)
    return None if row is None else series_of(store, row)


def series_of(store: ClubStore, row: MonitorFile) -> MonitorSeries:
    """What was recorded.

    Raises
    ------
    OutputError
        The file is gone or damaged.
    """
    with store.files.fetch(row.file_prefix, [SERIES]) as folder:
        return MonitorSeries(**read_table(folder / SERIES))


def _note(session_id: uuid.UUID, action: str, by: uuid.UUID | None) -> AuditEntry:
    return AuditEntry(actor_user_id=by, action=action, subject_kind="sessions", subject_id=session_id)


def _row(
    session_id: uuid.UUID, name: str, prefix: str, series: MonitorSeries, alignment: MonitorAlignment
) -> MonitorFile:
    known = series.distance_m[np.isfinite(series.distance_m)]
    return MonitorFile(
        session_id=session_id,
        name=name,
        file_prefix=prefix,
        sample_count=len(series.time_s),
        duration_s=float(series.time_s[-1] - series.time_s[0]),
        distance_m=float(known.max()) if len(known) else None,
        offset_s=alignment.offset_s,
        offset_low_s=alignment.low_s,
        offset_high_s=alignment.high_s,
        reason=alignment.reason,
    )
