"""Who asks too often is told to wait: this process' share of what all web processes count together."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from rowsense.store.database import Database
from rowsense.store.paces import Limit, take

#: Requests that a process takes at once [D]: one in so many writes, and so few may lie unused in each process ...
AT_ONCE: Final = 20
#: ... for no longer than that, seconds [D].
LASTS_S: Final = 10.0
#: Keys that are remembered; of one that is forgotten some are taken anew.
_MOST_KNOWN: Final = 4096


@dataclass
class Pace:
    """What this process may still let through of each key."""

    limit: Limit
    at_once: int = AT_ONCE
    now_s: Callable[[], float] = time.monotonic
    _here: dict[uuid.UUID, tuple[int, float]] = field(default_factory=dict)
    """Key -> requests at hand, and until when."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait_s(self, database: Database, key: uuid.UUID) -> float:
        """Let one through; seconds until it is worth asking again, 0: it is let through."""
        if self._one_at_hand(key):
            return 0.0
        taken, wait_s = take(database, key, self.limit, self.at_once)
        if taken > 1:
            self._keep(key, taken - 1)
        return wait_s

    def _one_at_hand(self, key: uuid.UUID) -> bool:
        with self._lock:
            left, until_s = self._here.pop(key, (0, 0.0))
            if not left or self.now_s() >= until_s:
                return False
            self._here[key] = (left - 1, until_s)
            return True

    def _keep(self, key: uuid.UUID, count: int) -> None:
        with self._lock:
            left, until_s = self._here.pop(key, (0, 0.0))
            now_s = self.now_s()
            # Put last again: the first is the one that was not used for longest.
            self._here[key] = (count + (left if now_s < until_s else 0), now_s + LASTS_S)
            if len(self._here) > _MOST_KNOWN:
                self._here.pop(next(iter(self._here)))
