"""Films on their way in, over real HTTP to the server of `rowsense serve`: sent, cut off, gone on with, claimed."""

from __future__ import annotations

import base64
import http.client
import json
import os
import socket
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from dashboards.app import listening
from dashboards.club import Place, create_club_app
from dashboards.house import Chore, keeping_house
from dashboards.uploads.checking import Checker, check
from dashboards.uploads.leaving import take_away
from dashboards.uploads.sending import CHUNK_BYTES
from rowsense.jobs.requests import kept_piece
from rowsense.store import upload_files
from rowsense.store.claims import ClubStore, state_of
from rowsense.store.own_calibrations import keep_calibration
from rowsense.store.record import Piece
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Job, TrainingSession, Upload, Video
from rowsense.store.tables.uploads import CHECKING, CLAIMED, READY, RECEIVING, REFUSED
from rowsense.store.upload_files import BusyError, upload_files_of
from rowsense.store.uploads import Announced, UploadError, UploadLimits, append, create_upload, move_on
from rowsense.store.viewers import viewer_of
from rowsense.store.web_servers import Common, WebServer
from tests.calibrations import make_calibration
from tests.dashboards.closing import close_from_outside
from tests.dashboards.club_world import JUNIOR, PEOPLE, ROWER_1, ROWER_2, SESSIONS, A, make_world, signed_in, token_of

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "well_rowed.mp4"
TUS = {"Tus-Resumable": "1.0.0"}
EVERYTHING = AllClubs("look at a test's store")


