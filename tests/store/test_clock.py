"""A clock that jumps: nothing is deleted on its word until it is set right, or time has really passed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from rowsense.store.claims import ClubStore
from rowsense.store.clock import Clock, doubt_of
from rowsense.store.database import Database
from rowsense.store.local_files import LocalFiles
from rowsense.store.runner_state import readiness
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Club, SeenTime, Upload
from rowsense.store.uploads import UploadLimits, expire
from tests.store.club import CLUB

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Machine:
    """Two clocks, and the process that looks at them."""

    database: Database
    wall: datetime = NOW
    steady_s: float = 0.0

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.clock = Clock(self.database, lambda: self.wall, lambda: self.steady_s)

    def passes(self, time: timedelta) -> str:
        """By both clocks; what is said then."""
        self.wall, self.steady_s = self.wall + time, self.steady_s + time.total_seconds()
        return self.clock.look()

    def is_set(self, time: timedelta) -> str:
        self.wall += time
        return self.clock.look()


@pytest.fixture
def machine(database: Database) -> Machine:
    """Whose store was last written to a moment ago."""
    with database.writing(AllClubs("set up")) as unit:
        unit.add(Club(id=CLUB.club_id, name="Łódź", created_at=NOW))
    return Machine(database)


def test_time_that_passes_is_believed_however_long_the_machine_sleeps(machine: Machine) -> None:
    assert machine.clock.look() == ""
    assert machine.passes(timedelta(minutes=1)) == ""
    assert machine.passes(40 * DAY) == "", "the lid was closed, and the steady clock went on"
    assert doubt_of(machine.database, machine.wall) == ""


@pytest.mark.parametrize(("away", "hours"), [(3 * DAY, 1), (400 * DAY, 24)])
def test_after_a_start_far_ahead_it_has_to_go_on_for_a_while(machine: Machine, away: timedelta, hours: int) -> None:
    machine.clock.look()
    machine.wall += away
    machine.start()
    assert f"evenly for {hours} h" in machine.clock.look()
    for _ in range(6 * hours - 1):
        assert machine.passes(timedelta(minutes=10))
    machine.start()
    assert machine.clock.look(), "what was waited counts on after a restart"
    assert doubt_of(machine.database, machine.wall)
    assert machine.passes(timedelta(minutes=10)) == ""
    assert doubt_of(machine.database, machine.wall) == ""


def test_one_that_is_set_right_is_believed_at_once_and_one_that_jumps_again_waits_anew(machine: Machine) -> None:
    machine.clock.look()
    assert machine.is_set(400 * DAY)
    assert machine.passes(timedelta(hours=10))
    assert machine.is_set(10 * DAY), "set again: what was waited is void"
    assert machine.passes(timedelta(hours=2))
    assert machine.is_set(-410 * DAY) == ""
    assert machine.is_set(-400 * DAY), "an empty battery: years behind"
    assert machine.is_set(400 * DAY) == ""


def test_uploads_stay_while_the_clock_is_in_doubt(database: Database, machine: Machine, tmp_path: Path) -> None:
    store = ClubStore(database, LocalFiles(tmp_path / "files"))
    with database.writing(CLUB) as unit:
        unit.add(Upload(name="film.mp4", byte_count=10, found={}, claim={}, state="ready"))
    machine = replace(machine, wall=datetime.now(UTC))
    machine.clock.look()
    assert readiness(database) == {}
    # The clock is moved by moving what was seen: eight days pass in which nobody looked.
    with database.writing(AllClubs("move the clock")) as unit:
        unit.execute(update(SeenTime).values(at=datetime.now(UTC) - 8 * DAY))
        unit.execute(update(Upload).values(created_at=datetime.now(UTC) - 8 * DAY))
    assert readiness(database) == {"clock": "in doubt"}
    assert expire(store, UploadLimits()) == 0
    with database.writing(AllClubs("set right")) as unit:
        unit.execute(update(SeenTime).values(at=datetime.now(UTC)))
    assert expire(store, UploadLimits()) == 1
