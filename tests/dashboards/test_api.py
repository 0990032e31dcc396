"""The API: what it says of itself, what it refuses, pieces of long lists, tokens from making to taking back."""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from dashboards.accounts.guard import ROUTES
from dashboards.accounts.pace import AT_ONCE as PACE_AT_ONCE
from dashboards.api.cursors import Paged, cursor_of
from dashboards.api.document import openapi
from dashboards.api.operations import OPERATIONS
from rowsense.jobs.queue import enqueue
from rowsense.jobs.requests import AnalysisRequest
from rowsense.store.claims import ClubStore
from rowsense.store.delete import delete_session
from rowsense.store.record import Piece, Recording, record
from rowsense.store.scope import AllClubs
from rowsense.store.tables import ApiToken, Job, StoredPace, Video
from rowsense.store.tables.api_tokens import SCOPES
from rowsense.store.tokens import digest
from tests.dashboards.club_world import (
    ROWER_1,
    ROWER_2,
    ROWER_B,
    SESSIONS,
    A,
    key,
    make_token_of,
    make_world,
    signed_in,
    token_in,
)
from tests.dashboards.test_members import erases_for_good
from tests.store.club import analysed_folder
from tests.store.conftest import Server, server

__all__ = ["server"]
API = "/api/v1"
#: In UTC, which a cursor is read in.
BEFORE_ALL_TIME = "0001-01-01T00:00:00+05:00"
PROBLEM = "application/problem+json"


class Program(FlaskClient):
    """Reads every answer to its end, as a program does."""

    def open(self, *arguments: Any, **more: Any) -> Any:
        return super().open(*arguments, **{**more, "buffered": True})


@dataclass
class World:
    store: ClubStore
    app: Any
    folder: Path

    def program(self, person: str, scopes: Any = SCOPES) -> FlaskClient:
        """Somebody's program: a token in every request, no cookies."""
        return self.with_token(make_token_of(self.store, person, scopes))

    def with_token(self, token: str) -> FlaskClient:
        client = Program(self.app.server, self.app.server.response_class, use_cookies=False)
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return client

    def add_session(self, number: int, athlete: uuid.UUID, day: date) -> uuid.UUID:
        recording = Recording(self.folder, key(number), key(number + 1), Piece(athlete, day, "steady"))
        record(self.store, A, recording)
        return key(number)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    store, app = make_world(folder)
    yield World(store, app, analysed_folder(folder / "more.rowsense"))
    store.database.close()


@pytest.fixture(scope="module")
def coach(world: World) -> FlaskClient:
    return world.program("coach of squad 1")


