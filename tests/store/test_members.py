"""What members are after they have joined, squads, and what is said of it afterwards."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from rowsense.errors import StoreError
from rowsense.store.access import Viewer
from rowsense.store.api_tokens import make_token, token_of
from rowsense.store.audit import KINDS, NOBODY, Asked, Entry, all_entries, entries, note_locked_out
from rowsense.store.choosing import clubs_of
from rowsense.store.claims import ClubStore
from rowsense.store.database import Database
from rowsense.store.erase import erase_athlete
from rowsense.store.local_files import LocalFiles
from rowsense.store.members import Standing, bring_back_member, change_member, remove_member
from rowsense.store.people import member_of, people_of
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.squads import add_squad, put_into_squads, remove_squad, rename_squad
from rowsense.store.tables import (
    ADMINISTRATOR,
    ATHLETE,
    COACH,
    Athlete,
    Base,
    Invitation,
    Membership,
    SignIn,
    Squad,
    SquadCoach,
    Upload,
    User,
)
from rowsense.store.taken_out import WITH_ACCOUNT, account_rows, erase_account, taken_out
from rowsense.store.upload_files import upload_files_of
from rowsense.store.viewers import viewer_of
from tests.store.club import CLUB, OTHER_CLUB, add_club

ROOT = Path(__file__).parents[2] / "rowsense"
JANA, EVA, OLE = (uuid.UUID(int=number) for number in (31, 32, 33))
WOMEN, MEN, THEIRS = (uuid.UUID(int=number) for number in (41, 42, 43))
ANNA = uuid.UUID(int=51)


def fill(database: Database) -> None:
    """Jana looks after the club, Eva coaches the women, Ole is of the other club."""
    add_club(database)
    with database.writing(AllClubs("set up a test")) as unit:
        for key, name in ((JANA, "Jana"), (EVA, "Eva"), (OLE, "Ole")):
            unit.add(User(id=key, email=f"{name.lower()}@club.org", name=name, password_hash="x"))
        for squad, club, name in ((WOMEN, CLUB, "Women"), (MEN, CLUB, "Men"), (THEIRS, OTHER_CLUB, "Theirs")):
            unit.add(Squad(id=squad, club_id=club.club_id, name=name))
        unit.add(Athlete(id=ANNA, club_id=CLUB.club_id, name="Anna", birth_year=1990))
        unit.flush()
        unit.add(Membership(club_id=CLUB.club_id, user_id=JANA, role=ADMINISTRATOR))
        unit.add(Membership(club_id=CLUB.club_id, user_id=EVA, role=COACH))
        unit.add(Membership(club_id=OTHER_CLUB.club_id, user_id=OLE, role=ADMINISTRATOR))
        unit.flush()
        unit.add(SquadCoach(club_id=CLUB.club_id, squad_id=WOMEN, user_id=EVA))


@pytest.fixture
def club(new_url: Callable[[str], str]) -> Iterator[Database]:
    with Database(new_url("sqlite")) as database:
        fill(database)
        yield database


def seen(database: Database, user: uuid.UUID, scope: ClubScope = CLUB) -> Viewer | None:
    return viewer_of(database, user, scope.club_id)


def said(database: Database) -> list[str]:
    return [one.action for one in reversed(entries(database, CLUB, Asked()))]


def test_a_coach_becomes_an_administrator_and_back_and_it_holds_at_once(club: Database) -> None:
    before = change_member(club, CLUB, EVA, Standing(ADMINISTRATOR), JANA)
    assert before == Standing(COACH, (WOMEN,))
    assert seen(club, EVA) == Viewer(EVA, CLUB.club_id, ADMINISTRATOR)
    change_member(club, CLUB, EVA, before, JANA)
    assert seen(club, EVA) == Viewer(EVA, CLUB.club_id, COACH, frozenset({WOMEN}))
    change_member(club, CLUB, EVA, Standing(COACH, (MEN,)), JANA)
    change_member(club, CLUB, EVA, Standing(ATHLETE, athlete_id=ANNA), JANA)
    assert seen(club, EVA) == Viewer(EVA, CLUB.club_id, ATHLETE, athlete_id=ANNA)
    newest = entries(club, CLUB, Asked(kind="people", by=JANA))
    assert [one.details.get("role") for one in newest] == [
        [COACH, ATHLETE], None, [ADMINISTRATOR, COACH], [COACH, ADMINISTRATOR]
    ]  # fmt: skip
    assert newest[1].details == {"squads": [[str(WOMEN)], [str(MEN)]]} and newest[1].squads[str(MEN)] == "Men"


@pytest.mark.parametrize(
    ("user", "new", "by", "why"),
    [
        (JANA, Standing(COACH, (WOMEN,)), JANA, "last administrator"),
        (JANA, Standing(ADMINISTRATOR, suspended=True), EVA, "last administrator"),
        (EVA, Standing(ADMINISTRATOR), EVA, "nobody changes what she is herself"),
        (EVA, Standing(COACH), JANA, "at least one squad"),
        (EVA, Standing(COACH, (THEIRS,)), JANA, "squads is not there"),
        (EVA, Standing(ATHLETE, athlete_id=uuid.UUID(int=99)), JANA, "rower is not there"),
        (OLE, Standing(ADMINISTRATOR, suspended=True), JANA, "no such member"),
    ],
)
def test_what_cannot_be(club: Database, user: uuid.UUID, new: Standing, by: uuid.UUID, why: str) -> None:
    with pytest.raises(StoreError, match=why):
        change_member(club, CLUB, user, new, by)
    assert said(club) == [] and seen(club, OLE, OTHER_CLUB) is not None


def test_who_is_suspended_gets_in_nowhere_until_she_is_let_in_again(club: Database) -> None:
    token = make_token(club, CLUB.club_id, EVA, "t", ["sessions"], 30)
    before = change_member(club, CLUB, EVA, Standing(COACH, (WOMEN,), suspended=True), JANA)
    assert seen(club, EVA) is None and clubs_of(club, EVA) == ()
    member = member_of(club, CLUB, EVA)
    assert member is not None and member.suspended and member.squads == ("Women",)
    assert token_of(club, token) is not None, "kept, but of nobody whom the club lets in"
    change_member(club, CLUB, EVA, before, JANA)
    assert seen(club, EVA) == Viewer(EVA, CLUB.club_id, COACH, frozenset({WOMEN}))
    assert said(club) == ["token", "suspend_member", "resume_member"]


def test_who_was_taken_out_can_be_brought_back_as_she_was(club: Database) -> None:
    remove_member(club, CLUB, EVA, JANA)
    assert seen(club, EVA) is None
    with pytest.raises(StoreError, match="brought back"):
        bring_back_member(club, OTHER_CLUB, EVA, OLE)
    bring_back_member(club, CLUB, EVA, JANA)
    assert seen(club, EVA) == Viewer(EVA, CLUB.club_id, COACH, frozenset({WOMEN}))
    with pytest.raises(StoreError, match="brought back"):
        bring_back_member(club, CLUB, EVA, JANA)
    with pytest.raises(StoreError, match="brought back"):
        bring_back_member(club, CLUB, OLE, JANA)


def test_two_administrators_cannot_make_each_other_coaches_at_once(new_url: Callable[[str], str]) -> None:
    with Database(new_url("postgresql")) as database:
        fill(database)
        change_member(database, CLUB, EVA, Standing(ADMINISTRATOR), JANA)
        refused: list[str] = []

        def demote(user: uuid.UUID, by: uuid.UUID) -> None:
            try:
                change_member(database, CLUB, user, Standing(COACH, (WOMEN,)), by)
            except StoreError as error:
                refused.append(str(error))

        threads = [threading.Thread(target=demote, args=pair) for pair in ((JANA, EVA), (EVA, JANA))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 1 and "last administrator" in refused[0]
        assert sorted(one.role for one in people_of(database, CLUB).members) == [ADMINISTRATOR, COACH]


def test_rowers_move_between_squads_which_come_and_go(club: Database) -> None:
    assert put_into_squads(club, CLUB, ANNA, [WOMEN], JANA) == ()
    assert put_into_squads(club, CLUB, ANNA, [MEN], JANA) == (WOMEN,)
    assert people_of(club, CLUB).athletes[0].squads == ("Men",)
    for squads, athlete in (([THEIRS], ANNA), ([WOMEN], uuid.UUID(int=99))):
        with pytest.raises(StoreError, match="not there any more"):
            put_into_squads(club, CLUB, athlete, squads, JANA)
    key = add_squad(club, CLUB, "  Juniors ", JANA)
    with pytest.raises(StoreError, match="squad Juniors already"):
        add_squad(club, CLUB, "Juniors", JANA)
    with pytest.raises(StoreError, match="letters"):
        rename_squad(club, CLUB, key, " ", JANA)
    assert rename_squad(club, CLUB, key, "U17", JANA) == "Juniors"
    for squad in (WOMEN, MEN):
        with pytest.raises(StoreError, match="rowers, coaches or invitations"):
            remove_squad(club, CLUB, squad, JANA)
    remove_squad(club, CLUB, key, JANA)
    assert [one.name for one in people_of(club, CLUB).squads] == ["Men", "Women"]
    assert said(club) == ["move_athlete", "move_athlete", "add_squad", "rename_squad", "remove_squad"]


def test_entries_are_read_by_kind_by_person_and_in_pieces_and_by_their_own_club_alone(club: Database) -> None:
    for name in "abcde":
        add_squad(club, CLUB, name, JANA)
    note_locked_out(club, email="EVA@club.org")
    note_locked_out(club, email="nobody@club.org")
    change_member(club, CLUB, EVA, Standing(ADMINISTRATOR), JANA)
    remove_member(club, CLUB, EVA, JANA)
    newest = entries(club, CLUB, Asked(most=3))
    assert [one.action for one in newest] == ["remove_member", "change_member", "locked_out"]
    assert [(one.name, one.subject) for one in newest] == [("Jana", "Eva"), ("Jana", "Eva"), ("", "Eva")]
    assert [one.action for one in entries(club, CLUB, Asked(by=NOBODY))] == ["locked_out"]
    assert [one.action for one in entries(club, CLUB, Asked(kind="access"))] == ["locked_out"]
    rest: list[Entry] = []
    last = newest[-1]
    while part := entries(club, CLUB, Asked(most=3, before=(last.at, last.id))):
        rest, last = [*rest, *part], part[-1]
    assert [one.subject for one in rest] == list("edcba")
    assert [one.id for one in (*newest, *rest)] == [one.id for one in all_entries(club, CLUB, Asked())]
    assert entries(club, OTHER_CLUB, Asked()) == ()
    with pytest.raises(StoreError, match="kind of entry"):
        Asked(kind="no such")


def test_who_is_deleted_stands_in_no_entry_of_somebody_elses(club: Database, tmp_path: Path) -> None:
    change_member(club, CLUB, EVA, Standing(ATHLETE, athlete_id=ANNA), JANA)
    change_member(club, CLUB, EVA, Standing(COACH, (WOMEN,)), JANA)
    put_into_squads(club, CLUB, ANNA, [MEN], JANA)
    receipt = erase_athlete(ClubStore(club, LocalFiles(tmp_path / "files")), CLUB, ANNA, by=JANA)
    assert receipt.left == {}
    found = entries(club, CLUB, Asked())
    assert [one.action for one in found] == ["erase", "move_athlete", "change_member", "change_member"]
    assert not any(str(ANNA) in str(one) or "Anna" in str(one) for one in found)
    assert found[1].details == {} and found[2].subject == "Eva"


@pytest.mark.parametrize("elsewhere", [False, True])
def test_who_was_taken_out_before_she_is_deleted_leaves_no_account(
    club: Database, tmp_path: Path, elsewhere: bool
) -> None:
    change_member(club, CLUB, EVA, Standing(ATHLETE, athlete_id=ANNA), JANA)
    remove_member(club, CLUB, EVA, JANA)
    if elsewhere:
        with club.writing(OTHER_CLUB) as unit:
            unit.add(Membership(user_id=EVA, role=ADMINISTRATOR))
    receipt = erase_athlete(ClubStore(club, LocalFiles(tmp_path / "files")), CLUB, ANNA, by=JANA)
    assert receipt.rows.get("users", 0) == (0 if elsewhere else 1) and receipt.account_kept == elsewhere
    with club.reading(AllClubs("is her account there")) as unit:
        assert (unit.get(User, EVA) is not None) == elsewhere
    with pytest.raises(StoreError, match="invite her again"):
        bring_back_member(club, CLUB, EVA, JANA)


def test_an_account_that_is_in_the_club_again_as_somebody_else_is_not_the_rowers(
    club: Database, tmp_path: Path
) -> None:
    change_member(club, CLUB, EVA, Standing(ATHLETE, athlete_id=ANNA), JANA)
    remove_member(club, CLUB, EVA, JANA)
    with club.writing(CLUB) as unit:
        unit.add(Membership(user_id=EVA, role=COACH))
    receipt = erase_athlete(ClubStore(club, LocalFiles(tmp_path / "files")), CLUB, ANNA, by=JANA)
    assert "users" not in receipt.rows and seen(club, EVA) == Viewer(EVA, CLUB.club_id, COACH)


def test_an_account_in_no_club_is_deleted_by_who_took_it_out_and_nobody_else(club: Database, tmp_path: Path) -> None:
    store = ClubStore(club, LocalFiles(tmp_path / "files"))
    with club.writing(AllClubs("set up a test")) as unit:
        digest, later = "a" * 64, datetime.now(UTC) + timedelta(days=1)
        of_club = {"club_id": CLUB.club_id}
        unit.add(SignIn(user_id=EVA, token_sha256=digest, seen_at=later, agent="a browser"))
        unit.add(Upload(id=ANNA, user_id=EVA, name="a.mov", byte_count=9, found={}, **of_club))
        asked = {"email": "eva@club.org", "role": COACH, "token_sha256": digest, "expires_at": later}
        unit.add(Invitation(**asked, accepted_at=datetime.now(UTC), **of_club))
        unit.add(Squad(id=ANNA, name="as Eva said", **of_club))
    upload_files_of(store).root.mkdir(parents=True, exist_ok=True)
    upload_files_of(store).path(ANNA).write_bytes(b"film")
    rename_squad(club, CLUB, WOMEN, "Ladies", EVA)
    cannot = "in no other one"
    with pytest.raises(StoreError, match=cannot):
        erase_account(store, CLUB, EVA, by=JANA)
    remove_member(club, CLUB, EVA, JANA)
    (out,) = taken_out(club, CLUB)
    assert (out.user_id, out.name, out.email, out.role) == (EVA, "Eva", "eva@club.org", COACH) and out.may_come_back
    assert taken_out(club, OTHER_CLUB) == ()
    for scope, user in ((OTHER_CLUB, EVA), (CLUB, OLE), (CLUB, JANA), (CLUB, uuid.UUID(int=99))):
        with pytest.raises(StoreError, match=cannot):
            erase_account(store, scope, user, by=OLE)
    with club.writing(OTHER_CLUB) as unit:
        unit.add(Membership(user_id=EVA, role=ADMINISTRATOR))
    assert taken_out(club, CLUB) == ()
    with pytest.raises(StoreError, match=cannot):
        erase_account(store, CLUB, EVA, by=JANA)
    remove_member(club, OTHER_CLUB, EVA, OLE)
    expected = {"sign_ins": 1, "uploads": 1, "invitations": 1, "users": 1}
    assert account_rows(club, EVA) == expected
    receipt = erase_account(store, CLUB, EVA, by=JANA)
    assert receipt.rows == expected and receipt.left == {"squads": 1}, "somebody's words about her"
    assert not upload_files_of(store).path(ANNA).exists()
    with club.reading(AllClubs("look for her")) as unit:
        left = [unit.scalars(select(table)).all() for table in (SignIn, Upload, Invitation)]
        assert left == [[], [], []] and unit.get(User, EVA) is None
    found = entries(club, CLUB, Asked())
    assert [(one.action, one.by, one.details) for one in found] == [
        ("erase_account", JANA, expected), ("remove_member", JANA, {}), ("rename_squad", None, found[2].details)
    ]  # fmt: skip
    assert found[0].subject_id == receipt.id and not any(str(EVA) in str(one) for one in found)
    assert entries(club, OTHER_CLUB, Asked())[0].details == {} and taken_out(club, CLUB) == ()
    with pytest.raises(StoreError, match="invite her again"):
        bring_back_member(club, CLUB, EVA, JANA)


def test_every_column_that_names_an_account_is_let_go_with_it() -> None:
    naming = {
        (table.name, key.parent.name): key.ondelete
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.target_fullname == "users.id"
    }
    gone = {(column.class_.__tablename__, column.key) for column in WITH_ACCOUNT} | {("memberships", "user_id")}
    assert {place for place, ends in naming.items() if ends == "CASCADE"} == gone
    assert {ends for place, ends in naming.items() if place not in gone} == {"SET NULL"}


def test_every_action_of_the_program_has_a_kind() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "store").glob("*.py"))
    known = {action for actions in KINDS.values() for action in actions}
    written = set(
        re.findall(
            r'(?:\baction=|_note\([\w.]+, |_note\(|_noted\(|_entry\(viewer, |note_of_account\(unit, [\w.]+, )"(\w+)"',
            text,
        )
    )
    assert written <= known, written - known
    unwritten = {action for action in known if len(re.findall(rf'"{action}"', text)) < 2}
    assert unwritten == set(), "named as a kind and never written"
