"""A session changed and deleted on its page and by a program: what is kept, what is refused, what is said."""

from __future__ import annotations

import io
import json
import re
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.serving import make_server

from rowsense.client import Client, RefusedError
from rowsense.store.claims import ClubStore
from rowsense.store.club_policies import keep_policies, read_policies
from rowsense.store.own_calibrations import keep_calibration
from rowsense.store.record import Piece, Recording, record
from rowsense.store.tables import AuditEntry, Comment, Job, Tag, TrainingSession
from rowsense.store.tables.api_tokens import SCOPES
from tests.calibrations import make_calibration
from tests.dashboards.club_world import (
    PEOPLE,
    ROWER_1,
    ROWER_2,
    SESSIONS,
    A,
    key,
    make_token_of,
    make_world,
    signed_in,
    token_of,
)
from tests.store.club import analysed_folder

API = "/api/v1"


@dataclass
class World:
    store: ClubStore
    app: Any
    folder: Path
    video: Path
    browsers: dict[str, FlaskClient] = field(default_factory=dict)

    def add(self, number: int, athlete: uuid.UUID = ROWER_1, day: date = date(2026, 3, 2), **more: Any) -> uuid.UUID:
        recording = Recording(self.folder, key(number), key(number + 1), Piece(athlete, day, "steady", **more))
        record(self.store, A, recording)
        return key(number)

    def browser(self, person: str) -> FlaskClient:
        if person not in self.browsers:
            self.browsers[person] = signed_in(self.app, person)
        return self.browsers[person]

    def send(self, person: str, address: str, **form: Any) -> Any:
        browser = self.browser(person)
        return browser.post(address, data={"csrf_token": token_of(browser, person), **form})

    def program(self, person: str, scopes: Any = SCOPES) -> FlaskClient:
        client = self.app.server.test_client(use_cookies=False)
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token_of(self.store, person, scopes)}"
        return client

    def row(self, session: uuid.UUID) -> TrainingSession | None:
        with self.store.database.reading(A) as unit:
            return unit.get(TrainingSession, session)


@contextmanager
def served(server: Any) -> Iterator[str]:
    """The server on a port of its own."""
    made = make_server("127.0.0.1", 0, server, threaded=True)
    worker = threading.Thread(target=made.serve_forever)
    worker.start()
    try:
        yield f"http://127.0.0.1:{made.server_port}"
    finally:
        made.shutdown()
        worker.join()
        made.server_close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    store, app = make_world(folder)
    yield World(store, app, analysed_folder(folder / "more.rowsense"), folder / "clip.mp4")
    store.database.close()


def _hidden(page: str) -> dict[str, str]:
    """Fields of the form to go back."""
    form = re.search(r'<form[^>]*class="undo">(.*?)</form>', page, re.DOTALL)
    assert form is not None, page
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.group(1)))


def test_a_coach_changes_a_session_and_takes_it_back(world: World) -> None:
    session = world.add(3000, power_w=140.5, notes="wind\nrain")
    address, coach = f"/edit/{session}.rowsense", world.browser("coach of squad 1")
    page = coach.get(address).text
    assert 'value="140.5"' in page and ">wind\nrain</textarea>" in page and f'href="/session/{session}' in page
    mark = dict(re.findall(r'name="(mark)" value="([^"]*)"', page))
    said = {"rowed_on": "2026-02-27", "piece_kind": "test", "perceived_effort": "7,5", "notes": "wind\r\nrain"}
    answer = world.send("coach of squad 1", address, **mark, **said)
    assert (answer.status_code, answer.location) == (303, address), answer.text
    row = world.row(session)
    assert row is not None and (row.rowed_on, row.piece_kind, row.perceived_effort) == (date(2026, 2, 27), "test", 7.5)
    assert (row.power_w, row.notes) == (140.5, "wind\nrain"), "what the form left as it was"
    asked = f"{API}/season/sessions?since=2026-02-27&until=2026-02-27&piece_kind=test"
    points = world.program("coach of squad 1").get(asked).get_json()["items"]
    assert [one["session"] for one in points] == [str(session)], "the season counts it so"
    page = coach.get(address).text
    back = _hidden(page)
    assert "Kept." in page and back["piece_kind"] == "steady" and back["perceived_effort"] == ""
    stale = world.send("coach of squad 1", address, **mark, notes="from an old tab")
    assert stale.status_code == 409 and "somebody else has changed" in stale.text.casefold()
    answer = world.send("coach of squad 1", address, **{**back, "csrf_token": token_of(coach, "coach of squad 1")})
    row = world.row(session)
    assert answer.status_code == 303 and row is not None
    assert (row.rowed_on, row.piece_kind, row.perceived_effort) == (date(2026, 3, 2), "steady", None)
    assert "again as it was" in coach.get(address).text


