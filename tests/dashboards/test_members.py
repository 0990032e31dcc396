"""Members and squads changed on the pages and by the API, and the page that says who did what."""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from dashboards.api.cursors import cursor_of
from rowsense.client import Client, RefusedError, TokenError
from rowsense.store.audit import Asked, entries, note
from rowsense.store.claims import ClubStore
from rowsense.store.people import people_of
from rowsense.store.scope import AllClubs
from rowsense.store.tables import ADMINISTRATOR, COACH, AuditEntry, Comment, Membership, Squad, User
from rowsense.store.tables.api_tokens import SCOPES
from tests.dashboards.club_world import (
    FILM,
    PEOPLE,
    ROWER_1,
    ROWER_2,
    SESSIONS,
    SQUAD_1,
    SQUAD_2,
    A,
    B,
    mail_of,
    make_token_of,
    make_world,
    signed_in,
    token_in,
)
from tests.dashboards.test_push import served

COACH_1, ADMIN, THEIRS = (
    PEOPLE[name].user_id for name in ("coach of squad 1", "administrator", "coach of another club")
)


class World:
    """The club, its administrator's browser, and the coach's."""

    def __init__(self, folder: Path) -> None:
        self.store, self.app = make_world(folder)
        self.admin, self.coach = signed_in(self.app, "administrator"), signed_in(self.app, "coach of squad 1")

    def submit(self, path: str, **form: Any) -> Any:
        """Send a form of the administrator's."""
        token = token_in(self.admin.get("/account").text)
        return self.admin.post(path, data={"csrf_token": token, **form})

    def undo(self) -> Any:
        """Press the button that takes the last change back."""
        page = self.admin.get("/people").text
        form = page.partition('class="undo"')[0].rpartition("<form")[2] + page.partition('class="undo"')[2]
        form = form.partition("</form>")[0]
        fields: dict[str, list[str]] = {}
        for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form):
            fields.setdefault(name, []).append(unescape(value))
        found = re.search(r'action="([^"]+)"', form)
        assert found is not None
        return self.admin.post(found.group(1), data=fields)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("members"))
    yield made
    made.store.database.close()


def sees(client: FlaskClient, athlete: uuid.UUID) -> bool:
    """Whether a browser is shown a rower's film."""
    answer = client.get(f"/media/{SESSIONS[athlete]}.rowsense/overlay.mp4")
    answer.close()
    return answer.status_code == 200


def member(store: ClubStore, user: uuid.UUID) -> Any:
    return next(one for one in people_of(store.database, A).members if one.user_id == user)


def test_a_coach_is_made_something_else_and_what_she_sees_follows_at_once(world: World) -> None:
    page = world.admin.get(f"/people/member/{COACH_1}").text
    assert f'value="{SQUAD_1}" checked' in page and f'value="{SQUAD_2}">' in page
    assert (sees(world.coach, ROWER_1), sees(world.coach, ROWER_2)) == (True, False)
    answer = world.submit(f"/people/member/{COACH_1}", role=COACH, squads=[str(SQUAD_2)])
    assert answer.location == "/people"
    assert (sees(world.coach, ROWER_1), sees(world.coach, ROWER_2)) == (False, True)
    assert world.undo().location == "/people"
    assert (sees(world.coach, ROWER_1), sees(world.coach, ROWER_2)) == (True, False)
    world.submit(f"/people/member/{COACH_1}", role=ADMINISTRATOR, squads=[str(SQUAD_1)])
    assert world.coach.get("/people").status_code == 200 and sees(world.coach, ROWER_2)
    world.undo()
    assert world.coach.get("/people").status_code == 403
    refused = world.submit(f"/people/member/{COACH_1}", role=COACH)
    assert refused.status_code == 422 and "at least one squad" in refused.text
    refused = world.submit(f"/people/member/{ADMIN}", role=COACH, squads=[str(SQUAD_1)])
    assert refused.status_code == 422 and "last administrator" in refused.text
    assert "another administrator changes" in world.admin.get(f"/people/member/{ADMIN}").text
    assert "no such member" in world.admin.get(f"/people/member/{THEIRS}").text


