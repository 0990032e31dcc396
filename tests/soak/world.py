"""A club whose programs run as processes of their own, so that each can be killed and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from rowsense.store.claims import ClubStore
from tests.soak.quick import KINDS, PARTS, PREPARED
from tests.soak.windows import Window
from tests.store.club import analysed_folder

HOOK = Path(__file__).parent / "hook"
REPOSITORY = Path(__file__).parents[2]
#: The longest anything may take on a busy machine; what takes longer has failed. Several runs at once take longer.
PATIENCE_S = float(os.environ.get("ROWSENSE_SOAK_PATIENCE_S", "150"))


class SoakError(AssertionError):
    """Something is not as it has to be after a kill."""


def until(holds: Callable[[], Any], what: str, patience_s: float = PATIENCE_S) -> Any:
    """Wait until another process has done it; gives what ``holds`` gave."""
    ends_s = time.monotonic() + patience_s
    while not (found := holds()):
        if time.monotonic() > ends_s:
            raise SoakError(f"did not happen: {what}")
        time.sleep(0.03)
    return found


@dataclass
class Program:
    """A process that is started again after it was killed. What it says goes into a file."""

    name: str
    command: list[str]
    folder: Path
    environment: dict[str, str]
    ready: str
    """What it says once it is there; empty: nothing."""
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0

    def start(self) -> None:
        """Start it, and wait until it is there."""
        self.starts += 1
        said = self.folder / f"{self.name}-{self.starts}.txt"
        with said.open("wb") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, env=self.environment, cwd=self.folder, start_new_session=True
            )
        if self.ready:
            until(lambda: self.ready in said.read_text(errors="replace") or self.ended(), f"{self.name} starts")
            if self.ended():
                raise SoakError(f"{self.name} ended: {said.read_text(errors='replace')[-500:]}")

    def ended(self) -> bool:
        """Whether it has."""
        return self.process is None or self.process.poll() is not None

    def kill(self) -> None:
        """Without a word of warning."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """In order."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()


@dataclass
class Stage:
    """Where the programs of a run are, and how one of them is stopped at a moment."""

    folder: Path
    real: bool = False
    """Films are really analysed."""
    parts: int = 2
    """Into how many a job is divided otherwise."""
    programs: dict[str, Program] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / PREPARED).exists():
            analysed_folder(self.folder / PREPARED)

    @property
    def environment(self) -> dict[str, str]:
        """Of all programs, and of what they start."""
        path = os.pathsep.join(map(str, (HOOK, REPOSITORY)))
        told = {"PYTHONPATH": path, "ROWSENSE_SOAK": str(self.folder), "ROWSENSE_DATA_DIR": str(self.folder / "data")}
        # There is no rower in the small films.
        quick = {"ROWSENSE_SOAK_KINDS": KINDS, PARTS: str(self.parts), "ROWSENSE_UPLOADS__FIND_ROWER": "false"}
        return os.environ | told | ({} if self.real else quick)

    def add(self, name: str, *module: str, ready: str = "") -> Program:
        """A program of Python, started."""
        command = [sys.executable, "-P", "-m", *module]
        program = self.programs[name] = Program(name, command, self.folder, self.environment, ready)
        program.start()
        return program

    def arm(self, window: Window, skip: int) -> None:
        """From now on the next process that comes to the moment stops there."""
        told = {"role": window.stops, "steps": window.steps, "skip": skip, "at": time.monotonic_ns()}
        part = self.folder / "armed.part"
        part.write_text(json.dumps(told), encoding="utf-8")
        part.replace(self.folder / "armed.json")

    def reached(self) -> int:
        """The process that stands still, once one does."""
        place = self.folder / "reached"
        until(place.exists, "a process comes to the moment")
        stopped = int(place.read_text(encoding="utf-8"))
        place.unlink()
        return stopped

    def disarm(self) -> None:
        """Nothing stops any more."""
        (self.folder / "armed.json").unlink(missing_ok=True)

    def close(self) -> None:
        """End all programs."""
        self.disarm()
        for program in reversed(self.programs.values()):
            program.stop()


def of_role(stopped: int, role: str) -> psutil.Process:
    """The process above a job's one that has this role."""
    above = [p for p in psutil.Process(stopped).parents() if p.pid != os.getpid()]
    marks = {
        "worker": ("spawn_main", "distributed.cli.dask_worker"),
        "runner": ("runner_process", "jobs run"),
        "web": ("rowsense serve",),
    }
    for process in above:
        with suppress(psutil.Error):
            if any(mark in " ".join(process.cmdline()) for mark in marks[role]):
                return process
    raise SoakError(f"no {role} above the process {stopped}")


def kill(pid: int) -> None:
    """Kill it; nothing where it is gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def go_on(pid: int) -> None:
    """Let it run again, so that it can hear that the others are gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


@contextmanager
def closing(stage: Stage, store: ClubStore) -> Iterator[None]:
    """End programs and connections, whatever happens."""
    try:
        yield
    finally:
        stage.close()
        store.database.close()