def test_what_cannot_be_is_said_beside_what_was_written(world: World) -> None:
    session = world.add(3010)
    wrong = {"drag_factor": "900", "rowed_on": "2999-01-01", "notes": "kept in the field"}
    answer = world.send("coach of squad 1", f"/edit/{session}.rowsense", **wrong)
    assert answer.status_code == 422 and "kept in the field" in answer.text and 'value="900"' in answer.text
    assert "Drag factor is a number from 0 to 500" in answer.text and "day is in the future" in answer.text
    row = world.row(session)
    assert row is not None and row.notes == "" and row.drag_factor is None
    others = world.send("coach of squad 1", f"/edit/{session}.rowsense", athlete=str(ROWER_2))
    assert others.status_code == 422 and "cannot be given to this rower" in others.text
    long = "x" * 2000
    assert world.send("coach of squad 1", f"/edit/{session}.rowsense", notes=long).status_code == 303
    assert world.send("coach of squad 1", f"/edit/{session}.rowsense", notes="short").status_code == 303
    page = world.browser("coach of squad 1").get(f"/edit/{session}.rowsense").text
    assert "Kept." in page and 'class="undo"' not in page, "two thousand letters fit into no cookie"


def test_another_rowers_session_moves_with_all_that_follows(world: World) -> None:
    session, film = key(3020), world.video
    piece = Piece(ROWER_1, date(2026, 3, 4), "steady")
    record(world.store, A, Recording(world.folder.parent / "clip.rowsense", session, key(3021), piece, video=film))
    with world.store.database.writing(A) as unit:
        unit.add(Comment(session_id=session, author_user_id=PEOPLE["rower of squad 1"].user_id, text="that hurt"))
    answer = world.send("administrator", f"/edit/{session}.rowsense", athlete=str(ROWER_2))
    assert answer.status_code == 303
    page = world.browser("administrator").get(f"/edit/{session}.rowsense").text
    assert "being analysed anew for Beata" in page and "1 note by the rower before stays, without her name" in page
    (note,) = world.browser("administrator").get(f"/notes/{session}.rowsense").get_json()["notes"]
    assert (note["author"], note["mine"]) == ("somebody who is not here any more", False)
    assert "1 note by the one before has lost its name" in world.browser("administrator").get("/people/history").text
    assert world.browser("coach of squad 1").get(f"/edit/{session}.rowsense").status_code == 404
    assert world.browser("coach of squad 2").get(f"/edit/{session}.rowsense").status_code == 200
    told = world.program("coach of squad 2").get(f"{API}/sessions/{session}").get_json()
    assert told["athlete"]["name"] == "Beata"
    with world.store.database.reading(A) as unit:
        asked = [j.athlete_id for j in unit.scalars(select(Job)) if j.payload.get("session_id") == str(session)]
    assert asked == [ROWER_2]


def test_a_session_is_deleted_once_that_was_said_and_not_before(world: World) -> None:
    session = world.add(3030)
    address = f"/edit/{session}.rowsense/delete"
    page = world.browser("coach of squad 1").get(address).text
    assert "This cannot be undone" in page and "the analysis: report" in page and "the film as it was" not in page
    answer = world.send("coach of squad 1", address)
    assert answer.status_code == 422 and "ick that all of it is to go" in answer.text and world.row(session) is not None
    answer = world.send("coach of squad 1", address, sure="yes")
    assert answer.status_code == 200 and "is deleted" in answer.text and world.row(session) is None
    assert world.browser("coach of squad 1").get(f"/edit/{session}.rowsense").status_code == 404
    with world.store.database.reading(A) as unit:
        (note,) = unit.scalars(select(AuditEntry).where(AuditEntry.subject_id == session))
    assert (note.action, note.actor_user_id) == ("delete", PEOPLE["coach of squad 1"].user_id)