def test_the_document_says_what_the_program_does(world: World) -> None:
    told = openapi()
    assert json.loads(world.app.server.test_client().get(f"{API}/openapi.json").text) == json.loads(json.dumps(told))
    said = {
        (operation["operationId"], method.upper()): (path, operation)
        for path, methods in told["paths"].items()
        for method, operation in methods.items()
    }
    rules = {(e.removeprefix("api."), m): rule for (e, m), rule in ROUTES.items() if e.startswith("api.")}
    silent = {("document", "GET")} | {(e, m) for e, m in rules if e == "nothing"}
    assert set(said) == set(rules) - silent
    for call, (path, operation) in said.items():
        assert [one["token"][0] for one in operation["security"]] == list(rules[call].scopes), call
        (flask_rule,) = [r for r in world.app.server.url_map.iter_rules(f"api.{call[0]}") if call[1] in r.methods]
        assert re.sub(r"<\w+:(\w+)>", r"{\1}", flask_rule.rule) == f"{API}{path}"
    for place in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(told)):
        found = told
        for step in place.split("/"):
            found = found[step]
    query = {one["name"]: one for one in said["season_groups", "GET"][1]["parameters"]}
    assert query["by"]["schema"]["items"]["enum"] == ["athlete", "squad", "week", "piece_kind"]
    assert query["limit"]["schema"]["maximum"] == 500
    assert all(operation.summary for operation in OPERATIONS)
    for one in OPERATIONS:  # whatever may become long comes in pieces; of a file there are few sessions, and few links
        many = one.gives is not None and "items" in one.gives.model_fields and one.endpoint not in ("films", "links")
        assert (one.query is not None and issubclass(one.query, Paged)) == many, one.endpoint
        assert not many or "next" in one.gives.model_fields, one.endpoint


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/no-such-call", 404, "openapi.json lists"),
        ("GET", f"/sessions/{SESSIONS[ROWER_2]}", 404, "not yours to see"),
        ("GET", "/sessions/no-uuid", 404, "no such address"),
        ("DELETE", "/sessions", 405, "Allow"),
        ("PUT", f"/uploads/{key(1)}", 405, "Allow"),
        ("GET", "/sessions?limit=0&since=2026-13-01&colour=red", 422, "colour"),
        ("GET", "/sessions?limit=1&limit=2", 422, "limit"),
        ("GET", "/sessions?cursor=WzEsMl0", 422, "no cursor"),
        ("GET", "/athletes?cursor=Wy0xXQ", 422, "no cursor"),
        ("GET", f"/sessions?cursor={cursor_of(['2026-03-01', BEFORE_ALL_TIME, str(ROWER_1)])}", 422, "no cursor"),
        ("GET", f"/jobs?cursor={cursor_of([BEFORE_ALL_TIME, str(ROWER_1)])}", 422, "no cursor"),
        ("GET", "/films?sha256=abc", 422, "sha256"),
        ("POST", "/uploads", 412, "tus"),
        ("TRACE", "/sessions", 404, "nothing here"),
        ("PUT", "/no-such-call", 404, "openapi.json lists"),
        ("POST", f"/sessions/{SESSIONS[ROWER_1]}/analyses", 415, "as JSON"),
        ("GET", f"/jobs/{key(1)}", 404, "nothing here"),
        ("POST", f"/jobs/{key(1)}/cancel", 404, "nothing here"),
        ("GET", "/jobs?state=lost&kind=analyze", 422, "state"),
        ("GET", f"/athletes/{ROWER_1}/calibrations/{key(1)}", 404, "nothing here"),
        ("GET", f"/sessions/{SESSIONS[ROWER_1]}/analyses/{key(1)}", 404, "nothing here"),
    ],
)
def test_every_refusal_is_a_problem_document(
    coach: FlaskClient, method: str, path: str, status: int, said: str
) -> None:
    answer = coach.open(f"{API}{path}", method=method)
    told = answer.get_json(force=True)
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM), answer.text
    assert told["status"] == status and told["title"] and said in told["detail"]
    assert told["request"] == answer.headers["X-Request-ID"]
    if status == 405:
        assert answer.headers["Allow"] in ("GET", "GET, PATCH, DELETE")
    if "colour" in path:
        assert [one["where"] for one in told["problems"]] == ["limit", "since", "colour"]


def test_without_a_token_that_holds_nobody_gets_in(world: World, caplog: pytest.LogCaptureFixture) -> None:
    client = world.app.server.test_client()
    answer = client.get(f"{API}/me")
    assert (answer.status_code, answer.mimetype) == (401, PROBLEM)
    assert answer.headers["WWW-Authenticate"].lower().startswith("bearer")
    browser = signed_in(world.app, "administrator")
    answer = browser.post(f"{API}/uploads", headers={"X-CSRFToken": token_in(browser.get("/account").text)})
    assert answer.status_code == 401, "cookies are not looked at"

    token = make_token_of(world.store, "administrator", SCOPES)
    program = world.with_token(token)
    with caplog.at_level(logging.DEBUG):
        answer = program.get(f"{API}/me", headers={"Origin": "https://evil.example"})
        assert program.get(f"{API}/me?token={token}").status_code == 200
    assert answer.get_json()["role"] == "administrator" and answer.get_json()["club"] == "Łódź"
    names = {name for name, _ in answer.headers}
    assert not any(name.startswith(("Access-Control", "Set-Cookie")) for name in names)
    assert token not in caplog.text
    assert program.get("/people").status_code in (302, 401), "a token opens no page"
    assert program.get("/uploads").status_code == 401
    with world.store.database.writing(AllClubs("a test")) as unit:
        over = datetime.now(UTC) - timedelta(seconds=1)
        ended = {"expires_at": over, "created_at": over - timedelta(days=30)}
        unit.execute(update(ApiToken).where(ApiToken.token_sha256 == digest(token)).values(**ended))
    answer = program.get(f"{API}/me")
    assert answer.status_code == 401 and "too old" in answer.get_json(force=True)["detail"]


