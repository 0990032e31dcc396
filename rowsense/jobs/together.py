"""How several workers do the parts of one job: it and its helpers take what is free until nothing is left."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rowsense.jobs.looking import somebody_waits
from rowsense.jobs.parts import Holder, Parts
from rowsense.jobs.work import Work
from rowsense.store.database import Database

#: How often it is looked whether others are done [D].
_LOOK_S: Final = 0.5
#: And whether the job that is helped is still wanted [D].
_STILL_WANTED_S: Final = 2.0

#: Does some parts of a plan, calling the second argument now and then; part -> what came of it.
Doing = Callable[[Mapping[str, Any], Sequence[int], Callable[[float], None]], Mapping[int, bytes]]


class _NotWantedError(Exception):
    """The job that is helped is over."""


@dataclass(frozen=True, slots=True)
class AtWork:
    """Somebody at work on the parts of a job."""

    parts: Parts
    me: Holder
    at_once: int
    """How many parts are taken together, one for each thread."""
    priority: int
    """Of the job that is at work; a helper makes way for higher ones."""

    @staticmethod
    def of(work: Work, database: Database, at_once: int, job_id: uuid.UUID | None = None) -> AtWork:
        """Of a job in its own parts, or in those of the job that it helps."""
        me = Holder(uuid.UUID(work.task.job_id), work.task.attempt)
        return AtWork(Parts(database, work.scope, job_id or me.job_id), me, at_once, work.task.priority)


def do_all(
    at_work: AtWork, plan: dict[str, Any], sizes: Sequence[float], doing: Doing, progress: Callable[[float], None]
) -> list[bytes]:
    """Have all parts of a plan done by whoever is there; what came of each, in order.

    ``progress`` hears how much of ``sizes`` is done.
    """
    at_work.parts.lay_out(plan, len(sizes))
    finish(at_work, sizes, doing, progress)
    return [at_work.parts.result(part) for part in range(len(sizes))]


def finish(
    at_work: AtWork, sizes: Sequence[float], doing: Doing, progress: Callable[[float], None], first: int = 0
) -> None:
    """Work on parts that are laid out from ``first`` on, until all are done."""
    parts, numbers = at_work.parts, range(first, first + len(sizes))
    while len(done := [part for part in parts.done() if part in numbers]) < len(sizes):
        before = sum(sizes[part - first] for part in done)
        progress(before)
        taken, plan = parts.take(at_work.me, at_work.at_once)
        if taken:
            _do(parts, plan, taken, doing, lambda now, before=before: progress(before + now))  # type: ignore[misc]
        else:
            time.sleep(_LOOK_S)


def help_with(at_work: AtWork, doing: Doing, tell: Callable[[float], None]) -> None:
    """Do parts until none is free, the job is over, or a job that goes before this one waits."""
    looked_s = time.monotonic()

    def progress(now: float) -> None:
        nonlocal looked_s
        tell(now)
        if time.monotonic() - looked_s > _STILL_WANTED_S:
            looked_s = time.monotonic()
            if not at_work.parts.wanted():
                raise _NotWantedError

    while at_work.parts.wanted():
        taken, plan = at_work.parts.take(at_work.me, at_work.at_once)
        if not taken:
            return
        try:
            _do(at_work.parts, plan, taken, doing, progress)
        except _NotWantedError:
            return
        if somebody_waits(at_work.parts.database, at_work.priority):
            return


def _do(
    parts: Parts, plan: dict[str, Any], taken: Sequence[int], doing: Doing, progress: Callable[[float], None]
) -> None:
    for part, result in doing(plan, taken, progress).items():
        parts.keep(part, plan, result)
