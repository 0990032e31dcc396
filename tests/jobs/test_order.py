"""Fair order, waits and time left."""

from __future__ import annotations

import errno
import math
import os
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from rowsense.errors import AwayError, OutputError, VideoError
from rowsense.jobs.endings import MOST_DEATHS, MOST_RESTARTS, Counts, ending
from rowsense.jobs.order import LONGEST_BACK_OFF_S, Waiting, back_off_s, fair_order, time_left_s
from rowsense.jobs.surroundings import is_around, short_of_room
from rowsense.jobs.telling import How, Outcome
from rowsense.store.local_files import LocalFiles
from rowsense.store.tables.jobs import CANCELLED, DONE, FAILED, PARKED, QUEUED

AT = datetime(2026, 3, 1, tzinfo=UTC)
CLUBS = [uuid.UUID(int=n) for n in range(4)]


@st.composite
def queues(draw: st.DrawFn) -> list[Waiting]:
    told = draw(st.lists(st.tuples(st.sampled_from(CLUBS), st.integers(-1, 1), st.integers(0, 5)), max_size=25))
    return [
        Waiting(uuid.UUID(int=100 + i), club, priority, AT + timedelta(seconds=seconds))
        for i, (club, priority, seconds) in enumerate(told)
    ]


LOADS = st.dictionaries(st.sampled_from(CLUBS), st.integers(0, 5))


@given(queues(), LOADS)
def test_everybody_is_placed_once_and_higher_priorities_first(
    waiting: list[Waiting], running: dict[uuid.UUID, int]
) -> None:
    placed = fair_order(waiting, running)
    assert Counter(placed) == Counter(waiting)
    assert [job.priority for job in placed] == sorted((job.priority for job in placed), reverse=True)
    for club in CLUBS:
        own = [job for job in placed if job.club_id == club]
        assert own == sorted(own, key=lambda job: (-job.priority, job.since, job.job_id))


@given(queues(), LOADS)
def test_whoever_is_placed_has_the_least_load_of_those_who_wait(
    waiting: list[Waiting], running: dict[uuid.UUID, int]
) -> None:
    placed = fair_order(waiting, running)
    load = Counter(running)
    for at, job in enumerate(placed):
        rivals = {other.club_id for other in placed[at:] if other.priority == job.priority}
        assert load[job.club_id] == min(load[club] for club in rivals)
        load[job.club_id] += 1


def test_a_club_with_one_video_does_not_wait_behind_a_season() -> None:
    season = [Waiting(uuid.UUID(int=i), CLUBS[0], 0, AT) for i in range(50)]
    late = Waiting(uuid.UUID(int=99), CLUBS[1], 0, AT + timedelta(hours=1))
    assert fair_order([*season, late], {}).index(late) == 1
    assert fair_order([*season, late], {CLUBS[0]: 2})[0] == late
    waiting_coach = Waiting(uuid.UUID(int=98), CLUBS[0], 10, AT + timedelta(hours=2))
    assert fair_order([*season, late, waiting_coach], {CLUBS[0]: 2})[0] == waiting_coach


def test_waits_grow_to_an_hour() -> None:
    assert [back_off_s(n) for n in (1, 2, 3)] == [30.0, 120.0, 480.0]
    assert back_off_s(10_000) == LONGEST_BACK_OFF_S


def test_time_left_is_that_of_this_attempt() -> None:
    assert time_left_s(done=50, total=100, resumed_done=0, elapsed_s=10) == 10.0
    assert time_left_s(done=50, total=100, resumed_done=40, elapsed_s=10) == 50.0
    assert time_left_s(done=100, total=100, resumed_done=0, elapsed_s=10) == 0.0
    for unknown in (
        time_left_s(done=0, total=0, resumed_done=0, elapsed_s=10),
        time_left_s(done=40, total=100, resumed_done=40, elapsed_s=10),
        time_left_s(done=40, total=100, resumed_done=0, elapsed_s=0.1),
        time_left_s(done=10, total=100, resumed_done=40, elapsed_s=10),
    ):
        assert math.isnan(unknown)


