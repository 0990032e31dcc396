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


@pytest.mark.skipif(os.name != "posix", reason="looks for locks as POSIX has them")
def test_a_runner_that_dies_is_started_again(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/club.sqlite3", str(tmp_path / "files"))
    lock = tmp_path / "club.sqlite3.runner"
    said: list[str] = []
    with runner_beside(store, tmp_path / "work", said.append, start_after_s=0, start_again_s=0.1):
        until(lambda: is_held(lock))
        first = runner()
        first.kill()
        until(lambda: bool(said))
        assert "started again" in said[0] and "-9" in said[0]
        until(lambda: is_held(lock))
        second = runner()
        assert second.pid != first.pid
    assert not second.is_running() and not is_held(lock) and len(said) == 1
    store.database.close()


def runner() -> psutil.Process:
    """The one among this process's children."""
    (found,) = [p for p in psutil.Process().children() if "rowsense.jobs.runner_process" in p.cmdline()]
    return found


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