def test_who_is_suspended_is_shown_nothing_by_browser_or_token_until_she_is_let_in_again(world: World) -> None:
    token = make_token_of(world.store, "coach of squad 1", SCOPES)
    asked = {"headers": {"Authorization": f"Bearer {token}"}}
    program = world.app.server.test_client()
    assert program.get("/api/v1/sessions", **asked).status_code == 200
    world.submit(f"/people/member/{COACH_1}/suspend", suspended="yes")
    assert member(world.store, COACH_1).suspended
    assert not sees(world.coach, ROWER_1) and world.coach.get("/").status_code == 403
    assert program.get("/api/v1/sessions", **asked).status_code == 401
    world.undo()
    assert sees(world.coach, ROWER_1) and program.get("/api/v1/sessions", **asked).status_code == 200
    world.submit(f"/people/remove/{COACH_1}")
    assert not sees(world.coach, ROWER_1)
    assert world.undo().location == "/people"
    assert sees(world.coach, ROWER_1), "the browser in which she is signed in"
    assert program.get("/api/v1/sessions", **asked).status_code == 401, "her tokens are gone"


def test_a_rower_changes_squads_and_her_coaches_with_them(world: World) -> None:
    assert f'value="{SQUAD_1}" checked' in world.admin.get(f"/people/rower/{ROWER_1}").text
    world.submit(f"/people/rower/{ROWER_1}", squads=[str(SQUAD_2)])
    assert not sees(world.coach, ROWER_1)
    world.undo()
    assert sees(world.coach, ROWER_1)
    world.submit("/people/squads", name="Masters")
    new = next(one for one in people_of(world.store.database, A).squads if one.name == "Masters")
    world.submit(f"/people/squads/{new.id}", name="Veterans")
    assert "Veterans" in world.admin.get("/people").text
    assert world.submit(f"/people/squads/{SQUAD_1}/remove").status_code == 422
    assert world.submit(f"/people/squads/{new.id}/remove").location == "/people"


def test_programs_of_an_administrator_do_the_same(world: World) -> None:
    program = world.app.server.test_client()
    asked: Any = {"headers": {"Authorization": f"Bearer {make_token_of(world.store, 'administrator', ['people'])}"}}
    pieces = [program.get("/api/v1/members?limit=3", **asked).get_json()]
    while pieces[-1]["next"]:
        pieces.append(program.get(f"/api/v1/members?limit=3&cursor={pieces[-1]['next']}", **asked).get_json())
    known = {one["id"]: one for piece in pieces for one in piece["items"]}
    assert known[str(COACH_1)]["squads"] == [{"id": str(SQUAD_1), "name": "Squad 11"}]
    assert str(THEIRS) not in known
    path = f"/api/v1/members/{COACH_1}"
    answer = program.patch(path, json={"squads": [str(SQUAD_1), str(SQUAD_2)]}, **asked)
    assert answer.status_code == 200 and len(answer.get_json()["squads"]) == 2 and sees(world.coach, ROWER_2)
    assert program.patch(path, json={"squads": [str(SQUAD_1)]}, **asked).get_json()["role"] == COACH
    assert program.patch(f"/api/v1/members/{THEIRS}", json={"suspended": True}, **asked).status_code == 404
    refused = program.patch(f"/api/v1/members/{ADMIN}", json={"role": COACH, "squads": [str(SQUAD_1)]}, **asked)
    assert refused.status_code == 409 and "last administrator" in refused.get_json()["detail"]
    assert program.patch(path, json={"rolle": "coach"}, **asked).status_code == 422
    assert program.put(f"/api/v1/athletes/{ROWER_1}/squads", json={"squads": []}, **asked).status_code == 204
    assert not sees(world.coach, ROWER_1)
    program.put(f"/api/v1/athletes/{ROWER_1}/squads", json={"squads": [str(SQUAD_1)]}, **asked)
    made = program.post("/api/v1/club/squads", json={"name": "Fours"}, **asked)
    assert made.status_code == 201 and made.get_json()["name"] == "Fours"
    first = program.get("/api/v1/history?kind=people&limit=2", **asked).get_json()
    assert [one["action"] for one in first["items"]] == ["add_squad", "move_athlete"]
    assert first["items"][1] | {"called": "Anna", "name": "administrator", "by": str(ADMIN)} == first["items"][1]
    second = program.get(f"/api/v1/history?kind=people&limit=2&cursor={first['next']}", **asked).get_json()
    assert not {one["id"] for one in first["items"]} & {one["id"] for one in second["items"]}
    for wrong in ("kind=x", "by=x", "cursor=x"):
        assert program.get(f"/api/v1/history?{wrong}", **asked).status_code in (409, 422), wrong


