"""Gets the jobs of a store done: takes them in fair order, hands them to workers, takes back what died.

The table is the truth. Whatever is kept here can be lost at any moment.
"""

from __future__ import annotations

import logging
import os
import shutil
import socket
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

from rowsense.errors import RowSenseError
from rowsense.jobs.alone import Hold, OtherRunnerError, alone
from rowsense.jobs.build import this_build
from rowsense.jobs.cluster import Future, Workers, problem_of
from rowsense.jobs.connection import Connection
from rowsense.jobs.leftovers import clear_left
from rowsense.jobs.looking import running_jobs
from rowsense.jobs.parts import send_help
from rowsense.jobs.queue import Ticket, end, take, ticket_of
from rowsense.jobs.runner_settings import RunnerSettings, check_fits
from rowsense.jobs.supervise import Order, work_on
from rowsense.jobs.surroundings import Room
from rowsense.jobs.sweeping import sweeping
from rowsense.jobs.telling import How, Outcome
from rowsense.jobs.watch import Watch
from rowsense.store.claims import ClubStore
from rowsense.store.database import SQLITE
from rowsense.store.local_files import LocalFiles
from rowsense.store.opening import address_of
from rowsense.store.places import JOB_WORK, data_folder
from rowsense.store.runner_state import SAID_EVERY_S, forget_state, say_state
from rowsense.store.tables.jobs import PARKED, QUEUED, Job
from rowsense.store.tables.operation import NO_ROOM
from rowsense.store.trouble import reason

_log = logging.getLogger(__name__)
#: At the end of a runner's name: its workers end with it.
_OWN_WORKERS: Final = "own workers"
#: Written beside the files, so that a worker can say whether it sees them.
_SEEN: Final = ".seen-by-workers"


