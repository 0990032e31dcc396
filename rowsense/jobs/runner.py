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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

import rowsense
from rowsense.errors import RowSenseError, UsageError
from rowsense.jobs.alone import alone
from rowsense.jobs.cluster import RECONNECT_S, Cluster, Future, Workers, problem_of
from rowsense.jobs.parts import send_help
from rowsense.jobs.queue import Ticket, end, jobs_of, running_jobs, take, ticket_of
from rowsense.jobs.supervise import Order, work_on
from rowsense.jobs.sweeping import sweeping
from rowsense.jobs.telling import How, Outcome
from rowsense.jobs.watch import Watch
from rowsense.jobs.work import KINDS
from rowsense.store.claims import ClubStore
from rowsense.store.database import SQLITE
from rowsense.store.local_files import LocalFiles
from rowsense.store.opening import address_of
from rowsense.store.places import JOB_WORK, data_folder
from rowsense.store.scope import AllClubs
from rowsense.store.tables.jobs import FAILED, PARKED, QUEUED, RUNNING, Job

_log = logging.getLogger(__name__)
#: At the end of a runner's name: its workers end with it.
_OWN_WORKERS: Final = "own workers"
#: Written beside the files, so that a worker can say whether it sees them.
_SEEN: Final = ".seen-by-workers"
#: Own workers start in seconds, on a busy machine in half a minute [D]; after that nothing brings them back by itself.
_NO_WORKERS_S: Final = 120.0


@dataclass(frozen=True, slots=True)
class RunnerSettings:
    """How jobs are run."""

    scheduler: str = ""
    """``tcp://host:port`` of a Dask scheduler; empty: workers of this program's own."""
    workers: int = 1
    """How many of its own. An analysis uses every core by itself, so one is enough for a laptop."""
    beat_s: float = 1.0
    """How often a worker tells that it lives and how far it has come."""
    stale_after_s: float = 30.0
    """A worker that was silent for so long is taken for dead [D]; it may stop for seconds when a machine swaps."""
    tick_s: float = 1.0
    """How often the table is looked at."""
    kinds: Mapping[str, str] = field(default_factory=lambda: dict(KINDS))
    scratch: Path | None = None
    """Where workers keep what they need between attempts; None: in the data folder."""

    def __post_init__(self) -> None:
        problems = []
        if self.scheduler and not self.scheduler.startswith(("tcp://", "tls://")):
            problems.append(f"the scheduler {self.scheduler!r} must be named as tcp://host:port")
        if self.workers < 1:
            problems.append("there must be a worker")
        if not 0 < self.beat_s < self.stale_after_s or not 0 < self.tick_s < self.stale_after_s / 2:
            problems.append("beat_s must be shorter than stale_after_s, and tick_s than half of it")
        if problems:
            raise UsageError("jobs: " + "; ".join(problems))


