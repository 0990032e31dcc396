"""``rowsense serve`` as a process of its own: from the first start to signing out, over real HTTP."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import socket
import stat
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from sqlalchemy import select

from rowsense.store.opening import open_store
from rowsense.store.record import record
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import Athlete, Club
from tests.dashboards.club_world import token_in
from tests.jobs.test_beside import is_held, until
from tests.store.club import ATHLETE, analysed_folder, recording

PASSWORD = "wet oars in the boathouse"
OTHER_ATHLETE, OTHER_CLUB = ATHLETE.__class__(int=12), ATHLETE.__class__(int=99)


@dataclass
class Browser:
    """Cookies and redirects, and nothing else."""

    address: str
    jar: CookieJar = field(default_factory=CookieJar)

    def open(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, where one ends up, and the page."""
        data = None if form is None else urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(self.address + path, data, {"Accept": "text/html"})
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.jar)
        )
        try:
            with opener.open(request, timeout=60) as answer:
                return answer.status, answer.url.removeprefix(self.address), answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.url.removeprefix(self.address), error.read().decode(errors="replace")

    def submit(self, path: str, **form: str) -> tuple[int, str, str]:
        """Fill in the form of a page."""
        return self.open(path, {"csrf_token": token_in(self.open(path)[2]), **form})


