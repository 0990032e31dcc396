"""Notes over HTTP: what is taken, what is refused and in which words, and what the pages tell."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rowsense.report.html import html_report
from rowsense.store.claims import ClubStore
from rowsense.store.club_policies import Policies, keep_policies
from rowsense.store.database import Database
from rowsense.store.record import Piece, Recording, record
from tests.dashboards.club_world import PEOPLE, ROWER_1, ROWER_2, SESSIONS, A, make_world, signed_in, token_of
from tests.session_fixture import make_session

PLACE = f"/notes/{SESSIONS[ROWER_1]}.rowsense"
#: A session of today, of which the rower is asked first.
LATELY = f"{uuid.UUID(int=0xABCDEF)}.rowsense"
LINE = {"kind": "line", "points": [[1, 2], [30, 40]]}
COACH, ROWER, ADMINISTRATOR = "coach of squad 1", "rower of squad 1", "administrator"
STRANGER = "rower of squad 2"


HERS, OTHERS = (f"{SESSIONS[one]}.rowsense" for one in (ROWER_1, ROWER_2))


@dataclass
class Browser:
    """Somebody's."""

    client: FlaskClient
    token: str

    def send(self, method: str, address: str, **options: Any) -> TestResponse:
        return self.client.open(address, method=method, headers={"X-CSRFToken": self.token}, **options)

    def page(self, pathname: str, search: str = "") -> str:
        inputs = [{"id": "address", "property": name} for name in ("pathname", "search")]
        asked = {
            "output": "content.children",
            "outputs": {"id": "content", "property": "children"},
            "inputs": [{**one, "value": value} for one, value in zip(inputs, (pathname, search), strict=True)],
            "changedPropIds": ["address.pathname"],
        }
        return json.dumps(self.send("POST", "/_dash-update-component", json=asked).get_json())

    def notes(self) -> Any:
        return self.client.get(PLACE).get_json()


@pytest.fixture(scope="module")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Browser]]:
    folder = tmp_path_factory.mktemp("world")
    store, app = make_world(folder)
    piece = Piece(ROWER_1, datetime.now(UTC).date())
    lately = Recording(folder / "clip.rowsense", uuid.UUID(int=0xABCDEF), uuid.uuid4(), piece)
    record(store, A, lately)
    for report in (folder / "files").rglob("report.html"):
        report.write_text(html_report(make_session(), {}, None, charts={}), encoding="utf-8")
    clients = {person: signed_in(app, person) for person in (COACH, ROWER, ADMINISTRATOR, STRANGER)}
    yield {person: Browser(client, token_of(client, person)) for person, client in clients.items()}
    store.database.close()