def test_what_is_too_large_is_said_before_it_is_read(coach: FlaskClient) -> None:
    body, kind = b"x" * (3 << 20), {"Content-Type": "application/json"}
    answer = coach.post(f"{API}/sessions/{SESSIONS[ROWER_1]}/analyses", data=body, headers=kind)
    assert "less than 2 MB" in _refused(answer, 413)


def test_what_is_made_is_made_once_however_often_the_answer_is_lost(world: World, coach: FlaskClient) -> None:
    told = {"Tus-Resumable": "1.0.0", "Upload-Length": "9", "Idempotency-Key": "of a morning"}
    places = [coach.post(f"{API}/uploads", headers=told).headers["Location"] for _ in range(2)]
    assert places[0] == places[1]
    answer = coach.post(f"{API}/uploads", headers=told | {"Upload-Length": "8"})
    assert "another film was announced with this key" in _refused(answer, 409).lower()
    elsewhere = world.program("coach of squad 2").post(f"{API}/uploads", headers=told)
    assert (elsewhere.status_code, elsewhere.headers["Location"] in places) == (201, False), "hers is another"
    without = {name: value for name, value in told.items() if name != "Idempotency-Key"}
    others = [coach.post(f"{API}/uploads", headers=without).headers["Location"] for _ in range(2)]
    assert len({*places, *others}) == 3
    assert "200 letters" in _refused(coach.post(f"{API}/uploads", headers=told | {"Idempotency-Key": "x" * 201}), 422)
    for place in {*places, *others}:
        assert coach.delete(place, headers={"Tus-Resumable": "1.0.0"}).status_code == 204


def test_what_goes_wrong_inside_is_a_problem_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: Any) -> None:
        raise RuntimeError("secret of the program")

    monkeypatch.setattr("dashboards.api.people.athletes_for", broken)
    answer = world.program("administrator").get(f"{API}/athletes")
    assert (answer.status_code, answer.mimetype) == (500, PROBLEM)
    assert "secret" not in answer.text and "administrator" in answer.get_json(force=True)["detail"]


def test_a_token_that_asks_too_often_waits(world: World) -> None:
    quick, other = (world.program("administrator") for _ in range(2))
    answers = [quick.get(f"{API}/me") for _ in range(2)]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"token";q=600;w=60'}
    assert [answer.headers["RateLimit"] for answer in answers] == ['"token";r=599;t=1', '"token";r=598;t=1']
    with world.store.database.writing(AllClubs("a test")) as unit:
        mine = unit.scalars(select(StoredPace.id).order_by(StoredPace.at.desc()).limit(1)).one()
        unit.execute(update(StoredPace).where(StoredPace.id == mine).values(remaining=-1000.0))
    codes = [quick.get(f"{API}/sessions/{key(5)}").status_code for _ in range(PACE_AT_ONCE - 1)]
    assert codes == [404] * (PACE_AT_ONCE - 2) + [429], "what this process had taken before, and no more"
    answer = quick.get(f"{API}/sessions/{key(5)}")
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) >= 1
    assert answer.headers["RateLimit"].startswith('"token";r=0;')
    assert other.get(f"{API}/me").status_code == 200


