"""The table of jobs, on both databases."""

from __future__ import annotations

import math
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rowsense.errors import StoreError
from rowsense.jobs.looking import jobs_of, left_s, running_jobs
from rowsense.jobs.queue import LATER, SOON, Standing, Ticket, begin, end, enqueue, report, take
from rowsense.jobs.stopping import cancel, retry
from rowsense.jobs.telling import How, Outcome, Report
from rowsense.store.claims import ClubStore
from rowsense.store.database import Database
from rowsense.store.erase import erase_athlete
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import Job
from tests.store.club import ATHLETE, CLUB, OTHER_CLUB


def ask(database: Database, scope: ClubScope = CLUB, **said: Any) -> uuid.UUID:
    with database.writing(scope) as unit:
        return enqueue(unit, "steps", {"count": 3}, **said).id


def job(database: Database, key: uuid.UUID) -> Job:
    with database.reading(AllClubs("look")) as unit:
        return unit.get_one(Job, key)


def only(tickets: list[Ticket]) -> Ticket:
    (ticket,) = tickets
    return ticket


def test_a_job_is_taken_worked_on_and_done(store: ClubStore) -> None:
    database = store.database
    key = ask(database)
    ticket = only(take(database, "me", 5))
    assert (ticket.job_id, ticket.attempt, ticket.key) == (key, 1, f"job-{key}-1")
    assert take(database, "me", 5) == []
    begun = begin(database, ticket, "worker", "0.1")
    assert begun is not None and begun.payload == {"count": 3}
    assert report(database, ticket, Report("count", 1, 3, {"at": 1})) is Standing.GO_ON
    assert report(database, ticket) is Standing.GO_ON
    seen = job(database, key)
    assert (seen.state, seen.stage, seen.done, seen.total, seen.checkpoint) == ("running", "count", 1, 3, {"at": 1})
    assert (seen.beat, seen.worker, seen.runner) == (3, "worker", "me")
    assert end(database, ticket, Outcome(How.DONE)) == "done"
    assert end(database, ticket, Outcome(How.ERROR, "late")) is None
    assert report(database, ticket) is Standing.LOST
    seen = job(database, key)
    assert (seen.state, seen.runner, seen.error) == ("done", None, "")
    assert seen.finished_at is not None


def test_who_asks_twice_with_one_key_asks_once(store: ClubStore) -> None:
    key = uuid.uuid4()
    assert ask(store.database, key=key) == ask(store.database, key=key) == key
    assert len(jobs_of(store.database, CLUB)) == 1


def test_only_one_of_many_who_take_together_gets_a_job(store: ClubStore) -> None:
    keys = {ask(store.database) for _ in range(12)}
    together = threading.Barrier(4)

    def taker(name: str) -> list[Ticket]:
        with Database(store.database.url) as own:
            together.wait()
            return [ticket for _ in range(12) for ticket in take(own, name, 1)]

    with ThreadPoolExecutor(4) as threads:
        taken = [ticket for tickets in threads.map(taker, "abcd") for ticket in tickets]
    assert len(taken) == len(keys)
    assert {ticket.job_id for ticket in taken} == keys
    assert {ticket.attempt for ticket in taken} == {1}


def test_of_two_workers_with_one_ticket_one_begins(store: ClubStore) -> None:
    ask(store.database)
    ticket = only(take(store.database, "me", 1))
    assert begin(store.database, ticket, "first", "0.1") is not None
    assert begin(store.database, ticket, "second", "0.1") is None


def test_who_comes_back_from_the_dead_writes_nothing(store: ClubStore) -> None:
    database = store.database
    key = ask(database)
    first = only(take(database, "me", 1))
    begin(database, first, "first", "0.1")
    report(database, first, Report("count", 2, 3, {"at": 2}))
    assert end(database, first, Outcome(How.DEATH, "gone")) == "queued"
    assert report(database, first, Report("count", 3, 3, {"at": 3})) is Standing.LOST
    second = only(take(database, "me", 1))
    assert second.attempt == 2
    assert report(database, first, Report("count", 3, 3, {"at": 3})) is Standing.LOST
    assert end(database, first, Outcome(How.DONE)) is None
    begun = begin(database, second, "second", "0.1")
    assert begun is not None and begun.checkpoint == {"at": 2}
    seen = job(database, key)
    assert (seen.done, seen.resumed_done, seen.death_count, seen.error) == (2, 2, 1, "gone")


def test_without_a_checkpoint_it_starts_from_nothing(store: ClubStore) -> None:
    key = ask(store.database)
    first = only(take(store.database, "me", 1))
    begin(store.database, first, "first", "0.1")
    report(store.database, first, Report("count", 2, 3))
    end(store.database, first, Outcome(How.RELEASED))
    begin(store.database, only(take(store.database, "me", 1)), "second", "0.1")
    assert (job(store.database, key).done, job(store.database, key).resumed_done) == (0, 0)