def test_from_the_note_to_the_answer_and_the_marks_in_between(browsers: dict[str, Browser]) -> None:
    coach, rower = browsers[COACH], browsers[ROWER]
    assert coach.notes()["may_pin"] and not rower.notes()["may_pin"]
    sent = {"id": str(uuid.uuid4()), "text": "<b>hips</b>", "time_s": 1.5, "drawing": {"shapes": [LINE]}}
    made = coach.send("POST", PLACE, json=sent).get_json()
    assert (made["text"], made["drawing"], made["mine"], made["new"]) == ("<b>hips</b>", sent["drawing"], True, False)
    assert coach.send("POST", PLACE, json=sent).get_json()["id"] == sent["id"]
    (seen,) = rower.notes()["notes"]
    assert seen["new"] and not seen["mine"] and not seen["may_delete"] and seen["author"] == COACH
    mark = rower.client.get("/unread-notes").get_json()
    assert mark == {"count": 1, "words": "1 new note", "to": f"/session/{SESSIONS[ROWER_1]}.rowsense#notes"}
    assert 'aria-label="1 new note"' in rower.client.get("/account").text
    assert '"1 new note"' in rower.client.get("/_dash-layout").text
    assert "new note" not in browsers[ADMINISTRATOR].client.get("/account").text
    assert rower.send("POST", f"{PLACE}/read", json={"until": seen["created_at"]}).get_json()["count"] == 0
    assert "new note" not in rower.client.get("/account").text
    answered = rower.send("POST", f"{PLACE}/{sent['id']}/answers", json={"text": "felt it"}).get_json()
    assert answered["answers"] == sent["id"]
    assert coach.client.get("/unread-notes").get_json()["count"] == 1
    assert rower.send("PATCH", f"{PLACE}/{sent['id']}", json={"text": "no"}).status_code == 403
    assert "somebody else's" in rower.send("DELETE", f"{PLACE}/{sent['id']}").get_json()["error"]
    assert browsers[ADMINISTRATOR].send("DELETE", f"{PLACE}/{sent['id']}").status_code == 200
    assert rower.notes()["notes"] == []
    assert coach.send("POST", f"{PLACE}/{sent['id']}/bring-back").status_code == 403
    back = browsers[ADMINISTRATOR].send("POST", f"{PLACE}/{sent['id']}/bring-back")
    assert len(back.get_json()["notes"]) == 2
    assert back.headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ("not json", 400, "JSON object"),
        ("[1]", 400, "JSON object"),
        ("[" * 60_000, 400, "JSON object"),
        ({"time_s": 1}, 400, "words of the note"),
        ({"text": ["x"], "time_s": 1}, 400, "words of the note"),
        ({"text": "\ud800", "time_s": 1}, 400, "words of the note"),
        ({"text": "   ", "time_s": 1}, 422, "Write something"),
        ({"text": "x" * 2001, "time_s": 1}, 422, "2001 letters"),
        ({"text": "x"}, 422, "not in the film"),
        ({"text": "x", "time_s": "1"}, 400, "time_s"),
        ({"text": "x", "time_s": True}, 400, "time_s"),
        ('{"text": "x", "time_s": NaN}', 400, "time_s"),
        ({"text": "x", "time_s": 10**400}, 400, "time_s"),
        ({"text": "x", "time_s": 1e6}, 422, "not in the film"),
        ({"text": "x", "time_s": 1, "stroke": -1}, 400, "stroke"),
        ({"text": "x", "time_s": 1, "id": "mine"}, 400, "id"),
        ({"text": "x", "time_s": 1, "drawing": {"shapes": [{"kind": "line", "points": [[1]]}]}}, 400, "point is"),
        ({"text": "x", "time_s": 1, "drawing": {"shapes": [LINE] * 41}}, 400, "1 to 40 shapes"),
        (
            {"text": "x", "time_s": 1, "drawing": {"shapes": [{"kind": "line", "points": [[0, 0], [9e5, 0]]}]}},
            422,
            "leaves the picture",
        ),
        ({"text": "x", "time_s": 1, "more": "x" * 300_000}, 400, "larger than 256 kB"),
    ],
)
def test_what_is_no_note_is_refused_in_words(browsers: dict[str, Browser], sent: Any, status: int, words: str) -> None:
    body = sent if isinstance(sent, str) else json.dumps(sent)
    before = browsers[COACH].notes()
    answer = browsers[COACH].send("POST", PLACE, data=body, content_type="application/json")
    assert answer.status_code == status
    assert words in answer.get_json()["error"]
    assert browsers[COACH].notes() == before


def test_until_when_one_has_read_is_a_moment(browsers: dict[str, Browser]) -> None:
    for until in (None, "soon", "0001-01-01T00:00:00+23:59"):
        assert browsers[ROWER].send("POST", f"{PLACE}/read", json={"until": until}).status_code == 400, until


def test_a_feeling_is_taken_from_the_rower_and_is_one_of_four(browsers: dict[str, Browser]) -> None:
    place = PLACE.replace("/notes/", "/felt/")
    assert browsers[ROWER].send("POST", place, data={"answer": "very"}).status_code == 400
    report = browsers[ROWER].client.get(PLACE.replace("/notes/", "/media/") + "/report.html")
    assert "First, a question" in report.text
    report.close()
    done = browsers[ROWER].send("POST", place, data={"answer": "unsure"})
    assert done.status_code == 303 and done.location == f"/session/{SESSIONS[ROWER_1]}.rowsense"
    for person in (ROWER, COACH):
        report = browsers[person].client.get(PLACE.replace("/notes/", "/media/") + "/report.html").text
        assert "You were not sure whether you could feel" in report and "First, a question" not in report
        assert report.rstrip().endswith("</html>")


def test_a_rower_sees_no_measurement_before_she_has_said_what_she_felt(browsers: dict[str, Browser]) -> None:
    files = [f"/media/{LATELY}/{name}" for name in ("report.html", "overlay.mp4", "faults/hips_tip_back.png")]
    measured = [*files, f"/player/{LATELY}/scene.json", f"/player/{LATELY}/window/0", f"/thumbnail/{LATELY}"]

    def answers(person: str) -> set[int]:
        found = [browsers[person].client.get(place) for place in measured]
        for answer in found:
            answer.close()
        return {answer.status_code for answer in found}

    rower, season = browsers[ROWER], f"/athlete/{ROWER_1}"
    assert answers(ROWER) == {404} and answers(COACH) == {200}
    assert f"/thumbnail/{LATELY}" not in rower.page(season) and f"{LATELY}?stroke=" not in rower.page(season)
    assert "1 session is not shown until you have said" in rower.page(season)
    assert f'"/session/{LATELY}"' in rower.page(season), "the way to the question"
    assert f"/thumbnail/{LATELY}" in browsers[COACH].page(season)
    assert "First, what did you feel?" in rower.page(f"/session/{LATELY}")
    other = LATELY.upper().removesuffix(".ROWSENSE") + ".rowsense"
    assert "There is no session of this name" in rower.page(f"/session/{other}")
    assert rower.client.get(f"/media/{other}/report.html").status_code == 404
    quick = "The first stroke against the last"
    assert quick not in rower.page("/compare", f"?first={LATELY}")
    assert rower.send("POST", f"/felt/{LATELY}", data={"answer": "no"}).status_code == 303
    assert answers(ROWER) == {200}
    assert f"/thumbnail/{LATELY}" in rower.page(season) and "not shown until" not in rower.page(season)
    assert quick in rower.page("/compare", f"?first={LATELY}")