NEW = Counts(failures=0, deaths=0, restarts=0, max_attempts=2)


def _after(*hows: How, cancel_requested: bool = False) -> list[str]:
    counts, states = NEW, []
    for how in hows:
        after = ending(Outcome(how, "why"), counts, cancel_requested=cancel_requested)
        states.append(after.state)
        counts = after.counts
    return states


def test_endings() -> None:
    assert _after(How.DONE) == [DONE]
    assert _after(How.ERROR, How.ERROR) == [QUEUED, FAILED]
    assert _after(How.USELESS) == [FAILED]
    assert _after(*[How.DEATH] * MOST_DEATHS) == [QUEUED] * (MOST_DEATHS - 1) + [PARKED]
    assert _after(*[How.RESTART] * MOST_RESTARTS) == [QUEUED] * (MOST_RESTARTS - 1) + [PARKED]
    assert _after(*[How.RELEASED] * 50) == [QUEUED] * 50
    # Deaths and restarts are no errors of the job's own.
    assert _after(How.DEATH, How.RESTART, How.ERROR, How.DEATH) == [QUEUED] * 4


def test_what_lies_around_the_work_is_waited_for_as_long_as_it_takes_and_counts_for_nothing() -> None:
    counts, waits = NEW, []
    for _ in range(50):
        after = ending(Outcome(How.WAITS, "the disk is full"), counts, cancel_requested=False)
        assert (after.state, after.words) == (QUEUED, "the disk is full")
        waits.append(after.wait_s)
        counts = after.counts
    assert waits[:6] == [15.0, 30.0, 60.0, 120.0, 240.0, 300.0] and set(waits[5:]) == {300.0}
    assert (counts.failures, counts.deaths, counts.restarts) == (0, 0, 0)
    assert ending(Outcome(How.ERROR, "why"), counts, cancel_requested=False).counts.waits == 0


def _raised(path: Path) -> BaseException:
    try:
        LocalFiles(path / "files").put(path / "film", "a/b/c")
    except OutputError as error:
        return error
    raise AssertionError


def test_which_errors_lie_around_the_work(tmp_path: Path) -> None:
    (tmp_path / "film").write_bytes(b"a film")
    (tmp_path / "files").write_bytes(b"no folder")
    assert not is_around(_raised(tmp_path)), "a mistake in the settings, told from the same error"
    full = OutputError("film.mp4: cannot be written")
    full.__context__ = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # as `raise ... from None` leaves it
    assert is_around(full)
    assert is_around(AwayError("s3://club: cannot be reached"))
    assert is_around(ConnectionRefusedError(errno.ECONNREFUSED, "refused"))
    assert not is_around(VideoError("a.mp4: is no video")) and not is_around(ZeroDivisionError("by nothing"))
    assert short_of_room([tmp_path / "not" / "there"], 1) == ""
    assert "MB left" in short_of_room([tmp_path / "not" / "there"], 1 << 60)


def test_a_cancelled_job_does_not_come_back_but_finished_work_is_done() -> None:
    for how in (How.CANCELLED, How.ERROR, How.USELESS, How.DEATH, How.RESTART, How.RELEASED):
        assert _after(how, cancel_requested=True) == [CANCELLED]
    assert _after(How.DONE, cancel_requested=True) == [DONE]


def test_an_error_waits_longer_each_time_and_says_why() -> None:
    first = ending(Outcome(How.ERROR, "disk full"), Counts(0, 0, 0, 5), cancel_requested=False)
    second = ending(Outcome(How.ERROR, "disk full"), first.counts, cancel_requested=False)
    assert (first.wait_s, second.wait_s) == (30.0, 120.0)
    assert first.words == "disk full"
