"""Requests counted by several processes together: never more than the limit, and who waits is let through again."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from dashboards.accounts.pace import LASTS_S, Pace
from rowsense.store.database import Database
from rowsense.store.paces import Limit, forget_full, take
from rowsense.store.scope import AllClubs
from rowsense.store.tables import StoredPace

LOOK = AllClubs("look")
#: So slow that nothing comes back while a test runs.
SLOW = Limit(at_once=50, a_second=1e-6)


def test_all_processes_together_let_through_what_one_would(database: Database) -> None:
    token, through = uuid.uuid4(), []
    start = threading.Barrier(4)

    def process() -> None:
        pace = Pace(SLOW, at_once=7)
        start.wait()
        through.extend(pace.wait_s(database, token) for _ in range(60))

    threads = [threading.Thread(target=process) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(through)[:50] == [0.0] * 50 and min(sorted(through)[50:]) > 0.0
    assert Pace(SLOW).wait_s(database, uuid.uuid4()) == 0.0, "another token has its own"


def test_what_was_used_comes_back_with_time(database: Database) -> None:
    # So slow that nothing comes back while the test itself is kept waiting.
    token, limit = uuid.uuid4(), Limit(at_once=10, a_second=0.02)
    assert take(database, token, limit, 100) == (10, 0.0, 0)
    count, wait_s, _ = take(database, token, limit, 100)
    assert count == 0 and wait_s == pytest.approx(50.0, abs=20.0)
    _earlier(database, token, 310.0)
    assert take(database, token, limit, 4)[:2] == (4, 0.0)
    assert take(database, token, limit, 100)[0] == 2
    _earlier(database, token, -3600.0)
    assert take(database, token, limit, 1)[0] == 0, "a clock that is set back gives nothing"
    forget_full(database, datetime.now(UTC) + timedelta(days=2))
    with database.reading(LOOK) as unit:
        assert unit.scalars(select(StoredPace)).all() == []


def test_what_a_process_has_taken_does_not_last(database: Database) -> None:
    now, token = [0.0], uuid.uuid4()
    pace = Pace(SLOW, at_once=20, now_s=lambda: now[0])
    assert [pace.wait_s(database, token) for _ in range(3)] == [0.0] * 3
    assert pace.left(token) == 47, "at hand and in the database"
    now[0] = LASTS_S
    assert pace.wait_s(database, token) == 0.0
    with database.reading(LOOK) as unit:
        assert unit.scalars(select(StoredPace.remaining)).one() == pytest.approx(10.0)
    with pytest.raises(ValueError, match="lets nothing through"):
        Limit(0, 1.0)


def _earlier(database: Database, token: uuid.UUID, seconds: float) -> None:
    with database.writing(LOOK) as unit:
        at = unit.scalars(select(StoredPace.at).where(StoredPace.id == token)).one()
        unit.execute(update(StoredPace).where(StoredPace.id == token).values(at=at - timedelta(seconds=seconds)))