def free_port() -> int:
    """One that nobody listens at. Not of those that systems give to connections and to who asks for any: such a one may
    be gone again before it is used, and who tries to connect to it may even be connected to itself."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def begin_serving(store: Path, port: int, *more: str) -> tuple[subprocess.Popen[str], list[str]]:
    """The server, once it has its port, and what it has said until then."""
    command = [sys.executable, "-m", "rowsense", "serve", "--store", str(store), "--port", str(port), *more]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said: list[str] = []
    while not (line := process.stderr.readline()).startswith("RowSense is at"):
        assert line, f"it ended: {said}"
        said.append(line)
    return process, said


@contextmanager
def serving(store: Path, port: int, *more: str) -> Iterator[list[str]]:
    """The server, once it answers; what it has said so far."""
    process, said = begin_serving(store, port, "--no-jobs", *more)
    assert process.stderr is not None
    try:
        assert Browser(f"http://127.0.0.1:{port}").open("/readyz")[0] == 200
        yield said
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, 130)
        said += process.stderr.readlines()
        process.stderr.close()


def add_sessions(folder: Path) -> None:
    """A session of the club that the administrator has made, and one of another club."""
    store = open_store(f"sqlite:///{folder}/club.sqlite3", str(folder / "club-files"))
    with store.database.writing(AllClubs("set up a test")) as unit:
        club = unit.scalars(select(Club.id)).one()
        unit.add(Club(id=OTHER_CLUB, name="Other club"))
        unit.add(Athlete(id=ATHLETE, club_id=club, name="Žofie", birth_year=1999))
        unit.flush()
        unit.add(Athlete(id=OTHER_ATHLETE, club_id=OTHER_CLUB, name="Dora", birth_year=1999))
    analysed = analysed_folder(folder / "clip.rowsense")
    (analysed / "overlay.mp4").write_bytes(bytes(2000))
    record(store, ClubScope(club), recording(analysed))
    theirs = recording(analysed, number=2)
    record(store, ClubScope(OTHER_CLUB), _of(theirs, OTHER_ATHLETE))
    store.database.close()


def _of(one: object, athlete: object) -> object:
    from dataclasses import replace

    return replace(one, piece=replace(one.piece, athlete_id=athlete))  # type: ignore[type-var, attr-defined]


def test_from_the_first_start_to_signing_out(tmp_path: Path) -> None:
    folder, port = tmp_path / "store", free_port()
    address = f"http://127.0.0.1:{port}"
    with serving(folder, port, "--log-json") as said:
        (link,) = [line for line in said if "/first-start/" in line]
        browser, path = Browser(address), link.strip().removeprefix(address)
        assert browser.open("/")[1] == "/sign-in", "nobody is signed in"
        form = {"club": "Łódź", "name": "Jana", "email": "jana@club.org", "password": PASSWORD}
        status, _, page = browser.submit(path, **form, again="something else")
        assert status == 422 and "not the same" in page and 'value="Łódź"' in page and PASSWORD not in page
        assert browser.submit(path, **form, again=PASSWORD)[:2] == (200, "/sign-in")
        assert browser.open(path)[0] == 410, "it works once"
        if os.name == "posix":
            assert stat.S_IMODE((folder / "server.secret").stat().st_mode) == 0o600
        assert link.rpartition("/")[2].strip().encode() not in (folder / "club.sqlite3").read_bytes()

        add_sessions(folder)
        own, theirs = (f"/media/{ATHLETE.__class__(int=1000 * n)}.rowsense/overlay.mp4" for n in (1, 2))
        assert browser.open(own)[0] == 401
        wrong = browser.submit("/sign-in", email="jana@club.org", password="not this one")
        assert wrong[0] == 200 and "do not belong together" in wrong[2]
        asked = browser.submit(f"/sign-in?next={urllib.parse.quote(own)}", email="Jana@Club.org", password=PASSWORD)
        assert asked[:2] == (200, own), "signed in, and where one wanted to go"
        assert browser.open(theirs)[0] == 404
        assert "Žofie" in browser.open("/people")[2]
        assert "Dora" not in browser.open("/people")[2]

        second = Browser(address)
        second.submit("/sign-in", email="jana@club.org", password=PASSWORD)
        (key,) = re.findall(r"/account/end/([0-9a-f-]+)", browser.open("/account")[2])
        token = token_in(browser.open("/account")[2])
        browser.open(f"/account/end/{key}", {"csrf_token": token})
        assert second.open("/people")[1].startswith("/sign-in"), "ended from the other device"

    logged = [json.loads(line) for line in said if line.startswith("{")]
    assert {"joining.make_first_administrator", "media.serve_media"} <= {line["route"] for line in logged}
    assert len({line["request"] for line in logged}) == len(logged) > 10
    assert link.rpartition("/")[2].strip() not in "".join(line for line in said if line.startswith("{"))

    with serving(folder, port, "--password-link", "jana@club.org") as said:
        second = rowsense("--store", str(folder), "--port", str(free_port()), "--no-jobs")
        assert second.returncode == 2 and "another `rowsense serve` shows this store already" in second.stderr
        assert not any("/first-start/" in line for line in said), "there is an administrator"
        (link,) = [line for line in said if "/new-password/" in line]
        assert "Choose a new password" in browser.open(link.strip().removeprefix(address))[2]
        assert browser.open(own)[0] == 200, "a restart signs nobody out"
        token = token_in(browser.open("/account")[2])
        kept = {cookie.name: cookie.value for cookie in browser.jar}
        assert browser.open("/sign-out", {"csrf_token": token})[1] == "/sign-in"
        assert browser.open(own)[0] == 401
        for cookie in browser.jar:
            cookie.value = kept[cookie.name]
        assert browser.open(own)[0] == 401, "a copy of the old cookie is worth nothing"


def rowsense(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rowsense", "serve", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_a_check_makes_nothing_and_says_what_would_be(tmp_path: Path) -> None:
    done = rowsense("--check", "--store", str(tmp_path / "new"), "--port", str(free_port()))
    assert done.returncode == 0 and "a new store would be made" in done.stdout
    assert "GB free for films" in done.stdout and "the pose model is" in done.stdout
    assert not list(tmp_path.iterdir())
    open_store(f"sqlite:///{tmp_path}/club.sqlite3", str(tmp_path / "club-files")).database.close()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = rowsense("--check", "--store", str(tmp_path), "--port", str(port))
        assert done.returncode == 2 and f"port {port}: cannot be used" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--host", "0.0.0.0"], "--address http://192"),
        (["--address", "club.org"], "is no address of a server"),
        ([".", "--store", "x"], "leave out the folder"),
        (["--password-link", "nobody@club.org"], "nobody in"),
        (["--store", "postgresql://rowsense@nowhere/club"], "say with --files where"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(tmp_path: Path, arguments: list[str], said: str) -> None:
    store = [] if "--store" in arguments else ["--store", str(tmp_path)]
    done = rowsense(*arguments, *store, "--port", str(free_port()))
    assert done.returncode == 2 and said in done.stderr, done.stderr


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_the_jobs_run_beside_the_server_and_end_with_it(tmp_path: Path) -> None:
    lock = tmp_path / "club.sqlite3.runner"
    process, _ = begin_serving(tmp_path, free_port())
    until(lambda: is_held(lock))  # its jobs are run
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert not is_held(lock), "ended before its server did"
    assert process.stderr is not None
    # Workers have the other end of this; it is closed when the last of them is gone.
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
