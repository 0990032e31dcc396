"""Kinds of work for the tests. They run in real processes; a test meets them at a named pipe."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from rowsense.errors import OutputError, VideoError
from rowsense.jobs.telling import Report
from rowsense.jobs.work import Work

KINDS = {
    name: f"tests.jobs.kinds:{name}"
    for name in ("steps", "gate", "die", "kill_worker", "useless", "full_disk", "no_space", "mistake")
}


def steps(work: Work) -> None:
    """Write down each step once; at ``wait_at``, in the first attempt only, say so and wait for the end."""
    count, wait_at = work.payload["count"], work.payload.get("wait_at", -1)
    for step in range(work.checkpoint.get("at", 0), count):
        with Path(work.payload["log"]).open("a", encoding="utf-8") as log:
            log.write(f"{step}\n")
        work.tell(Report("count", step + 1, count, {"at": step + 1}))
        if step == wait_at and not work.checkpoint:
            (work.folder / "half-made").write_text("x", encoding="utf-8")
            Path(work.payload["pipe"]).write_text(f"{os.getpid()}\n", encoding="utf-8")
            signal.pause()


def gate(work: Work) -> None:
    """Stand at a gate until it is open."""
    work.tell(Report("count", 1, 2, {"at": 1}))
    while not Path(work.payload["gate"]).exists():
        time.sleep(0.02)
    work.tell(Report("count", 2, 2, {"at": 2}))


def die(work: Work) -> None:
    """A video that brings the decoder down."""
    os.kill(os.getpid(), signal.SIGKILL)


def kill_worker(work: Work) -> None:
    """Takes so much memory that the system ends the worker."""
    os.kill(os.getppid(), signal.SIGKILL)
    signal.pause()


def useless(work: Work) -> None:
    """Never works."""
    raise VideoError("a.mp4: is not a video")


def full_disk(work: Work) -> None:
    """May work later."""
    raise OutputError("the disk is full")


def no_space(work: Work) -> None:
    """The system's own refusal; as long as the test's disk is full."""
    if not Path(work.payload["room"]).exists():
        (work.folder / "film").symlink_to("/dev/full")
        (work.folder / "film").write_bytes(bytes(2000))


def mistake(work: Work) -> None:
    """Ours."""
    raise ZeroDivisionError("by nothing")
