"""What is told about an attempt at a job: how far it has come, and how it ended. Light, as every process loads it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any


@dataclass(frozen=True, slots=True)
class Report:
    """How far a worker has come. ``checkpoint``: where to go on after a stop; None: as it was."""

    stage: str = ""
    done: float = 0.0
    total: float = 0.0
    checkpoint: dict[str, Any] | None = None


class How(Enum):
    """How an attempt ended."""

    DONE = "done"
    CANCELLED = "cancelled"
    ERROR = "error"
    """Something went wrong that may not go wrong again."""
    USELESS = "useless"
    """Trying again would end the same: the video cannot be read, there is no rower in it."""
    WAITS = "waits"
    """What it stands on is away or full; nothing is wrong with the work, so it counts for nothing."""
    DEATH = "death"
    """The process that worked on it is gone."""
    RESTART = "restart"
    """The whole program is gone, and with it what worked on the job."""
    RELEASED = "released"
    """Given back: the program stops in order, or no worker could take it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended, and why in words."""

    how: How
    words: str = ""
    wait_s: float = 0.0
    """Of a release: how long it should not be tried again."""
