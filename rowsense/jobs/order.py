"""Which job is next, how long until another try, how long until the end. Plain arithmetic."""

from __future__ import annotations

import heapq
import math
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

#: Wait after the first error, and how much longer after each further one: 30 s, 2 min, 8 min ... [D]: a full disk or a
#: database that restarts is mended in minutes, a passing trouble in seconds.
FIRST_BACK_OFF_S: Final = 30.0
BACK_OFF_RATIO: Final = 4.0
LONGEST_BACK_OFF_S: Final = 3600.0
#: A guess from less than this share of the work, or of this time, jumps about [D].
LEAST_SHARE: Final = 0.02
LEAST_ELAPSED_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that may start now."""

    job_id: uuid.UUID
    club_id: uuid.UUID
    priority: int
    since: datetime


def fair_order(waiting: Iterable[Waiting], running: Mapping[uuid.UUID, int]) -> list[Waiting]:
    """All of ``waiting``, the next one first.

    Higher priority first. Among equals the club with the fewest jobs running (``running``) or placed before; among
    those the one that waits longest. Within a club and a priority: in the order in which they came.
    """
    load = dict(running)
    placed: list[Waiting] = []
    by_priority = sorted(waiting, key=lambda job: (-job.priority, job.since, job.job_id))
    for _, group in groupby(by_priority, key=lambda job: job.priority):
        queues: dict[uuid.UUID, list[Waiting]] = {}
        for job in group:
            queues.setdefault(job.club_id, []).append(job)
        places = dict.fromkeys(queues, 0)
        heap = [(load.get(club, 0), jobs[0].since, club) for club, jobs in queues.items()]
        heapq.heapify(heap)
        while heap:
            _, _, club = heapq.heappop(heap)
            placed.append(queues[club][places[club]])
            places[club] += 1
            load[club] = load.get(club, 0) + 1
            if places[club] < len(queues[club]):
                heapq.heappush(heap, (load[club], queues[club][places[club]].since, club))
    return placed


def back_off_s(failure_count: int) -> float:
    """How long a job waits after its ``failure_count``-th error (from 1)."""
    steps = min(failure_count - 1, 10)  # beyond that it is the longest wait anyway
    return min(FIRST_BACK_OFF_S * BACK_OFF_RATIO**steps, LONGEST_BACK_OFF_S)


def time_left_s(done: float, total: float, resumed_done: float, elapsed_s: float) -> float:
    """How long the rest takes if it goes on as it went since this attempt began; NaN: cannot be said yet.

    ``resumed_done``: what was done when it began; ``elapsed_s``: how long ago that was.
    """
    gained = done - resumed_done
    if total <= 0 or gained < LEAST_SHARE * total or elapsed_s < LEAST_ELAPSED_S:
        return math.nan
    return max(total - done, 0.0) * elapsed_s / gained
