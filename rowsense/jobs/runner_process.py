"""A runner in a process of its own, for a server that shows pages: ``python -m rowsense.jobs.runner_process``.

Takes one line of JSON on standard input (``url``, ``files``, ``scratch``, ``scheduler``, ``workers``) and runs jobs
until the input is closed: whoever started it has ended then, in order or not; or until it is asked to end (SIGTERM).
What it has to say goes to standard error.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy.exc import DBAPIError

from rowsense import logs
from rowsense.errors import RowSenseError
from rowsense.jobs.alone import OtherRunnerError, alone
from rowsense.store.claims import ClubStore
from rowsense.store.database import Database
from rowsense.store.opening import open_files
from rowsense.store.trouble import is_away, words_of

#: How often it is looked whether another runner has given the store back [D].
_LOOK_AGAIN_S: Final = 2.0
#: And whether this one goes on [D].
_LOOK_S: Final = 0.5


def main() -> None:
    """Run jobs until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then closes the input
    told = json.loads(_first_line())
    if logs.wanted():
        logs.to_stderr()
    else:
        logging.getLogger("rowsense.jobs").addHandler(_ToError(logging.WARNING))
    # Of all that one thread can tell another with, only this queue may be used while a signal is handled.
    asked: queue.SimpleQueue[None] = queue.SimpleQueue()
    signal.signal(signal.SIGTERM, lambda number, frame: asked.put(None))
    over = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=(asked,), daemon=True).start()
    threading.Thread(target=_pass_on, args=(asked, over), daemon=True).start()
    try:
        with Database(told["url"]) as database:
            _run(ClubStore(database, open_files(told["files"])), told, over)
    except RowSenseError as error:
        sys.exit(f"jobs: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def _run(store: ClubStore, told: Mapping[str, Any], over: threading.Event) -> None:
    """Wait until no other runner has the store and the database is there, then run its jobs; as often as needed."""
    said = ""
    while not over.is_set():
        try:
            with alone(store.database):
                pass
            from rowsense.jobs.runner import running  # loads Dask, so not while another one runs
            from rowsense.jobs.runner_settings import RunnerSettings

            how = RunnerSettings(
                scheduler=told.get("scheduler", ""), workers=told.get("workers", 1), scratch=Path(told["scratch"])
            )
            with running(store, how) as runner:
                said = ""
                while not over.wait(_LOOK_S) and not runner.ended.is_set():
                    pass
            continue
        except OtherRunnerError:  # also one that was quicker while Dask was being loaded
            words = "another RowSense runs them already; it is left to it until it ends"
        except DBAPIError as error:
            if not is_away(error):
                raise
            words = f"{words_of(error, store.database.url)}; jobs wait"
        if words != said:
            _say(words)
        said = words
        over.wait(_LOOK_AGAIN_S)


def _first_line() -> bytes:
    """Read from below Python's buffer, which a thread that waits in it would keep locked."""
    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(0, 1)
        if not piece:
            sys.exit("no task on the standard input")
        line += piece
    return line


def _wait_for_the_end(asked: queue.SimpleQueue[None]) -> None:
    while os.read(0, 1024):
        pass
    asked.put(None)


def _pass_on(asked: queue.SimpleQueue[None], over: threading.Event) -> None:
    asked.get()
    over.set()


def _say(words: str) -> None:
    sys.stderr.write(f"jobs: {words}\n")
    sys.stderr.flush()


class _ToError(logging.Handler):
    """What the runner has to say, as lines of the terminal."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say it."""
        _say(record.getMessage())


if __name__ == "__main__":
    main()
