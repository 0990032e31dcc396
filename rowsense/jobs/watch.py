"""Who has been silent for too long, told by the change of a counter and this process' own steady clock.

No moment that another machine wrote down is compared with one here: clocks differ and jump, counters do not.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Watch(Generic[K]):
    """Remembers when each counter last changed."""

    def __init__(self, after_s: float) -> None:
        self._after_s = after_s
        self._seen: dict[K, tuple[int, float]] = {}
        self._looked_s = -math.inf

    def silent(self, beats: Mapping[K, int], now_s: float) -> list[K]:
        """Those of ``beats`` whose counter has stood still since ``after_s`` seconds or more.

        A look that comes late (the machine slept, this process was stopped) says nothing: all are given time again.
        """
        late = now_s - self._looked_s > self._after_s / 2
        before = {} if late else self._seen
        self._looked_s = now_s
        self._seen = {
            key: before[key] if key in before and before[key][0] == beat else (beat, now_s)
            for key, beat in beats.items()
        }
        return [key for key, (_, since_s) in self._seen.items() if now_s - since_s >= self._after_s]
