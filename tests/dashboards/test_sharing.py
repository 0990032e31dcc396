"""Links to one session over the web: by whom they are made, and what whoever has one may see, and not."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from dashboards.accounts.pace import Pace
from dashboards.sharing import opening
from dashboards.sharing.words import kept_lines
from dashboards.texts.reader import english
from rowsense.client import Client, RefusedError
from rowsense.store.claims import ClubStore, claimed, keep
from rowsense.store.club_policies import Policies, keep_policies
from rowsense.store.club_settings import EVERYBODYS, Privacy, keep_privacy
from rowsense.store.films_kept import drop_film
from rowsense.store.juniors import give_consent, withdraw_consent
from rowsense.store.keeping import Keeping
from rowsense.store.paces import Limit
from rowsense.store.scope import AllClubs
from rowsense.store.tables import ClubSettings, Comment, Consent, FailedSignIn, FeltAnswer, ShareLink, TrainingSession
from rowsense.store.tables.api_tokens import SCOPES
from tests.dashboards.club_world import (
    JUNIOR,
    PEOPLE,
    ROWER_1,
    ROWER_2,
    SESSIONS,
    A,
    make_token_of,
    make_world,
    signed_in,
    token_in,
    token_of,
)
from tests.dashboards.test_editing import served

PLACE = f"/share/{SESSIONS[ROWER_1]}.rowsense"
PAGE = {
    "name": "A rower", "lead_in": "Eight strokes.", "headline": {"title": "Hips <b>", "sentence": "s", "cue": "c"},
    "well": "w", "film": True, "stills": [{"id": "hips_tip_back", "words": "Hips tip back"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ClubStore, Any]]:
    store, app = make_world(tmp_path_factory.mktemp("world"))
    yield store, app
    store.database.close()


@pytest.fixture
def world(club: tuple[ClubStore, Any]) -> Iterator[tuple[ClubStore, Any]]:
    """As it was before a link was made or anything settled."""
    yield club
    with club[0].database.writing(AllClubs("a test is over")) as unit:
        for table in (ShareLink, ClubSettings, Consent, FailedSignIn):
            unit.execute(delete(table))


def got(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    """An answer that was read to its end."""
    answer = client.get(address, headers=headers)
    answer.get_data()
    answer.close()
    return answer


def make(client: FlaskClient, person: str, place: str = PLACE, **form: str) -> str:
    """Make a link by the form; the path in it."""
    sent = {"days": "7", "face": "on", "surroundings": "on", "film": "clip", "label": "the physio", **form}
    answer = client.post(place, data={"csrf_token": token_of(client, person), **sent}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    found = re.search(r'value="http://127\.0\.0\.1:8050(/shared/[\w-]{43})"', answer.text)
    assert found is not None
    assert found.group(1) not in client.get(place).text, "it is shown once"
    return found.group(1)


def finish(store: ClubStore, folder: Path, person: str = "administrator") -> None:
    """Put in what the job would make: a page, and files that are told apart."""
    with claimed(store, A, 1) as (prefix,):
        for name in ("page.json", "film.mp4", "report.html", "card.png", "faults/hips_tip_back.png", "session.json"):
            path = folder / "made" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(json.dumps(PAGE).encode() if name == "page.json" else bytes(range(256)) * 40_000)
            store.files.put(path, f"{prefix}/{name}")
        with store.database.writing(A) as unit:
            newest = select(ShareLink).order_by(ShareLink.created_at.desc()).limit(1)
            unit.scalars(newest).one().file_prefix = prefix
            keep(unit, [prefix])


def test_who_has_a_link_sees_what_it_covers_and_nothing_else(world: tuple[ClubStore, Any], tmp_path: Path) -> None:
    store, app = world
    coach, visitor = signed_in(app, "coach of squad 1"), app.server.test_client()
    address = make(coach, "coach of squad 1")
    waiting = got(visitor, address)
    assert waiting.status_code == 202 and "Almost there" in waiting.text and "waiting.js" in waiting.text
    finish(store, tmp_path)
    page = got(visitor, address)
    assert page.status_code == 200 and "A rower" in page.text and "Anna" not in page.text
    assert "Hips &lt;b&gt;" in page.text and "Łódź" in page.text and f'src="{address}/film.mp4#t=0.05"' in page.text
    film = got(visitor, f"{address}/film.mp4", Range="bytes=256-")
    assert film.status_code == 206 and len(film.data) == 4 << 20 and film.data[:3] == bytes(range(3))
    for answer in (page, film, waiting, got(visitor, f"{address}/report.html")):
        assert answer.status_code < 300 and "no-store" in answer.headers["Cache-Control"]
        assert "noindex" in answer.headers["X-Robots-Tag"] and answer.headers["Referrer-Policy"] == "no-referrer"
    for name in ("faults/hips_tip_back.png", "card.png"):
        assert got(visitor, f"{address}/{name}").status_code == 200
    for other in (
        "session.json",
        "page.json",
        "track.parquet",
        "../x",
        "faults/../page.json",
        "faults/none.png",
        "original",
    ):
        assert got(visitor, f"{address}/{other}").status_code == 404, other
    for closed in ("/", PLACE, f"/media/{SESSIONS[ROWER_1]}.rowsense/report.html", "/people", "/club"):
        assert got(visitor, closed).status_code in (302, 401)
    listed = coach.get(PLACE).text
    assert "opened once" in listed or "opened 2 times" in listed
    assert "the physio" in listed and "face blurred" in listed and "without her name" in listed


def test_wrong_ended_and_revoked_links_are_one_and_the_same_answer(
    world: tuple[ClubStore, Any], tmp_path: Path
) -> None:
    store, app = world
    rower, visitor = signed_in(app, "rower of squad 1"), app.server.test_client()
    wrong = got(visitor, "/shared/none-of-these", Accept="text/html")
    assert wrong.status_code == 404 and "Ask whoever sent it to you for a new one" in wrong.text

    def check_gone(address: str) -> None:
        for name in ("", "/film.mp4", "/report.html"):
            answer = got(visitor, f"{address}{name}", Accept="text/html")
            assert (answer.status_code, answer.text) == (404, wrong.text)

    first = make(rower, "rower of squad 1")
    finish(store, tmp_path)
    assert got(visitor, first).status_code == 200
    (action,) = re.findall(r'action="([^"]+/take-back/[^"]+)"', rower.get(PLACE).text)
    other = signed_in(app, "coach of squad 2")
    assert other.post(action, data={"csrf_token": token_of(other, "coach of squad 2")}).status_code == 404
    assert got(visitor, first).status_code == 200
    told = rower.post(action, data={"csrf_token": token_of(rower, "rower of squad 1")}, follow_redirects=True).text
    assert "The link is taken back" in told and "Taken back on" in told and action not in told
    check_gone(first)
    second = make(rower, "rower of squad 1")
    with store.database.writing(A) as unit:
        for link in unit.scalars(select(ShareLink)):
            link.created_at -= timedelta(days=8)
            link.expires_at -= timedelta(days=8)
    check_gone(second)


def test_a_junior_is_shared_with_consent_only_and_never_after_it_was_withdrawn(
    world: tuple[ClubStore, Any], tmp_path: Path
) -> None:
    store, app = world
    administrator, visitor = signed_in(app, "administrator"), app.server.test_client()
    place, me = f"/share/{SESSIONS[JUNIOR]}.rowsense", PEOPLE["administrator"].user_id
    token = token_of(administrator, "administrator")
    assert administrator.post(place, data={"csrf_token": token, "days": "1"}).status_code == 404
    give_consent(store.database, A, JUNIOR, "her father", datetime.now(UTC).date(), me)
    address = make(administrator, "administrator", place)
    finish(store, tmp_path)
    assert got(visitor, address).status_code == 200
    withdraw_consent(store.database, A, JUNIOR, me)
    assert got(visitor, address).status_code == 404 and got(visitor, f"{address}/film.mp4").status_code == 404
    give_consent(store.database, A, JUNIOR, "her father", datetime.now(UTC).date(), me)
    assert got(visitor, address).status_code == 404


def test_the_form_says_what_is_wrong_and_keeps_what_was_written(world: tuple[ClubStore, Any]) -> None:
    store, app = world
    coach = signed_in(app, "coach of squad 1")
    token = token_of(coach, "coach of squad 1")
    answer = coach.post(PLACE, data={"csrf_token": token, "days": "90", "film": "none", "label": "Dr <Berg>"})
    assert answer.status_code == 422 and "30 days at most" in answer.text and "Dr &lt;Berg&gt;" in answer.text
    assert coach.post(PLACE, data={"days": "7"}).status_code == 400, "a form from elsewhere"
    keep_privacy(store.database, A, Privacy(share_most_days=1))
    page = coach.get(PLACE).text
    assert re.findall(r'name="days" value="(\d+)"', page) == ["1"] and token_in(page)
    keep_privacy(store.database, A, Privacy(share_most_days=0))
    assert "shares nothing by links" in coach.get(PLACE).text
    with store.database.reading(A) as unit:
        assert unit.scalar(select(ShareLink.id)) is None


def test_what_was_made_is_had_as_files_on_the_page_and_by_programs_and_the_clubs_rule_holds_for_both(
    world: tuple[ClubStore, Any], tmp_path: Path
) -> None:
    store, app = world
    coach, session = signed_in(app, "coach of squad 1"), SESSIONS[ROWER_1]
    with served(app.server) as address:
        client = Client(address, make_token_of(store, "coach of squad 1", SCOPES))
        made = client.share(session, label="the physio", film="none")
        assert "/shared/" in made.address and (made.link.face_blurred, made.link.ready) == (True, False)
        with pytest.raises(RefusedError, match="not made yet"):
            client.download_shared(session, made.link.id, "card.png", tmp_path / "card.png")
        finish(store, tmp_path)
        assert [(one.id, one.ready, one.label) for one in client.links(session)] == [(made.link.id, True, "the physio")]
        card = client.download_shared(session, made.link.id, "card.png", tmp_path / "card.png").read_bytes()
        place = f"{PLACE}/{made.link.id}/card.png"
        assert place in coach.get(PLACE).text and got(coach, place).data == card == bytes(range(256)) * 40_000
        assert f"{made.link.id}/best_stroke.mp4" not in coach.get(PLACE).text, "what there is alone"
        for other in ("session.json", "page.json"):
            assert got(coach, f"{PLACE}/{made.link.id}/{other}").status_code == 410
        keep_privacy(store.database, A, Privacy(faces=EVERYBODYS))
        with pytest.raises(RefusedError, match="blurs this rower's face"):
            client.share(session, face_blurred=False)
        page = coach.get(PLACE).text
        assert re.search(
            r'type="hidden" name="face" value="on"><input type="checkbox" name="face" checked disabled', page
        )
        client.take_back(session, made.link.id)
        assert not client.links(session)[0].holds and got(coach, place).status_code == 410


def test_too_many_wrong_links_and_too_many_requests_are_slowed_down(
    world: tuple[ClubStore, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, app = world
    coach, visitor = signed_in(app, "coach of squad 1"), app.server.test_client()
    address = make(coach, "coach of squad 1")
    monkeypatch.setattr(opening, "_MOST_WRONG", 3)
    told = [got(visitor, f"/shared/wrong-{n}").status_code for n in range(4)]
    assert told == [404, 404, 404, 429] and got(visitor, address).status_code == 429
    assert visitor.get(address, environ_overrides={"REMOTE_ADDR": "192.168.1.5"}).status_code == 202, "not made yet"
    monkeypatch.setattr(opening, "_PACE", Pace(Limit(at_once=2, a_second=0.01)))
    elsewhere = {"environ_overrides": {"REMOTE_ADDR": "192.168.1.5"}}
    told = [visitor.get(address, **elsewhere).status_code for _ in range(3)]
    assert told[0] == 202 and told[-1] == 429


def test_the_page_of_a_session_says_how_long_it_is_kept_and_a_coach_holds_it(world: tuple[ClubStore, Any]) -> None:
    store, app = world
    coach, rower = signed_in(app, "coach of squad 1"), signed_in(app, "rower of squad 1")

    def session_page(client: FlaskClient, person: str) -> str:
        asked = {
            "output": "content.children", "outputs": {"id": "content", "property": "children"},
            "inputs": [
                {"id": "address", "property": "pathname", "value": f"/session/{SESSIONS[ROWER_1]}.rowsense"},
                {"id": "address", "property": "search", "value": ""},
            ],
            "changedPropIds": ["address.pathname"],
        }  # fmt: skip
        headers = {"X-CSRFToken": token_of(client, person)}
        page: str = client.post("/_dash-update-component", json=asked, headers=headers).text
        return page.replace("\\u002f", "/")

    quiet = session_page(coach, "coach of squad 1")
    assert PLACE in quiet and "is kept until" not in quiet
    keep_privacy(store.database, A, Privacy(keep_films_days=30, keep_sessions_months=24))
    page = session_page(coach, "coach of squad 1")
    assert "The film as it was filmed is kept until" in page and "This session is kept until" in page
    assert "Keep it in any case" not in rower.get(PLACE).text
    refused = rower.post(f"{PLACE}/hold", data={"csrf_token": token_of(rower, "rower of squad 1"), "held": "yes"})
    assert refused.status_code == 403
    form = {"csrf_token": token_of(coach, "coach of squad 1"), "held": "yes"}
    assert "It is kept in any case" in coach.post(f"{PLACE}/hold", data=form, follow_redirects=True).text
    assert "is kept in any case" in session_page(coach, "coach of squad 1")
    drop_film(store, A, SESSIONS[ROWER_1], {})
    coach.post(f"{PLACE}/hold", data={**form, "held": "no"})
    assert "The film as it was filmed is not kept" in session_page(coach, "coach of squad 1")
    films = json.loads(coach.get(f"/player/{SESSIONS[ROWER_1]}.rowsense/scene.json").text)["films"]
    assert [film["kind"] for film in films] == ["overlay"], "what is drawn on is played instead"
    assert kept_lines(english(), Keeping(True, None, None, None)) == ()


def test_who_settles_times_of_keeping_is_told_what_goes(world: tuple[ClubStore, Any]) -> None:
    store, app = world
    administrator = signed_in(app, "administrator")
    keep_privacy(store.database, A, Privacy(keep_films_days=30))
    page = administrator.get("/settings").text
    assert "Nothing goes by these times before" in page and "Then " not in page, "all films are of today"
    keep_privacy(store.database, A, Privacy(keep_originals=False))
    assert re.search(r"<b>Then [23] films go\.</b>", administrator.get("/settings").text)


def test_where_a_club_hides_names_neither_notes_nor_links_say_which_rower_wrote_and_made_them(
    world: tuple[ClubStore, Any],
) -> None:
    store, app = world
    people = ("coach of squad 1", "rower of squad 1")
    coach, rower = (signed_in(app, person) for person in people)
    make(rower, "rower of squad 1")
    with store.database.writing(A) as unit:
        for person in people:
            unit.add(Comment(session_id=SESSIONS[ROWER_1], author_user_id=PEOPLE[person].user_id, text="so"))
    notes = f"/notes/{SESSIONS[ROWER_1]}.rowsense"

    def authors(client: FlaskClient) -> set[str]:
        return {note["author"] for note in client.get(notes).get_json()["notes"]}

    try:
        assert authors(coach) == set(people) and "made by rower of squad 1" in coach.get(PLACE).text
        keep_policies(store.database, A, Policies(hide_names=True), by=PEOPLE["administrator"].user_id)
        assert authors(coach) == {"coach of squad 1", "Rower 1"}, "as on every other page"
        shown = coach.get(PLACE).text
        assert "made by Rower 1" in shown and "rower of squad 1" not in shown
        assert authors(rower) == set(people), "to herself she has her name"
    finally:
        with store.database.writing(A) as unit:
            unit.execute(delete(Comment))


def test_a_rower_shares_nothing_before_she_has_said_what_she_felt(world: tuple[ClubStore, Any]) -> None:
    store, app = world
    rower = signed_in(app, "rower of squad 2")
    place = f"/share/{SESSIONS[ROWER_2]}.rowsense"
    with store.database.writing(A) as unit:
        unit.get_one(TrainingSession, SESSIONS[ROWER_2]).rowed_on = datetime.now(UTC).date()
    assert rower.get(place).status_code == 404
    with store.database.writing(A) as unit:
        unit.add(FeltAnswer(session_id=SESSIONS[ROWER_2], answer="no"))
    assert rower.get(place).status_code == 200
    assert rower.post(f"{place}/take-back/{uuid.uuid4()}", data={}).status_code == 400