def test_a_session_is_analysed_again_once_however_often_it_is_asked_for(world: World, coach: FlaskClient) -> None:
    session, mine = world.add_session(7000, ROWER_1, date(2025, 5, 1)), str(uuid.uuid4())
    address = f"{API}/sessions/{session}/analyses"
    assert "was not kept" in _refused(coach.post(address, json={}), 409)
    with world.store.database.writing(A) as unit:
        film = select(Video).where(Video.session_id == session)
        video = unit.scalar(film) or Video(session_id=session, name="a.mp4", sha256="b" * 64, byte_count=1)
        video.file_key = f"{A.club_id}/{uuid.uuid4().hex}/video.mp4"
        unit.add(video)
    how = {"key": mine, "speed": 8, "rower": 2, "stride": 3, "to_s": 90.5}
    answers = [coach.post(address, json=how) for _ in range(2)]
    for answer in answers:
        assert (answer.status_code, answer.headers["Location"]) == (202, f"{API}/analyses/{mine}")
        assert (answer.get_json()["id"], answer.get_json()["state"]) == (mine, "queued")
    assert coach.get(answers[0].headers["Location"]).get_json()["state"] == "queued"
    with world.store.database.reading(A) as unit:
        (job,) = unit.scalars(select(Job).where(Job.id == uuid.UUID(mine)))
    request = AnalysisRequest.from_payload(job.payload)
    assert request.settings == {"video": {"speed": 8.0, "to_s": 90.5}, "pose": {"rower": 2, "stride": 3}}
    assert (request.session_id, request.athlete_id, request.video, request.piece) == (session, ROWER_1, None, None)
    assert "another analysis" in _refused(coach.post(address, json={**how, "stride": 1}), 409)
    once = [coach.post(address, json={}, headers={"Idempotency-Key": "again"}).get_json()["id"] for _ in range(2)]
    assert once[0] == once[1] != mine
    assert coach.post(address, json={}).get_json()["id"] != mine, "without a key each is a new one"
    told = coach.post(address, json={"from_s": 9, "to_s": 2, "stride": 9, "camera": 1}).get_json(force=True)
    assert {one["where"] for one in told["problems"]} >= {"stride", "camera"}
    _refused(coach.post(address, json={"from_s": 9, "to_s": 2}), 422)
    assert world.program("rower of squad 1").post(address, json={}).status_code in (403, 404)
    with world.store.database.writing(A) as unit:
        unit.execute(delete(Job).where(Job.kind == "analyze"))
    delete_session(world.store, A, session)


def _refused(answer: Any, status: int) -> str:
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)
    return str(answer.get_json(force=True)["detail"])


def test_long_lists_come_in_pieces_that_miss_and_repeat_nothing(world: World, coach: FlaskClient) -> None:
    day = date(2026, 2, 1)
    made = {world.add_session(5000 + 10 * number, ROWER_1, day) for number in range(4)}
    seen: list[str] = []
    cursor = ""
    while True:
        told = coach.get(f"{API}/sessions?limit=2&until=2026-02-28&cursor={cursor}").get_json()
        seen += [one["id"] for one in told["items"]]
        cursor = told["next"]
        if not cursor:
            break
        if len(seen) == 2:
            # Newer ones and one of the same day, which comes before what was seen, move nothing.
            world.add_session(6000, ROWER_1, date(2026, 2, 2))
            world.add_session(6010, ROWER_1, day)
    assert len(seen) == len(set(seen)) == 4 and set(seen) == {str(one) for one in made}
    everything = coach.get(f"{API}/sessions").get_json()["items"]
    days = [one["rowed_on"] for one in everything]
    assert days == sorted(days, reverse=True) and len(days) == 7
    one = coach.get(f"{API}/sessions?since=2026-02-02&until=2026-02-02").get_json()
    assert [row["id"] for row in one["items"]] == [str(key(6000))] and one["next"] is None
    names = coach.get(f"{API}/season/quantities?limit=3").get_json()
    more = coach.get(f"{API}/season/quantities?limit=3&cursor={names['next']}").get_json()
    assert {q["id"] for q in names["items"]}.isdisjoint(q["id"] for q in more["items"])


def test_jobs_come_in_pieces_to_whom_they_concern(world: World, coach: FlaskClient) -> None:
    with world.store.database.writing(A) as unit:
        made = [enqueue(unit, kind, {}).id for kind in ("analyze", "calibrate", "analyze", "of a newer program")]
    boss, seen, cursor = world.program("administrator"), [], ""
    while cursor is not None:
        told = boss.get(f"{API}/jobs?limit=2&cursor={cursor}").get_json()
        seen += [one["id"] for one in told["items"]]
        cursor = told["next"]
    assert set(seen) >= {str(one) for one in made[:3]} and len(seen) == len(set(seen)) and str(made[3]) not in seen
    assert str(made[1]) not in boss.get(f"{API}/jobs?kind=analyze").text
    assert boss.get(f"{API}/jobs/{made[3]}").status_code == 404
    assert coach.get(f"{API}/jobs/{made[0]}").status_code == 404 and str(made[0]) not in coach.get(f"{API}/jobs").text
    assert "no cursor" in _refused(boss.get(f"{API}/jobs?cursor=WzEsMl0"), 422)
    with world.store.database.writing(A) as unit:
        unit.execute(delete(Job).where(Job.id.in_(made)))


