"""`rowsense push` and the client against a real server: cut off, killed, gone on with, refused, waited for."""

from __future__ import annotations

import hashlib
import http.client
import json
import math
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from dashboards.app import listening
from dashboards.club import Place, create_club_app
from dashboards.uploads import checking
from dashboards.uploads.sending import CHUNK_BYTES
from rowsense.cli import app
from rowsense.client import Client, OfflineError, RefusedError, TokenError, length
from rowsense.client.memory import Memory
from rowsense.client.sending import LEAST_BYTES, MOST_BYTES, Said, send_film
from rowsense.errors import RowSenseError, UsageError, VideoError
from rowsense.jobs.queue import begin, end, take
from rowsense.jobs.stopping import cancel
from rowsense.jobs.telling import How, Outcome
from rowsense.store.claims import ClubStore
from rowsense.store.own_calibrations import keep_calibration
from rowsense.store.record import Recording, record
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Job, TrainingSession, Upload, Video
from rowsense.store.tables.api_tokens import SCOPES
from rowsense.store.upload_files import upload_files_of
from rowsense.store.uploads import UploadLimits
from rowsense.video.probe import probe
from tests.calibrations import make_calibration
from tests.clips import numbered_images, write_clip
from tests.dashboards.closing import close_from_outside
from tests.dashboards.club_world import PEOPLE, ROWER_1, ROWER_2, SESSIONS, A, make_token_of, make_world
from tests.store.club import analysed_folder

SAMPLES = Path(__file__).parents[2] / "sample_videos"
# Of a large part that is cut off the web server leaves its temporary file to the collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file <_io.BufferedRandom:ResourceWarning")
EVERYTHING = AllClubs("look at a test's store")


@contextmanager
def served(pages: Any) -> Iterator[str]:
    server = listening(pages.server, "127.0.0.1", 0, max_request_body_size=CHUNK_BYTES)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        close_from_outside(server)
        server.task_dispatcher.shutdown()
        thread.join(5)


@dataclass
class World:
    store: ClubStore
    address: str
    folder: Path

    def rows(self, table: Any) -> list[Any]:
        with self.store.database.reading(EVERYTHING) as unit:
            return list(unit.scalars(select(table)))

    def client(self, person: str = "coach of squad 1", through: str = "") -> Client:
        return Client(through or self.address, make_token_of(self.store, person, SCOPES))

    def begin_push(self, *arguments: str, token: str = "", through: str = "") -> subprocess.Popen[str]:
        """The command as a process of its own."""
        named = {"ROWSENSE_TOKEN": token or make_token_of(self.store, "coach of squad 1", ["upload"])}
        more = {**named, "ROWSENSE_CACHE_DIR": str(self.folder / "cache"), "ROWSENSE_SERVER": through or self.address}
        command = [sys.executable, "-P", "-m", "rowsense", "push", *arguments]
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **more}
        )

    def push(self, *arguments: str, **more: str) -> tuple[int, str, str]:
        process = self.begin_push(*arguments, **more)
        said, told = process.communicate(timeout=120)
        return process.returncode, said, told


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    store, pages = make_world(folder)
    with served(pages) as address:
        yield World(store, address, folder)
    store.database.close()


class Line:
    """A network between the two, which breaks after so many bytes, as often as there are numbers; then it holds."""

    def __init__(self, address: str, breaks_after: list[int], pause_s: float = 0.0) -> None:
        self._to = int(address.rpartition(":")[2])
        self._breaks, self._pause_s = breaks_after, pause_s
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.broken = 0
        self.carried = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._door.accept()
                threading.Thread(target=self._join, args=(here,), daemon=True).start()

    def _join(self, here: socket.socket) -> None:
        with here, socket.create_connection(("127.0.0.1", self._to)) as there:
            back = threading.Thread(target=self._carry, args=(there, here, False), daemon=True)
            back.start()
            self._carry(here, there, True)
            back.join()

    def _carry(self, source: socket.socket, target: socket.socket, out: bool) -> None:
        count = 0
        with suppress(OSError):
            while data := source.recv(1 << 16):
                count += len(data)
                if out and self._breaks and count > self._breaks[0]:
                    self._breaks.pop(0)
                    self.broken += 1
                    for one in (source, target):
                        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                        one.shutdown(socket.SHUT_RDWR)
                    return
                if out and count > 1 << 18:
                    self.carried.set()
                    time.sleep(self._pause_s)
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self._door.close()


