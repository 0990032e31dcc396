"""The runner's hold on its workers: made when they can be reached; when they are gone, tried less and less often."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

from rowsense.errors import StoreError
from rowsense.jobs.cluster import CONNECT_S, RECONNECT_S, Cluster, Workers
from rowsense.store.tables.operation import NO_SCHEDULER, NO_WORKERS, RUNS

_log = logging.getLogger("rowsense.jobs.connection")
#: Own workers start in seconds, on a busy machine in half a minute [D]; after that nothing brings them back by itself.
_NO_WORKERS_S: Final = 120.0
#: Between tries to reach a scheduler, from and to [D]: one that is started again is back in seconds, and who waits for
#: a machine to be mended need not knock every second.
FIRST_WAIT_S: Final = 1.0
LONGEST_WAIT_S: Final = 30.0

_Connect = Callable[[float], Cluster]


class Connection:
    """Workers of this machine, which must be there at once, or those of a scheduler, which may come later."""

    def __init__(
        self,
        scheduler: str,
        workers: int,
        *,
        connect: _Connect | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._scheduler, self._now_s = scheduler, now_s
        self._connect: _Connect = connect or (lambda wait_s: Cluster(scheduler, workers, wait_s))
        self._cluster: Cluster | None = None
        self._wait_s, self._next_s = 0.0, now_s()
        self._had_workers_s = now_s()
        self._found = Workers((), ())
        if not scheduler:
            self._cluster = self._connect(CONNECT_S)
        else:
            self._try()

    @property
    def cluster(self) -> Cluster | None:
        """What can be worked with; None: it is not there now."""
        return self._cluster

    @property
    def state(self) -> str:
        """In a word, for who asks whether the jobs go on."""
        if self._cluster is None:
            return NO_SCHEDULER
        return RUNS if self._found.addresses else NO_WORKERS

    def saw(self, found: Workers) -> None:
        """Note who is there."""
        self._found = found

    def renew(self) -> bool:
        """Leave what is dead and try to reach what is gone, if it is time; whether what was sent before is lost."""
        if self._cluster is None:
            return self._now_s() >= self._next_s and self._try()
        if self._found.addresses or self._found.refused or self._scheduler:
            self._had_workers_s = self._now_s()
        if self._cluster.alive() and self._now_s() - self._had_workers_s < _NO_WORKERS_S:
            return False
        _log.warning("the workers are gone; starting or connecting again")
        self._had_workers_s = self._now_s()
        self.close()
        self._try()
        return True

    def close(self) -> None:
        """Leave the workers."""
        self._found = Workers((), ())
        if self._cluster is not None:
            self._cluster.close()
            self._cluster = None

    def _try(self) -> bool:
        # Meanwhile nothing else is looked at; who was waited for longer may take longer to answer.
        try:
            self._cluster = self._connect(min(max(RECONNECT_S, self._wait_s), CONNECT_S))
        except StoreError as error:
            if not self._wait_s:
                _log.warning("%s; jobs wait until it is there", error)
            self._wait_s = min(max(2 * self._wait_s, FIRST_WAIT_S), LONGEST_WAIT_S)
            self._next_s = self._now_s() + self._wait_s
            return False
        if self._wait_s:
            _log.warning("%s is there; jobs go on", self._scheduler or "the cluster")
        self._wait_s = 0.0
        return True
