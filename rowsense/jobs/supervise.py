"""What a worker does with an order: start the job's own process, pass on what it tells, end it when it is to end.

Runs in a thread of a Dask worker. No analysis is loaded here.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, TypeVar

from sqlalchemy.exc import DBAPIError

from rowsense.jobs.build import this_build
from rowsense.jobs.leftovers import clear_left
from rowsense.jobs.queue import Standing, Ticket, begin, end, is_deleted, report
from rowsense.jobs.surroundings import is_around
from rowsense.jobs.telling import How, Outcome, Report
from rowsense.jobs.work import Task
from rowsense.store.database import Database
from rowsense.store.tables.jobs import PARKED, QUEUED, Job
from rowsense.store.trouble import reason

#: How long a process that is to end may tidy up before it is killed [D]: removing a half-made folder takes tenths.
TIDY_UP_S: Final = 5.0
#: How long a job waits that came to a worker of another version [D]; no longer than it takes to restart one.
OTHER_VERSION_WAIT_S: Final = 30.0
#: Longest wait between tries to reach a database that is gone [D].
LONGEST_DATABASE_WAIT_S: Final = 30.0

VOID: Final = "void"
_log = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Order:
    """Everything a worker needs to work on one ticket; plain values, so that it travels between machines."""

    ticket: Ticket
    version: str
    """Of RowSense, which the worker must have too."""
    url: str
    files: str
    """Address of the file store."""
    scratch: str
    """Folder for what the work leaves between attempts, below which each job has its own."""
    kinds: Mapping[str, str]
    beat_s: float

    @property
    def folder(self) -> Path:
        """The job's own."""
        return Path(self.scratch) / str(self.ticket.job_id)


def work_on(order: Order) -> str:
    """Work on a ticket; gives the job's state after it, or :data:`VOID` where the ticket was not good."""
    me = f"{socket.gethostname()} {os.getpid()}"
    with Database(order.url) as database:
        if order.version != this_build():
            words = f"worker {me} has RowSense {this_build()}, not {order.version}; install the same there"
            given_back = Outcome(How.RELEASED, words, OTHER_VERSION_WAIT_S)
            return _surely(lambda: end(database, order.ticket, given_back), order.beat_s) or VOID
        job = _surely(lambda: begin(database, order.ticket, me, this_build()), order.beat_s)
        if job is None:
            return VOID
        outcome = _done(database, order, job)
        state = VOID if outcome is None else _surely(lambda: end(database, order.ticket, outcome), order.beat_s) or VOID
        deleted = state == VOID and _surely(lambda: is_deleted(database, order.ticket), order.beat_s)
        with suppress(DBAPIError):  # the next one does it: of jobs whose worker was killed on this machine
            clear_left(database, order.folder.parent)
    # What waits for another attempt may go on from its folder; of a job that is somebody else's now, leave it too.
    if deleted or state not in (QUEUED, PARKED, VOID):
        shutil.rmtree(order.folder, ignore_errors=True)
    return state


def _done(database: Database, order: Order, job: Job) -> Outcome | None:
    """How the attempt ended; None: it is not ours any more."""
    function = order.kinds.get(job.kind)
    if function is None:
        return Outcome(How.USELESS, f"this version of RowSense knows no jobs of the kind {job.kind!r}")
    if not job.checkpoint:
        shutil.rmtree(order.folder, ignore_errors=True)
    try:
        order.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        how = How.WAITS if is_around(error) else How.ERROR
        return Outcome(how, f"{order.folder}: cannot be made ({error.strerror}); free some space")
    task = Task(
        function=function,
        job_id=str(job.id),
        club_id=str(job.club_id),
        athlete_id=str(job.athlete_id or ""),
        payload=job.payload,
        checkpoint=job.checkpoint,
        url=order.url,
        files=order.files,
        folder=str(order.folder),
        priority=job.priority,
        attempt=order.ticket.attempt,
    )
    try:
        return _Supervised(database, order, task).outcome()
    except OSError as error:  # its log or its process could not be begun
        how = How.WAITS if is_around(error) else How.ERROR
        return Outcome(how, f"{order.folder}: no work can be begun there ({error.strerror or error}); free some space")


