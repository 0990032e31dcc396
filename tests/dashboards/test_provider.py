"""Signing in by an OpenID provider: members only, by a verified address, with a token that the provider signed."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from pydantic import ValidationError
from sqlalchemy import func, select

from dashboards.accounts.offers import Offers
from rowsense.server_settings import ProviderSettings
from rowsense.store.scope import AllClubs
from rowsense.store.second_step import set_second_step
from rowsense.store.tables import User
from tests.dashboards.club_world import PEOPLE, mail_of, make_world
from tests.dashboards.openid import CLIENT, SECRET, OpenId, openid

COACH = "coach of squad 1"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OpenId, Any, Any]]:
    folder = tmp_path_factory.mktemp("world")
    (folder / "secret").write_text(f"{SECRET}\n", encoding="utf-8")
    with openid() as provider:
        settings = ProviderSettings(
            issuer=provider.issuer, client_id=CLIENT, secret_file=folder / "secret", name="the federation's account"
        )
        store, app = make_world(folder, Offers(provider=settings))
        yield provider, store, app
        store.database.close()


def by_provider(app: Any, client: FlaskClient | None = None, next: str = "") -> tuple[FlaskClient, Any]:
    """There, through the provider, and back."""
    client = client or app.server.test_client()
    away = client.get(f"/sign-in/with-provider?next={next}")
    return client, client.get(_back_from(away.location).removeprefix("http://localhost"))


def _back_from(address: str) -> str:
    """What the provider leads back to; nobody is at home there, so it is not followed."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *arguments: Any) -> None:
            return None

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay)
    with pytest.raises(urllib.error.HTTPError) as led:
        opener.open(address, timeout=30)
    with led.value:
        return str(led.value.headers["Location"])


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def test_a_member_signs_in_with_the_address_that_the_provider_has_verified(world: Any) -> None:
    provider, _, app = world
    page = app.server.test_client().get("/sign-in").text
    assert "Sign in with the federation&#39;s account" in page
    provider.claims = {"email": mail_of(COACH).upper(), "email_verified": True}
    client, answer = by_provider(app, next="/upload")
    assert answer.status_code == 302 and answer.location == "/upload" and is_in(client)
    assert mail_of(COACH) in client.get("/account").text
    _, answer = by_provider(app, next="//evil.example")
    assert answer.location == "/"


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"email": "stranger@club.org", "email_verified": True}, "Nobody here signs in as stranger@club.org"),
        ({"email": mail_of(COACH), "email_verified": False}, "has not verified"),
        ({"email": mail_of(COACH)}, "has not verified"),
        ({"email_verified": True}, "has not verified"),
        ({"email": mail_of(COACH), "email_verified": True, "iss": "https://evil.example"}, "did not work"),
        ({"email": mail_of(COACH), "email_verified": True, "aud": "another program"}, "did not work"),
        ({"email": mail_of(COACH), "email_verified": True, "exp": int(time.time()) - 3600}, "did not work"),
        ({"email": mail_of(COACH), "email_verified": True, "nonce": "of another try"}, "did not work"),
    ],
)
def test_nobody_else_does(world: Any, claims: dict[str, Any], said: str) -> None:
    provider, store, app = world
    with store.database.reading(AllClubs("a test")) as unit:
        before = unit.scalar(select(func.count()).select_from(User))
    provider.claims = claims
    client, answer = by_provider(app)
    assert answer.location == "/sign-in" and not is_in(client)
    assert said in client.get("/sign-in").text
    with store.database.reading(AllClubs("a test")) as unit:
        assert unit.scalar(select(func.count()).select_from(User)) == before, "nobody becomes a user by it"


def test_a_token_that_somebody_else_signed(world: Any) -> None:
    provider, _, app = world
    provider.claims = {"email": mail_of(COACH), "email_verified": True}
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "1"})
    try:
        client, answer = by_provider(app)
    finally:
        provider.signs_with = None
    assert answer.location == "/sign-in" and not is_in(client)


def test_what_is_begun_in_one_browser_cannot_be_ended_in_another(world: Any) -> None:
    provider, _, app = world
    provider.claims = {"email": mail_of(COACH), "email_verified": True}
    away = app.server.test_client().get("/sign-in/with-provider")
    back = _back_from(away.location).removeprefix("http://localhost")
    other = app.server.test_client()
    assert other.get(back).location == "/sign-in" and not is_in(other)


def test_the_second_step_is_asked_for_all_the_same(world: Any) -> None:
    provider, store, app = world
    person = "rower of squad 2"
    with app.server.app_context():
        secret = app.server.extensions["security"].totp_factory.generate_totp_secret()
    set_second_step(store.database, PEOPLE[person].user_id, secret, 0, ["abcd"])
    provider.claims = {"email": mail_of(person), "email_verified": True}
    client, answer = by_provider(app, next="/upload")
    assert answer.location.startswith("/sign-in/code") and not is_in(client)


def test_a_provider_that_is_away_is_said(world: Any, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s", encoding="utf-8")
    gone = ProviderSettings(issuer="http://127.0.0.1:9", client_id="c", secret_file=tmp_path / "secret")
    store, app = make_world(tmp_path, Offers(provider=gone))
    client = app.server.test_client()
    assert client.get("/sign-in/with-provider").location == "/sign-in"
    assert "cannot be reached now" in client.get("/sign-in").text
    store.database.close()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"issuer": "http://accounts.club.org"}, "https"),
        ({"issuer": "https://accounts.club.org?x=1"}, "alone"),
        ({"issuer": "https://accounts.club.org", "client_id": ""}, "client_id"),
    ],
)
def test_settings_that_do_not_go_together(wrong: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ProviderSettings.model_validate({"client_id": "c", "secret_file": "x", **wrong})
