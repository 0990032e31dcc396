"""The daily sweep beside the jobs: what is over by a club's times of keeping goes, and files of links that ended."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError

from rowsense.errors import RowSenseError
from rowsense.store.claims import ClubStore
from rowsense.store.keeping import Swept, sweep

_log = logging.getLogger("rowsense.jobs.sweeping")
#: A laptop that is switched on for an hour a day sweeps too; the first jobs come first [D].
FIRST_AFTER_S: Final = 120.0
EVERY_S: Final = 24 * 3600.0
#: A clock that went on by so much more than time did was set. Nothing is deleted on the word of such a clock until
#: the next sweep, when it may have been set right [D].
_JUMP_S: Final = 3600.0


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
    wait_s, watch = first_after_s, ClockWatch()
    while not over.wait(wait_s):
        wait_s = every_s
        if watch.jumped():
            _log.warning("times of keeping: the clock was set meanwhile, so nothing is removed until the next sweep")
            continue
        swept_once(store)


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


class ClockWatch:
    """Whether the clock on the wall was set forward since it was last asked."""

    def __init__(self, wall_s: Callable[[], float] = time.time, steady_s: Callable[[], float] | None = None) -> None:
        self._wall_s, self._steady_s = wall_s, steady_s or _steady_s
        self._last = self._wall_s(), self._steady_s()

    def jumped(self) -> bool:
        """Ask it, and count from now on."""
        before, self._last = self._last, (self._wall_s(), self._steady_s())
        return (self._last[0] - before[0]) - (self._last[1] - before[1]) > _JUMP_S


def _steady_s() -> float:
    """Goes on while the machine sleeps, where the system has such a clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