def test_numbers_and_files_are_those_of_the_analysis(world: World, coach: FlaskClient) -> None:
    address = f"{API}/sessions/{SESSIONS[ROWER_1]}"
    told = coach.get(address).get_json()
    summary = json.loads((world.folder / "summary.json").read_text(encoding="utf-8"))
    assert told["athlete"]["name"] == "Anna" and told["analysis"]["score"] == summary["score"]
    assert [one["id"] for one in told["faults"]] == [one["id"] for one in summary["faults"]]
    assert {"summary.json", "report.html", "strokes.parquet"} <= {one["name"] for one in told["files"]}
    assert told["film"]["kept"] and told["film"]["sha256"] == "a" * 64
    for one in told["files"]:
        answer = coach.get(one["address"])
        assert answer.status_code == 200 and len(answer.data) == one["byte_count"], one
        answer.close()
    assert coach.get(f"{address}/files/session.json").status_code == 404, "the program's own"
    strokes = coach.get(f"{address}/strokes").get_json()["items"]
    table = coach.get(f"{address}/strokes?format=csv").text.splitlines()
    assert len(strokes) == len(table) - 1 == summary["stroke_count"] and table[0].split(",") == list(strokes[0])
    assert strokes[0]["onset_legs_s"] is None, "not measured is null"
    group = coach.get(f"{API}/season/groups?by=athlete&until=2026-03-01&since=2026-03-01").get_json()["items"]
    assert [(g["athlete"], g["session_count"]) for g in group] == [(str(ROWER_1), 1)]
    assert group[0]["mean"] == pytest.approx(summary["score"], abs=2.0)
    season = coach.get(f"{API}/athletes/{ROWER_1}/season").get_json()
    assert season["quantities"][0]["quantity"]["id"] == "score" and season["faults"]

    again = coach.get(address, headers={"If-None-Match": coach.get(address).headers["ETag"]})
    assert again.status_code == 304 and not again.data
    film = f"{address}/files/overlay.mp4"
    mark = coach.get(film).headers["ETag"]
    part = coach.get(film, headers={"Range": "bytes=4-7", "If-Range": mark})
    assert (part.status_code, part.data) == (206, b"ftyp")
    assert coach.get(film, headers={"If-None-Match": mark}).status_code == 304


def test_a_rower_says_what_she_felt_before_her_programs_see_anything(world: World) -> None:
    session = world.add_session(7000, ROWER_2, datetime.now(UTC).date())
    rower, trainer = world.program("rower of squad 2"), world.program("coach of squad 2")
    calls = [f"/sessions/{session}", f"/sessions/{session}/strokes", f"/sessions/{session}/files/summary.json"]
    calls += [f"/sessions/{session}/analyses", f"/analyses/{key(7001)}"]
    lists = ["/sessions", "/season/sessions"]
    assert [rower.get(f"{API}{call}").status_code for call in calls] == [404] * len(calls)
    assert not any(str(session) in rower.get(f"{API}{call}").text for call in lists)
    assert "what she felt" in rower.get(f"{API}{calls[0]}").get_json(force=True)["detail"]
    assert [trainer.get(f"{API}{call}").status_code for call in calls] == [200] * len(calls)
    assert rower.get(f"{API}/athletes/{ROWER_2}/season").get_json()["quantities"][0]["session_count"] == 1

    browser = signed_in(world.app, "rower of squad 2")
    form = {"answer": "no", "csrf_token": token_in(browser.get("/account").text)}
    assert browser.post(f"/felt/{session}.rowsense", data=form).status_code == 303
    assert [rower.get(f"{API}{call}").status_code for call in calls] == [200] * len(calls)
    assert all(str(session) in rower.get(f"{API}{call}").text for call in lists)
    assert rower.get(f"{API}{calls[0]}").get_json()["felt"] == "no"


