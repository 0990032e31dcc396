"""What the pages of a club's server do: people, consents, passwords, limits."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from dashboards.accounts.account import browser_name
from dashboards.accounts.forms import SAME_BOTH
from rowsense.errors import UsageError
from rowsense.store.accounts import forget_failures, user_by
from rowsense.store.claims import ClubStore
from rowsense.store.people import people_of
from rowsense.store.runner_state import say_state
from rowsense.store.tables import Video
from rowsense.store.tables.operation import NO_SCHEDULER
from tests.dashboards.club_world import (
    JUNIOR,
    PASSWORD,
    PEOPLE,
    ROWER_1,
    SESSIONS,
    SQUAD_1,
    A,
    B,
    mail_of,
    make_world,
    signed_in,
    token_in,
    token_of,
)

NEW = "a new one for the coming season"


@dataclass
class Club:
    store: ClubStore
    app: Any

    def browser(self, person: str) -> FlaskClient:
        return signed_in(self.app, person)

    def submit(self, client: FlaskClient, path: str, person: str = "administrator", **form: Any) -> TestResponse:
        return client.post(path, data={"csrf_token": token_of(client, person), **form})

    def sign_in(self, email: str, password: str) -> tuple[FlaskClient, TestResponse]:
        client: FlaskClient = self.app.server.test_client()
        form = {"csrf_token": token_in(client.get("/sign-in").text), "email": email, "password": password}
        return client, client.post("/sign-in", data=form)


@pytest.fixture
def club(tmp_path: Path) -> Iterator[Club]:
    store, app = make_world(tmp_path)
    yield Club(store, app)
    store.database.close()


def _link(page: str) -> str:
    found = re.search(r'value="http://127\.0\.0\.1:8050(/[^"]+)"', page)
    assert found is not None
    return found.group(1)


def test_a_juniors_sessions_come_with_the_consent_and_go_with_it(club: Club) -> None:
    administrator, coach = club.browser("administrator"), club.browser("coach of squad 1")
    hers = f"/player/{SESSIONS[JUNIOR]}.rowsense/scene.json"
    assert coach.get(hers).status_code == 404
    future = club.submit(administrator, f"/people/consent/{JUNIOR}", guardian="Marek", given_on="2999-01-01")
    assert future.status_code == 422 and "in the future" in future.text
    assert coach.get(hers).status_code == 404
    assert (
        club.submit(administrator, f"/people/consent/{JUNIOR}", guardian="Marek", given_on="2026-01-05").status_code
        == 302
    )
    assert "Consent of Marek, 5 Jan 2026" in administrator.get("/people").text
    assert coach.get(hers).status_code == 200
    assert club.browser("coach of squad 2").get(hers).status_code == 404
    club.submit(administrator, f"/people/withdraw/{JUNIOR}")
    assert coach.get(hers).status_code == administrator.get(hers).status_code == 404


def test_an_invited_coach_joins_by_the_link_and_sees_her_squad(club: Club) -> None:
    administrator = club.browser("administrator")
    wrong = club.submit(administrator, "/people/invite", email="eva@club.org", role="coach")
    assert wrong.status_code == 422 and "which squads" in wrong.text and 'value="eva@club.org"' in wrong.text
    club.submit(administrator, "/people/invite", email="Eva@Club.org", role="coach", squads=str(SQUAD_1))
    path = _link(administrator.get("/people").text)
    assert "/join/" not in administrator.get("/people").text, "shown once"
    guest: FlaskClient = club.app.server.test_client()
    page = guest.get(path).text
    assert "a coach" in page and "eva@club.org" in page
    token = token_in(page)
    short = guest.post(path, data={"csrf_token": token, "name": "Eva", "password": "x", "again": "x"})
    assert short.status_code == 422 and "at least 12" in short.text
    answer = guest.post(path, data={"csrf_token": token, "name": "Eva", "password": NEW, "again": NEW})
    assert answer.location == "/sign-in"
    assert guest.get(path).status_code == 410
    client, _ = club.sign_in("eva@club.org", NEW)
    assert client.get(f"/player/{SESSIONS[ROWER_1]}.rowsense/scene.json").status_code == 200
    assert client.get("/people").status_code == 403


def test_who_has_an_account_joins_another_club_with_its_password(club: Club) -> None:
    theirs, hers = club.browser("administrator of another club"), mail_of("coach of squad 1")
    club.submit(theirs, "/people/invite", "administrator of another club", email=hers, role="administrator")
    path = _link(theirs.get("/people").text)
    guest: FlaskClient = club.app.server.test_client()
    token = token_in(guest.get(path).text)
    wrong = guest.post(path, data={"csrf_token": token, "password": "a guess at it"})
    assert wrong.status_code == 422 and "not the password" in wrong.text
    before = len(people_of(club.store.database, B).members)
    assert guest.post(path, data={"csrf_token": token, "password": PASSWORD}).status_code == 302
    assert len(people_of(club.store.database, B).members) == before + 1
    refused = club.submit(
        theirs, f"/people/password/{PEOPLE['coach of squad 1'].user_id}", "administrator of another club"
    )
    assert refused.status_code == 422 and "another club too" in refused.text


def test_a_lost_password_is_replaced_by_the_administrators_link(club: Club) -> None:
    administrator, rower = club.browser("administrator"), club.browser("rower of squad 1")
    key = PEOPLE["rower of squad 1"].user_id
    club.submit(administrator, f"/people/password/{key}")
    path = _link(administrator.get("/people").text)
    guest: FlaskClient = club.app.server.test_client()
    token = token_in(guest.get(path).text)
    guest.post(path, data={"csrf_token": token, "password": NEW, "again": NEW})
    assert rower.get("/account").location == "/sign-in?next=/account", "signed out everywhere"
    assert club.sign_in(mail_of("rower of squad 1"), PASSWORD)[1].status_code == 200
    assert club.sign_in(mail_of("rower of squad 1"), NEW)[1].status_code == 302
    assert guest.get(path).status_code == 410


def test_a_changed_password_signs_the_other_devices_out(club: Club) -> None:
    here, there = club.browser("coach of squad 1"), club.browser("coach of squad 1")
    form = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    wrong = club.submit(here, "/account/password", "coach of squad 1", **{**form, "password": "no"})
    assert "not your password now" in wrong.text
    assert club.submit(here, "/account/password", "coach of squad 1", **form).location == "/account"
    assert here.get("/account").text.count("last used") == 1
    assert there.get("/account").status_code == 302


def test_attempts_are_limited_and_each_is_told_why(club: Club) -> None:
    email = mail_of("rower of squad 2")
    for _ in range(SAME_BOTH):
        assert "do not belong together" in club.sign_in(email, "a guess at it")[1].text
    stopped = club.sign_in(email, PASSWORD)[1]
    assert stopped.status_code == 200 and "Try again in 15 minutes" in stopped.text
    assert club.sign_in(mail_of("rower of squad 1"), PASSWORD)[1].status_code == 302, "others are not locked out"
    unknown = club.sign_in("nobody@club.org", "a guess at it")[1].text
    assert "do not belong together" in unknown, "it does not say who has an account"
    forget_failures(club.store.database, [f"both {email} 127.0.0.1"])
    assert club.sign_in(email, PASSWORD)[1].status_code == 302


def test_a_roster_with_mistakes_is_not_taken_in(club: Club) -> None:
    administrator = club.browser("administrator")
    before = people_of(club.store.database, A)

    def send(table: str) -> TestResponse:
        return club.submit(administrator, "/people/roster", file=(io.BytesIO(table.encode()), "roster.csv"))

    wrong = send("name,birth_year\nNew,2004\nOther,04\n,2004\n")
    assert wrong.status_code == 422 and "Nothing was taken in" in wrong.text
    assert "line 3: birth_year is &#39;04&#39;" in wrong.text and "line 4: has no name" in wrong.text
    assert people_of(club.store.database, A).athletes == before.athletes
    assert send("name,birth_year,squad\nNew,2004,Women\n").status_code == 302
    assert "New: 1 rowers, 1 squads, 1 places" in administrator.get("/people").text


def test_who_is_taken_out_is_told_so_and_can_sign_out(club: Club) -> None:
    administrator, coach = club.browser("administrator"), club.browser("coach of squad 2")
    club.submit(administrator, f"/people/remove/{PEOPLE['coach of squad 2'].user_id}")
    page = coach.get("/", headers={"Accept": "text/html"})
    assert page.status_code == 403 and "in no club any more" in page.text
    assert coach.post("/sign-out", data={"csrf_token": token_in(page.text)}).location == "/sign-in"
    assert coach.get("/").location == "/sign-in"
    assert user_by(club.store.database, email=mail_of("coach of squad 2")) is not None, "her account stays"


def test_the_place_of_a_video_is_believed_of_the_store_alone(club: Club) -> None:
    """A stored session names the file that it was made from; that must not open other files of the server."""
    coach, address = club.browser("coach of squad 1"), f"/media/{SESSIONS[ROWER_1]}.rowsense/original"
    answer = coach.get(address)
    assert answer.status_code == 200 and answer.mimetype == "video/mp4"
    answer.close()
    with club.store.database.writing(A) as unit:
        unit.execute(update(Video).where(Video.session_id == SESSIONS[ROWER_1]).values(file_key=None))
    assert coach.get(address).status_code == 404


def test_what_one_was_shown_is_kept_by_no_shared_cache(club: Club) -> None:
    coach = club.browser("coach of squad 1")
    for address, words in (("/account", "no-store"), (f"/player/{SESSIONS[ROWER_1]}.rowsense/scene.json", "private")):
        assert words in coach.get(address).headers["Cache-Control"], address
    cookies = coach.get("/account").headers.getlist("Set-Cookie")
    assert all("SameSite=Lax" in cookie for cookie in cookies)


def test_health_needs_nobody_and_says_when_the_database_is_gone(club: Club) -> None:
    client: FlaskClient = club.app.server.test_client()
    assert client.get("/healthz").json == client.get("/readyz").json == {"status": "ok"}
    say_state(club.store.database, "a runner", NO_SCHEDULER)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "jobs": "no scheduler"})
    browser = club.browser("administrator")
    path = Path(str(club.store.database.url.database))
    path.rename(path.with_suffix(".away"))
    for rest in path.parent.glob(f"{path.name}-*"):
        rest.unlink()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    page = browser.get("/people", headers={"Accept": "text/html", "Accept-Language": "de"})
    assert (page.status_code, page.headers["Retry-After"]) == (503, "10") and "Es ist nichts verloren" in page.text
    assert not path.exists(), "no empty one is made in its place"


def test_an_https_address_makes_cookies_that_travel_encrypted_only(tmp_path: Path) -> None:
    from dashboards.club import Place, create_club_app
    from rowsense.store.opening import open_store

    store = open_store(f"sqlite:///{tmp_path}/club.sqlite3", str(tmp_path / "files"))
    server = create_club_app(store, Place("https://club.org", "s" * 40)).server
    cookies = server.test_client().get("/sign-in", base_url="https://club.org").headers.getlist("Set-Cookie")
    assert cookies and all("Secure" in cookie for cookie in cookies)
    store.database.close()
    for wrong in ("club.org", "https://club.org/rowing", "ftp://club.org"):
        with pytest.raises(UsageError, match="no address"):
            Place(wrong, "s" * 40)
    with pytest.raises(UsageError, match="too short"):
        Place("https://club.org", "short")


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Version/18.0 Mobile Safari/604", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/140 Mobile Safari/537", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140 Safari/537 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("curl/8", "Another program"),
    ],
)
def test_browsers_are_called_as_people_call_them(agent: str, name: str) -> None:
    assert browser_name(agent) == name


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_server(club: Club, elsewhere: str) -> None:
    client: FlaskClient = club.app.server.test_client()
    page = client.get("/sign-in", query_string={"next": elsewhere}).text
    form = {"csrf_token": token_in(page), "email": mail_of("coach of squad 1"), "password": PASSWORD}
    answer = client.post("/sign-in", query_string={"next": elsewhere}, data={**form, "next": elsewhere})
    assert answer.status_code == 302
    assert re.match(r"/(?![/\\])", str(answer.location)), answer.location
