"""A roster is taken in whole or not at all, and every mistake in it is named."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest

from rowsense.errors import StoreError
from rowsense.store.database import Database
from rowsense.store.members import remove_member
from rowsense.store.people import ClubPeople, check_is_ours_alone, people_of
from rowsense.store.roster import RosterError, RosterRow, Taken, read_roster, take_roster
from rowsense.store.scope import AllClubs
from rowsense.store.tables import ADMINISTRATOR, COACH, Membership, User
from tests.store.club import CLUB, NAME, OTHER_CLUB, add_club

JANA, EVA = uuid.UUID(int=31), uuid.UUID(int=32)


@pytest.fixture
def club(new_url: Callable[[str], str]) -> Iterator[Database]:
    with Database(new_url("sqlite")) as database:
        add_club(database)
        with database.writing(AllClubs("set up a test")) as unit:
            unit.add(User(id=JANA, email="jana@club.org", name="Jana", password_hash="x"))
            unit.add(User(id=EVA, email="eva@club.org", name="Eva", password_hash="x"))
            unit.flush()
            unit.add(Membership(club_id=CLUB.club_id, user_id=JANA, role=ADMINISTRATOR))
            unit.add(Membership(club_id=CLUB.club_id, user_id=EVA, role=COACH))
        yield database


@pytest.mark.parametrize(
    "data",
    [
        "name,birth_year,squad\nAnna Berg,2004,Women\n\nOle Dahl,,\n",
        "\ufeffSquad;Name;Birth_Year\r\nWomen; Anna Berg ;2004\r\n;Ole Dahl;\r\n",
        'name,birth_year,squad\n"Anna Berg","2004","Women"\nOle Dahl,,',
    ],
)
def test_tables_as_spreadsheets_write_them(data: str) -> None:
    assert read_roster(data.encode()) == (RosterRow("Anna Berg", 2004, "Women"), RosterRow("Ole Dahl"))


def test_every_mistake_is_named_with_its_line() -> None:
    table = (
        "name,birth_year,squad\n,2004,A\nOle,04,A\nAnna,2004\nAnna,2004,A\nAnna,2004,A\nEva,20044,A\n"
        + "x" * 201
        + ",,"
    )
    with pytest.raises(RosterError) as caught:
        read_roster(table.encode())
    assert caught.value.problems == (
        "line 2: has no name",
        "line 3: birth_year is '04'; write a year such as 2008, or nothing",
        "line 4: has 2 cells instead of 3",
        "line 6: says the same as line 5",
        "line 7: birth_year is '20044'; write a year such as 2008, or nothing",
        "line 8: name is longer than 200 letters",
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"name,squad", "no rower"),
        (b"boat,name,name\na,b,c", "'boat' is not known; known are name, birth_year, squad|'name' is there twice"),
        (b"squad\nA", "no column 'name'"),
        ("name\nŽofie".encode("cp1250"), "not UTF-8"),
        (b'name\n"Anna\x00', "line 2: name has signs that are no text"),
        (b"name\n" + b"n" * 200_000, "line 2: is not CSV"),
        (b"name\n" + b"\n".join(b"n%d" % i for i in range(5001)), "5001 lines; 5000"),
    ],
)
def test_what_is_no_roster_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(RosterError) as caught:
        read_roster(data)
    for words in said.split("|"):
        assert any(words in problem for problem in caught.value.problems), caught.value.problems


def test_who_is_there_already_stays_and_taking_it_in_again_changes_nothing(club: Database) -> None:
    rows = (RosterRow(NAME), RosterRow("Anna", 2004, "A"), RosterRow("Anna", 2004, "B"), RosterRow("Anna", 2005, "A"))
    assert take_roster(club, CLUB, rows, JANA) == Taken(2, 2, 3)
    assert take_roster(club, CLUB, rows, JANA) == Taken(0, 0, 0)
    found = people_of(club, CLUB)
    assert _rowers(found) == [("Anna", 2004, ("A", "B")), ("Anna", 2005, ("A",)), (NAME, 2000, ())]
    assert [squad.name for squad in found.squads] == ["A", "B"]
    assert people_of(club, OTHER_CLUB).athletes == ()


def _rowers(people: ClubPeople) -> list[tuple[str, int | None, tuple[str, ...]]]:
    return sorted((a.name, a.birth_year, a.squads) for a in people.athletes)


def test_the_last_administrator_stays(club: Database) -> None:
    with pytest.raises(StoreError, match="last administrator"):
        remove_member(club, CLUB, JANA, JANA)
    with pytest.raises(StoreError, match="no such member"):
        remove_member(club, OTHER_CLUB, EVA, JANA)
    remove_member(club, CLUB, EVA, JANA)
    assert [member.name for member in people_of(club, CLUB).members] == ["Jana"]


def test_a_club_gives_no_password_to_who_is_in_another_club_too(club: Database) -> None:
    check_is_ours_alone(club, CLUB, EVA)
    with pytest.raises(StoreError, match="no such member"):
        check_is_ours_alone(club, OTHER_CLUB, EVA)
    with club.writing(AllClubs("set up a test")) as unit:
        unit.add(Membership(club_id=OTHER_CLUB.club_id, user_id=EVA, role=ADMINISTRATOR))
    with pytest.raises(StoreError, match="another club too"):
        check_is_ours_alone(club, CLUB, EVA)
