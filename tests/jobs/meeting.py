"""A club with jobs, and how a test waits for what happens in other processes."""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rowsense.jobs.queue import enqueue
from rowsense.jobs.runner_settings import RunnerSettings
from rowsense.store.claims import ClubStore
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Job
from tests.jobs.kinds import KINDS
from tests.store.club import CLUB

#: Long enough for a busy machine to start a few processes; a test that fails waits so long.
PATIENCE_S = 90.0


def until(holds: Callable[[], Any]) -> Any:
    """Wait for something that another process does; gives what ``holds`` gave."""
    ends, pause = time.monotonic() + PATIENCE_S, threading.Event()
    while True:
        found = holds()
        if found:
            return found
        assert time.monotonic() < ends, "it did not happen"
        pause.wait(0.05)


def gone(pid: int) -> bool:
    """Whether the process has ended, also where nobody has asked for its code yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@dataclass(frozen=True)
class Yard:
    """Where jobs of a test are asked for and looked at."""

    store: ClubStore
    folder: Path

    @property
    def settings(self) -> RunnerSettings:
        return RunnerSettings(beat_s=0.1, stale_after_s=20.0, tick_s=0.1, kinds=KINDS, scratch=self.scratch)

    @property
    def scratch(self) -> Path:
        return self.folder / "scratch"

    def ask(self, kind: str, **payload: Any) -> uuid.UUID:
        with self.store.database.writing(CLUB) as unit:
            return enqueue(unit, kind, payload).id

    def ask_steps(self, count: int = 5, wait_at: int = -1, athlete_id: uuid.UUID | None = None) -> uuid.UUID:
        key = uuid.uuid4()
        payload = {"count": count, "wait_at": wait_at, "log": str(self.log(key)), "pipe": str(self.pipe(key))}
        os.mkfifo(self.pipe(key))
        with self.store.database.writing(CLUB) as unit:
            return enqueue(unit, "steps", payload, key=key, athlete_id=athlete_id).id

    def log(self, key: uuid.UUID) -> Path:
        return self.folder / f"{key}.log"

    def pipe(self, key: uuid.UUID) -> Path:
        return self.folder / f"{key}.pipe"

    def steps(self, key: uuid.UUID) -> list[int]:
        return [int(line) for line in self.log(key).read_text(encoding="utf-8").split()]

    def met(self, key: uuid.UUID) -> int:
        """Wait until the job stands where it was told to; gives the id of its process."""
        pid = int(self.pipe(key).read_text(encoding="utf-8"))
        until(lambda: self.job(key).checkpoint)
        return pid

    def job(self, key: uuid.UUID) -> Job:
        with self.store.database.reading(AllClubs("look")) as unit:
            return unit.get_one(Job, key)

    def ended(self, key: uuid.UUID) -> Job:
        until(lambda: self.job(key).state not in ("queued", "running"))
        return self.job(key)

    def worker_pid(self, key: uuid.UUID) -> int:
        return int(self.job(key).worker.split()[1])