@dataclass
class Sender:
    """Somebody's program that sends films."""

    host: str
    port: int
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.request(method, path, body, self.headers | {k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def announce(self, byte_count: int, name: str = "Žofie 1.mp4") -> str:
        told = (
            f"filename {base64.b64encode(name.encode()).decode()},filmed_on {base64.b64encode(b'2026-03-01').decode()}"
        )
        status, headers, said = self.ask("POST", "/uploads", Upload_Length=str(byte_count), Upload_Metadata=told, **TUS)
        assert status == 201, said
        return headers["location"]

    def send(self, place: str, offset: int, part: bytes, **more: str) -> tuple[int, dict[str, str], bytes]:
        kind = {"Content-Type": "application/offset+octet-stream"}
        return self.ask("PATCH", place, part, **(kind | TUS | {"Upload-Offset": str(offset)} | more))

    def offset(self, place: str) -> int:
        status, headers, _ = self.ask("HEAD", place, **TUS)
        assert status == 200 and "no-store" in headers["cache-control"]
        return int(headers["upload-offset"])

    def status(self, place: str) -> dict[str, Any]:
        return dict(json.loads(self.ask("GET", place)[2]))

    def until(self, place: str, *states: str) -> dict[str, Any]:
        until_s = time.monotonic() + 60
        while (told := self.status(place))["state"] not in states:
            assert time.monotonic() < until_s, told
            time.sleep(0.05)
        return told

    def claim(self, place: str, **told: Any) -> tuple[int, dict[str, str], bytes]:
        return self.ask("POST", f"{place}/claim", json.dumps(told), Content_Type="application/json")


@dataclass
class World:
    store: ClubStore
    app: Any
    address: str

    def sender(self, person: str) -> Sender:
        client = signed_in(self.app, person)
        token = token_of(client, person)
        cookies = "; ".join(f"{c.key}={c.value}" for c in client._cookies.values())
        parts = urlsplit(self.address)
        return Sender(str(parts.hostname), int(parts.port or 0), {"Cookie": cookies, "X-CSRFToken": token})

    def rows(self, table: Any) -> list[Any]:
        with self.store.database.reading(EVERYTHING) as unit:
            return list(unit.scalars(select(table)))

    def upload(self, key: uuid.UUID) -> Upload:
        (found,) = [row for row in self.rows(Upload) if row.id == key]
        assert isinstance(found, Upload)
        return found


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    store, app = make_world(tmp_path_factory.mktemp("world"))
    server = listening(app.server, "127.0.0.1", 0, max_request_body_size=CHUNK_BYTES)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield World(store, app, f"http://127.0.0.1:{server.effective_port}")
    close_from_outside(server)
    server.task_dispatcher.shutdown()
    thread.join(5)
    store.database.close()


@pytest.fixture(scope="module")
def coach(world: World) -> Sender:
    return world.sender("coach of squad 1")


@pytest.fixture(scope="module")
def film() -> bytes:
    return SAMPLE.read_bytes()


def test_a_film_that_is_cut_off_goes_on_where_it_was_and_becomes_a_session(
    world: World, coach: Sender, film: bytes
) -> None:
    place = coach.announce(len(film))
    third = len(film) // 3
    status, headers, _ = coach.send(place, 0, film[:third])
    assert (status, headers["upload-offset"], headers["tus-resumable"]) == (204, str(third), "1.0.0")
    assert "upload-expires" in headers
    _cut_off(coach, place, third, film[third:], third // 2)
    here = coach.offset(place)
    assert here == third, "of a part that did not come whole nothing counts behind this web server"
    # Said while it is still on its way.
    told = {"athlete": str(ROWER_1), "rowed_on": "2026-03-01", "piece_kind": "steady", "foot_height_hole": "4"}
    assert coach.claim(place, **told)[0] == 200
    assert coach.status(place)["claim"] == told | {
        "ergometer_type": None, "notes": "", "foot_height_hole": 4, "rower": None, "speed": None,
        "calibration": "",
    }  # fmt: skip
    assert coach.send(place, here, film[here:])[0] == 204
    claimed = coach.until(place, CLAIMED)
    assert claimed["job"]["state"] == "queued" and claimed["name"] == "Žofie 1.mp4"
    row = next(r for r in world.rows(Upload) if str(r.id) == claimed["id"])
    said = {"session": str(row.session_id), "athlete": "Anna", "rowed_on": "2026-03-01", "address": ""}
    assert claimed["session"] == said
    video = next(v for v in world.rows(Video) if v.session_id == row.session_id)
    session = next(s for s in world.rows(TrainingSession) if s.id == row.session_id)
    assert (session.piece_kind, session.foot_height_hole, session.rowed_on) == ("steady", 4, date(2026, 3, 1))
    assert session.created_by_user_id == PEOPLE["coach of squad 1"].user_id
    assert video.name == "Žofie 1.mp4" and video.byte_count == len(film) and video.codec == "h264"
    with world.store.files.fetch(video.file_key.rpartition("/")[0]) as folder:
        assert (folder / "video.mp4").read_bytes() == film
    assert not upload_files_of(world.store).path(row.id).exists()
    # It can be watched at once, in ranges, by who sent it.
    assert claimed["film"] == f"{place}/film/original"
    status, headers, part = coach.ask("GET", claimed["film"], Range="bytes=100-199")
    assert (status, part, headers["content-type"]) == (206, film[100:200], "video/mp4")
    assert headers["content-range"] == f"bytes 100-199/{len(film)}"
    assert coach.ask("GET", f"{place}/film/copy")[0] == coach.ask("GET", f"{place}/film/x")[0] == 404
    assert world.sender("administrator").ask("GET", claimed["film"])[0] == 404
    assert [j.payload["session_id"] for j in world.rows(Job) if j.id == row.job_id] == [str(row.session_id)]
    assert state_of(world.store).unnamed == () and state_of(world.store).missing == ()

    # The same file again: said so before it is claimed, also where the claim was made before.
    again = coach.announce(len(film), "copy.mp4")
    assert coach.claim(again, **told)[0] == 200
    assert coach.send(again, 0, film)[0] == 204
    ready = coach.until(again, READY)
    time.sleep(0.2)
    assert coach.status(again)["state"] == READY
    assert ready["known"][0]["athlete"] == "Anna"
    assert coach.ask("DELETE", again, **TUS)[0] == 204
    assert coach.ask("HEAD", again, **TUS)[0] == 404

    # Its analysis is cancelled, tried again, and what came to nothing is taken away with its session and film.
    assert coach.ask("DELETE", place, **TUS)[0] == 409, "it waits"
    assert coach.ask("POST", f"{place}/cancel")[0] == 200
    assert coach.status(place)["job"]["state"] == "cancelled"
    assert json.loads(coach.ask("POST", f"{place}/retry")[2])["job"]["state"] == "queued"
    assert coach.ask("POST", f"{place}/cancel")[0] == 200
    assert coach.ask("DELETE", place, **TUS)[0] == 204
    assert coach.ask("GET", claimed["film"])[0] == 404
    assert session.id not in {s.id for s in world.rows(TrainingSession)}
    assert state_of(world.store).unnamed == ()


def _cut_off(sender: Sender, place: str, offset: int, part: bytes, after: int) -> None:
    """The network goes away in the middle of a part."""
    head = {"Host": f"{sender.host}:{sender.port}", "Content-Length": str(len(part)), "Upload-Offset": str(offset)}
    head |= {"Content-Type": "application/offset+octet-stream"} | TUS | sender.headers
    lines = [f"PATCH {place} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
    with socket.create_connection((sender.host, sender.port)) as line:
        line.sendall("\r\n".join(lines).encode() + part[:after])
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def test_what_is_sent_wrongly_is_refused_and_changes_nothing(world: World, coach: Sender, film: bytes) -> None:
    place = coach.announce(len(film))
    assert coach.send(place, 5, film[5:100])[0] == 409
    assert coach.send(place, 0, film[:100], Tus_Resumable="0.2.2")[0] == 412
    assert coach.send(place, 0, film[:100], Content_Type="video/mp4")[0] == 415
    assert coach.send(place, 0, film[:100], Upload_Offset="-1")[0] == 400
    assert coach.send(place, 0, film + b"more")[0] == 400
    assert coach.send(place, 0, b"", Content_Length=str(CHUNK_BYTES + 1))[0] == 413, "before it is sent"
    assert coach.send(place, 0, film[:100], X_CSRFToken="wrong")[0] == 400
    other = world.sender("coach of squad 2")
    for stranger in (other, world.sender("administrator"), world.sender("administrator of another club")):
        assert stranger.send(place, 0, film[:100])[0] == 404
        assert stranger.ask("DELETE", place, **TUS)[0] == 404
        assert stranger.claim(place, athlete=str(ROWER_1), rowed_on="2026-03-01")[0] == 404
    assert coach.offset(place) == 0
    assert coach.ask("POST", "/uploads", Upload_Length="0", **TUS)[0] == 400
    assert coach.ask("POST", "/uploads", Upload_Length=str(5 << 30), **TUS)[0] == 413
    assert coach.ask("POST", "/uploads", Upload_Defer_Length="1", **TUS)[0] == 400
    assert coach.ask("POST", "/uploads", Upload_Length="9", Upload_Metadata="filename ÿ", **TUS)[0] == 400
    status, headers, _ = coach.ask("OPTIONS", "/uploads")
    assert status == 204 and headers["tus-version"] == "1.0.0" and headers["tus-max-size"] == str(4 << 30)
    # Behind something that lets no PATCH through; and the bytes decide what is a film, not its name.
    status, _, said = coach.ask(
        "POST", place, b"\x89PNG\r\n\x1a\n" + bytes(300), X_HTTP_Method_Override="PATCH", Upload_Offset="0",
        Content_Type="application/offset+octet-stream", **TUS,
    )  # fmt: skip
    assert status == 415 and b"no film" in said
    assert coach.status(place)["state"] == REFUSED and coach.ask("HEAD", place, **TUS)[0] == 410


def test_who_is_in_a_film_is_somebody_whose_films_one_may_bring_in(world: World, coach: Sender) -> None:
    place = coach.announce(1000)
    for told, said in (
        ({"athlete": str(ROWER_2), "rowed_on": "2026-03-01"}, "not one of yours"),
        ({"athlete": str(uuid.UUID(int=23)), "rowed_on": "2026-03-01"}, "consent"),
        ({"athlete": "", "rowed_on": "2999-01-01", "piece_kind": "sprint", "foot_height_hole": "x"}, "future"),
        ({"athlete": str(ROWER_1), "rowed_on": "2026-03-01", "foot_height_hole": "0000099"}, "from 0 to 20"),
        ({"athlete": str(ROWER_1), "rowed_on": "2026-03-01", "piece_kind": "\ud800x"}, "x is not known"),
        ({"athlete": str(ROWER_1), "rowed_on": "2026-03-01", "rower": "1.5"}, "a whole number"),
        ({"athlete": str(ROWER_1), "rowed_on": "2026-03-01", "speed": "inf"}, "from 1 to 40"),
    ):
        status, _, words = coach.claim(place, **told)
        assert status == 409 and said in words.decode()
    assert coach.status(place)["claim"] is None
    rower = world.sender("rower of squad 1")
    own = rower.announce(1000)
    assert rower.claim(own, athlete=str(ROWER_2), rowed_on="2026-03-01")[0] == 409
    assert (
        rower.claim(own, athlete=str(ROWER_1), rowed_on="2026-03-01", notes="a\0b\udfffc", rower=2, speed="8")[0] == 200
    )
    kept = rower.status(own)["claim"]
    assert (kept["notes"], kept["rower"], kept["speed"]) == ("abc", 2, 8.0)


def test_a_film_that_cannot_be_read_is_refused_in_words(coach: Sender, film: bytes) -> None:
    place = coach.announce(4000, "broken.mp4")
    assert coach.send(place, 0, film[:3000])[0] == 204
    assert coach.send(place, 3000, film[3000:4000])[0] == 204
    refused = coach.until(place, REFUSED)
    assert "broken.mp4" in refused["problem"] and ".part" not in refused["problem"]


@pytest.mark.skipif(os.name == "nt", reason="there a process that was killed has no code of its own")
@pytest.mark.parametrize(
    ("how", "times", "state"), [("TERM", 1, CHECKING), ("KILL", 2, CHECKING), ("SEGV", 2, REFUSED)]
)
def test_a_film_whose_looking_was_stopped_stays_and_its_claim_is_kept_over_the_next_start(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, times: int, state: str
) -> None:
    viewer = viewer_of(world.store.database, PEOPLE["rower of squad 1"].user_id)
    assert viewer is not None
    film = SAMPLE.read_bytes() + how.encode()  # unlike the others
    row = create_upload(world.store, viewer, Announced("a.mp4", len(film)), UploadLimits())
    parts = [film]
    append(world.store, row, 0, lambda most: parts.pop() if parts else b"")
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\nulimit -c 0\necho once >> {tmp_path}/times\nkill -{how} $$\n")
    program.chmod(0o700)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", str(program))
        check(world.store, row.id)
    assert (tmp_path / "times").read_text().split() == ["once"] * times
    assert world.upload(row.id).state == state
    assert upload_files_of(world.store).path(row.id).exists() == (state == CHECKING)
    if how != "TERM":
        return
    # The server ends after the film was found good and before its session is made: the next start makes it.
    piece = Piece(ROWER_1, date(2026, 3, 2), notes="ň")
    found = {"sha256": "d" * 64, "codec": "h264", "duration_s": 9.0, "fps": 30.0, "width_px": 9, "height_px": 9}
    move_on(world.store, row, CHECKING, state=READY, found=found, claim=kept_piece(piece))
    Checker(world.store).catch_up()
    until_s = time.monotonic() + 60
    while world.upload(row.id).state != CLAIMED:
        assert time.monotonic() < until_s
        time.sleep(0.05)


def test_a_session_of_which_there_is_an_analysis_stays_whatever_its_last_job_came_to(world: World) -> None:
    viewer = viewer_of(world.store.database, PEOPLE["rower of squad 1"].user_id)
    assert viewer is not None
    calibrated = uuid.UUID(int=901)
    keep_calibration(world.store, A, calibrated, ROWER_1, date(2026, 3, 1), make_calibration())
    for session, stays in ((SESSIONS[ROWER_1], True), (calibrated, True), (uuid.UUID(int=900), False)):
        row = create_upload(world.store, viewer, Announced("a.mp4", 9), UploadLimits())
        with world.store.database.writing(A) as unit:
            if session != SESSIONS[ROWER_1]:
                unit.add(TrainingSession(id=session, athlete_id=ROWER_1, rowed_on=date(2026, 3, 1)))
            job = Job(id=uuid.uuid4(), kind="analyze", athlete_id=ROWER_1, payload={}, state="failed")
            unit.add(job)
        move_on(world.store, row, RECEIVING, state=CLAIMED, session_id=session, job_id=job.id)
        take_away(world.store, viewer, world.upload(row.id))
        assert (session in {one.id for one in world.rows(TrainingSession)}) == stays
        assert row.id not in {one.id for one in world.rows(Upload)}


def test_the_picture_of_a_film_goes_out_of_sight_with_its_session(world: World) -> None:
    """As where a guardian's consent is withdrawn, or the session becomes somebody's of another squad."""
    person = "coach of squad 1"
    viewer, client = viewer_of(world.store.database, PEOPLE[person].user_id), signed_in(world.app, person)
    assert viewer is not None
    row = create_upload(world.store, viewer, Announced("a.mp4", 9), UploadLimits())
    path = upload_files_of(world.store).picture(row.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a face")
    before = RECEIVING
    for session, seen in ((SESSIONS[ROWER_1], True), (SESSIONS[JUNIOR], False), (SESSIONS[ROWER_2], False)):
        move_on(world.store, row, before, state=CLAIMED, session_id=session)
        before = CLAIMED
        (card,) = [one for one in client.get("/uploads").get_json() if one["id"] == str(row.id)]
        answer = client.get(f"/uploads/{row.id}/picture")
        answer.close()
        assert (card["picture"], answer.status_code) == (seen, 200 if seen else 404)


def test_a_film_that_another_server_left_is_looked_at_by_the_one_that_keeps_house(
    world: World, film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_files, "_MOMENT_S", 0.02)
    viewer = viewer_of(world.store.database, PEOPLE["coach of squad 1"].user_id)
    assert viewer is not None
    row = create_upload(world.store, viewer, Announced("a.mp4", len(film)), UploadLimits())
    parts = [film]
    append(world.store, row, 0, lambda most: parts.pop() if parts else b"")
    web, checker = WebServer(world.store.database, Common(1, 2)), Checker(world.store)
    chores = (Chore(lambda: checker.catch_up(others=True), 0.02, for_all=True),)
    with upload_files_of(world.store).looking_at(row.id) as alone:
        assert alone
        assert not check(world.store, row.id), "the other one looks at it"
        with keeping_house(web, chores, look_s=0.02):
            time.sleep(0.1)
        assert world.upload(row.id).state == CHECKING
    web.keeps_house = False
    with keeping_house(web, chores, look_s=0.02):
        time.sleep(0.1)
    assert world.upload(row.id).state == CHECKING, "it is another one's turn"
    web.keeps_house = True
    with keeping_house(web, chores, look_s=0.02):
        until_s = time.monotonic() + 60
        while world.upload(row.id).state != READY:
            assert time.monotonic() < until_s
            time.sleep(0.05)


def test_a_claim_that_cannot_be_read_is_said_in_words(world: World) -> None:
    viewer = viewer_of(world.store.database, PEOPLE["rower of squad 1"].user_id)
    assert viewer is not None
    row = create_upload(world.store, viewer, Announced("a.mp4", 9), UploadLimits())
    move_on(world.store, row, RECEIVING, state=READY, found={"sha256": "e" * 64}, claim={"athlete_id": "nobody"})
    Checker(world.store).catch_up()
    until_s = time.monotonic() + 60
    while not (row := world.upload(row.id)).problem:
        assert time.monotonic() < until_s
        time.sleep(0.05)
    assert row.state == READY and "say again who is in it" in row.problem


def test_where_the_stream_breaks_off_what_came_stays_and_two_never_write_at_once(world: World, film: bytes) -> None:
    viewer = viewer_of(world.store.database, PEOPLE["coach of squad 1"].user_id)
    assert viewer is not None
    row = create_upload(world.store, viewer, Announced("a.mp4", len(film)), UploadLimits())
    parts = [film[:1000]]

    def breaks_off(most: int) -> bytes:
        if not parts:
            raise ConnectionResetError
        with pytest.raises(BusyError):
            append(world.store, row, 0, lambda most: film[:most])
        return parts.pop()

    with pytest.raises(ConnectionResetError):
        append(world.store, row, 0, breaks_off)
    files = upload_files_of(world.store)
    assert files.size(row.id) == 1000
    with pytest.raises(UploadError, match="goes on at byte 1000"):
        append(world.store, row, 0, lambda most: b"")
    rest = [film[1000:]]
    # The last bytes are here, but the server ends before that is noted: the next start finds it.
    with files.writing(row.id) as writer:
        writer.append(lambda most: rest.pop() if rest else b"", len(film))
    (row,) = [one for one in world.rows(Upload) if one.id == row.id]
    assert row.state == RECEIVING
    create_club_app(world.store, Place("http://127.0.0.1:8050", "t" * 40), UploadLimits(find_rower=False))
    until_s = time.monotonic() + 60
    while row.state != READY and time.monotonic() < until_s:
        time.sleep(0.05)
        (row,) = [one for one in world.rows(Upload) if one.id == row.id]
    assert row.state == READY and row.found["duration_s"] > 5
    with pytest.raises(UploadError):
        append(world.store, row, len(film), lambda most: b"more")
