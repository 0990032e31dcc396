"""The workers: Dask distributed, on this machine or behind the address of a scheduler. The only file that knows Dask.

Dask only runs what it is given. What there is to do, and what became of it, is in the table of jobs.
"""

from __future__ import annotations

import contextlib
import logging
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import dask.config
from distributed import Client, Future, LocalCluster
from distributed.scheduler import KilledWorker

from rowsense.errors import StoreError
from rowsense.jobs.build import this_build

#: Measured idle: profiling, monitoring and ticking many times a second are what an idle cluster burns its time with.
_QUIET: Final[Mapping[str, Any]] = {
    # A job that waited at a worker that died is not to blame; the one that ran there is counted in the table.
    "distributed.scheduler.allowed-failures": 2,
    "distributed.worker.profile.enabled": False,
    "distributed.worker.profile.interval": "10s",
    "distributed.worker.profile.cycle": "100s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.tick.limit": "60s",
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.worker.use-file-locking": False,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    # Otherwise every library of a job's process is told to use one thread.
    "distributed.nanny.pre-spawn-environ": {},
    "distributed.comm.timeouts.connect": "10s",
    # A worker that takes longer to start again, on a busy machine, is given up for good and none is made in its place.
    "distributed.deploy.lost-worker-timeout": "1 hour",
}
#: How long a scheduler may take to answer [D].
CONNECT_S: Final = 10.0
#: And how long it is waited for at first, by who will look for it again [D].
RECONNECT_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What a worker says of itself."""

    version: str
    sees_files: bool


@dataclass(frozen=True, slots=True)
class Workers:
    """The workers that may be used, and why others may not, in words."""

    addresses: tuple[str, ...]
    refused: tuple[str, ...]


def look_around(place: str, word: str) -> Seen:
    """Runs at a worker: which version it has, and whether it sees ``word`` in the file ``place``."""
    try:
        sees = not place or Path(place).read_text(encoding="utf-8") == word
    except OSError:
        sees = False
    return Seen(this_build(), sees)


class Cluster:
    """Workers of one thread each. ``address``: of a scheduler, ``tcp://host:port``; empty: ``count`` on this machine.

    Raises
    ------
    StoreError
        The scheduler does not answer.
    """

    def __init__(self, address: str, count: int, connect_s: float = CONNECT_S) -> None:
        self._address = address
        self._known: dict[str, str] = {}
        self._exit = contextlib.ExitStack()
        with self._exit:
            self._exit.enter_context(dask.config.set(_QUIET))
            if address:
                self._client = _connected(address, connect_s)
            else:
                folder = self._exit.enter_context(tempfile.TemporaryDirectory(prefix="rowsense-workers-"))
                # Else a folder of Dask's stays in the system's temporary one.
                self._exit.enter_context(dask.config.set({"temporary-directory": folder}))
                own = LocalCluster(
                    n_workers=count,
                    threads_per_worker=1,
                    processes=True,
                    host="127.0.0.1",
                    # Any free port of this machine; None would mean 8787, which may be taken.
                    dashboard_address="127.0.0.1:0",
                    worker_dashboard_address="127.0.0.1:0",
                    memory_limit=None,
                    silence_logs=logging.CRITICAL,
                    local_directory=folder,
                )
                self._exit.callback(own.close)
                self._client = Client(own, set_as_default=False)
            self._exit.callback(self._client.close)
            self._exit = self._exit.pop_all()

    def close(self) -> None:
        """Leave the scheduler; workers of this machine end."""
        self._exit.close()

    def alive(self) -> bool:
        """Whether the scheduler is there."""
        return bool(self._client.status == "running")

    def workers(self, place: str, word: str) -> Workers:
        """Who may be used: the same version, and the same files."""
        try:
            threads = self._client.nthreads()
            new = [address for address in threads if address not in self._known]
            told = self._client.run(look_around, place, word, workers=new, on_error="return") if new else {}
        except (OSError, TimeoutError) as error:
            return Workers((), (f"the scheduler does not answer ({error})",))
        said = {address: _problem(address, told[address]) for address in new if address in told}
        self._known = {address: (self._known | said)[address] for address in threads if address in self._known | said}
        return Workers(
            tuple(address for address, problem in self._known.items() if not problem),
            tuple(problem for problem in self._known.values() if problem),
        )

    def submit(self, work: Callable[[Any], str], order: Any, key: str, workers: Workers) -> Future:
        """Have it done by one of the workers."""
        # Naming addresses ties the work to them, also when a worker comes back under another: only where it must be.
        only = {"workers": list(workers.addresses), "allow_other_workers": False} if workers.refused else {}
        return self._client.submit(work, order, key=key, pure=False, retries=0, **only)


def problem_of(future: Future) -> str:
    """Why a task that is over did not end by itself; empty: it did."""
    if future.status == "cancelled":
        return "the scheduler forgot it"
    error = future.exception(timeout=CONNECT_S) if future.status == "error" else None
    if error is None:
        return ""
    return "its worker died" if isinstance(error, KilledWorker) else f"{type(error).__name__}: {error}"


def _connected(address: str, connect_s: float) -> Client:
    try:
        return Client(address, timeout=connect_s, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise StoreError(f"{address}: no scheduler answers there ({error}); start it, or name another one") from error


def _problem(address: str, said: Any) -> str:
    if not isinstance(said, Seen):
        return f"worker {address} cannot run RowSense ({said!r}); install RowSense {this_build()} there"
    if said.version != this_build():
        return (
            f"worker {address} has RowSense {said.version}, this server {this_build()}; "
            "install the same version there and restart it"
        )
    if not said.sees_files:
        return f"worker {address} does not see the club's files; mount their folder there under the same path"
    return ""
