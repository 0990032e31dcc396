"""Looks at films that have come in whole, one after the other, in another process: decoders are not loaded here."""

from __future__ import annotations

import json
import logging
import queue
import subprocess
import sys
import threading
import uuid
from typing import Any, Final

from rowsense.errors import RowSenseError
from rowsense.jobs.claiming import claim
from rowsense.jobs.requests import piece_of
from rowsense.store.claims import ClubStore
from rowsense.store.filming import known_films
from rowsense.store.tables import Upload
from rowsense.store.tables.uploads import CHECKING, READY
from rowsense.store.upload_files import upload_files_of
from rowsense.store.uploads import checked_next, move_on, refuse, to_check, upload_of
from rowsense.store.viewers import viewer_of

_log = logging.getLogger(__name__)
#: Reading 4 GB from a slow disk takes minutes [D].
_MOST_S: Final = 1800.0
#: A stroke takes two seconds and more; nothing can be said of less than two of them [D].
SHORTEST_S: Final = 4.0
#: An analysis keeps numbers of every frame [D]; who rows longer films the parts that matter.
LONGEST_S: Final = 3 * 3600.0


class Checker:
    """A thread that looks at one film at a time."""

    def __init__(self, store: ClubStore) -> None:
        self._store = store
        self._waiting: queue.SimpleQueue[uuid.UUID] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def catch_up(self) -> None:
        """Look at what an earlier process left."""
        for key in to_check(self._store):
            self.look_at(key)

    def look_at(self, key: uuid.UUID) -> None:
        """Look at it soon; returns at once."""
        self._waiting.put(key)
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="films", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            key = self._waiting.get()
            try:
                check(self._store, key)
            except Exception:  # it stays as it is, and is looked at again at the next start
                _log.exception("upload %s could not be looked at", key)


def check(store: ClubStore, key: uuid.UUID) -> None:
    """Look at a film: refuse it, or have it ready; where it is said already who is in it, make the session."""
    row = checked_next(store, key)
    if row is None:
        return
    found = _look(store, row)
    problem = found.pop("problem", "") or _length_problem(float(found["duration_s"]))
    if problem:
        refuse(store, row, problem)
    elif move_on(store, row, CHECKING, state=READY, found=found):
        _claim_as_said(store, row.user_id, row.id)


def _look(store: ClubStore, row: Upload) -> dict[str, Any]:
    path = upload_files_of(store).path(row.id)
    command = [sys.executable, "-P", "-m", "rowsense.video.look", str(path)]
    # A session of its own: Ctrl-C is for the server; what is not looked at to its end is looked at again.
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_MOST_S, check=False, start_new_session=True
    )
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        _log.warning("upload %s: looking at it ended with code %d: %s", row.id, done.returncode, done.stderr[-300:])
        return {"problem": "the film cannot be read; look whether it plays to its end, and send it again"}
    if "problem" in found:
        found["problem"] = str(found["problem"]).replace(path.name, row.name)
    return found


def _length_problem(duration_s: float) -> str:
    if duration_s < SHORTEST_S:
        return f"the film lasts {duration_s:.1f} s, which holds no two strokes; film at least ten strokes"
    if duration_s > LONGEST_S:
        return f"the film lasts {duration_s / 3600:.1f} h and {LONGEST_S / 3600:.0f} h is the most; send a part of it"
    return ""


def _claim_as_said(store: ClubStore, user_id: uuid.UUID | None, key: uuid.UUID) -> None:
    """Make the session of what was said while the film was on its way; of a film that is known, ask first."""
    viewer = viewer_of(store.database, user_id) if user_id is not None else None
    row = upload_of(store, viewer, key) if viewer is not None else None
    if viewer is None or row is None or not row.claim:
        return
    sha256 = row.found["sha256"]
    if known_films(store.database, viewer, [sha256])[sha256]:
        return
    try:
        claim(store, viewer, key, piece_of(row.claim))
    except RowSenseError as error:
        move_on(store, row, READY, problem=str(error))
