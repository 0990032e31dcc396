"""Join a monitor's recording to a session: read it, lay it over the newest analysis, keep it."""

from __future__ import annotations

import uuid
from pathlib import Path

from rowsense.assess.monitor import align_by_rate
from rowsense.model.monitor import MonitorAlignment, MonitorSeries, not_aligned
from rowsense.store.claims import ClubStore
from rowsense.store.monitor_csv import read_monitor
from rowsense.store.monitor_file import attach_monitor
from rowsense.store.raw_strokes import raw_strokes
from rowsense.store.scope import ClubScope
from rowsense.store.shown import shown_analysis
from rowsense.store.tables import MonitorFile


def join_monitor(store: ClubStore, scope: ClubScope, session_id: uuid.UUID, path: Path) -> MonitorFile:
    """Keep a monitor's CSV with a session; where it cannot be laid over the video, the row says why.

    Raises
    ------
    UsageError
        It is no recording of a monitor.
    StoreError, OutputError
        There is no such session, or it cannot be stored.
    """
    series = read_monitor(path)
    return attach_monitor(store, scope, session_id, path, series, _aligned(store, scope, session_id, series))


def _aligned(store: ClubStore, scope: ClubScope, session_id: uuid.UUID, series: MonitorSeries) -> MonitorAlignment:
    with store.database.reading(scope) as unit:
        shown = shown_analysis(unit, session_id)
    if shown is None:
        return not_aligned("the video is not analysed yet")
    ((_, strokes),) = raw_strokes(store, scope, [shown.id])
    return align_by_rate(strokes["catch_time_s"], strokes["end_time_s"], series)
