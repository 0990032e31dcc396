"""Jobs on real workers: done, cancelled, and not lost when processes are killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from rowsense.errors import StoreError, UsageError
from rowsense.jobs.leftovers import clear_left
from rowsense.jobs.runner import open_runner, running
from rowsense.jobs.runner_settings import RunnerSettings, check_fits
from rowsense.jobs.stopping import cancel
from rowsense.store.claims import ClubStore
from rowsense.store.database import Database
from rowsense.store.erase import erase_athlete
from rowsense.store.local_files import LocalFiles
from rowsense.store.opening import address_of
from rowsense.store.tables import Athlete, Job
from rowsense.store.tables.jobs import AT_ONCE
from tests.jobs.meeting import Yard, gone, until
from tests.store.club import CLUB, add_club

pytestmark = pytest.mark.slow
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ALL = [0, 1, 2, 3, 4]


@pytest.fixture
def yard(store: ClubStore, tmp_path: Path) -> Yard:
    return Yard(store, tmp_path)


@pytest.fixture(scope="module")
def at_work(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    """A club whose jobs are run, the same one for several tests."""
    folder = tmp_path_factory.mktemp("at work")
    shutil.copyfile(sqlite_template, folder / "club.sqlite3")
    with Database(f"sqlite:///{folder}/club.sqlite3") as database:
        add_club(database)
        yard = Yard(ClubStore(database, LocalFiles(folder / "files")), folder)
        with running(yard.store, yard.settings):
            yield yard


def test_jobs_are_done_and_one_that_is_cancelled_ends_at_once(at_work: Yard) -> None:
    cancelled = at_work.ask_steps(wait_at=2)
    first, second = at_work.ask_steps(), at_work.ask_steps()
    child = at_work.met(cancelled)
    assert cancel(at_work.store.database, CLUB, cancelled) == "running"
    assert at_work.ended(cancelled).state == "cancelled"
    assert gone(child)
    assert at_work.steps(cancelled) == [0, 1, 2]
    for key in (first, second):
        assert at_work.ended(key).state == "done"
        assert at_work.steps(key) == ALL
        assert (at_work.job(key).done, at_work.job(key).total, at_work.job(key).attempt) == (5, 5, 1)
    until(lambda: not list(at_work.scratch.iterdir()))


def test_of_a_deleted_athletes_job_nothing_is_kept(at_work: Yard) -> None:
    """Her job is being worked on: its process ends, and its folder goes."""
    her = uuid.uuid4()
    with at_work.store.database.writing(CLUB) as unit:
        unit.add(Athlete(id=her, name="Jana"))
    key = at_work.ask_steps(wait_at=2, athlete_id=her)
    child = at_work.met(key)
    assert (at_work.scratch / str(key)).is_dir()
    erase_athlete(at_work.store, CLUB, her)
    until(lambda: gone(child) and not (at_work.scratch / str(key)).exists())


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_so_it_is_on_postgresql(yard: Yard) -> None:
    cancelled, killed = yard.ask_steps(wait_at=2), yard.ask_steps(wait_at=2)
    with running(yard.store, replace(yard.settings, workers=2)):
        yard.met(cancelled), yard.met(killed)
        with pytest.raises(StoreError, match="another RowSense already runs its jobs"), open_runner(yard.store):
            pass
        cancel(yard.store.database, CLUB, cancelled)
        os.kill(yard.worker_pid(killed), signal.SIGKILL)
        assert yard.ended(cancelled).state == "cancelled"
        assert yard.ended(killed).state == "done"
    assert yard.steps(cancelled) == [0, 1, 2]
    assert yard.steps(killed) == ALL


def test_how_work_can_fail(at_work: Yard) -> None:
    useless, full, mistake = (at_work.ask(kind) for kind in ("useless", "full_disk", "mistake"))
    unknown, deadly = at_work.ask("bake"), at_work.ask("die")
    assert at_work.ended(useless).error == "a.mp4: is not a video"
    assert at_work.job(useless).state == "failed"
    assert at_work.ended(unknown).error.endswith("knows no jobs of the kind 'bake'")
    assert at_work.ended(deadly).state == "parked"
    assert "3 workers died of it" in at_work.job(deadly).error
    assert "signal 9" in at_work.job(deadly).error
    for key, said in ((full, "the disk is full"), (mistake, "ZeroDivisionError: by nothing")):
        until(lambda key=key: at_work.job(key).failure_count)
        waits = at_work.job(key)
        assert waits.state == "queued" and said in waits.error
        assert (waits.not_before - waits.created_at).total_seconds() > 29


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_waited_for_and_uses_up_no_attempt(at_work: Yard) -> None:
    room = at_work.folder / "room"
    key = at_work.ask("no_space", room=str(room))
    for waited in (1, 2, 3, 4):
        until(lambda waited=waited: at_work.job(key).wait_count == waited)
        waits = at_work.job(key)
        assert (waits.state, waits.failure_count) == ("queued", 0) and "No space left on device" in waits.error
        assert waits.not_before > waits.created_at
        if waited == 4:
            room.touch()
        with at_work.store.database.writing(CLUB) as unit:  # or else it waits for minutes
            unit.execute(update(Job).where(Job.id == key, Job.state == "queued").values(not_before=AT_ONCE))
    done = at_work.ended(key)
    assert (done.state, done.failure_count, done.death_count, done.wait_count) == ("done", 0, 0, 0)


def test_a_killed_worker_costs_no_step(at_work: Yard) -> None:
    key = at_work.ask_steps(wait_at=2)
    child = at_work.met(key)
    os.kill(at_work.worker_pid(key), signal.SIGKILL)
    until(lambda: gone(child))
    done = at_work.ended(key)
    assert (done.state, done.attempt, done.death_count) == ("done", 2, 1)
    assert at_work.steps(key) == ALL


def test_a_job_that_kills_its_workers_is_parked_and_the_next_one_is_done(at_work: Yard) -> None:
    deadly, good = at_work.ask("kill_worker"), at_work.ask_steps()
    parked = at_work.ended(deadly)
    assert (parked.state, parked.death_count) == ("parked", 3)
    assert "3 workers died of it" in parked.error
    assert at_work.ended(good).state == "done"
    assert at_work.steps(good) == ALL


@ON_SQLITE
def test_a_killed_program_costs_no_step(yard: Yard) -> None:
    key = yard.ask_steps(wait_at=2)
    arguments = [yard.store.database.url.render_as_string(), address_of(yard.store.files), str(yard.folder)]
    command = [sys.executable, "-m", "tests.jobs.to_be_killed", *arguments]
    with subprocess.Popen(command) as program:
        child = yard.met(key)
        with pytest.raises(StoreError, match="another RowSense already runs its jobs"), open_runner(yard.store):
            pass
        program.kill()
    assert yard.job(key).state == "running"
    until(lambda: gone(child))
    with running(yard.store, yard.settings):
        done = yard.ended(key)
    assert (done.state, done.attempt, done.restart_count) == ("done", 2, 1)
    assert yard.steps(key) == ALL


@ON_SQLITE
def test_a_program_that_is_stopped_gives_its_jobs_back(yard: Yard) -> None:
    key = yard.ask_steps(wait_at=2)
    with running(yard.store, yard.settings):
        child = yard.met(key)
    waits = yard.job(key)
    assert (waits.state, waits.death_count, waits.restart_count) == ("queued", 0, 0)
    until(lambda: gone(child))
    with running(yard.store, yard.settings):
        assert yard.ended(key).state == "done"
    assert yard.steps(key) == ALL


@ON_SQLITE
def test_settings_that_cannot_work_are_refused(yard: Yard) -> None:
    with pytest.raises(UsageError, match="cannot share an SQLite file; name a PostgreSQL database"):
        check_fits(yard.store.database.url, replace(yard.settings, scheduler="tcp://10.0.0.1:8786"))
    with pytest.raises(UsageError, match="named as tcp://host:port; there must be a worker; beat_s must be"):
        RunnerSettings(scheduler="10.0.0.1", workers=0, tick_s=20.0)


@ON_SQLITE
def test_folders_of_jobs_that_are_over_go_and_those_of_other_stores_stay(store: ClubStore, yard: Yard) -> None:
    states = ("queued", "running", "parked", "failed", "cancelled", "done")
    keys = {state: str(yard.ask("steps")) for state in states}
    with store.database.writing(CLUB) as unit:
        for state, key in keys.items():
            job = unit.get_one(Job, uuid.UUID(key))
            job.state, job.runner = state, "a runner" if state == "running" else None
    other = str(uuid.uuid4())
    for name in (*keys.values(), other):
        (yard.scratch / name).mkdir(parents=True)
    clear_left(store.database, yard.scratch)
    left = {path.name for path in yard.scratch.iterdir()}
    assert left == {other, *(keys[state] for state in states[:4])}
    clear_left(store.database, yard.scratch, unknown=True)
    assert {path.name for path in yard.scratch.iterdir()} == left - {other}
    clear_left(store.database, yard.scratch / "no such folder")
