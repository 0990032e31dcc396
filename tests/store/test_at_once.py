"""What several do at the same moment, on a server of PostgreSQL: once, and without an error."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from rowsense.errors import StoreError
from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore
from rowsense.store.club_policies import Policies, keep_policies
from rowsense.store.club_settings import Privacy, keep_privacy
from rowsense.store.record import record
from rowsense.store.references import choose
from rowsense.store.roster import RosterRow, take_roster
from rowsense.store.scope import AllClubs
from rowsense.store.squads import add_squad
from rowsense.store.tables import (
    ADMINISTRATOR,
    CLUB_REFERENCE,
    OWN_REFERENCE,
    Athlete,
    ClubSettings,
    ReferenceStroke,
    Squad,
    User,
)
from tests.store.club import CLUB, analysed_folder, recording

HEAD = uuid.UUID(int=31)
VIEWER = Viewer(HEAD, CLUB.club_id, ADMINISTRATOR)
ON_A_SERVER = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
SEVERAL = 4


@pytest.fixture
def club(store: ClubStore) -> ClubStore:
    with store.database.writing(AllClubs("set up a test")) as unit:
        unit.add(User(id=HEAD, email="head@club.org", name="Head"))
    return store


def at_once(do: Callable[[int], Any]) -> list[Any]:
    """What each of them comes to; a refusal in its words."""
    together = Barrier(SEVERAL)

    def one(number: int) -> Any:
        together.wait()
        try:
            return do(number)
        except StoreError as error:
            return str(error)

    with ThreadPoolExecutor(SEVERAL) as threads:
        return list(threads.map(one, range(SEVERAL)))


def count(store: ClubStore, table: type[Any]) -> int:
    with store.database.reading(CLUB) as unit:
        return unit.scalar(select(func.count()).select_from(table)) or 0


@ON_A_SERVER
@pytest.mark.parametrize(("whose", "sessions"), [(OWN_REFERENCE, (1, 1, 1, 1)), (CLUB_REFERENCE, (1, 2, 3, 1))])
def test_one_stroke_is_the_reference(club: ClubStore, tmp_path: Path, whose: str, sessions: tuple[int, ...]) -> None:
    folder = analysed_folder(tmp_path / "clip.rowsense")
    for number in set(sessions):
        record(club, CLUB, recording(folder, number))
    for _ in range(3):
        assert all(at_once(lambda i: choose(club.database, VIEWER, uuid.UUID(int=1000 * sessions[i]), whose, float(i))))
        assert count(club, ReferenceStroke) == 1


@ON_A_SERVER
def test_a_roster_that_is_sent_twice_is_taken_once(club: ClubStore) -> None:
    before, rows = count(club, Athlete), tuple(RosterRow(name, 1990, "") for name in ("Ada", "Ida"))
    taken = at_once(lambda _: take_roster(club.database, CLUB, rows, HEAD).new_athletes)
    assert sorted(taken) == [0, 0, 0, 2] and count(club, Athlete) == before + 2


@ON_A_SERVER
def test_one_squad_has_a_name_and_the_others_are_told(club: ClubStore) -> None:
    said = at_once(lambda _: add_squad(club.database, CLUB, "Women", HEAD))
    assert said.count("there is a squad Women already") == SEVERAL - 1 and count(club, Squad) == 1


@ON_A_SERVER
def test_what_is_settled_for_the_first_time_is_settled_once(club: ClubStore) -> None:
    at_once(lambda days: keep_privacy(club.database, CLUB, Privacy(keep_films_days=30 + days), HEAD))
    at_once(lambda room: keep_policies(club.database, CLUB, Policies(room_gb=1 + room), by=HEAD))
    assert count(club, ClubSettings) == 2
