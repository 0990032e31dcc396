"""The second step of signing in: set up, asked for, remembered, lost, required by a club."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy import update

from rowsense.store.claims import ClubStore
from rowsense.store.scope import AllClubs
from rowsense.store.second_step import second_step_of
from rowsense.store.tables import FailedSignIn, SecondStep
from tests.dashboards.club_world import PASSWORD, PEOPLE, mail_of, make_world, signed_in, token_in, token_of

#: The code that set each telephone up; another half minute may begin before it is tried again.
FIRST: dict[TOTP, str] = {}
COACH, OTHER_COACH, ADMINISTRATOR = "coach of squad 1", "coach of squad 2", "administrator"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ClubStore, Any]]:
    store, app = make_world(tmp_path_factory.mktemp("world"))
    yield store, app
    store.database.close()


def post(client: FlaskClient, path: str, page: str = "/account/second-step", **form: str) -> Any:
    return client.post(path, data={"csrf_token": token_in(client.get(page).text), **form})


def set_up(client: FlaskClient) -> tuple[TOTP, list[str]]:
    """With a telephone of its own; its codes and the recovery codes."""
    page = client.get("/account/second-step").text
    assert page.count("data:image/svg+xml;base64,") == 1
    telephone = TOTP(re.search(r'class="key">([A-Z0-9 -]+)<', page)[1])  # type: ignore[index]
    page = post(client, "/account/second-step", code=first_code(telephone), password=PASSWORD).text
    return telephone, re.findall(r"<code>([0-9a-f-]+)</code>", page)


def first_code(telephone: TOTP) -> str:
    """The one that set a telephone up."""
    if telephone not in FIRST:
        FIRST[telephone] = telephone.generate().token
    return FIRST[telephone]


def first_step(app: Any, person: str, **cookies: str) -> FlaskClient:
    client: FlaskClient = app.server.test_client()
    for name, value in cookies.items():
        client.set_cookie(name, value)
    form = {"csrf_token": token_in(client.get("/sign-in").text), "email": mail_of(person), "password": PASSWORD}
    client.post("/sign-in?next=/people", data=form)
    return client


def code(client: FlaskClient, given: str, path: str = "/sign-in/code", **more: str) -> Any:
    return client.post(path, data={"csrf_token": token_in(client.get(path).text), "code": given, **more})


def unused(store: ClubStore, person: str) -> None:
    """As if its last code had been used long ago, and nobody had tried a wrong one."""
    with store.database.writing(AllClubs("a test")) as unit:
        unit.execute(update(SecondStep).where(SecondStep.user_id == PEOPLE[person].user_id).values(last_counter=0))
        unit.query(FailedSignIn).delete()


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def test_from_setting_it_up_to_taking_it_off(world: tuple[ClubStore, Any]) -> None:
    store, app = world
    elsewhere, client = signed_in(app, COACH), signed_in(app, COACH)
    client.get("/account/second-step")
    wrong = post(client, "/account/second-step", code="000000", password=PASSWORD)
    assert wrong.status_code == 422 and "This code is wrong" in wrong.text
    assert post(client, "/account/second-step", code="000000", password="x").status_code == 422
    telephone, spare = set_up(client)
    assert len(spare) == 8 and len(set(spare)) == 8
    assert is_in(client) and not is_in(elsewhere), "who was signed in with the password alone is out"
    kept = second_step_of(store.database, PEOPLE[COACH].user_id)
    assert kept is not None and telephone.base32_key not in kept.totp_secret, "encrypted"

    second = first_step(app, COACH)
    assert not is_in(second), "the password alone is not enough"
    assert code(second, first_code(telephone)).status_code == 200, "the code that set it up is used up"
    assert not is_in(second)
    unused(store, COACH)
    now = telephone.generate().token
    answer = code(second, f"{now[:3]} {now[3:]}", known="y")
    assert answer.status_code == 302 and is_in(second)
    third = first_step(app, COACH)
    code(third, now)
    assert not is_in(third), "nobody who looked over the shoulder gets in with it"
    assert code(third, spare[0].upper().replace("-", " "), "/sign-in/recovery-code").status_code == 302
    assert is_in(third)
    again = first_step(app, COACH)
    code(again, spare[0], "/sign-in/recovery-code")
    assert not is_in(again), "each works once"
    assert "Recovery codes left: 7" in third.get("/account/second-step").text

    mark = second.get_cookie("rowsense_known_device")
    assert mark is not None and is_in(first_step(app, COACH, rowsense_known_device=mark.value)), "a known device"
    renewed = post(third, "/account/second-step/codes", password=PASSWORD).text
    assert spare[1] not in renewed and len(re.findall(r"<code>", renewed)) == 8

    assert post(third, "/account/second-step/off", password="not this").status_code == 422
    assert post(third, "/account/second-step/off", password=PASSWORD).status_code == 302
    assert is_in(first_step(app, COACH))
    set_up(third)
    assert not is_in(first_step(app, COACH, rowsense_known_device=mark.value)), "it knew the step before"


def test_guessing_ends_after_five_codes_wherever_they_come_from(world: tuple[ClubStore, Any]) -> None:
    store, app = world
    client = signed_in(app, OTHER_COACH)
    telephone, spare = set_up(client)
    unused(store, OTHER_COACH)
    early = first_step(app, OTHER_COACH)
    for number in range(5):
        assert "This code is wrong" in code(early, f"{number:06}").text
    late = first_step(app, OTHER_COACH)
    assert "Too many attempts" in code(late, telephone.generate().token).text
    assert "Too many attempts" in code(late, spare[0], "/sign-in/recovery-code").text and not is_in(late)
    unused(store, OTHER_COACH)
    code(late, telephone.generate().token)
    assert is_in(late), "a quarter of an hour later"


def test_without_the_first_step_there_is_no_second(world: tuple[ClubStore, Any]) -> None:
    _, app = world
    nobody: FlaskClient = app.server.test_client()
    for path in ("/sign-in/code", "/sign-in/recovery-code"):
        assert nobody.get(path).location == "/sign-in"
        form = {"csrf_token": token_in(nobody.get("/sign-in").text), "code": "000000"}
        assert nobody.post(path, data=form).location == "/sign-in"
    somebody = signed_in(app, "rower of squad 1")
    assert somebody.get("/sign-in/code").location == "/" and is_in(somebody), "no link signs anybody out"


def test_an_administrator_takes_it_off_where_the_member_is_only_hers(world: tuple[ClubStore, Any]) -> None:
    store, app = world
    administrator = signed_in(app, ADMINISTRATOR)
    for person, alone in (("rower of squad 2", True), ("coach here, rower there", False)):
        client = signed_in(app, person)
        set_up(client)
        user = PEOPLE[person].user_id
        assert f"/people/second-step-off/{user}" in administrator.get("/people").text
        answer = post(administrator, f"/people/second-step-off/{user}", "/people")
        assert (answer.status_code == 302) == alone
        assert (second_step_of(store.database, user) is None) == alone
        assert alone or "another club too" in answer.text
    mine = f"/people/second-step-off/{PEOPLE['coach of another club'].user_id}"
    assert post(administrator, mine, "/people").status_code == 422


def test_a_club_requires_it_of_its_administrators(world: tuple[ClubStore, Any]) -> None:
    _, app = world
    client = signed_in(app, ADMINISTRATOR)
    other, hers = signed_in(app, "administrator of another club"), signed_in(app, "rower of squad 1")
    assert post(client, "/people/require-second-step", "/people", required="yes").location == "/people"
    for path in ("/", "/people", "/club", "/upload", "/jobs"):
        assert client.get(path).location == "/account/second-step", path
    assert client.get("/unread-notes").status_code == 403
    token = token_of(client, ADMINISTRATOR)
    assert client.post("/jobs/retry-failed", data={"csrf_token": token}).status_code == 403
    asked = {"output": "content.children", "inputs": []}
    answer = client.post("/_dash-update-component", json=asked, headers={"X-CSRFToken": token})
    assert answer.status_code == 403 and "/account/second-step" in answer.text
    assert client.get("/account").status_code == 200
    assert other.get("/people").status_code == 200 and hers.get("/").status_code == 200
    set_up(client)
    assert client.get("/people").status_code == 200
    assert post(client, "/account/second-step/off", password=PASSWORD).status_code == 302
    assert client.get("/people").location == "/account/second-step"
    set_up(client)
    assert post(client, "/people/require-second-step", "/people", required="no").status_code == 302
