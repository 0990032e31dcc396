"""What a club's server does beside its pages, in a thread: each for itself, and one of them for all.

Nothing of it is in a hurry, and all of it is done again later where it fails. Two that do it at once do no harm.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from flask import Flask

from dashboards.forgetting import forget_all
from dashboards.uploads.sending import taking_in
from rowsense.errors import RowSenseError
from rowsense.store.claims import ClubStore, recover
from rowsense.store.trouble import is_away, words_of
from rowsense.store.uploads import expire
from rowsense.store.web_servers import WebServer

_log = logging.getLogger("rowsense.house")
#: How soon another server takes over where the one that kept house is gone [D]; one short question each.
_LOOK_S: Final = 5.0
#: A film whose server was killed while it looked at it waits no longer for another one [D].
FILMS_S: Final = 120.0
#: What nobody goes on with, and what a crash left half-way [D]; also looked at when a server starts.
SWEEP_S: Final = 3600.0
#: What others have deleted is in this process's memory no longer than that [D].
FORGET_S: Final = 600.0


@dataclass
class Chore:
    """Something to be done every so often."""

    do: Callable[[], object]
    every_s: float
    for_all: bool
    """Whether one server does it for all."""
    due_s: float = field(init=False)

    def __post_init__(self) -> None:
        self.due_s = time.monotonic() + self.every_s


def chores_of(server: Flask, store: ClubStore) -> tuple[Chore, ...]:
    """Of a server that shows a store."""
    uploads = taking_in(server)
    return (
        Chore(forget_all, FORGET_S, for_all=False),
        Chore(lambda: uploads.checker.catch_up(others=True), FILMS_S, for_all=True),
        Chore(lambda: expire(store, uploads.limits), SWEEP_S, for_all=True),
        Chore(lambda: recover(store), SWEEP_S, for_all=True),
    )


@contextmanager
def keeping_house(web: WebServer, chores: tuple[Chore, ...], look_s: float = _LOOK_S) -> Iterator[None]:
    """Do what is due as long as the block lasts."""
    over = threading.Event()
    worker = threading.Thread(target=_work, args=(web, chores, over, look_s), name="house", daemon=True)
    worker.start()
    try:
        yield
    finally:
        over.set()
        # One that waits for a disk or a database that is away is left: all of it can be stopped anywhere.
        worker.join(timeout=2.0)


def _work(web: WebServer, chores: tuple[Chore, ...], over: threading.Event, look_s: float) -> None:
    said = ""
    while not over.wait(look_s):
        said = _tried(web.look, said)
        for chore in chores:
            if time.monotonic() >= chore.due_s and (web.keeps_house or not chore.for_all):
                chore.due_s = time.monotonic() + chore.every_s
                _tried(chore.do)


def _tried(do: Callable[[], object], said: str = "") -> str:
    """Do it; gives what went wrong, which is logged unless it was ``said``."""
    try:
        do()
    except Exception as error:
        if is_away(error):
            words = words_of(error)
        elif isinstance(error, RowSenseError | OSError):
            words = str(error)
        else:
            _log.exception("housekeeping: %r", do)
            return ""
        if words != said:
            _log.warning("housekeeping waits: %s", words)
        return words
    return ""
