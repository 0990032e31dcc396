"""A cluster on one machine: PostgreSQL, a scheduler, two workers and `rowsense jobs run`, each a process of its own."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from rowsense.jobs.claiming import claim
from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore
from rowsense.store.opening import open_store
from rowsense.store.record import Piece
from rowsense.store.scope import AllClubs
from rowsense.store.tables import ADMINISTRATOR, User
from rowsense.store.tables.uploads import CHECKING, READY
from rowsense.store.uploads import Announced, UploadLimits, append, create_upload, move_on
from tests.dashboards.test_serve_club import free_port
from tests.soak.brought import Brought
from tests.soak.films import film
from tests.soak.windows import Window
from tests.soak.world import SoakError, Stage, closing, go_on, kill, of_role
from tests.store.club import ATHLETE, CLUB, add_club
from tests.store.conftest import postgresql

_COACH = Viewer(uuid.UUID(int=31), CLUB.club_id, ADMINISTRATOR)
_WORKERS = ("worker-a", "worker-b")


@dataclass
class Cluster:
    """The programs; films are brought in without pages."""

    stage: Stage
    store: ClubStore
    superuser_url: str

    @property
    def scratch(self) -> Path:
        """Where jobs keep files."""
        return self.stage.folder / "data" / "job-work"

    def film(self, number: int, window: Window, skip: int) -> Brought:
        """Bring one in, and have somebody killed while its job is worked on."""
        data = film(number, self.stage.real)
        self.stage.arm(window, skip)
        row = create_upload(self.store, _COACH, Announced(f"{number}.mp4", len(data)), UploadLimits(spare_bytes=0))
        left = [data]
        append(self.store, row, 0, lambda most: _cut(left, most))
        facts = {"codec": "h264", "duration_s": 4.3, "fps": 30.0, "width_px": 96, "height_px": 72}
        move_on(self.store, row, CHECKING, state=READY, found={"sha256": f"{number:064d}", **facts})
        claim(self.store, _COACH, row.id, Piece(ATHLETE, date(2026, 3, 1)))
        stopped = self.stage.reached()
        self._kill(window, stopped)
        return Brought(row.id, len(data))

    def _kill(self, window: Window, stopped: int) -> None:
        if window.victim == window.stops:
            kill(stopped)
            return
        programs = self.stage.programs
        if window.victim == "database":
            cut_off(self.superuser_url, self.store)
        elif window.victim == "worker":
            pid = of_role(stopped, "worker").pid
            next(p for p in programs.values() if p.process is not None and p.process.pid == pid).kill()
        else:
            programs[window.victim].kill()
        go_on(stopped)


def cut_off(superuser_url: str, store: ClubStore) -> None:
    """End every connection of the program to its database."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s",
            (make_url(store.database.url).username,),
        )


def _cut(left: list[bytes], most: int) -> bytes:
    part, left[0] = left[0][:most], left[0][most:]
    return part


@contextmanager
def cluster(folder: Path, real: bool = False) -> Iterator[Cluster]:
    """A club on a cluster."""
    with postgresql() as server:
        url, files, at = server.new(), folder / "files", f"tcp://127.0.0.1:{free_port()}"
        stage = Stage(folder, real, parts=12)
        store = open_store(url, str(files))
        add_club(store.database)
        with store.database.writing(AllClubs("set up a soak run")) as unit:
            unit.add(User(id=_COACH.user_id, email="jana@club.org", name="Jana"))
        with closing(stage, store):
            port = at.rpartition(":")[2]
            alone = ("--host", "127.0.0.1", "--port", port, "--no-dashboard")
            stage.add("scheduler", "distributed.cli.dask_scheduler", *alone, ready="Scheduler at")
            for name in _WORKERS:
                own = ("--name", name, "--nthreads", "1", "--no-dashboard", "--no-nanny")
                stage.add(name, "distributed.cli.dask_worker", at, *own)
            of_store = ("--store", url, "--files", str(files), "--scheduler", at)
            stage.add("runner", "rowsense", "jobs", "run", *of_store, ready="runs the jobs")
            with _started_again(stage):
                yield Cluster(stage, store, server.url)


@contextmanager
def _started_again(stage: Stage) -> Iterator[None]:
    """What ends is started again, as systems that run servers do; a worker whose scheduler was killed ends later."""
    over = threading.Event()

    def keep() -> None:
        while not over.wait(0.5):
            for program in stage.programs.values():
                if program.ended():
                    with suppress(SoakError):  # it ends again, and is tried again
                        program.start()

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()
