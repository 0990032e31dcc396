"""How jobs are run, and what a store must be like for it. No Dask is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL

from rowsense.errors import UsageError
from rowsense.jobs.work import KINDS
from rowsense.server_settings import JobSettings
from rowsense.store.database import SQLITE


@dataclass(frozen=True, slots=True)
class RunnerSettings:
    """How jobs are run."""

    scheduler: str = ""
    """``tcp://host:port`` of a Dask scheduler; empty: workers of this program's own."""
    workers: int = 1
    """How many of its own. An analysis uses every core by itself, so one is enough for a laptop."""
    beat_s: float = 1.0
    """How often a worker tells that it lives and how far it has come."""
    stale_after_s: float = 30.0
    """A worker that was silent for so long is taken for dead [D]; it may stop for seconds when a machine swaps."""
    tick_s: float = 1.0
    """How often the table is looked at."""
    kinds: Mapping[str, str] = field(default_factory=lambda: dict(KINDS))
    least_free_bytes: int = 300_000_000
    """With less on a disk that a job writes to none is begun [D]: the drawn film of ten minutes has that."""
    scratch: Path | None = None
    """Where workers keep what they need between attempts; None: in the data folder."""

    def __post_init__(self) -> None:
        problems = []
        if self.scheduler and not self.scheduler.startswith(("tcp://", "tls://")):
            problems.append(f"the scheduler {self.scheduler!r} must be named as tcp://host:port")
        if self.workers < 1:
            problems.append("there must be a worker")
        if not 0 < self.beat_s < self.stale_after_s or not 0 < self.tick_s < self.stale_after_s / 2:
            problems.append("beat_s must be shorter than stale_after_s, and tick_s than half of it")
        if problems:
            raise UsageError("jobs: " + "; ".join(problems))


def runner_settings(said: JobSettings) -> RunnerSettings:
    """As the settings of the server say.

    Raises
    ------
    UsageError
        The scheduler is no address of one.
    """
    return RunnerSettings(scheduler=said.scheduler, workers=said.workers)


def check_fits(place: URL, settings: RunnerSettings) -> None:
    """Refuse a database that workers on other machines cannot use.

    Raises
    ------
    UsageError
        With the mend.
    """
    if not settings.scheduler:
        return
    if place.get_backend_name() == SQLITE:
        raise UsageError(
            f"the scheduler {settings.scheduler} has workers that cannot share an SQLite file; "
            "name a PostgreSQL database with --store, or leave out --scheduler"
        )
