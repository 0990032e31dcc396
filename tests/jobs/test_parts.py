"""Parts of a long job below any video: who has which, what happens when somebody dies, when helpers are sent."""

from __future__ import annotations

import threading
import uuid

from sqlalchemy import select, update

from rowsense.jobs.parts import HELP, MOST_LOST_HELPERS, Holder, Parts, send_help
from rowsense.jobs.queue import end, enqueue, take
from rowsense.jobs.stopping import cancel, retry
from rowsense.jobs.telling import How, Outcome
from rowsense.store.claims import ClubStore
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Job, JobPart
from rowsense.store.tables.jobs import FAILED, RUNNING
from tests.store.club import ATHLETE, CLUB

PLAN = {"stride": 1, "centre_px": [0.1 + 0.2, 1e-7]}
LOOK = AllClubs("look")


def started(store: ClubStore, kind: str = "analyze") -> tuple[Parts, Holder]:
    """A job that runs, without a worker."""
    with store.database.writing(CLUB) as unit:
        key = enqueue(unit, kind, {}, athlete_id=ATHLETE, priority=5).id
    (ticket,) = take(store.database, "a runner", 1)
    assert ticket.job_id == key
    return Parts(store.database, CLUB, key), Holder(key, ticket.attempt)


def job(store: ClubStore, key: uuid.UUID) -> Job:
    with store.database.reading(LOOK) as unit:
        return unit.get_one(Job, key)


def rows(store: ClubStore) -> int:
    with store.database.reading(LOOK) as unit:
        return len(unit.scalars(select(JobPart.part)).all())


def test_every_part_has_one_holder_and_what_came_of_it_is_kept_once(store: ClubStore) -> None:
    parts, me = started(store)
    _, helper = started(store, HELP)
    parts.lay_out(PLAN, 9)
    start, got = threading.Barrier(4), []

    def try_it(who: Holder) -> None:
        start.wait()
        while taken := parts.take(who, 2)[0]:
            got.extend(taken)

    threads = [threading.Thread(target=try_it, args=(who,)) for who in (me, helper, me, helper)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == list(range(9)), "each once"
    parts.keep(3, PLAN, b"three")
    parts.keep(3, PLAN, b"somebody who was slow")
    parts.keep(4, {"stride": 2}, b"of another plan")
    assert (parts.done(), parts.result(3)) == ([3], b"three")
    parts.lay_out(PLAN, 9)
    assert parts.done() == [3], "laid out again as it was"
    parts.lay_out({"stride": 2}, 9)
    assert parts.done() == [], "what another plan gave is of no use"


def test_parts_of_somebody_who_died_are_free_again_and_done_ones_stay(store: ClubStore) -> None:
    parts, me = started(store)
    helping, helper = started(store, HELP)
    parts.lay_out(PLAN, 4)
    assert parts.take(me, 2) == ([0, 1], PLAN), "numbers come back to the last bit"
    assert parts.take(helper, 1)[0] == [2]
    parts.keep(0, PLAN, b"0")
    (ticket,) = [t for t in _tickets(store) if t.job_id == helper.job_id]
    end(store.database, ticket, Outcome(How.DEATH, "killed"))
    assert parts.take(me, 9)[0] == [2, 3]
    (ticket,) = [t for t in _tickets(store) if t.job_id == me.job_id]
    end(store.database, ticket, Outcome(How.DEATH, "killed"))
    again = {t.job_id: t.attempt for t in take(store.database, "a runner", 2)}
    assert parts.take(Holder(me.job_id, again[me.job_id]), 9)[0] == [1, 2, 3]
    assert parts.done() == [0]
    assert helping.wanted() and parts.wanted()


def test_a_job_that_is_over_leaves_no_parts(store: ClubStore) -> None:
    for how in (How.DONE, How.USELESS, How.CANCELLED):
        parts, _ = started(store)
        parts.lay_out(PLAN, 2)
        (ticket,) = _tickets(store)
        end(store.database, ticket, Outcome(how))
        assert rows(store) == 0 and not parts.wanted(), how
        parts.keep(0, PLAN, b"too late")
        assert rows(store) == 0
    parts, _ = started(store)
    parts.lay_out(PLAN, 2)
    (ticket,) = _tickets(store)
    end(store.database, ticket, Outcome(How.RELEASED))
    assert rows(store) == 2 and parts.wanted(), "it goes on from them"
    cancel(store.database, CLUB, parts.job_id)
    assert rows(store) == 0
    retry(store.database, CLUB, parts.job_id)


def test_helpers_are_sent_where_workers_are_idle_and_no_others(store: ClubStore) -> None:
    parts, me = started(store)
    assert send_help(store.database, 3) == 0, "there is nothing to share yet"
    parts.lay_out(PLAN, 3)
    parts.take(me, 1)
    assert send_help(store.database, 3) == 2, "as many as there are parts"
    assert send_help(store.database, 3) == 0, "they wait for a worker"
    helpers = [t.job_id for t in take(store.database, "a runner", 9)]
    one = job(store, helpers[0])
    assert (one.kind, one.payload, one.athlete_id, one.priority) == (HELP, {"job": str(me.job_id)}, ATHLETE, 4)
    with store.database.writing(CLUB) as unit:
        other = enqueue(unit, "analyze", {}, priority=5).id
    assert send_help(store.database, 3) == 0, "somebody else's job comes first"
    cancel(store.database, CLUB, other)
    with store.database.writing(CLUB) as unit:
        unit.execute(update(Job).where(Job.id.in_(helpers)).values(state=FAILED, runner=None))
    assert send_help(store.database, 1) == 1
    (last,) = take(store.database, "a runner", 9)
    end(store.database, last, Outcome(How.USELESS, "another pose model"))
    assert MOST_LOST_HELPERS == 3
    assert send_help(store.database, 3) == 0, "nobody who was sent could help"


def _tickets(store: ClubStore) -> list[object]:
    from rowsense.jobs.queue import ticket_of

    with store.database.reading(LOOK) as unit:
        return [ticket_of(one) for one in unit.scalars(select(Job).where(Job.state == RUNNING))]
