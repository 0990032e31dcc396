"""Kill at a window again and again, and look each time whether all is well."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Protocol

from rowsense.jobs.looking import jobs_of
from rowsense.store.claims import ClubStore
from rowsense.store.tables.jobs import QUEUED, RUNNING
from tests.soak.brought import Brought, settled
from tests.soak.checks import EVERYTHING, check_store
from tests.soak.windows import Window
from tests.soak.world import SoakError, Stage, until


class Place(Protocol):
    """A club at work."""

    stage: Stage
    store: ClubStore

    @property
    def scratch(self) -> Path:
        """Where jobs keep files."""

    def film(self, number: int, window: Window, skip: int) -> Brought:
        """Bring a film in and kill meanwhile."""


@dataclass
class Result:
    """What became of the kills at one window."""

    window: Window
    kills: int = 0
    seconds: float = 0.0
    slowest_s: float = 0.0
    problems: list[str] = field(default_factory=list)


def hits(
    place: Place,
    windows: Sequence[Window],
    kills: Callable[[Window], int],
    seed: int,
    tell: Callable[[Result, str], None],
) -> Iterator[Result]:
    """Kill at every window as often as ``kills`` says; the store stays the same, and is looked at after each window."""
    films: list[Brought] = []
    numbers = count(seed * 1000)
    for window in windows:
        result, chance = Result(window), random.Random(f"{seed} {window.name}")
        each = kills(window)
        for turn in range(each):
            skip = chance.randint(*window.skips)
            began_s = time.monotonic()
            try:
                films.append(place.film(next(numbers), window, skip))
                result.kills += 1
                until(lambda: settled(place.store, films[-1]), "all is done")
            except SoakError as error:
                result.problems.append(f"kill {turn + 1} (skip {skip}): {error}; {_going(place.store)}")
                break
            took_s = time.monotonic() - began_s
            result.seconds += took_s
            result.slowest_s = max(result.slowest_s, took_s)
            tell(result, f"{turn + 1} of {each}, {took_s:.1f} s")
        place.stage.disarm()
        if not result.problems:
            try:
                check_store(place.store, films, place.scratch)
            except SoakError as error:
                result.problems.append(str(error))
        yield result
        if result.problems:
            return  # what follows would stand on sand; a new place begins anew


def _going(store: ClubStore) -> str:
    """What has not ended, for whoever looks for the reason."""
    jobs = jobs_of(store.database, EVERYTHING, (QUEUED, RUNNING))
    told = [
        f"{job.kind} {job.state} at {job.stage or 'its start'}, attempt {job.attempt} by {job.worker}" for job in jobs
    ]
    return ", ".join(told) or "no job waits or runs"