def test_a_folder_without_accounts_has_no_notes(tmp_path: Path) -> None:
    from dashboards.app import create_app

    client = create_app(tmp_path).server.test_client()
    assert client.get(PLACE).mimetype == "text/html", "a page, as any other address"
    assert "new note" not in client.get("/_dash-layout").text


def _ghosts(browser: Browser, key: str) -> Any:
    return browser.client.get(f"/player/{key}/ghosts.json").get_json()


def test_a_ghost_comes_of_her_own_sessions_and_of_none_that_she_has_not_said_what_she_felt_in(
    browsers: dict[str, Browser],
) -> None:
    found = _ghosts(browsers[COACH], HERS)
    assert [LATELY in one["scene"] for one in found["others"]] == [True]
    assert found["best"] is None, "the other one is later"
    assert HERS in _ghosts(browsers[COACH], LATELY)["best"]["scene"]
    told = browsers[COACH].client.get(found["others"][0]["scene"]).get_json()
    assert len(told["strokes"]) == 1 and told["track"] == f"/player/{LATELY}"
    assert _ghosts(browsers[STRANGER], OTHERS)["others"] == [], "nobody else's"


def test_references_are_chosen_shown_and_taken_back_by_whom_they_are_of(browsers: dict[str, Browser]) -> None:
    coach, rower, stranger = browsers[COACH], browsers[ROWER], browsers[STRANGER]
    at = {"time_s": 4.0}
    assert rower.send("PUT", f"/reference/{HERS}/rower", json=at).status_code == 200
    assert rower.send("PUT", f"/reference/{HERS}/club", json=at).status_code == 403
    assert coach.send("PUT", f"/reference/{HERS}/club", json={"time_s": 1e5}).status_code == 404, "no stroke is there"
    assert coach.send("PUT", f"/reference/{HERS}/nobody", json=at).status_code == 404
    for nothing in ({}, {"time_s": None}, {"time_s": True}, {"time_s": -1}, {"time_s": 1e400}):
        assert coach.send("PUT", f"/reference/{HERS}/rower", json=nothing).status_code == 400
    assert stranger.client.get("/reference/club.json").status_code == 404
    shown = coach.send("PUT", f"/reference/{HERS}/club", json=at).get_json()["references"]
    assert [(one["whose"], one["time_s"]) for one in shown] == [("rower", 4.0), ("club", 4.0)]
    # In another session of hers they are of another session; one of her own she takes back.
    assert [one["time_s"] for one in _ghosts(coach, LATELY)["references"]] == [None, None]
    # Another rower sees where the body was, in that stroke alone, and nothing that says whose it is.
    (club,) = _ghosts(stranger, OTHERS)["references"]
    assert not club["may_take_back"] and str(SESSIONS[ROWER_1]) not in json.dumps(club)
    told = stranger.client.get(club["scene"])
    assert "Anna" not in told.text and str(SESSIONS[ROWER_1]) not in told.text
    scene = told.get_json()
    windows = range(len(scene["window_start_s"]))
    there = [stranger.client.get(f"{scene['track']}/window/{number}").status_code for number in windows]
    assert there[0] == 200 and set(there[1:]) == {404}
    assert stranger.send("DELETE", f"/reference/{OTHERS}/club").status_code == 403
    settle = {"compare_rowers": False}
    keep_policies(store_of(browsers), A, Policies(**settle), by=PEOPLE[ADMINISTRATOR].user_id)
    try:
        assert _ghosts(stranger, OTHERS)["references"] == [], "the club compares no rowers"
        assert stranger.client.get("/reference/club.json").status_code == 404
        assert coach.send("PUT", f"/reference/{HERS}/club", json=at).status_code == 403
    finally:
        keep_policies(store_of(browsers), A, Policies(), by=PEOPLE[ADMINISTRATOR].user_id)
    left = rower.send("DELETE", f"/reference/{HERS}/club").get_json()["references"]
    assert [one["whose"] for one in left] == ["rower"], "she takes back a stroke of her own"
    assert rower.send("DELETE", f"/reference/{HERS}/rower").get_json()["references"] == []


def store_of(browsers: dict[str, Browser]) -> Database:
    found = browsers[COACH].client.application.extensions["rowsense-store"]
    assert isinstance(found, ClubStore)
    return found.database