class Runner:
    """Runs the jobs of a store while it is open. One for a store."""

    def __init__(self, store: ClubStore, settings: RunnerSettings, cluster: Cluster) -> None:
        self._store, self._settings, self._cluster = store, settings, cluster
        self.name = f"{socket.gethostname()} {os.getpid()}, {settings.scheduler or _OWN_WORKERS}"
        self.workers = Workers((), ())
        self._futures: dict[Ticket, Future] = {}
        self._watch: Watch[Ticket] = Watch(settings.stale_after_s)
        self._had_workers_s = time.monotonic()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._trouble = ""
        self._word = uuid.uuid4().hex

    def recover(self) -> None:
        """Take back what ran when the program before this one ended. Call it once, before :meth:`run`."""
        for job in running_jobs(self._store.database):
            if job.runner is not None and job.runner.endswith(_OWN_WORKERS):
                self._end(ticket_of(job), Outcome(How.RESTART, "the program ended while it ran"))
        kept = jobs_of(
            self._store.database, AllClubs("tidy up"), (QUEUED, RUNNING, PARKED, FAILED), limit=1_000_000
        )  # fmt: skip
        for folder in {p.name for p in _listed(self.scratch)} - {str(job.id) for job in kept}:
            shutil.rmtree(self.scratch / folder, ignore_errors=True)
        if self._seen_file:
            seen = Path(self._seen_file)
            seen.parent.mkdir(parents=True, exist_ok=True)
            seen.write_text(self._word, encoding="utf-8")

    def close(self) -> None:
        """Leave the workers."""
        self._cluster.close()

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
        """Look at the table until :meth:`stop` is called, then give back what runs."""
        while not self._stop.is_set():
            try:
                self.tick()
                self._trouble = ""
            except DBAPIError as error:
                self._troubled(f"the database does not answer ({error}); jobs wait")
            except (RowSenseError, OSError, TimeoutError) as error:
                self._troubled(f"{error}; jobs wait")
            except Exception:  # whatever it is, the jobs of the next tick are not to blame
                _log.exception("a mistake in the program; jobs go on")
            self._wake.wait(self._settings.tick_s)
            self._wake.clear()
        for ticket, future in self._futures.items():
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
        self._reconnect()
        self._settle()
        running = running_jobs(self._store.database)
        self._take_back(running)
        found = self._cluster.workers(self._seen_file, self._word)
        for refused in set(found.refused) - set(self.workers.refused):
            _log.warning("%s", refused)
        self.workers = found
        free = len(found.addresses) - len(self._futures)
        if free > 0:
            taken = take(self._store.database, self.name, free)
            for ticket in taken:
                self._start(ticket)
            if running and len(taken) < free and send_help(self._store.database, free - len(taken)):
                self._wake.set()  # it is taken at once

    def _reconnect(self) -> None:
        now_s = time.monotonic()
        if self.workers.addresses or self.workers.refused or self._settings.scheduler:
            self._had_workers_s = now_s
        if self._cluster.alive() and now_s - self._had_workers_s < _NO_WORKERS_S:
            return
        if not self._trouble:
            _log.warning("the workers are gone; starting or connecting again")
        self._had_workers_s = now_s
        self._futures = {}  # their jobs are taken back once their workers are silent for too long
        self._cluster.close()
        self._cluster = Cluster(self._settings.scheduler, self._settings.workers, RECONNECT_S)

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
            version=rowsense.__version__,
            url=self._store.database.url.render_as_string(hide_password=False),
            files=address_of(self._store.files),
            scratch=str(self.scratch),
            kinds=dict(self._settings.kinds),
            beat_s=self._settings.beat_s,
        )
        future = self._cluster.submit(work_on, order, ticket.key, self.workers)
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
        return state


@contextmanager
def open_runner(store: ClubStore, settings: RunnerSettings | None = None) -> Iterator[Runner]:
    """A runner that is ready; call its ``run``. What it runs is given back when the block ends.

    Raises
    ------
    StoreError
        Another runner has the store, or no scheduler answers.
    UsageError
        The store does not fit the workers.
    """
    settings = settings or RunnerSettings()
    check_fits(store, settings)
    with alone(store.database):
        cluster = Cluster(settings.scheduler, settings.workers)
        runner = Runner(store, settings, cluster)
        try:
            runner.recover()
            with sweeping(store):
                yield runner
        finally:
            runner.close()


@contextmanager
def running(store: ClubStore, settings: RunnerSettings | None = None) -> Iterator[Runner]:
    """Run jobs in a thread of this program while the block lasts."""
    with open_runner(store, settings) as runner:
        thread = threading.Thread(target=runner.run, name="jobs", daemon=True)
        thread.start()
        try:
            yield runner
        finally:
            runner.stop()
            thread.join()


def check_fits(store: ClubStore, settings: RunnerSettings) -> None:
    """Refuse a store that workers on other machines cannot use.

    Raises
    ------
    UsageError
        With the mend.
    """
    if not settings.scheduler:
        return
    if store.database.url.get_backend_name() == SQLITE:
        raise UsageError(
            f"the scheduler {settings.scheduler} has workers that cannot share an SQLite file; "
            "name a PostgreSQL database with --store, or leave out --scheduler"
        )


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