def test_an_error_waits_and_is_tried_again(store: ClubStore) -> None:
    database = store.database
    key = ask(database, max_attempts=2)
    ticket = only(take(database, "me", 1))
    assert end(database, ticket, Outcome(How.ERROR, "disk full")) == "queued"
    assert take(database, "me", 1) == [], "not yet"
    later = datetime.now(UTC) + timedelta(seconds=31)
    again = only(take(database, "me", 1, later))
    assert end(database, again, Outcome(How.ERROR, "disk full")) == "failed"
    assert job(database, key).error == "disk full"
    retry(database, CLUB, key)
    assert only(take(database, "me", 1)).attempt == 3


def test_a_clock_that_is_set_back_stops_nothing(store: ClubStore) -> None:
    database = store.database
    ask(database, max_attempts=2)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    ticket = only(take(database, "me", 1, yesterday))
    end(database, ticket, Outcome(How.ERROR, "disk full"))
    assert take(database, "me", 1) == [], "its wait is half a minute"
    assert only(take(database, "me", 1, yesterday)).attempt == 2


def test_time_left(store: ClubStore) -> None:
    key = ask(store.database)
    ticket = only(take(store.database, "me", 1))
    begin(store.database, ticket, "worker", "0.1")
    report(store.database, ticket, Report("count", 1, 4))
    seen = job(store.database, key)
    assert seen.started_at is not None
    assert left_s(seen, seen.started_at + timedelta(seconds=20)) == 60.0
    end(store.database, ticket, Outcome(How.DONE))
    assert math.isnan(left_s(job(store.database, key)))


def test_priorities_and_clubs(store: ClubStore) -> None:
    database = store.database
    many = [ask(database) for _ in range(4)]
    season = ask(database, OTHER_CLUB, priority=LATER)
    other = ask(database, OTHER_CLUB)
    coach = ask(database, priority=SOON)
    first, second, third = (only(take(database, "me", 1)).job_id for _ in range(3))
    assert (first, second) == (coach, other)
    assert third in many
    rest = [ticket.job_id for ticket in take(database, "me", 10)]
    assert rest[-1] == season


def test_cancelling(store: ClubStore) -> None:
    database = store.database
    waiting = ask(database)
    assert cancel(database, CLUB, waiting) == "cancelled"
    assert take(database, "me", 1) == []
    running = ask(database)
    ticket = only(take(database, "me", 1))
    assert cancel(database, CLUB, running) == "running"
    assert report(database, ticket) is Standing.CANCEL
    assert end(database, ticket, Outcome(How.RELEASED)) == "cancelled"
    with pytest.raises(StoreError, match="is cancelled, so it cannot be cancelled"):
        cancel(database, CLUB, running)
    retry(database, CLUB, running)
    assert report(database, only(take(database, "me", 1))) is Standing.GO_ON
    with pytest.raises(StoreError, match="is running, so it cannot be tried again"):
        retry(database, CLUB, running)


CHANGES: dict[str, Callable[[Database, ClubScope, uuid.UUID], Any]] = {"cancel": cancel, "retry": retry}


@pytest.mark.parametrize("change", CHANGES)
def test_another_club_neither_sees_nor_changes_it(store: ClubStore, change: str) -> None:
    key = ask(store.database)
    assert jobs_of(store.database, OTHER_CLUB) == []
    with pytest.raises(StoreError, match="there is no job"):
        CHANGES[change](store.database, OTHER_CLUB, key)
    foreign = Ticket(key, OTHER_CLUB.club_id, only(take(store.database, "me", 1)).attempt)
    assert begin(store.database, foreign, "thief", "0.1") is None
    assert report(store.database, foreign) is Standing.LOST


def test_a_job_goes_with_its_athlete(store: ClubStore) -> None:
    ask(store.database, athlete_id=ATHLETE)
    ticket = only(take(store.database, "me", 1))
    erase_athlete(store, CLUB, ATHLETE)
    assert report(store.database, ticket) is Standing.LOST
    assert running_jobs(store.database) == []


def test_listing(store: ClubStore) -> None:
    first, second = ask(store.database), ask(store.database)
    cancel(store.database, CLUB, first)
    assert {seen.id for seen in jobs_of(store.database, CLUB)} == {first, second}
    assert [seen.id for seen in jobs_of(store.database, CLUB, ["queued"])] == [second]
    assert len(jobs_of(store.database, CLUB, limit=1)) == 1