def test_a_program_changes_what_it_has_read_and_nothing_else(world: World) -> None:
    session, coach = world.add(3040), world.program("coach of squad 1")
    address = f"{API}/sessions/{session}"
    read = coach.get(address)
    assert coach.patch(address, json={"notes": "x"}).status_code == 428
    assert coach.delete(address).status_code == 428
    told = coach.patch(address, json={"power_w": 151.5, "piece_kind": None}, headers={"If-Match": read.headers["ETag"]})
    assert (told.status_code, told.get_json()["power_w"], told.get_json()["piece_kind"]) == (200, 151.5, None)
    assert told.headers["ETag"] == coach.get(address).headers["ETag"] != read.headers["ETag"]
    for refused in (
        coach.patch(address, json={"notes": "late"}, headers={"If-Match": read.headers["ETag"]}),
        coach.delete(address, headers={"If-Match": read.headers["ETag"]}),
    ):
        assert refused.status_code == 412 and "read it again" in refused.get_json(force=True)["detail"]
    wrong = {"athlete": None, "rowed_on": "2999-01-01", "drag_factor": 900, "piece_kind": "picnic", "colour": "red"}
    answer = coach.patch(address, json=wrong, headers={"If-Match": "*"})
    assert answer.status_code == 422
    where = {one["where"] for one in answer.get_json(force=True)["problems"]}
    assert where == {"drag_factor", "piece_kind", "colour"}
    for said in ({"athlete": None}, {"rowed_on": "2999-01-01"}):
        assert coach.patch(address, json=said, headers={"If-Match": "*"}).status_code == 422
    theirs = {"athlete": str(ROWER_2)}
    assert coach.patch(address, json=theirs, headers={"If-Match": "*"}).status_code == 409
    rower = world.program("rower of squad 1")
    assert rower.patch(address, json={"notes": "x"}, headers={"If-Match": "*"}).status_code == 403
    reads = world.program("coach of squad 1", ["sessions"])
    assert reads.patch(address, json={"notes": "x"}, headers={"If-Match": "*"}).status_code == 403
    assert coach.delete(address, headers={"If-Match": told.headers["ETag"]}).status_code == 204
    assert coach.get(address).status_code == 404 and world.row(session) is None


def test_the_client_does_the_same(world: World) -> None:
    session = world.add(3050)
    with served(world.app.server) as address:
        client = Client(address, make_token_of(world.store, "coach of squad 1", SCOPES))
        read = client.etag(session)
        told = client.change_session(session, read, rowed_on=date(2026, 1, 5), piece_kind="race", drag_factor=None)
        assert (told.rowed_on, told.piece_kind) == (date(2026, 1, 5), "race")
        with pytest.raises(RefusedError) as refused:
            client.delete_session(session, read)
        assert refused.value.status == 412
        client.delete_session(session)
        assert world.row(session) is None


def _shown(world: World, person: str, place: str, search: str = "") -> str:
    """What the app's page at an address says."""
    browser = world.browser(person)
    asked = {
        "output": "content.children",
        "outputs": {"id": "content", "property": "children"},
        "inputs": [
            {"id": "address", "property": "pathname", "value": place},
            {"id": "address", "property": "search", "value": search},
        ],
        "changedPropIds": ["address.pathname"],
    }
    headers = {"X-CSRFToken": token_of(browser, person)}
    answer = browser.post("/_dash-update-component", json=asked, headers=headers)
    return json.dumps(answer.get_json(), ensure_ascii=False)


def test_the_way_to_the_form_is_on_the_page_of_who_may(world: World) -> None:
    for person, there in (("coach of squad 1", True), ("rower of squad 1", False)):
        shown = _shown(world, person, f"/session/{SESSIONS[ROWER_1]}.rowsense")
        assert "data-first" in shown and f"/monitor/{SESSIONS[ROWER_1]}" in shown
        assert (f"/edit/{SESSIONS[ROWER_1]}" in shown) == there, person


#: The strokes of the recorded session begin at 0.4 s and take 2.4 s each.
MONITOR = "Time (seconds),Distance (meters),Watts,Stroke Rate,Heart Rate\n" + "".join(
    f"{0.5 * n:.1f},{2.0 * n:.1f},{150 + n},25,131\n" for n in range(60)
)


