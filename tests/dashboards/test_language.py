"""Which language a reader gets: her own choice, else her browser's, else English; before and after signing in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from rowsense.store.accounts import user_by
from rowsense.store.claims import ClubStore
from tests.dashboards.club_world import PEOPLE, mail_of, make_world, signed_in, token_in, token_of

COACH, ROWER = "coach of squad 1", "rower of squad 1"
GERMAN, AMERICAN = {"Accept-Language": "de-CH,de;q=0.9,en;q=0.5"}, {"Accept-Language": "en-US,en;q=0.9"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ClubStore, Any]]:
    store, app = make_world(tmp_path_factory.mktemp("world"))
    yield store, app
    store.database.close()


def said(client: FlaskClient, address: str, headers: dict[str, str]) -> str:
    return client.get(address, headers=headers).text


def choose(client: FlaskClient, person: str, language: str) -> int:
    sent = {"csrf_token": token_of(client, person), "language": language}
    return client.post("/account/language", data=sent).status_code


def test_who_is_not_signed_in_is_answered_as_the_browser_asks(world: tuple[ClubStore, Any]) -> None:
    client = world[1].server.test_client()
    page = said(client, "/sign-in", GERMAN)
    assert '<html lang="de">' in page and "<h1>Anmelden</h1>" in page
    assert '<html lang="en">' in said(client, "/sign-in", {"Accept-Language": "fr-FR,fr"})
    sent = {"csrf_token": token_in(page), "email": mail_of(COACH), "password": "wrong"}
    assert "Adresse und Passwort gehören nicht zusammen." in client.post("/sign-in", data=sent, headers=GERMAN).text


def test_a_choice_goes_with_the_account_and_stays_with_the_browser(world: tuple[ClubStore, Any]) -> None:
    store, app = world
    client, other = signed_in(app, COACH), signed_in(app, ROWER)
    assert choose(client, COACH, "de") == 302
    user = user_by(store.database, id=PEOPLE[COACH].user_id)
    assert user is not None and user.language == "de"
    assert "Wo du angemeldet bist" in said(client, "/account", AMERICAN)
    index = said(client, "/", AMERICAN)
    assert '<html lang="de">' in index and "Einheiten" in said(client, "/_dash-layout", AMERICAN)
    found = re.search(r'<script type="application/json" id="texts">(.*?)</script>', index)
    assert found is not None
    told = json.loads(found[1])
    assert (told["locale"], told["texts"]["player.loop"]) == ("de-DE", "Schlag wiederholen")
    assert "Where you are signed in" in said(other, "/account", AMERICAN), "her account says nothing, her browser does"
    client.post("/sign-out", data={"csrf_token": token_of(client, COACH)})
    assert "<h1>Anmelden</h1>" in said(client, "/sign-in", AMERICAN)


def test_a_choice_can_be_taken_back_and_no_other_is_taken(world: tuple[ClubStore, Any]) -> None:
    client = signed_in(world[1], ROWER)
    assert choose(client, ROWER, "fr") == 400
    assert choose(client, ROWER, "de") == 302
    kept = client.get_cookie("rowsense-language")
    assert kept is not None and kept.value == "de"
    assert choose(client, ROWER, "") == 302 and client.get_cookie("rowsense-language") is None
    page = said(client, "/account", AMERICAN)
    assert "Where you are signed in" in page
    assert re.search(r'<time datetime="[^"]+" data-as="day">[A-Z][a-z]{2} \d{1,2}, \d{4}</time>', page), (
        "as Americans do"
    )


def test_refusals_are_in_the_readers_language(world: tuple[ClubStore, Any]) -> None:
    client = signed_in(world[1], COACH)
    headers = {**GERMAN, "Accept": "text/html"}
    assert "Das ist nicht für dich" in client.get("/people", headers=headers).text
