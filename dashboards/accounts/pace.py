"""Who asks too often is told to wait: this process' share of what all web processes count together."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from rowsense.store.database import Database
from rowsense.store.paces import Limit, take

#: Requests that a process takes at once [D]: one in so many writes, and so few may lie unused in each process ...
AT_ONCE: Final = 20
#: ... for no longer than that, seconds [D].
LASTS_S: Final = 10.0
#: Keys that are remembered; of one that is forgotten some are taken anew.
_MOST_KNOWN: Final = 4096


@dataclass(frozen=True, slots=True)
class _AtHand:
    """Requests of one key that this process may let through."""

    count: int
    until_s: float
    beyond: int
    """That were left when these were taken."""


@dataclass
class Pace:
    """What this process may still let through of each key."""

    limit: Limit
    at_once: int = AT_ONCE
    now_s: Callable[[], float] = time.monotonic
    _here: dict[uuid.UUID, _AtHand] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait_s(self, database: Database, key: uuid.UUID) -> float:
        """Let one through; seconds until it is worth asking again, 0: it is let through."""
        if self._one_at_hand(key):
            return 0.0
        taken = take(database, key, self.limit, self.at_once)
        self._keep(key, max(taken.requests - 1, 0), taken.left)
        return taken.wait_s

    def left(self, key: uuid.UUID) -> int:
        """How many of a key are left as far as this process knows: others may have used some since it last asked."""
        with self._lock:
            here = self._here.get(key)
        return 0 if here is None else here.count + here.beyond

    def _one_at_hand(self, key: uuid.UUID) -> bool:
        with self._lock:
            here = self._here.pop(key, None)
            if here is None or not here.count or self.now_s() >= here.until_s:
                return False
            self._here[key] = replace(here, count=here.count - 1)
            return True

    def _keep(self, key: uuid.UUID, count: int, beyond: int) -> None:
        with self._lock:
            here = self._here.pop(key, None)
            now_s = self.now_s()
            more = here.count if here is not None and now_s < here.until_s else 0
            # Put last again: the first is the one that was not used for longest.
            self._here[key] = _AtHand(count + more, now_s + LASTS_S, beyond)
            if len(self._here) > _MOST_KNOWN:
                self._here.pop(next(iter(self._here)))