def _attach(world: World, person: str, session: uuid.UUID, text: str, name: str = "erg.csv", **form: str) -> Any:
    file = (io.BytesIO(text.encode()), name)
    return world.send(person, f"/monitor/{session}.rowsense", file=file, **form)


def test_a_recording_of_the_monitor_stands_with_the_strokes_until_it_is_taken_off(world: World) -> None:
    session, person = world.add(3060), "rower of squad 1"
    place, shown = f"/monitor/{session}.rowsense", world.browser(person)
    assert "Nothing is attached yet" in shown.get(place).text
    for text, name, begins, words in (
        ("a,b\n1,2\n", "shopping.csv", "", "Shopping.csv: is no recording of a Concept2 monitor"),
        (MONITOR, "erg.csv", "", "only 7 strokes that count"),
        (MONITOR, "erg.csv", "soon", "Soon is no time"),
        (MONITOR, "erg.csv", "9:00", "saw none of the strokes"),
        (MONITOR.replace(",25,", ",31,"), "erg.csv", "0:00", "do not agree"),
    ):
        answer = _attach(world, person, session, text, name, begins=begins)
        assert answer.status_code == 422 and words in answer.text and "/tmp" not in answer.text, answer.text
    assert "Nothing is attached yet" in shown.get(place).text
    answer = _attach(world, person, session, MONITOR, "..\\erg 1.csv", begins="0:00,4")
    assert (answer.status_code, answer.location) == (303, place)
    page = shown.get(place).text
    assert "erg 1.csv" in page and "saw 7 of 7 strokes" in page and "<svg" in page and "0.4 s into the film" in page
    strokes = world.program(person).get(f"{API}/sessions/{session}/strokes").get_json()["items"]
    used = [one for one in strokes if one["usable"]]
    assert all(one["monitor_rate_spm"] == 25.0 and one["monitor_heart_rate_bpm"] == 131.0 for one in used)
    assert used[1]["monitor_distance_m"] == pytest.approx(9.6) and used[1]["monitor_pace_s_500m"] == pytest.approx(125)
    assert used[1]["monitor_power_w"] > used[0]["monitor_power_w"] > 150
    told = world.program(person).get(f"{API}/sessions/{session}").get_json()["monitor"]
    old = world.program(person).delete(f"{API}/sessions/{session}/monitor", headers={"If-Match": '"old"'})
    assert (old.status_code, old.mimetype) == (412, "application/problem+json")
    assert (told["name"], told["offset_s"], told["matched_count"], told["stroke_count"]) == ("erg 1.csv", 0.4, 7, 7)
    head, before = PEOPLE["administrator"].user_id, read_policies(world.store.database, A)
    keep_policies(world.store.database, A, replace(before, hide_names=True), by=head)
    nameless = world.browser("coach of squad 1").get(place).text
    assert "erg 1.csv" not in nameless and "monitor.csv" in nameless, "it may be called after her"
    keep_policies(world.store.database, A, before, by=head)
    listed = _shown(world, "coach of squad 1", f"/session/{session}.rowsense")
    assert "From the monitor" in listed and "Power (W)" in listed and "2:05.0" in listed
    answer = world.send(person, f"{place}/take-off")
    assert answer.status_code == 303 and "taken off" in shown.get(place).text
    assert world.program(person).get(f"{API}/sessions/{session}").get_json()["monitor"] is None
    assert "monitor_rate_spm" not in world.program(person).get(f"{API}/sessions/{session}/strokes").text


def test_a_program_attaches_and_takes_off(world: World, tmp_path: Path) -> None:
    session, file = world.add(3070), tmp_path / "polled.csv"
    file.write_text(MONITOR, encoding="utf-8")
    with served(world.app.server) as address:
        client = Client(address, make_token_of(world.store, "coach of squad 1", SCOPES))
        with pytest.raises(RefusedError, match="only 7 strokes"):
            client.attach_monitor(session, file)
        told = client.attach_monitor(session, file, begins_s=0.4)
        assert (told.name, told.matched_count, told.rate_difference_spm) == (
            "polled.csv",
            7,
            pytest.approx(0.0, abs=0.1),
        )
        assert client.monitor(session) == told
        client.take_off_monitor(session)
        assert client.monitor(session) is None


