"""Taking an upload out of the list: with its bytes, or with the session that it never became."""

from __future__ import annotations

from rowsense.errors import StoreError
from rowsense.jobs.looking import jobs_named
from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore
from rowsense.store.delete import delete_session, is_measured
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Upload
from rowsense.store.tables.jobs import QUEUED, RUNNING
from rowsense.store.uploads import remove_upload


def take_away(store: ClubStore, viewer: Viewer, row: Upload) -> None:
    """What was measured stays with its film, whatever the last job came to: a session, a calibration; any other goes.

    Raises
    ------
    StoreError
        Its analysis waits or runs.
    OutputError
        Files are left, which go later.
    """
    scope = ClubScope(viewer.club_id)
    job = jobs_named(store.database, scope, [row.job_id]).get(row.job_id) if row.job_id is not None else None
    if job is not None and job.state in (QUEUED, RUNNING):
        raise StoreError("its analysis waits or runs; cancel that first")
    if row.session_id is not None and not is_measured(store.database, scope, row.session_id):
        delete_session(store, scope, row.session_id, by=viewer.user_id)
        return
    remove_upload(store, row)