def test_the_client_does_it_in_python(world: World) -> None:
    with served(world.app) as address:
        club = Client(address, make_token_of(world.store, "administrator", ["people"]))
        assert {one.name for one in club.members()} >= {"administrator", "coach of squad 1"}
        squads = {one.name: one.id for one in club.club_squads()}
        changed = club.change_member(COACH_1, squads=[SQUAD_1, squads["Squad 12"]], suspended=False)
        assert changed.role == COACH and {one.id for one in changed.squads} == {SQUAD_1, SQUAD_2}
        club.change_member(COACH_1, squads=[SQUAD_1])
        club.put_into_squads(ROWER_2, [club.make_squad("Eights").id])
        club.put_into_squads(ROWER_2, [SQUAD_2])
        told = [one.action for one in club.history(kind="people", by=ADMIN)]
        assert told[:5] == ["move_athlete", "move_athlete", "add_squad", "change_member", "change_member"]
        with pytest.raises(RefusedError, match="last administrator"):
            club.remove_member(ADMIN)


def test_the_page_says_who_did_what_and_nothing_of_another_club(world: World) -> None:
    world.submit(f"/people/member/{COACH_1}", role=ADMINISTRATOR, squads=[str(SQUAD_1)])
    world.undo()
    world.submit(f"/people/remove/{COACH_1}")
    world.undo()
    world.submit(f"/people/rower/{ROWER_1}", squads=[])
    world.undo()
    for _ in range(6):
        client = world.app.server.test_client()
        form = {"csrf_token": token_in(client.get("/sign-in").text), "email": mail_of("rower of squad 1")}
        client.post("/sign-in", data=form | {"password": "wrong"})
    world.submit(f"/people/password/{COACH_1}")
    told = [one.action for one in entries(world.store.database, A, Asked(kind="access"))]
    assert told[:2] == ["password_link", "locked_out"] and told.count("locked_out") == 1
    page = unescape(world.admin.get("/people/history").text)
    for words in (
        "Made a link with which coach of squad 1 chooses a new password", "Too many wrong passwords or codes for rower",
        "Changed what coach of squad 1 is", "Coach before, Administrator now", "Took coach of squad 1 out of the club",
        "Squads before: Squad 11; now: none", "data-as=\"moment\"",
    ):  # fmt: skip
        assert words.lower() in page.lower(), words
    assert len(entries(world.store.database, B, Asked())) == 0
    other = signed_in(world.app, "administrator of another club").get("/people/history").text
    assert "Nothing yet" in other and "coach of squad 1" not in other
    narrow = unescape(world.admin.get(f"/people/history?kind=access&by={ADMIN}").text)
    assert "new password" in narrow and "Too many" not in narrow and "Changed what" not in narrow
    assert "Too many" in world.admin.get("/people/history?by=nobody").text
    answer = world.admin.get("/people/history.csv?kind=people")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.mimetype == "text/csv" and {row["kind"] for row in rows} == {"people"}
    assert [row["at_utc"] for row in rows] == sorted((row["at_utc"] for row in rows), reverse=True)
    german = world.admin.get("/people/history", headers={"Accept-Language": "de"}).text
    assert "Geändert, was coach of squad 1 ist" in german


def test_who_was_taken_out_is_brought_back_or_her_account_deleted(world: World) -> None:
    database = world.store.database
    with database.writing(AllClubs("set up a test")) as unit:
        unit.add(nora := User(email="nora@club.org", name="Nora Nagel", password_hash="x"))
        unit.flush()
        unit.add(Membership(club_id=A.club_id, user_id=nora.id, role=ADMINISTRATOR))
        unit.flush()
        unit.add(Comment(club_id=A.club_id, session_id=SESSIONS[ROWER_1], author_user_id=nora.id, text="sit tall"))
        key = nora.id
    address = f"/people/delete-account/{key}"
    assert world.admin.get(address).status_code == 410, "she is in the club"
    world.submit(f"/people/remove/{key}")
    page = world.admin.get("/people").text
    assert "Bring Nora Nagel back" in page and address in page
    world.submit(f"/people/bring-back/{key}")
    assert address not in world.admin.get("/people").text and member(world.store, key)
    world.submit(f"/people/remove/{key}")
    other = signed_in(world.app, "administrator of another club")
    assert other.get(address).status_code == 410 and "Nora" not in other.get("/people").text
    question = world.admin.get(address).text
    assert "Delete the account of Nora Nagel?" in question and "stays in your club, without her name" in question
    wrong = world.submit(address, name="Nora")
    assert (
        wrong.status_code == 422 and "nothing was deleted" in wrong.text and address in world.admin.get("/people").text
    )
    receipt = world.submit(address, name=" Nora Nagel ")
    assert receipt.status_code == 200 and "Gone: 1 account; 0 files." in receipt.text and "1 in users" in receipt.text
    with database.reading(A) as unit:
        assert unit.query(Comment).filter_by(text="sit tall").one().author_user_id is None
    assert "Nora" not in world.admin.get("/people").text + world.admin.get("/people/history").text
    assert "Deleted the account of somebody" in world.admin.get("/people/history").text
    assert world.submit(address, name="Nora Nagel").status_code == 410