def stored_bytes(world: World, upload: Upload) -> bytes:
    (video,) = [v for v in world.rows(Video) if v.session_id == upload.session_id]
    with world.store.files.fetch(video.file_key.rpartition("/")[0]) as folder:
        return (folder / Path(video.file_key).name).read_bytes()


def test_a_push_that_is_cut_off_and_killed_goes_on_and_the_film_is_whole(world: World) -> None:
    film = SAMPLES / "well_rowed.mp4"
    slow = Line(world.address, [], pause_s=0.5)
    killed = world.begin_push(str(film), "--athlete", "anna", through=slow.address)
    # The first part is on the disk and the second one under way.
    assert slow.carried.wait(60)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    slow.close()
    (row,) = world.rows(Upload)
    here = upload_files_of(world.store).size(row.id)
    assert 0 < here < film.stat().st_size and row.claim["athlete_id"] == str(ROWER_1)

    line = Line(world.address, [])
    # Another address is another server as far as anybody knows, so the upload is remembered under this one.
    Memory(world.folder / "cache" / "push").keep(line.address, hashlib.sha256(film.read_bytes()).hexdigest(), row.id)
    line._breaks += [200_000, 300_000]
    code, said, told = world.push(str(film), "--athlete", "anna", "--json", through=line.address)
    assert code == 0, told
    assert line.broken == 2 and "went on at" in told
    (row,) = world.rows(Upload)
    assert stored_bytes(world, row) == film.read_bytes()
    done = json.loads(said)
    assert done["state"] == "queued" and done["upload"] == str(row.id) and done["page"].endswith("/upload")
    stages = [json.loads(one) for one in told.splitlines() if one.startswith("{")]
    assert {"look", "send"} <= {one.get("stage") for one in stages}
    assert not list((world.folder / "cache" / "push").glob("*.json")) or here, "what is done is forgotten"
    session = next(s for s in world.rows(TrainingSession) if s.id == row.session_id)
    assert session.athlete_id == ROWER_1 and session.rowed_on == date.fromtimestamp(film.stat().st_mtime)

    # The same film again, under another name: said, and not sent.
    copy = world.folder / "copy of it.mp4"
    copy.write_bytes(film.read_bytes())
    code, said, told = world.push(str(copy), "--athlete", "Anna")
    assert code == 0 and "has this film already (Anna," in said and len(world.rows(Upload)) == 1
    # Who may not see that session is not told of it.
    assert world.client("coach of squad 2").known(row.found["sha256"]) == ()
    line.close()


def test_it_waits_for_the_analysis_and_says_where_the_report_is(world: World) -> None:
    film = SAMPLES / "hips_tip_back.mp4"
    process = world.begin_push(str(film), "--athlete", str(ROWER_1), "--kind", "technique", "--wait")
    until_s = time.monotonic() + 60
    while not (jobs := [j for j in world.rows(Job) if j.payload["session_id"] not in _pushed_before(world, film)]):
        assert time.monotonic() < until_s and process.poll() is None
        time.sleep(0.05)
    (job,) = jobs
    # Stopped while it waits, it waits for the same one when it is asked again.
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    process = world.begin_push(str(film), "--wait")
    assert process.stderr is not None and "so it was not sent" in process.stderr.readline()
    _analyse(world, job)
    said, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    session = job.payload["session_id"]
    assert said.strip().endswith(f"the report is at {world.address}/session/{session}.rowsense")
    club = world.client()
    found = next(one for one in club.sessions(athlete=ROWER_1) if str(one.id) == session)
    assert (found.athlete.name, found.piece_kind) == ("Anna", "technique") and found.analysis.score is not None
    assert club.analysis(found.analysis.id).state == "done"
    assert len(list(club.strokes(found.id))) == found.analysis.stroke_count
    report = club.download(found.id, "report.html", world.folder / "report.html")
    assert report.read_text(encoding="utf-8") == "<html>" and club.summary(found.id)["score"] == found.analysis.score
    (group,) = club.season_groups(by=["piece_kind"], piece_kind=["technique"], percentiles=[0.5], athlete=[ROWER_1])
    assert group.piece_kind == "technique" and len(group.percentiles) == 1
    assert [one.session for one in club.season_sessions(piece_kind="technique")] == [found.id]
    assert [one.name for one in club.athletes()] == ["Anna"] and len(list(club.squads())) == 1
    assert "score" in {one.id for one in club.quantities()}