class Runner:
    """Runs the jobs of a store while it is open. One for a store."""

    def __init__(self, store: ClubStore, settings: RunnerSettings, connection: Connection, hold: Hold) -> None:
        self._store, self._settings, self._connection, self._hold = store, settings, connection, hold
        self.name = f"{socket.gethostname()} {os.getpid()}, {settings.scheduler or _OWN_WORKERS}"
        self.workers = Workers((), ())
        self._futures: dict[Ticket, Future] = {}
        self._watch: Watch[Ticket] = Watch(settings.stale_after_s)
        self._said, self._said_s = "", 0.0
        self._wake = threading.Event()
        self._stop = threading.Event()
        self.ended = threading.Event()
        """Set when :meth:`run` is over, also by itself: another runner has the store."""
        self._trouble = ""
        self._room = Room(_written(store, self.scratch), settings.least_free_bytes)
        self._word = uuid.uuid4().hex

    def recover(self) -> None:
        """Take back what ran when the program before this one ended. Call it once, before :meth:`run`."""
        for job in running_jobs(self._store.database):
            if job.runner is not None and job.runner.endswith(_OWN_WORKERS):
                self._end(ticket_of(job), Outcome(How.RESTART, "the program ended while it ran"))
        clear_left(self._store.database, self.scratch, unknown=True)
        if self._seen_file:
            seen = Path(self._seen_file)
            seen.parent.mkdir(parents=True, exist_ok=True)
            seen.write_text(self._word, encoding="utf-8")

    def close(self) -> None:
        """Leave the workers."""
        self._connection.close()
        with suppress(DBAPIError):
            forget_state(self._store.database)

    @property
    def _seen_file(self) -> str:
        """Empty where workers are on this machine anyway, or files in a bucket."""
        files = self._store.files
        return str(files.root / _SEEN) if self._settings.scheduler and isinstance(files, LocalFiles) else ""

    @property
    def scratch(self) -> Path:
        """Where jobs keep files between attempts."""
        return self._settings.scratch or data_folder() / JOB_WORK

    def run(self) -> None:
        """Look at the table until :meth:`stop` is called, then give back what runs; or until another runner has it."""
        try:
            self._run()
        finally:
            self.ended.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                if self._hold.renew():
                    _log.warning("the database was away and is there again; jobs go on")
                self.tick()
                self._trouble = ""
            except OtherRunnerError as error:
                _log.warning("%s", error)
                self._futures = {}  # they are the other one's now, which has taken them back
                return
            except DBAPIError as error:
                self._troubled(f"the database does not answer ({reason(error)}); jobs wait")
            except (RowSenseError, OSError, TimeoutError) as error:
                self._troubled(f"{error}; jobs wait")
            except Exception:  # whatever it is, the jobs of the next tick are not to blame
                _log.exception("a mistake in the program; jobs go on")
            self._wake.wait(self._settings.tick_s)
            self._wake.clear()
        for ticket, future in self._futures.items():
            with suppress(DBAPIError):  # gone too: the next runner takes it back
                self._end(ticket, Outcome(How.RELEASED, "the program was stopped"))
            future.cancel()
        self._futures = {}

    def stop(self) -> None:
        """Let :meth:`run` end; from any thread."""
        self._stop.set()
        self._wake.set()

    def _troubled(self, words: str) -> None:
        """Say it once, however many ticks it lasts."""
        if words != self._trouble:
            _log.warning("%s", words)
        self._trouble = words

    def tick(self) -> None:
        """Settle what is over, take back what is dead, start what is next."""
        if self._connection.renew():
            self._futures = {}  # their jobs are taken back once their workers are silent for too long
        self._settle()
        running = running_jobs(self._store.database)
        self._take_back(running)
        self.workers = self._look_around()
        self._room.look()
        self._say_how_it_is()
        free = len(self.workers.addresses) - len(self._futures)
        if free > 0 and not self._room.is_short:
            taken = take(self._store.database, self.name, free)
            for ticket in taken:
                self._start(ticket)
            if running and len(taken) < free and send_help(self._store.database, free - len(taken)):
                self._wake.set()  # it is taken at once

    def _look_around(self) -> Workers:
        cluster = self._connection.cluster
        found = Workers((), ()) if cluster is None else cluster.workers(self._seen_file, self._word)
        for refused in set(found.refused) - set(self.workers.refused):
            _log.warning("%s", refused)
        self._connection.saw(found)
        return found

    def _say_how_it_is(self) -> None:
        state, now_s = NO_ROOM if self._room.is_short else self._connection.state, time.monotonic()
        if state != self._said or now_s - self._said_s > SAID_EVERY_S:
            say_state(self._store.database, self.name, state)
            self._said, self._said_s = state, now_s

    def _settle(self) -> None:
        """Of a task that is over the worker has written the ending; where it has not, it died."""
        for ticket, future in [(t, f) for t, f in self._futures.items() if f.done()]:
            del self._futures[ticket]
            problem = problem_of(future)
            job = self._still_running(ticket)
            if job is None:
                continue
            if problem and not job.worker:
                self._end(ticket, Outcome(How.ERROR, f"it could not be started: {problem}"))
            else:
                self._end(ticket, Outcome(How.DEATH, f"worker {job.worker} died"))

    def _take_back(self, jobs: Sequence[Job]) -> None:
        for ticket in self._watch.silent({ticket_of(job): job.beat for job in jobs}, time.monotonic()):
            job = next(job for job in jobs if job.id == ticket.job_id)
            if not job.worker and ticket in self._futures:
                continue  # it waits for a free worker
            silent_s = self._settings.stale_after_s
            how = How.DEATH if job.worker else How.RELEASED
            self._end(ticket, Outcome(how, f"worker {job.worker or '(none yet)'} was silent for {silent_s:.0f} s"))
            self._forget(ticket)
        for job in jobs:
            if job.cancel_requested and not job.worker and self._end(ticket_of(job), Outcome(How.CANCELLED)):
                self._forget(ticket_of(job))

    def _start(self, ticket: Ticket) -> None:
        order = Order(
            ticket=ticket,
            version=this_build(),
            url=self._store.database.url.render_as_string(hide_password=False),
            files=address_of(self._store.files),
            scratch=str(self.scratch),
            kinds=dict(self._settings.kinds),
            beat_s=self._settings.beat_s,
        )
        assert self._connection.cluster is not None  # there was a free worker
        future = self._connection.cluster.submit(work_on, order, ticket.key, self.workers)
        self._futures[ticket] = future
        future.add_done_callback(lambda _: self._wake.set())

    def _forget(self, ticket: Ticket) -> None:
        future = self._futures.pop(ticket, None)
        if future is not None:
            future.cancel()

    def _still_running(self, ticket: Ticket) -> Job | None:
        return next((job for job in running_jobs(self._store.database) if ticket_of(job) == ticket), None)

    def _end(self, ticket: Ticket, outcome: Outcome) -> str | None:
        state = end(self._store.database, ticket, outcome)
        if state is not None:
            _log.warning(
                "job %s: %s; %s",
                ticket.job_id,
                outcome.words or outcome.how.value,
                state,
                extra={"job": str(ticket.job_id), "club": str(ticket.club_id)},
            )
        if state not in (None, QUEUED, PARKED):  # its worker, which would have done it, is not there any more
            shutil.rmtree(self.scratch / str(ticket.job_id), ignore_errors=True)
        return state


@contextmanager
def open_runner(store: ClubStore, settings: RunnerSettings | None = None) -> Iterator[Runner]:
    """A runner that is ready; call its ``run``. What it runs is given back when the block ends.

    A scheduler that is not there is waited for.

    Raises
    ------
    StoreError
        Another runner has the store.
    UsageError
        The store does not fit the workers.
    """
    settings = settings or RunnerSettings()
    check_fits(store.database.url, settings)
    with alone(store.database) as hold:
        runner = Runner(store, settings, Connection(settings.scheduler, settings.workers), hold)
        try:
            runner.recover()
            with sweeping(store):
                yield runner
        finally:
            runner.close()


@contextmanager
def running(store: ClubStore, settings: RunnerSettings | None = None) -> Iterator[Runner]:
    """Run jobs in a thread of this program while the block lasts, or until ``ended``."""
    with open_runner(store, settings) as runner:
        thread = threading.Thread(target=runner.run, name="jobs", daemon=True)
        thread.start()
        try:
            yield runner
        finally:
            runner.stop()
            thread.join()


def _written(store: ClubStore, scratch: Path) -> list[Path]:
    """Where jobs write, as far as that is on this machine."""
    files, url = store.files, store.database.url
    beside = [Path(str(url.database))] if url.get_backend_name() == SQLITE else []
    return [scratch, *([files.root] if isinstance(files, LocalFiles) else []), *beside]