def test_programs_bring_back_and_delete_for_good(tmp_path: Path) -> None:
    store, app = make_world(tmp_path)
    erases_for_good(store, app)
    store.database.close()


def erases_for_good(store: ClubStore, app: Any) -> None:
    """An administrator's program deletes who was taken out, and a rower: by their names, and nobody else."""
    with served(app) as address:
        club, theirs = (
            Client(address, make_token_of(store, person, ["people", "erase"]))
            for person in ("administrator", "administrator of another club")
        )
        club.remove_member(COACH_1)
        assert [(one.id, one.role, one.may_come_back) for one in club.taken_out()] == [(COACH_1, COACH, True)]
        assert list(theirs.taken_out()) == []
        assert club.bring_back(COACH_1).squads[0].id == SQUAD_1 and list(club.taken_out()) == []
        with pytest.raises(RefusedError, match="it is in a club"):
            club.erase_account(COACH_1, "coach of squad 1")
        club.remove_member(COACH_1)
        for one, name, status in ((club, "coach", 422), (theirs, "coach of squad 1", 410)):
            with pytest.raises(RefusedError) as refused:
                one.erase_account(COACH_1, name)
            assert refused.value.status == status
        assert club.kept_of_account(COACH_1).rows["users"] == 1
        gone = club.erase_account(COACH_1, club.kept_of_account(COACH_1).name)
        assert gone.rows["users"] == 1 and gone.file_count == 0 and "Backups" in gone.notes[0]
        assert list(club.taken_out()) == []

        kept = club.kept_of(ROWER_1)
        assert kept.name == "Anna" and kept.rows["sessions"]
        for one, name, status in ((club, "Beata", 422), (theirs, "Anna", 410)):
            with pytest.raises(RefusedError) as refused:
                one.erase_athlete(ROWER_1, name)
            assert refused.value.status == status
        assert club.kept_of(ROWER_1) == kept, "nothing was deleted"
        told = club.erase_athlete(ROWER_1, "Anna")
        assert told.rows == {table: n for table, n in kept.rows.items() if table != "audit_entries"}
        assert told.file_count > 1 and told.byte_count > len(FILM)
        with pytest.raises(RefusedError, match="no such rower"):
            club.erase_athlete(ROWER_1, "Anna")
        erased = [one for one in club.history(kind="privacy") if one.action.startswith("erase")]
        assert [(one.action, one.subject) for one in erased] == [("erase", told.id), ("erase_account", gone.id)]
        with pytest.raises(TokenError, match="it needs the scope erase"):
            Client(address, make_token_of(store, "administrator", ["people"])).erase_athlete(ROWER_2, "Beata")


def test_what_cannot_be_is_a_sentence_or_the_newest_page(world: World) -> None:
    for email, said in (("anna@", "as in anna@club.org"), ("a" * 246 + "@club.org", "254 letters at most")):
        refused = world.submit("/people/invite", email=email, role=ADMINISTRATOR)
        assert refused.status_code == 422 and said in refused.text, email
    moments = ("2026-03-01T10:00:00", "0001-01-01T00:00:00+05:00", "2026-03-01")
    tampered = (*(cursor_of([at, str(ADMIN)]) for at in moments), cursor_of(["2026-03-01T10:00:00Z", "1"]))
    for place in ("x", *tampered, "W1tb" * 9000):
        assert world.admin.get(f"/people/history?before={place}").location == "/people/history", place[:40]


def test_a_long_history_comes_in_pages_and_its_table_is_no_formula(world: World) -> None:
    with world.store.database.writing(B) as unit:
        unit.add(squad := Squad(name="=1+1"))
        unit.flush()
        for _ in range(60):
            note(unit, "rename_squad", "squads", squad.id, PEOPLE["administrator of another club"].user_id)
    browser = signed_in(world.app, "administrator of another club")
    first = browser.get("/people/history?kind=people").text
    older = re.search(r'href="([^"]+before=[^"]+)"', first)
    assert first.count("<li>") == 50 and older is not None and "Newest" not in first
    second = browser.get(unescape(older.group(1))).text
    assert second.count("<li>") == 10 and "Newest" in second and "before=" not in second
    answer = browser.get("/people/history.csv")
    assert answer.text.count("'=1+1") == 60 and ",=1+1" not in answer.text
    with world.store.database.writing(B) as unit:
        unit.execute(delete(AuditEntry))
        unit.execute(delete(Squad).where(Squad.name == "=1+1"))
