"""The daily sweep beside the jobs: what is over by a club's times of keeping goes, and files of links that ended."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError

from rowsense.errors import RowSenseError
from rowsense.store.claims import ClubStore
from rowsense.store.clock import Clock
from rowsense.store.keeping import Swept, sweep

_log = logging.getLogger("rowsense.jobs.sweeping")
#: A laptop that is switched on for an hour a day sweeps too; the first jobs come first [D].
FIRST_AFTER_S: Final = 120.0
EVERY_S: Final = 24 * 3600.0
#: How often the clock is looked at [D]; one in doubt is believed, or set right, in between two sweeps.
_LOOK_S: Final = 60.0
_AWAY: Final = "the database is away"


@contextmanager
def sweeping(
    store: ClubStore, first_after_s: float = FIRST_AFTER_S, every_s: float = EVERY_S
) -> Iterator[threading.Thread]:
    """Sweep in a thread while the block lasts."""
    over = threading.Event()
    thread = threading.Thread(
        target=_keep_sweeping, args=(store, over, first_after_s, every_s), name="sweep", daemon=True
    )
    thread.start()
    try:
        yield thread
    finally:
        over.set()
        thread.join()


def _keep_sweeping(store: ClubStore, over: threading.Event, first_after_s: float, every_s: float) -> None:
    clock, doubt, due_s = Clock(store.database), "", time.monotonic() + first_after_s
    while not over.wait(min(_LOOK_S, max(due_s - time.monotonic(), 0.0)) if not doubt else _LOOK_S):
        doubt = _looked(clock, doubt)
        if not doubt and time.monotonic() >= due_s:
            swept_once(store)
            due_s = time.monotonic() + every_s


def _looked(clock: Clock, before: str) -> str:
    """Look at the clock, and say it once where it is in doubt."""
    try:
        doubt = clock.look()
    except (RowSenseError, DBAPIError):  # the runner says so
        return before or _AWAY
    if doubt and before in ("", _AWAY):
        _log.warning("times of keeping: %s", doubt)
    if before not in ("", _AWAY) and not doubt:
        _log.warning("times of keeping: the clock is believed")
    return doubt


def swept_once(store: ClubStore) -> Swept | None:
    """Sweep, and say what went; None: it could not be done, and why is said."""
    try:
        swept = sweep(store)
    except (RowSenseError, DBAPIError, OSError) as error:
        _log.warning("times of keeping: the sweep was not finished (%s); it is tried again tomorrow", error)
        return None
    if swept.words():
        _log.warning("%s", swept.words())
    return swept
