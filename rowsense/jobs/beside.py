"""A runner beside a server, in a process of its own: started late, started again when it dies, ended in order.

Light: neither the analysis nor Dask is loaded here.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from rowsense.store.claims import ClubStore
from rowsense.store.opening import address_of

#: The first page comes first: loading Dask takes a core for two seconds.
_START_AFTER_S: Final = 2.0
#: A runner that dies at once is not started over and over [D].
_START_AGAIN_S: Final = 30.0
#: To give back its jobs and end its workers [D]; a busy machine needs most of it.
_TIDY_UP_S: Final = 30.0
_LOOK_S: Final = 0.5


@contextmanager
def runner_beside(
    store: ClubStore,
    scratch: Path,
    say: Callable[[str], None],
    start_after_s: float = _START_AFTER_S,
    start_again_s: float = _START_AGAIN_S,
    *,
    scheduler: str = "",
    workers: int = 1,
) -> Iterator[None]:
    """Have the jobs of a store run in another process while the block lasts.

    Parameters
    ----------
    scratch
        Where jobs keep files between attempts.
    say
        Hears of it when the process had to be started again.
    scheduler, workers
        As in :class:`rowsense.jobs.runner_settings.RunnerSettings`.
    """
    task = {
        "url": store.database.url.render_as_string(hide_password=False),
        "files": address_of(store.files),
        "scratch": str(scratch),
        "scheduler": scheduler,
        "workers": workers,
    }
    over = threading.Event()
    keeper = threading.Thread(
        target=_keep, args=(task, say, over, start_after_s, start_again_s), name="runner", daemon=True
    )
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _keep(
    task: dict[str, str | int],
    say: Callable[[str], None],
    over: threading.Event,
    start_after_s: float,
    start_again_s: float,
) -> None:
    wait_s = start_after_s
    while not over.wait(wait_s):
        code = _one(task, over)
        wait_s = start_again_s
        if not over.is_set():
            say(f"jobs: their process ended (code {code}); it is started again in {wait_s:.0f} s")


def _one(task: dict[str, str | int], over: threading.Event) -> int:
    """One process from its start to its end; its exit code."""
    # A session of its own: Ctrl-C in a terminal is for the server, which then ends the runner in order.
    command = [sys.executable, "-P", "-m", "rowsense.jobs.runner_process"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as runner:
        assert runner.stdin is not None
        with suppress(OSError):  # it died before it had read its task
            runner.stdin.write(json.dumps(task).encode() + b"\n")
            runner.stdin.flush()
        while runner.poll() is None and not over.wait(_LOOK_S):
            pass
        with suppress(OSError):
            runner.stdin.close()  # which it takes for the end
        try:
            return runner.wait(_TIDY_UP_S)
        except subprocess.TimeoutExpired:
            runner.kill()
            return runner.wait()
