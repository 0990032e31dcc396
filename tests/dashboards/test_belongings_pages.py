"""Who gets and deletes what of whom over the web; years of birth."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from dashboards.accounts import belongings
from dashboards.accounts.belongings import MOST_DOWNLOADS
from rowsense.errors import StoreError
from rowsense.store.belongings import counts_of
from rowsense.store.people import people_of
from rowsense.store.scope import AllClubs
from rowsense.store.tables import ADMINISTRATOR, Athlete
from tests.dashboards.club_world import (
    ATHLETES,
    FILM,
    JUNIOR,
    PEOPLE,
    ROWER_1,
    ROWER_2,
    ROWER_B,
    SESSIONS,
    A,
    mail_of,
    make_world,
    token_of,
)
from tests.dashboards.test_club_pages import Club


@pytest.fixture
def club(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Club]:
    monkeypatch.setenv("ROWSENSE_DATA_DIR", str(tmp_path / "data"))
    store, app = make_world(tmp_path)
    yield Club(store, app)
    store.database.close()


def _get_export(club: Club, client: FlaskClient, person: str, athlete: uuid.UUID | None) -> TestResponse:
    path = "/account/export" if athlete is None else f"/people/export/{athlete}"
    return club.submit(client, path, person)


def _unpacked(answer: TestResponse) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def test_who_gets_everything_of_whom(club: Club) -> None:
    """Every person of both clubs asks for every rower, and for herself."""
    got = set()
    for person, who in PEOPLE.items():
        client = club.browser(person)
        for athlete in (*ATHLETES, None):
            answer = _get_export(club, client, person, athlete)
            if answer.status_code == 200:
                (told,) = json.loads(_unpacked(answer)["everything.json"])["athletes"]
                got.add((person, uuid.UUID(told["id"])))
            else:
                assert answer.mimetype == "text/html" and FILM not in answer.data
            answer.close()
        assert all(athlete in who.sees for name, athlete in got if name == person)
    administrators = {
        (name, athlete) for name, who in PEOPLE.items() if who.role == ADMINISTRATOR for athlete in who.sees
    }
    herself = {(name, athlete) for name, who in PEOPLE.items() if (athlete := who.athlete_id) in who.sees}
    assert got == administrators | herself, "and nobody a junior's without consent"


def test_a_rower_downloads_hers_and_nothing_of_others(club: Club) -> None:
    rower = club.browser("rower of squad 1")
    assert "What is kept of you" in rower.get("/account").text
    assert "What is kept of you" not in club.browser("coach of squad 1").get("/account").text
    answer = _get_export(club, rower, "rower of squad 1", None)
    assert answer.headers["Content-Disposition"] == "attachment; filename=rowsense-anna.zip"
    assert "no-store" in answer.headers["Cache-Control"]
    parts = _unpacked(answer)
    assert FILM in parts.values() and any(name.endswith("report.html") for name in parts)
    whole = b"\n".join(parts.values())
    for other in (ROWER_2, JUNIOR, ROWER_B):
        for mark in (ATHLETES[other][1], str(other), str(SESSIONS[other])):
            assert mark.encode() not in whole, mark
    assert mail_of("administrator").encode() not in whole
    answer.close()


def test_downloads_at_once_are_limited_and_each_gives_its_place_back(club: Club) -> None:
    administrator = club.browser("administrator")
    first, second = (_get_export(club, administrator, "administrator", athlete) for athlete in (ROWER_1, ROWER_2))
    assert first.status_code == second.status_code == 200 and MOST_DOWNLOADS == 2
    refused = _get_export(club, administrator, "administrator", ROWER_1)
    assert refused.status_code == 503 and "Wait until another one" in refused.text
    first.close()
    third = _get_export(club, administrator, "administrator", ROWER_1)
    assert third.status_code == 200
    second.close(), third.close()
    assert [belongings._downloads.acquire(blocking=False) for _ in range(MOST_DOWNLOADS + 1)] == [True, True, False]
    belongings._downloads.release(MOST_DOWNLOADS)


def test_an_administrator_deletes_a_rower_by_her_name_and_gets_a_receipt(club: Club) -> None:
    administrator, rower = club.browser("administrator"), club.browser("rower of squad 1")
    path, hers = f"/people/delete/{ROWER_1}", f"/player/{SESSIONS[ROWER_1]}.rowsense/scene.json"
    assert rower.get(hers).status_code == 200
    assert path in administrator.get("/people").text
    question = administrator.get(path).text
    assert "1 session, 1 film, 1 analysis, 7 strokes, 1 account" in question and "(1995)" in question
    wrong = club.submit(administrator, path, name="Beata")
    assert wrong.status_code == 422 and "nothing was deleted" in wrong.text
    assert counts_of(club.store.database, A, ROWER_1)["sessions"] == 1
    receipt = club.submit(administrator, path, name=" Anna ")
    assert receipt.status_code == 200 and "Anna is deleted" in receipt.text and "7 in strokes" in receipt.text
    assert administrator.get(hers).status_code == 404
    assert rower.get("/account").status_code == 302, "her account is gone too"
    assert administrator.get(path).status_code == 410
    assert club.submit(administrator, path, name="Anna").status_code == 410
    assert "Anna" not in administrator.get("/people").text
    assert administrator.get(f"/player/{SESSIONS[ROWER_2]}.rowsense/scene.json").status_code == 200


@pytest.mark.parametrize("person", ["administrator of another club", "coach of squad 1", "rower of squad 1"])
def test_nobody_else_deletes_her(club: Club, person: str) -> None:
    client, before = club.browser(person), counts_of(club.store.database, A, ROWER_1)
    answer = client.post(f"/people/delete/{ROWER_1}", data={"csrf_token": token_of(client, person), "name": "Anna"})
    assert answer.status_code == (410 if PEOPLE[person].role == ADMINISTRATOR else 403)
    asked = client.get(f"/people/delete/{ROWER_1}")
    assert asked.status_code in (403, 410) and "Anna" not in asked.text
    assert counts_of(club.store.database, A, ROWER_1) == before


def test_other_trouble_while_deleting_is_not_called_a_rower_who_is_gone(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object, **__: object) -> None:
        raise StoreError("the database is locked")

    monkeypatch.setattr(belongings, "erase_athlete", locked)
    administrator = club.browser("administrator")
    answer = club.submit(administrator, f"/people/delete/{ROWER_1}", name="Anna")
    assert answer.status_code == 500, "and not 410"
    assert "Anna" in administrator.get("/people").text


def test_without_a_year_of_birth_nobody_sees_her_until_it_is_there(club: Club) -> None:
    administrator, coach = club.browser("administrator"), club.browser("coach of squad 1")
    hers = f"/player/{SESSIONS[ROWER_1]}.rowsense/scene.json"
    assert coach.get(hers).status_code == 200
    with club.store.database.writing(AllClubs("set up a test")) as unit:
        unit.execute(update(Athlete).where(Athlete.id == ROWER_1).values(birth_year=None))
    assert coach.get(hers).status_code == administrator.get(hers).status_code == 404
    page = administrator.get("/people").text
    assert "Year of birth not known, so she counts as a junior: nobody sees her sessions" in page
    assert f"/people/consent/{ROWER_1}" in page
    for year, words in (("04", "four digits"), ("1850", "no year of birth"), ("2999", "no year of birth")):
        refused = club.submit(administrator, f"/people/birth-year/{ROWER_1}", year=year)
        assert refused.status_code == 422 and words in refused.text
    club.submit(administrator, f"/people/birth-year/{ROWER_1}", year="1995")
    assert coach.get(hers).status_code == 200
    assert "no such athlete" in club.submit(administrator, f"/people/birth-year/{ROWER_B}", year="1995").text


def test_a_roster_says_who_is_without_a_year_and_fills_years_in(club: Club) -> None:
    administrator = club.browser("administrator")

    def send(table: str) -> str:
        club.submit(administrator, "/people/roster", file=(io.BytesIO(table.encode()), "roster.csv"))
        return administrator.get("/people").text

    said = send("name,birth_year\nEva,\nFilippa,\n")
    assert "New: 2 rowers" in said and "Without a year of birth: 2. They count as juniors" in said
    said = send("name,birth_year\nEva,2001\nFilippa,2002\n")
    assert "New: 0 rowers" in said and "Years of birth filled in: 2." in said and "Without a year of birth:" not in said
    assert "New: 0 rowers" in send("name\nEva\n"), "the only one of this name"
    assert {a.name: a.birth_year for a in people_of(club.store.database, A).athletes}["Eva"] == 2001
    assert "New: 2 rowers" in send("name,birth_year\nGerda,2001\nGerda,2003\n")
    said = send("name\nGerda\n")
    assert "New: 1 rowers" in said and "Without a year of birth: 1" in said, "which of the two is not known"
