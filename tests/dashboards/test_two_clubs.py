"""Somebody in two clubs: one is chosen at a time, remembered, and everything keeps to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from rowsense.store.claims import ClubStore
from rowsense.store.joining import Asked, accept, invite
from rowsense.store.members import remove_member
from rowsense.store.viewers import viewer_of
from tests.dashboards.club_world import (
    PASSWORD,
    PEOPLE,
    ROWER_2,
    ROWER_B,
    SESSIONS,
    SQUAD_2,
    A,
    B,
    key,
    mail_of,
    make_world,
    signed_in,
    token_in,
)  # fmt: skip
from tests.dashboards.test_access_matrix import ATHLETE_KEY, EVERYBODY, EXPECTED, NO_ONE, SESSION, UPLOAD

BOTH = "rower here, coach there"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ClubStore, Any]]:
    store, app = make_world(tmp_path_factory.mktemp("world"))
    yield store, app
    store.database.close()


def fresh(app: Any, person: str = BOTH) -> FlaskClient:
    """A new browser in which she has signed in, and chosen nothing."""
    client: FlaskClient = app.server.test_client()
    form = {"csrf_token": token_in(client.get("/sign-in").text), "email": mail_of(person), "password": PASSWORD}
    client.post("/sign-in", data=form)
    return client


def choose(client: FlaskClient, club: Any) -> Any:
    return client.post(f"/choose-club/{club.club_id}", data={"csrf_token": token_in(client.get("/choose-club").text)})


def sees(client: FlaskClient, athlete: Any) -> bool:
    answer = client.get(f"/player/{SESSIONS[athlete]}.rowsense/scene.json")
    answer.close()
    return answer.status_code == 200


def test_who_has_yet_to_choose_sees_nothing_of_either_club(world: tuple[ClubStore, Any]) -> None:
    _, app = world
    client = fresh(app)
    page = client.get("/").location
    assert page == "/choose-club" and client.get(page).status_code == 200
    token = token_in(client.get("/choose-club").text)
    let_through = set()
    for (endpoint, method), (address, who) in EXPECTED.items():
        # The API does not look at cookies; a token is of one club.
        if who == NO_ONE or endpoint.startswith(("api.", "provider.", "security.")):
            continue
        place = (
            address.replace(SESSION, f"{SESSIONS[ROWER_2]}.rowsense")
            .replace(UPLOAD, str(key(999)))
            .replace(ATHLETE_KEY, str(ROWER_2))
        )
        answer = client.open(place, method=method, headers={"X-CSRFToken": token})
        answer.close()
        if answer.status_code not in (401, 403) and answer.location != "/choose-club" and who != EVERYBODY:
            let_through.add(endpoint)
    assert let_through == {"clubs.show"}  # choosing a club that is not hers leads there again


def test_each_club_shows_what_she_is_there_and_is_remembered(world: tuple[ClubStore, Any]) -> None:
    _, app = world
    client = fresh(app)
    assert choose(client, A).location == "/"
    assert sees(client, ROWER_2) and not sees(client, ROWER_B)
    head = client.get("/account").text
    assert "Łódź (change)" in head and "coach in Łódź" in head and "Other club (change)" not in head
    other_tab = client.get("/account").text
    choose(client, B)
    assert sees(client, ROWER_B) and not sees(client, ROWER_2)
    head = client.get("/account").text
    assert "rower in Other club" in head and "Download everything" in head
    stale = client.post("/account/end-others", data={"csrf_token": token_in(other_tab)})
    assert stale.status_code == 400, "a form of the other club, open in another tab, is not taken for this one"
    again = fresh(app)
    assert sees(again, ROWER_B) and again.get("/choose-club").status_code == 200, "chosen last"
    choose(again, A)
    assert sees(client, ROWER_B) and sees(again, ROWER_2), "each browser for itself"


def test_another_club_cannot_be_chosen(world: tuple[ClubStore, Any]) -> None:
    _, app = world
    client = signed_in(app, "coach of squad 2")
    assert choose(client, B).location == "/choose-club"
    assert sees(client, ROWER_2) and not sees(client, ROWER_B)
    assert "(change)" not in client.get("/account").text, "who is in one club is not asked"
    assert app.server.test_client().get("/choose-club").location.startswith("/sign-in")


def test_who_is_taken_out_of_the_chosen_club_is_led_to_the_others(world: tuple[ClubStore, Any]) -> None:
    store, app = world
    person = "coach here, rower there"
    user = PEOPLE[person].user_id
    client = signed_in(app, person)
    assert sees(client, ROWER_2)
    remove_member(store.database, A, user, by=key(31))
    assert sees(client, ROWER_B) and not sees(client, ROWER_2), "her only one now"
    # Invited again, there are two to choose from; the browser keeps to the one that it had chosen.
    token = invite(store.database, A, Asked(mail_of(person), "coach", (SQUAD_2,)), key(31))
    accept(store.database, token, None)
    assert sees(client, ROWER_2)
    there = viewer_of(store.database, user, B.club_id)
    assert there is not None and there.role == "athlete"


def test_an_administrator_who_joins_a_second_club_is_none_there(world: tuple[ClubStore, Any]) -> None:
    store, app = world
    person = "administrator of another club"
    client = signed_in(app, person)
    token = invite(store.database, A, Asked(mail_of(person), "coach", (SQUAD_2,)), key(31))
    accept(store.database, token, None)
    people = client.get("/people")
    assert people.status_code == 200 and "Dora" in people.text, "what she had open stays"
    new = fresh(app, person)
    assert new.get("/people").location == "/choose-club", "the next time she chooses"
    choose(new, A)
    assert new.get("/people").status_code == 403 and sees(new, ROWER_2) and not sees(new, ROWER_B)
    choose(new, B)
    people = new.get("/people")
    assert people.status_code == 200 and "Dora" in people.text and "Beata" not in people.text