def test_calibrations_are_listed_and_one_is_deleted(world: World) -> None:
    old, new = uuid.uuid4(), uuid.uuid4()
    keep_calibration(world.store, A, old, ROWER_1, date(2026, 1, 7), make_calibration())
    keep_calibration(world.store, A, new, ROWER_1, date(2026, 2, 3), make_calibration())
    place = f"/calibrations/{ROWER_1}"
    page = world.browser("rower of squad 1").get(place).text
    assert page.index("3 Feb 2026") < page.index("7 Jan 2026") and page.count("(is used now)") == 1
    assert "hips tip back by 20° and the low back rounds by 30°" in page and "within 9° and 10°" in page
    assert "The picture is dark." in page and f"{place}/delete" not in page, "she asks her coach"
    season = _shown(world, "coach of squad 1", f"/athlete/{ROWER_1}", "?weeks=0")
    assert "hips tip back by 20" in season and place in season
    assert place not in _shown(world, "coach of squad 1", f"/athlete/{ROWER_1}", "?weeks=0&names=off")
    address = f"{API}/athletes/{ROWER_1}/calibrations"
    told = world.program("rower of squad 1").get(address).get_json()["items"]
    assert [(one["id"], one["made_at"][:10]) for one in told] == [(str(new), "2026-02-03"), (str(old), "2026-01-07")]
    assert told[0]["pelvic_tilt"] == {"width_deg": -20.0, "sd_deg": pytest.approx(4.6, abs=0.1)}
    assert world.program("rower of squad 1").delete(f"{address}/{new}").status_code == 403
    answer = world.send("coach of squad 1", f"{place}/delete/{new}")
    assert (answer.status_code, answer.location) == (303, place)
    page = world.browser("coach of squad 1").get(place).text
    assert "3 Feb 2026" not in page and "The calibration is deleted." in page and "(is used now)" in page
    coach = world.program("coach of squad 1")
    assert [coach.delete(f"{address}/{old}").status_code for _ in "ab"] == [204, 410]
    assert "None yet." in world.browser("coach of squad 1").get(place).text


def test_tags_are_given_found_by_and_gone_with_their_last_session(world: World) -> None:
    first, second, other = world.add(3080), world.add(3090), world.add(3100, ROWER_2)
    said = "  Head  wind, camp,, CAMP ,<b>late</b>"
    assert world.send("coach of squad 1", f"/edit/{first}.rowsense", tags=said).status_code == 303
    page = world.browser("coach of squad 1").get(f"/edit/{first}.rowsense").text
    assert 'value="&lt;b&gt;late&lt;/b&gt;, CAMP, Head wind"' in page and "In use:" in page
    assert _hidden(page)["tags"] == "", "it can be taken back"
    client = world.program("administrator")
    for session, tags in ((second, ["camp"]), (other, ["camp", "secret"])):
        address = f"{API}/sessions/{session}"
        assert client.patch(address, json={"tags": tags}, headers={"If-Match": "*"}).get_json()["tags"][0] == "CAMP"
    for wrong in ({"tags": ["x" * 41]}, {"tags": [str(n) for n in range(13)]}, {"tags": "camp"}):
        assert client.patch(f"{API}/sessions/{first}", json=wrong, headers={"If-Match": "*"}).status_code == 422
    assert world.send("coach of squad 1", f"/edit/{first}.rowsense", tags="y" * 41).status_code == 422
    coach = world.program("coach of squad 1")
    listed = coach.get(f"{API}/sessions?tag=CAMP").get_json()["items"]
    assert {one["id"] for one in listed} == {str(first), str(second)}, "and nobody's of another squad"
    assert coach.get(f"{API}/sessions?tag=secret").get_json()["items"] == []
    shown = _shown(world, "coach of squad 1", "/", "?tag=CAMP")
    assert str(first) in shown and str(second) in shown and f"/session/{SESSIONS[ROWER_1]}" not in shown
    assert "Head wind" in shown and "secret" not in shown, "a coach chooses among the tags of her own squads"
    assert "Head wind" not in _shown(world, "coach of squad 1", "/", "?names=off")
    assert "has the tag picnic" in _shown(world, "coach of squad 1", "/", "?tag=picnic")
    assert client.patch(f"{API}/sessions/{other}", json={"tags": []}, headers={"If-Match": "*"}).status_code == 200
    with world.store.database.reading(A) as unit:
        assert sorted(unit.scalars(select(Tag.name))) == ["<b>late</b>", "CAMP", "Head wind"]
