"""A scheduler of somebody else, with workers that fit and one that does not."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import rowsense
from rowsense.errors import StoreError
from rowsense.jobs.build import digest_of, this_build
from rowsense.jobs.cluster import Cluster
from rowsense.jobs.connection import Connection
from rowsense.jobs.runner import open_runner, running
from rowsense.jobs.watch import Watch
from rowsense.store.claims import ClubStore
from rowsense.store.runner_state import said_state, say_state
from rowsense.store.tables.operation import NO_SCHEDULER, NO_WORKERS, RUNS
from tests.dashboards.test_serve_club import free_port
from tests.jobs.meeting import Yard, gone, until

ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@contextmanager
def started(*arguments: str, path: Path, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program of Dask's own, which finds RowSense in ``path``."""
    python_path = os.pathsep.join(map(str, (path, Path(rowsense.__file__).parents[1])))
    command = [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]]
    with (
        (folder / "dask.txt").open("ab") as log,
        subprocess.Popen(command, env=os.environ | {"PYTHONPATH": python_path}, stderr=log, cwd=folder) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()


def other_build(folder: Path) -> Path:
    """The same package under the same version, but for a comment."""
    package = Path(rowsense.__file__).parent
    shutil.copytree(package, folder / "rowsense", ignore=shutil.ignore_patterns("__pycache__"))
    assert digest_of(folder / "rowsense") == digest_of(package)
    with (folder / "rowsense" / "conventions.py").open("a", encoding="utf-8") as file:
        file.write("# another\n")
    return folder


@pytest.mark.slow
@ON_POSTGRESQL
def test_workers_of_another_build_get_no_work(
    store: ClubStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ours, place = Path(rowsense.__file__).parents[1], tmp_path / "scheduler.json"
    other = other_build(tmp_path / "other")
    yard = Yard(store, tmp_path)
    at = ("--scheduler-file", str(place))
    worker = ("dask_worker", *at, "--nthreads", "1", "--no-dashboard", "--no-nanny")
    scheduler = ("dask_scheduler", *at, "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    with (
        started(*scheduler, path=ours, folder=tmp_path),
        started(*worker, path=other, folder=tmp_path),
    ):
        until(place.exists)
        address = until(lambda: _address(place))
        settings = replace(yard.settings, scheduler=address)
        key = yard.ask_steps()
        with open_runner(store, settings) as runner, caplog.at_level(logging.WARNING, "rowsense.jobs"):
            until(lambda: runner.tick() or runner.workers.refused)
            assert yard.job(key).state == "queued"
            assert runner.workers.addresses == ()
            assert f"has RowSense {rowsense.__version__}+{digest_of(other / 'rowsense')[:10]}, this" in caplog.text
            with started(*worker, path=ours, folder=tmp_path):
                until(lambda: runner.tick() or yard.job(key).state == "done")
            assert len(runner.workers.addresses) == 1
            # One that joins from a machine on which the folder is not mounted finds nothing, or another file, there.
            (tmp_path / "files" / ".seen-by-workers").unlink()
            with started(*worker, path=ours, folder=tmp_path):
                until(lambda: runner.tick() or "does not see the club's files; mount their folder" in caplog.text)
                assert runner.workers.addresses == (), "it gets no work"
        assert yard.job(key).worker_version == this_build()
        assert yard.steps(key) == [0, 1, 2, 3, 4]


def _address(place: Path) -> str:
    try:
        return str(json.loads(place.read_text(encoding="utf-8"))["address"])
    except (ValueError, KeyError):
        return ""


@pytest.mark.slow
@ON_POSTGRESQL
def test_a_scheduler_that_comes_late_and_one_that_is_killed_cost_no_step(
    store: ClubStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ours = Path(rowsense.__file__).parents[1]
    yard = Yard(store, tmp_path)
    port = str(free_port())
    address = f"tcp://127.0.0.1:{port}"
    scheduler = ("dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")
    worker = ("dask_worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny")
    key = yard.ask_steps(wait_at=2)
    with (
        caplog.at_level(logging.WARNING, "rowsense.jobs"),
        running(store, replace(yard.settings, scheduler=address)) as runner,
    ):
        until(lambda: said_state(store.database) == NO_SCHEDULER)
        assert yard.job(key).state == "queued"
        assert caplog.text.count(f"{address}: no scheduler answers there") == 1
        with started(*scheduler, path=ours, folder=tmp_path) as first:
            until(lambda: said_state(store.database) == NO_WORKERS)
            assert f"{address} is there; jobs go on" in caplog.text
            with started(*worker, path=ours, folder=tmp_path) as its_worker:
                child = yard.met(key)
                assert said_state(store.database) == RUNS
                first.kill()
                its_worker.kill()
                until(lambda: gone(child) and said_state(store.database) == NO_SCHEDULER)
                # Nobody waits for the silence that on a busy machine a living worker may come to.
                patient, runner._watch = runner._watch, Watch(1.0)
                until(lambda: yard.job(key).state == "queued")
                runner._watch = patient
        with started(*scheduler, path=ours, folder=tmp_path), started(*worker, path=ours, folder=tmp_path):
            done = yard.ended(key)
    assert (done.state, done.death_count) == ("done", 1)
    assert yard.steps(key) == [0, 1, 2, 3, 4]
    assert said_state(store.database) == "", "it ended in order"


def test_a_scheduler_is_tried_less_and_less_often(caplog: pytest.LogCaptureFixture) -> None:
    now, tried = [0.0], []

    def connect(wait_s: float) -> Cluster:
        tried.append(now[0])
        raise StoreError("tcp://there:1: no scheduler answers there")

    connection = Connection("tcp://there:1", 1, connect=connect, now_s=lambda: now[0])
    for now[0] in range(1, 130):
        assert not connection.renew() and connection.state == NO_SCHEDULER
    assert tried == [0.0, 1, 3, 7, 15, 31, 61, 91, 121]
    assert caplog.text.count("no scheduler answers there; jobs wait until it is there") == 1
    with pytest.raises(StoreError):
        Connection("", 1, connect=connect)


def test_what_a_runner_said_long_ago_does_not_count(store: ClubStore) -> None:
    say_state(store.database, "a runner", NO_WORKERS)
    say_state(store.database, "another one", RUNS)
    assert said_state(store.database) == RUNS
    assert said_state(store.database, datetime.now(UTC) + timedelta(minutes=10)) == ""


def test_a_scheduler_that_is_not_there_is_said() -> None:
    with pytest.raises(StoreError, match=r"tcp://127.0.0.1:9: no scheduler answers there"):
        Cluster("tcp://127.0.0.1:9", 1, connect_s=0.5)