def test_a_token_is_made_on_the_page_shown_once_and_taken_back(world: World) -> None:
    browser = signed_in(world.app, "coach of squad 2")
    form = {"csrf_token": token_in(browser.get("/account").text)}
    answer = browser.post("/account/tokens", data=form | {"name": "", "days": "90"})
    assert answer.status_code == 422 and "Give it a name" in answer.text and "say what it may do" in answer.text
    asked = form | {"name": "<b>boathouse</b>", "scope": ["upload", "season"], "days": "90"}
    made = browser.post("/account/tokens", data=asked)
    assert made.status_code == 200 and "no-store" in made.headers["Cache-Control"]
    (token,) = re.findall(r'id="new-token" value="(rowsense_[\w-]+)"', made.text)
    page = browser.get("/account").text
    assert token not in page and "&lt;b&gt;boathouse" in page and "never used" in page
    program = world.with_token(token)
    assert set(program.get(f"{API}/me").get_json()["scopes"]) == {"upload", "season"}
    answer = program.get(f"{API}/sessions")
    assert answer.status_code == 403 and "needs the scope sessions" in answer.get_json(force=True)["detail"]
    page = browser.get("/account").text
    (place,) = re.findall(r'action="(/account/tokens/[^"]+/take-back)"', page)[:1]
    other = signed_in(world.app, "coach of squad 1")
    other.post(place, data={"csrf_token": token_in(other.get("/account").text)})
    assert program.get(f"{API}/me").status_code == 200, "nobody takes back what is somebody else's"
    assert browser.post(place, data=form).status_code == 302
    assert program.get(f"{API}/me").status_code == 401


def test_so_it_is_on_postgresql(server: Server, tmp_path: Path) -> None:
    """The calls that ask the database for more than a row: lists, seasons, uploads, another analysis, erasing."""
    store, app = make_world(tmp_path, url=server.new())
    world = World(store, app, analysed_folder(tmp_path / "more.rowsense"))
    coach, nobodys = world.program("coach of squad 1"), world.program("coach of another club")
    for number in range(3):
        world.add_session(5000 + 10 * number, ROWER_1, date(2026, 2, 1 + number))
    seen, cursor = [], ""
    for _ in range(3):
        told = coach.get(f"{API}/sessions?limit=2&athlete={ROWER_1}&cursor={cursor}").get_json()
        seen += [one["id"] for one in told["items"]]
        cursor = told["next"]
        if not cursor:
            break
    assert seen == [str(one) for one in (SESSIONS[ROWER_1], key(5020), key(5010), key(5000))]
    assert coach.get(f"{API}/sessions/{seen[0]}/strokes?limit=2").get_json()["items"]
    weeks = coach.get(f"{API}/season/groups?by=athlete&by=week&percentile=0.5").get_json()["items"]
    assert {one["athlete"] for one in weeks} == {str(ROWER_1)} and all(one["percentiles"] for one in weeks)
    assert len(coach.get(f"{API}/season/sessions").get_json()["items"]) == 4
    assert coach.get(f"{API}/athletes/{ROWER_1}/season").get_json()["quantities"]
    assert coach.get(f"{API}/season/quantities").get_json()["items"]
    announced = coach.post(f"{API}/uploads", headers={"Tus-Resumable": "1.0.0", "Upload-Length": "9"})
    assert announced.status_code == 201
    (sent,) = coach.get(f"{API}/uploads").get_json()["items"]
    assert coach.delete(f"{API}/uploads/{sent['id']}", headers={"Tus-Resumable": "1.0.0"}).status_code == 204
    address, mine = f"{API}/sessions/{seen[0]}/analyses", str(uuid.uuid4())
    assert [coach.post(address, json={"key": mine, "stride": n}).status_code for n in (2, 2, 3)] == [202, 202, 409]
    elsewhere = f"{API}/sessions/{SESSIONS[ROWER_B]}/analyses"
    assert "another analysis" in _refused(nobodys.post(elsewhere, json={"key": mine}), 409)
    assert nobodys.get(f"{API}/analyses/{mine}").status_code == 404
    erases_for_good(store, app)
    store.database.close()
