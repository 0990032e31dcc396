"""Lost passwords, invitations and notes by mail: through the pages, the outbox and a real mail server."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

import rowsense.mailing
from dashboards.accounts.offers import Offers
from rowsense.mailing import Sender, mailing
from rowsense.server_settings import MailSettings
from rowsense.store.claims import ClubStore
from rowsense.store.club_policies import Policies, keep_policies, language_of_session
from rowsense.store.juniors import give_consent, withdraw_consent
from rowsense.store.outbox import NOTES_REST, NOTES_SETTLE
from rowsense.store.scope import AllClubs
from rowsense.store.tables import FailedSignIn, Mail, OneTimeLink, User
from tests.dashboards.club_world import (
    JUNIOR,
    PASSWORD,
    PEOPLE,
    ROWER_1,
    SESSIONS,
    A,
    mail_of,
    make_world,
    signed_in,
    token_in,
)
from tests.mail.postbox import Postbox, postbox

ADDRESS = "https://rowing.club.org"
COACH, ROWER, ADMINISTRATOR = "coach of squad 1", "rower of squad 1", "administrator"


@dataclass
class World:
    store: ClubStore
    app: Any
    box: Postbox
    sender: Sender

    def post(self, client: Any, path: str, page: str, **form: str) -> Any:
        return client.post(path, data={"csrf_token": token_in(client.get(page).text), **form})

    def waiting(self) -> int:
        with self.store.database.reading(AllClubs("a test")) as unit:
            return int(unit.scalar(select(func.count()).select_from(Mail)) or 0)

    def link(self) -> str:
        """Of the only mail that came."""
        (mail,) = self.box.mails
        self.box.mails.clear()
        return re.search(rf"{ADDRESS}(/\S+)", str(mail.get_content()))[1]  # type: ignore[index]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    store, app = make_world(tmp_path_factory.mktemp("world"), Offers(mail=True))
    with postbox() as box:
        settings = MailSettings(host="127.0.0.1", port=box.port, encryption="none", sender="rowing@club.org")
        yield World(store, app, box, Sender(store.database, settings, ADDRESS))
    store.database.close()


@pytest.fixture
def world(everything: World) -> World:
    """With an empty outbox, and nobody waiting."""
    with everything.store.database.writing(AllClubs("a test")) as unit:
        unit.execute(delete(Mail))
        unit.execute(delete(FailedSignIn))
    everything.box.mails.clear()
    everything.box.refusals.clear()
    return everything


def ask(world: World, email: str) -> tuple[int, str]:
    answer = world.post(world.app.server.test_client(), "/forgotten", "/forgotten", email=email)
    return answer.status_code, answer.text


def test_a_lost_password_ends_with_a_new_one(world: World) -> None:
    known, unknown = ask(world, mail_of(ROWER)), ask(world, "nobody@club.org")
    assert known[0] == unknown[0] == 200
    assert known[1].replace(mail_of(ROWER), "nobody@club.org") == unknown[1], "nobody learns who has an account"
    assert world.waiting() == 1
    ask(world, mail_of(ROWER).upper())
    assert world.waiting() == 1, "one mail for two requests"
    with world.store.database.reading(AllClubs("a test")) as unit:
        assert not unit.scalars(select(OneTimeLink)).all(), "the link is made when the mail is"
    assert world.sender.send_due() == 1 and world.waiting() == 0
    link = world.link()
    client = world.app.server.test_client()
    words = "other oars in the boathouse"
    assert world.post(client, link, link, password=words, again=words).location == "/sign-in"
    assert client.get(link).status_code == 410
    form = {"email": mail_of(ROWER), "password": words}
    assert world.post(client, "/sign-in", "/sign-in", **form).status_code == 302
    form = {"password": words, "new_password": PASSWORD, "new_password_confirm": PASSWORD}
    assert world.post(client, "/account/password", "/account/password", **form).status_code == 302


def test_a_mail_speaks_as_its_reader_chose_else_as_her_club(world: World) -> None:
    def mailed(person: str, language: str | None) -> str:
        with world.store.database.writing(AllClubs("a test")) as unit:
            unit.execute(update(User).where(User.id == PEOPLE[person].user_id).values(language=language))
        ask(world, mail_of(person))
        assert world.sender.send_due() == 1
        (mail,) = world.box.mails
        world.box.mails.clear()
        return f"{mail['Subject']} {mail.get_content()}"

    by = PEOPLE[ADMINISTRATOR].user_id
    keep_policies(world.store.database, A, Policies(language="de"), by=by)
    assert "ein neues Passwort wählen Hallo" in mailed(COACH, None) and "Hello" in mailed(ROWER, "en")
    reports = [language_of_session(world.store.database, A, SESSIONS[rower]) for rower in (ROWER_1, JUNIOR)]
    assert reports == ["en", "de"], "hers as she chose, of who has no account as the club"
    keep_policies(world.store.database, A, Policies(), by=by)
    assert "Hello" in mailed(ADMINISTRATOR, None) and "Stunden lang" in mailed(ROWER, "de")
    world.post(signed_in(world.app, ROWER), "/account/language", "/account", language="")


def test_asking_is_limited_by_address_and_by_place(world: World) -> None:
    answers = [ask(world, "anna@club.org") for _ in range(4)]
    assert [status for status, _ in answers] == [200, 200, 200, 429] and "Too many attempts" in answers[-1][1]
    others = [ask(world, f"anna{number}@club.org")[0] for number in range(20)]
    assert others.count(200) == 17 and others[-1] == 429
    assert ask(world, "no address")[0] == 422


def test_an_invitation_comes_by_mail_or_by_a_link_when_it_does_not(world: World) -> None:
    administrator = signed_in(world.app, ADMINISTRATOR)
    invited = {"email": "nina@club.org", "role": "administrator"}
    world.post(administrator, "/people/invite", "/people", **invited)
    assert "A mail with the link is on its way" in administrator.get("/people").text
    assert world.sender.send_due() == 1
    link = world.link()
    page = world.app.server.test_client().get(link)
    assert page.status_code == 200 and "nina@club.org" in page.text

    world.box.refusals = {"gone@club.org": "550 no such mailbox", "full@club.org": "452 mailbox full"}
    for email in world.box.refusals:
        world.post(administrator, "/people/invite", "/people", email=email, role="administrator")
    assert world.sender.send_due() == 0 and world.sender.send_due() == 0
    people = administrator.get("/people").text
    assert "no such mailbox" in people and "Not tried any more" in people
    assert "mailbox full" in people and "Tried again at" in people
    assert "no such mailbox" not in signed_in(world.app, "administrator of another club").get("/people").text
    world.box.refusals = {}
    now = datetime.now(UTC)
    assert world.sender.send_due(now + timedelta(minutes=2)) == 1, "the full one"
    mailed = world.link()
    (key,) = re.findall(r"/people/dismiss-mail/([0-9a-f-]+)", administrator.get("/people").text)
    world.post(administrator, f"/people/dismiss-mail/{key}", "/people")
    assert world.waiting() == 0 and "was not sent" not in administrator.get("/people").text
    (key,) = re.findall(r'/people/invitation-link/([0-9a-f-]+)"[^\n]*New link for full@club.org', people)
    world.post(administrator, f"/people/invitation-link/{key}", "/people")
    shown = re.search(r'value="[^"]*(/join/[^"]+)"', administrator.get("/people").text)
    nobody = world.app.server.test_client()
    assert shown is not None and nobody.get(shown[1]).status_code == 200 and nobody.get(mailed).status_code == 410


def note(world: World, person: str, athlete: uuid.UUID) -> None:
    client = signed_in(world.app, person)
    token = token_in(client.get("/account").text)
    sent = {"id": str(uuid.uuid4()), "text": "hips first, secretly", "time_s": 1.0}
    answer = client.post(f"/notes/{SESSIONS[athlete]}.rowsense", json=sent, headers={"X-CSRFToken": token})
    assert answer.status_code == 200, answer.text


def test_a_rower_is_told_once_of_several_notes_and_of_none_that_she_has_read(world: World) -> None:
    note(world, COACH, ROWER_1)
    note(world, COACH, ROWER_1)
    now = datetime.now(UTC)
    assert world.sender.send_due(now) == 0, "the coach may not be done yet"
    assert world.sender.send_due(now + NOTES_SETTLE + timedelta(minutes=1)) == 1
    (mail,), text = world.box.mails, world.box.text()
    assert mail["To"] == mail_of(ROWER) and "2 new notes" in text and "Łódź" in text
    assert "secretly" not in text and "Anna" not in text
    note(world, COACH, ROWER_1)
    assert world.sender.send_due(now + NOTES_REST - timedelta(hours=1)) == 0, "not every hour"
    hers = signed_in(world.app, ROWER)
    token = token_in(hers.get("/account").text)
    until = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    headers = {"X-CSRFToken": token}
    read = hers.post(f"/notes/{SESSIONS[ROWER_1]}.rowsense/read", json={"until": until}, headers=headers)
    assert read.status_code == 200, read.text
    assert world.sender.send_due(now + NOTES_REST + timedelta(hours=1)) == 0 and world.waiting() == 0
    world.post(hers, "/account/note-mail", "/account", wanted="no")
    assert "You get no mail about notes" in hers.get("/account").text
    note(world, COACH, ROWER_1)
    assert world.waiting() == 0


def test_a_junior_whose_consent_is_withdrawn_meanwhile_is_told_nothing(world: World) -> None:
    by = PEOPLE[ADMINISTRATOR].user_id
    give_consent(world.store.database, A, JUNIOR, "Marek", datetime.now(UTC).date(), by)
    note(world, COACH, JUNIOR)
    assert world.waiting() == 1
    withdraw_consent(world.store.database, A, JUNIOR, by)
    assert world.sender.send_due(datetime.now(UTC) + 2 * NOTES_SETTLE) == 0
    assert world.waiting() == 0 and world.box.mails == []


def test_a_mail_server_that_is_away_delays_and_does_not_hinder(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    away = Sender(world.store.database, world.sender.settings.model_copy(update={"port": 1}), ADDRESS)
    assert ask(world, mail_of(COACH))[0] == 200
    now, waits = datetime.now(UTC), []
    for _ in range(9):
        away.send_due(now)
        with world.store.database.reading(AllClubs("a test")) as unit:
            row = unit.scalars(select(Mail)).one()
        if row.failed_at is not None:
            break
        waits.append(row.next_at - now)
        now = row.next_at
    assert waits == sorted(waits) and len(waits) == 6 and sum(waits, timedelta()) < timedelta(days=1)
    assert "cannot be reached" in signed_in(world.app, ADMINISTRATOR).get("/people").text
    assert ask(world, mail_of(COACH))[0] == 200, "she may ask again"
    monkeypatch.setattr(rowsense.mailing, "_LOOK_S", 0.02)
    turns: list[bool] = []
    with mailing(world.sender, lambda: bool(turns)):
        time.sleep(0.2)
        assert not world.box.mails, "another server sends"
        turns.append(True)
        deadline = datetime.now(UTC) + timedelta(seconds=30)
        while not world.box.mails and datetime.now(UTC) < deadline:
            time.sleep(0.05)
    assert "/new-password/" in world.link()


def test_no_more_than_the_limit_of_an_hour(world: World) -> None:
    few = Sender(world.store.database, world.sender.settings.model_copy(update={"most_per_hour": 1}), ADDRESS)
    for person in (COACH, ROWER):
        ask(world, mail_of(person))
    now = datetime.now(UTC) + timedelta(seconds=1)
    assert few.send_due(now) == 1 and few.send_due(now + timedelta(minutes=59)) == 0
    assert few.send_due(now + timedelta(minutes=61)) == 1 and len(world.box.mails) == 2


def test_without_mail_the_pages_say_whom_to_ask(world: World) -> None:
    world.app.server.extensions["rowsense-offers"] = Offers()
    try:
        page = world.app.server.test_client().get("/forgotten").text
        assert "This server sends no mail" in page and "<form" not in page
        assert ask_without_form(world) == 422 and world.waiting() == 0
    finally:
        world.app.server.extensions["rowsense-offers"] = Offers(mail=True)


def ask_without_form(world: World) -> int:
    client = world.app.server.test_client()
    form = {"csrf_token": token_in(client.get("/sign-in").text), "email": mail_of(ROWER)}
    return int(client.post("/forgotten", data=form).status_code)
