"""A runner beside a server: one that dies is started again, and none is left behind."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from rowsense.jobs.beside import runner_beside
from rowsense.store.file_lock import try_lock
from rowsense.store.opening import open_store


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="looks for locks as POSIX has them")
def test_a_runner_that_dies_is_started_again_and_one_runs_at_a_time(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    store = open_store(f"sqlite:///{tmp_path}/club.sqlite3", str(tmp_path / "files"))
    lock = tmp_path / "club.sqlite3.runner"
    said: list[str] = []
    with runner_beside(store, tmp_path / "work", said.append, start_after_s=0, start_again_s=1.0):
        until(lambda: is_held(lock))
        first = runner()
        first.kill()
        until(lambda: bool(said))
        assert "started again" in said[0] and "-9" in said[0]
        until(lambda: is_held(lock))
        second = runner()
        assert second.pid != first.pid
        # Another server of the same store leaves the jobs to it, and takes them over when it is gone.
        with runner_beside(store, tmp_path / "work", said.append, start_after_s=0):
            until(lambda: "another RowSense runs them already" in capfd.readouterr().err)
            second.terminate()
            until(lambda: len(said) == 2)
            until(lambda: is_held(lock))
        assert "code 0" in said[1], "asked to end, it ends in order"
        assert len(said) == 2, "neither of the two that tried for it ended"
    assert not is_held(lock)
    assert not [p for p in psutil.Process().children() if is_runner(p)]
    store.database.close()


def runner() -> psutil.Process:
    """The one among this process's children."""
    (found,) = [p for p in psutil.Process().children() if is_runner(p)]
    return found


def is_runner(process: psutil.Process) -> bool:
    try:
        return "rowsense.jobs.runner_process" in process.cmdline()
    except psutil.Error:  # it has just ended
        return False


def is_held(lock: Path) -> bool:
    """Whether some process has the lock of a store's runner."""
    if not lock.exists():
        return False
    with lock.open("a") as file:
        return not try_lock(file)


def until(happens: Callable[[], bool]) -> None:
    until_s = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < until_s
        time.sleep(0.05)
