"""Join a monitor's recording to a session: read it, lay it over the newest analysis, keep it."""

from __future__ import annotations

import uuid
from pathlib import Path

from rowsense.assess.monitor import align, aligned_at
from rowsense.errors import UsageError
from rowsense.model.monitor import MonitorAlignment, MonitorSeries, film_strokes, not_aligned
from rowsense.store.claims import ClubStore
from rowsense.store.monitor_csv import read_monitor
from rowsense.store.monitor_file import attach_monitor
from rowsense.store.raw_strokes import raw_strokes
from rowsense.store.scope import ClubScope
from rowsense.store.shown import shown_analysis
from rowsense.store.tables import MonitorFile


def join_monitor(
    store: ClubStore,
    scope: ClubScope,
    session_id: uuid.UUID,
    path: Path,
    *,
    begins_s: float | None = None,
    must_fit: bool = False,
    by: uuid.UUID | None = None,
) -> MonitorFile:
    """Keep a monitor's CSV with a session; where it cannot be laid over the video, the row says why.

    ``begins_s``: second of the video at which the monitor stood at 0, where somebody knows it.
    ``must_fit``: what cannot be laid over the video is refused, not kept. ``by``: who did it, for the note.

    Raises
    ------
    UsageError
        It is no recording of a monitor, or it does not fit; the session has what it had.
    StoreError, OutputError
        There is no such session, or it cannot be stored.
    """
    series = read_monitor(path)
    alignment = _aligned(store, scope, session_id, series, begins_s)
    if must_fit and alignment.reason:
        raise UsageError(alignment.reason)
    return attach_monitor(store, scope, session_id, path, series, alignment, by=by)


def _aligned(
    store: ClubStore, scope: ClubScope, session_id: uuid.UUID, series: MonitorSeries, begins_s: float | None
) -> MonitorAlignment:
    with store.database.reading(scope) as unit:
        shown = shown_analysis(unit, session_id)
    if shown is None:
        return not_aligned("the video is not analysed yet")
    ((_, strokes),) = raw_strokes(store, scope, [shown.id])
    film = film_strokes(strokes)
    return align(film, series) if begins_s is None else aligned_at(film, series, begins_s)