def _pushed_before(world: World, film: Path) -> set[str]:
    sha256 = hashlib.sha256(film.read_bytes()).hexdigest()
    return {str(video.session_id) for video in world.rows(Video) if video.sha256 != sha256}


def _analyse(world: World, job: Job) -> None:
    """What a worker does, with a result that is at hand."""
    tickets = {ticket.job_id: ticket for ticket in take(world.store.database, "a test", 9)}
    ticket = tickets[job.id]
    assert begin(world.store.database, ticket, "a worker", "0.1") is not None
    session, analysis = (uuid.UUID(job.payload[name]) for name in ("session_id", "analysis_id"))
    (video,) = [one for one in world.rows(Video) if one.session_id == session]
    folder = analysed_folder(world.folder / "analysed.rowsense", sha256=video.sha256)
    record(world.store, A, Recording(folder, session, analysis))
    end(world.store.database, ticket, Outcome(How.DONE))


@pytest.mark.parametrize(
    ("arguments", "token", "code", "words"),
    [
        (["well_rowed.mp4"], "rowsense_wrong", 2, "taken back, is too old, or never was one"),
        (["well_rowed.mp4", "--server", "http://127.0.0.1:9"], "", 7, "nothing answers there"),
        (["well_rowed.mp4", "--server", "http://192.0.2.1"], "", 2, "--unencrypted"),
        (["well_rowed.mp4", "--server", "rowing.club.org"], "", 2, "is no address"),
        (["well_rowed.mp4", "--athlete", "Beata"], "", 2, "no rower of yours"),
        (["no_such.mp4", "--athlete", "Anna"], "", 2, "cannot be read"),
        (["README.md", "--athlete", "Anna"], "", 3, "no film that RowSense knows"),
        (["README.md", "no_such.mp4", "--athlete", "Anna"], "", 5, "no film that RowSense knows"),
        (["well_rowed.mp4", "--token-file", "no_such_token"], "", 2, "the token cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_to_do(
    world: World, arguments: list[str], token: str, code: int, words: str
) -> None:
    named = [str(SAMPLES / one) if "." in one and not one.startswith(("http", "rowing")) else one for one in arguments]
    given = token or make_token_of(world.store, "coach of squad 1", ["upload"])
    environment = {"ROWSENSE_TOKEN": given, "ROWSENSE_CACHE_DIR": str(world.folder), "ROWSENSE_SERVER": world.address}
    # In this process: the command line's own last step only prints what is raised, and ends with its code.
    done = CliRunner().invoke(app, ["push", *named], env=environment)
    error = done.exception
    got, told = (error.exit_code, str(error)) if isinstance(error, RowSenseError) else (done.exit_code, done.output)
    assert got == code and words in told, told
    assert given not in told


def test_the_client_knows_what_is_wrong(world: World, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes((SAMPLES / "well_rowed.mp4").read_bytes() + b"other")
    small = create_club_app(world.store, Place("http://127.0.0.1:8050", "s" * 40), UploadLimits(club_bytes=1))
    memory = Memory(tmp_path / "memory")
    said = Said(ROWER_1, date(2026, 3, 1))
    token = make_token_of(world.store, "coach of squad 1", SCOPES)
    with served(small) as full, pytest.raises(RefusedError, match="club has room for") as refused:
        send_film(Client(full, token), film, said, memory=memory)
    assert refused.value.status == 413

    club = world.client()
    with pytest.raises(RefusedError, match="cannot be taken"):
        send_film(club, film, Said(ROWER_2, date(2026, 3, 1)), memory=memory)
    sent = send_film(club, film, said, memory=memory)
    assert sent.resumed_bytes == 0 and sent.upload is not None and sent.upload.session is not None
    cancelled = club.cancel(sent.upload.id)
    assert cancelled.job is not None and cancelled.job.state == "cancelled"
    again = send_film(club, film, said, again=True, memory=memory)
    assert again.known and again.upload is not None and again.upload.state == "claimed"
    assert {sent.upload.id, again.upload.id} <= {one.id for one in club.uploads()}

    cut = tmp_path / "cut.mp4"
    cut.write_bytes((SAMPLES / "well_rowed.mp4").read_bytes()[:70_000])
    with pytest.raises(VideoError, match=r"cut\.mp4"):
        send_film(club, cut, said, memory=memory)
    with pytest.raises(VideoError, match="empty"):
        send_film(club, _empty(tmp_path), said, memory=memory)
    dead = Line(world.address, [0] * 99)
    with pytest.raises(OfflineError, match="connection broke"):
        world.client(through=dead.address).me()
    dead.close()
    with pytest.raises(TokenError):
        Client(world.address, "rowsense_x").me()
    with pytest.raises(UsageError, match="no token"):
        Client(world.address, "two words")
    assert LEAST_BYTES < MOST_BYTES <= CHUNK_BYTES


def test_what_a_club_has_is_read_as_data(world: World) -> None:
    club, session = world.client(), SESSIONS[ROWER_1]
    (anna,), (squad,) = club.athletes(), club.squads()
    assert club.athlete(anna.id) == anna and club.squad(squad.id) == squad and anna.squads == (squad,)
    (version,) = club.analyses(session)
    found = club.version(session, version.id)
    assert (found.version, found.score, found.session) == (1, version.score, session)
    assert found.faults == club.session(session).faults != ()
    season = club.athlete_season(ROWER_1, since=date(2026, 3, 1), until=date(2026, 3, 1))
    (trend,) = club.season_trends("score", until=date(2026, 3, 1))
    assert season.athlete == trend.athlete and trend.session_count == 1 and trend.trend.change is None
    assert next(one for one in season.quantities if one.quantity.id == "score").last == trend.last
    (spread,) = club.season_squads("score", until=date(2026, 3, 1))
    assert spread.squad == squad and len(spread.percentiles) == 5
    assert [(one.athlete.name, one.mean) for one in spread.rowers] == [("Anna", trend.last)]


def test_jobs_are_seen_stopped_and_tried_again(world: World, tmp_path: Path) -> None:
    film = tmp_path / "job.mp4"
    film.write_bytes((SAMPLES / "well_rowed.mp4").read_bytes() + b"job")
    club, boss = world.client(), world.client("administrator")
    sent = send_film(club, film, Said(ROWER_1, date(2026, 3, 1)), again=True, memory=Memory(tmp_path / "memory"))
    assert sent.upload is not None and sent.upload.analysis is not None
    key = sent.upload.analysis
    assert club.claim(sent.upload.id, ROWER_1, date(2026, 3, 1)).analysis == key, "said twice, it is done once"
    with pytest.raises(RefusedError):
        club.claim(sent.upload.id, ROWER_1, date(2026, 3, 2))
    job = club.job(key)
    assert (job.kind, job.state, job.film, job.session) == ("analyze", "queued", "job.mp4", sent.upload.session.session)
    assert job.athlete is not None and job.athlete.name == "Anna"
    assert job in boss.jobs(state=["queued"]) and job in club.jobs(kind=["analyze"])
    assert job.id not in {one.id for one in world.client("coach of squad 2").jobs()}
    assert [one.created_at for one in boss.jobs()] == sorted((one.created_at for one in boss.jobs()), reverse=True)
    assert club.cancel_job(key).state == "cancelled"
    with pytest.raises(RefusedError, match="is cancelled") as over:
        club.cancel_job(key)
    assert over.value.status == 409 and boss.retry_job(key).state == "queued"


def test_a_calibration_is_pushed_and_waited_for(world: World) -> None:
    film = world.folder / "posing.mp4"
    film.write_bytes((SAMPLES / "well_rowed.mp4").read_bytes() + b"posing")
    code, _, told = world.push(str(film), "--calibration")
    assert code == 2 and "say whose it is" in told
    process = world.begin_push(str(film), "--athlete", "Anna", "--calibration", "--wait", "--json")
    until_s = time.monotonic() + 60
    while not (jobs := [one for one in world.rows(Job) if one.kind == "calibrate"]):
        assert time.monotonic() < until_s and process.poll() is None
        time.sleep(0.05)
    ticket = {one.job_id: one for one in take(world.store.database, "a test", 9)}[jobs[0].id]
    assert begin(world.store.database, ticket, "a worker", "0.1") is not None
    keep_calibration(world.store, A, jobs[0].id, ROWER_1, date(2026, 3, 1), make_calibration("Anna"))
    end(world.store.database, ticket, Outcome(How.DONE))
    said, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    found = json.loads(said)
    assert (found["state"], found["calibration"]) == ("done", str(jobs[0].id))
    assert found["pelvic_tilt"] == {"width_deg": -20.0, "sd_deg": pytest.approx(4.6, abs=0.1)}
    assert found["page"].endswith(f"/calibrations/{ROWER_1}") and found["notes"] == ["The picture is dark."]
    club = world.client()
    (made,) = club.calibrations(ROWER_1)
    assert club.calibration(ROWER_1, made.id) == made and made.lumbar_flexion is not None and made.tall_count == 3
    # The same command says it again, and sends nothing.
    code, said, _ = world.push(str(film), "--athlete", "Anna", "--calibration", "--wait")
    assert code == 0 and "calibrated: pelvis 20 ± 5 degrees from tall to slump, low back 30" in said
    club.delete_calibration(ROWER_1, made.id)
    assert list(club.calibrations(ROWER_1)) == []


def test_what_the_web_server_refuses_by_itself_is_a_problem_document(world: World) -> None:
    where = urlsplit(world.address)
    for path, kind in (("/api/v1/uploads", "application/problem+json"), ("/upload", "text/plain; charset=utf-8")):
        line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
        line.putrequest("POST", path)
        line.putheader("Content-Length", str(CHUNK_BYTES + 1))
        line.endheaders()
        answer = line.getresponse()
        said = answer.read()
        line.close()
        assert (answer.status, answer.headers["Content-Type"]) == (413, kind)
        assert not kind.endswith("json") or "at most 32 MB" in json.loads(said)["detail"]


def _empty(folder: Path) -> Path:
    path = folder / "empty.mp4"
    path.touch()
    return path


def test_a_rower_pushes_her_own_without_naming_herself(world: World, tmp_path: Path) -> None:
    film = tmp_path / "own.mp4"
    film.write_bytes((SAMPLES / "well_rowed.mp4").read_bytes() + b"hers")
    token = tmp_path / "token"
    token.write_text(make_token_of(world.store, "rower of squad 2", ["upload"]) + "\n", encoding="utf-8")
    token.chmod(0o644)
    code, said, told = world.push(str(film), "--token-file", str(token), "--rowed-on", "2026-03-02")
    assert code == 0 and "is there and waits" in said, told
    if os.name == "posix":
        assert "chmod 600" in told
    own = next(u for u in world.rows(Upload) if u.user_id == PEOPLE["rower of squad 2"].user_id)
    session = next(s for s in world.rows(TrainingSession) if s.id == own.session_id)
    assert (session.athlete_id, session.rowed_on) == (ROWER_2, date(2026, 3, 2))


def test_how_long_a_film_plays_is_known_before_it_is_sent(tmp_path: Path) -> None:
    assert (length.SHORTEST_S, length.LONGEST_S) == (checking.SHORTEST_S, checking.LONGEST_S)
    short = write_clip(tmp_path / "short.mov", numbered_images(30))
    assert length.playing_s(short) == pytest.approx(1.0, abs=0.05)
    assert "holds no two strokes" in length.length_problem(short)
    sample = SAMPLES / "well_rowed.mp4"
    assert length.playing_s(sample) == pytest.approx(probe(sample).duration_s, abs=0.1)
    cut, other = tmp_path / "cut.mp4", write_clip(tmp_path / "other.avi", numbered_images(30), codec="mpeg4")
    for kept in (0, 3, 9, short.read_bytes().index(b"mvhd") + 9):
        cut.write_bytes(short.read_bytes()[:kept])
        assert math.isnan(length.playing_s(cut)), kept
    assert math.isnan(length.playing_s(other)) and not length.length_problem(other), "then the server says it"


def test_the_client_is_light() -> None:
    code = "import sys, rowsense.client, rowsense.push_command\nprint(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True).stdout
    assert not {"numpy", "pydantic", "sqlalchemy", "flask", "rich", "rowsense.model"} & set(loaded.split())


def test_a_session_is_analysed_again(world: World) -> None:
    coach, session, mine = world.client(), SESSIONS[ROWER_1], uuid.uuid4()
    answers = [coach.analyse_again(session, mine, stride=2, speed=None) for _ in range(2)]
    assert [(one.id, one.state, one.page) for one in answers] == 2 * [(mine, "queued", None)]
    assert coach.analysis(mine).state == "queued"
    with pytest.raises(RefusedError, match="another analysis"):
        coach.analyse_again(session, mine, stride=3)
    (job,) = [job for job in world.rows(Job) if job.id == mine]
    assert job.payload["settings"] == {"pose": {"stride": 2}}
    cancel(world.store.database, A, mine)