class _Supervised:
    """A process at work, and what it told last."""

    def __init__(self, database: Database, order: Order, task: Task) -> None:
        self._database, self._order, self._task = database, order, task
        self._lock = threading.Lock()
        self._told: Report | None = None
        self._ended: Outcome | None = None

    def outcome(self) -> Outcome | None:
        """Run it to its end, whoever ends it."""
        command = [sys.executable, "-P", "-m", "rowsense.jobs.child"]
        # A session of its own: Ctrl-C in a terminal is for the program, which then ends its workers in order.
        with (
            (self._order.folder / "log.txt").open("ab") as log,
            subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=self._order.folder,
                start_new_session=True,
            ) as child,
        ):
            assert child.stdin is not None and child.stdout is not None
            reader = threading.Thread(target=self._read, args=(child.stdout,), daemon=True)
            reader.start()
            standing = Standing.GO_ON
            try:
                child.stdin.write(self._task.to_line())
                child.stdin.flush()
                standing = self._until_it_ends(reader)
            except OSError:
                pass  # it died before it had read its task
            finally:
                _stop(child, ask=reader.is_alive())
                reader.join()
        if self._told is not None and standing is not Standing.LOST:  # the last checkpoint of one that ended early
            told = self._told
            _surely(lambda: report(self._database, self._order.ticket, told), self._order.beat_s)
        return self._seen(standing, child.returncode)

    def _seen(self, standing: Standing, code: int) -> Outcome | None:
        if self._ended is not None and self._ended.how is How.DONE:
            return self._ended
        if standing is Standing.LOST:
            return None
        if standing is Standing.CANCEL:
            return Outcome(How.CANCELLED)
        if self._ended is not None:
            return self._ended
        ended = f"signal {-code} (9 is often too little memory)" if code < 0 else f"code {code}"
        _log.error(
            "job %s: its process ended with %s; %s",
            self._task.job_id,
            ended,
            self._last_words(),
            extra={"job": self._task.job_id},
        )
        return Outcome(How.DEATH, f"its process ended with {ended}")

    def _until_it_ends(self, reader: threading.Thread) -> Standing:
        while True:
            reader.join(self._order.beat_s)
            if not reader.is_alive():
                return Standing.GO_ON
            with self._lock:
                told, self._told = self._told, None
            try:
                standing = report(self._database, self._order.ticket, told)
            except DBAPIError as error:  # the work goes on; who is silent for too long hears it from the next report
                extra = {"job": self._task.job_id}
                _log.warning("job %s: the database does not answer (%s)", self._task.job_id, reason(error), extra=extra)
                with self._lock:
                    self._told = self._told or told
                continue
            if standing is not Standing.GO_ON:
                return standing

    def _read(self, answers: IO[bytes]) -> None:
        for line in answers:
            said = json.loads(line)
            if "end" in said:
                self._ended = Outcome(How(said["end"]), said["words"])
                continue
            told = Report(**said["report"])
            with self._lock:
                if told.checkpoint is None and self._told is not None:
                    told = Report(told.stage, told.done, told.total, self._told.checkpoint)
                self._told = told

    def _last_words(self) -> str:
        try:
            return (self._order.folder / "log.txt").read_text(encoding="utf-8", errors="replace")[-300:]
        except OSError:
            return ""


def _stop(child: subprocess.Popen[bytes], *, ask: bool) -> None:
    """Wait until the process has ended, and no other; ``ask`` it to, so that it tidies up, before it is killed."""
    if ask and child.poll() is None:
        child.terminate()
    try:
        child.wait(TIDY_UP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _surely(write: Callable[[], _T], wait_s: float) -> _T:
    """Try until the database is there: the work is done or is to begin, only the note of it is missing."""
    while True:
        try:
            return write()
        except DBAPIError as error:
            _log.warning("the database does not answer (%s); trying again in %.0f s", reason(error), wait_s)
            time.sleep(wait_s)
            wait_s = min(2 * wait_s, LONGEST_DATABASE_WAIT_S)
