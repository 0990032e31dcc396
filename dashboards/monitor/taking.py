"""A monitor's file as somebody sends it: put where it can be read, and refused in words that name no folder."""

from __future__ import annotations

import tempfile
import uuid
from pathlib import Path
from typing import IO, Final

from flask import current_app

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.monitor.view_model import Attached
from rowsense.errors import OutputError, StoreError, UsageError
from rowsense.monitoring import join_monitor
from rowsense.store.monitor_file import detach_monitor, monitor_row, series_of
from rowsense.store.scope import ClubScope
from rowsense.store.tables import MonitorFile

#: Of one file [D]: eight hours of polling four times a second with force curves.
MOST_BYTES: Final = 24 << 20
_MOST_LETTERS: Final = 120
_BLOCK: Final = 1 << 18


def take_monitor(session_id: uuid.UUID, name: str, sent: IO[bytes], begins_s: float | None) -> MonitorFile:
    """Keep what was sent with the session, laid over its video.

    Raises
    ------
    StoreError
        It is too large, no recording of a monitor, or does not fit; the session has what it had.
    OutputError
        It cannot be stored.
    """
    viewer = signed_in_viewer()
    with tempfile.TemporaryDirectory(prefix="rowsense-monitor-") as folder:
        path = Path(folder, _plain(name))
        _write(path, sent)
        try:
            return join_monitor(
                store(), ClubScope(viewer.club_id), session_id, path, begins_s=begins_s, must_fit=True,
                by=viewer.user_id,
            )  # fmt: skip
        except UsageError as error:
            raise StoreError(str(error).replace(str(path), path.name)) from error


def take_off_monitor(session_id: uuid.UUID) -> bool:
    """Take it off; whether there was one."""
    viewer = signed_in_viewer()
    try:
        return detach_monitor(store(), ClubScope(viewer.club_id), session_id, by=viewer.user_id)
    except OutputError:
        # It is shown nowhere any more; the sweep removes what is left.
        current_app.logger.warning("a monitor's file that was taken off is left for the next sweep")
        return True


def attached_to(session_id: uuid.UUID) -> Attached | None:
    """What is attached to a session that the viewer may see; None: nothing, or its file is gone."""
    scope = ClubScope(signed_in_viewer().club_id)
    row = monitor_row(store().database, scope, session_id)
    if row is None:
        return None
    try:
        series = series_of(store(), row)
    except OutputError:
        return None
    return Attached(
        row.name, row.duration_s, row.distance_m, row.offset_s, row.offset_low_s, row.offset_high_s, row.reason, series
    )


def _write(path: Path, sent: IO[bytes]) -> None:
    count = 0
    with path.open("wb") as file:
        while block := sent.read(_BLOCK):
            count += len(block)
            if count > MOST_BYTES:
                raise StoreError(f"{path.name}: is too large for the recording of a monitor")
            file.write(block)


def _plain(name: str) -> str:
    """Without folders, and as every file system takes it."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in ':*?"<>|')
    return kept.strip(" .")[-_MOST_LETTERS:] or "monitor.csv"
