"""What ``rowsense serve`` starts on a laptop: pages, a runner, a worker and a job's process. Films come by HTTP."""

from __future__ import annotations

import http.client
import re
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from rowsense.store.claims import ClubStore
from rowsense.store.opening import open_store
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Athlete, Club
from tests.dashboards.test_serve_club import PASSWORD, Browser, free_port
from tests.dashboards.test_uploads import Sender
from tests.soak.films import film
from tests.soak.windows import Window
from tests.soak.world import SoakError, Stage, closing, go_on, kill, of_role, until
from tests.store.club import ATHLETE

_MAIL = "jana@club.org"
_PARTS = 3


@dataclass
class Laptop:
    """The server, and somebody who sends films."""

    stage: Stage
    store: ClubStore
    port: int
    sender: Sender

    @property
    def scratch(self) -> Path:
        """Where jobs keep files."""
        return self.stage.folder / "store" / "job-work"

    def film(self, number: int, window: Window, skip: int) -> tuple[uuid.UUID, int]:
        """Send one, have somebody killed meanwhile, and wait until it is here; its upload and its size."""
        data = film(number, self.stage.real)
        place = self.sender.announce(len(data), f"{number}.mp4")
        told = {"athlete": str(ATHLETE), "rowed_on": date.today().isoformat()}
        if self.sender.claim(place, **told)[0] != 200:
            raise SoakError("the claim was refused")
        half = threading.Event()
        sending = threading.Thread(target=self._send, args=(place, data, window, skip, half), daemon=True)
        if window.early:
            self.stage.arm(window, skip)
        sending.start()
        if window.steps:
            self.kill(window, self.stage.reached())
        else:
            until(half.is_set, "half of a part is sent")
            self.stage.programs["web"].kill()
        if self.stage.programs["web"].ended():
            self.stage.programs["web"].start()
        sending.join(120)
        if sending.is_alive():
            raise SoakError("the film could not be sent to its end")
        return uuid.UUID(place.rpartition("/")[2]), len(data)

    def kill(self, window: Window, stopped: int) -> None:
        """Kill whom the window wants to be killed; who stood still for it goes on."""
        if window.victim == window.stops:
            kill(stopped)
            if window.stops == "web":
                self.stage.programs["web"].kill()
            return
        victim = of_role(stopped, window.victim)
        kill(victim.pid)
        if window.victim == "web":
            self.stage.programs["web"].kill()
        go_on(stopped)

    def _send(self, place: str, data: bytes, window: Window, skip: int, half: threading.Event) -> None:
        step = -(-len(data) // _PARTS)
        at, armed = 0, window.early
        while at < len(data):
            part = data[at : at + step]
            try:
                if at + len(part) == len(data) and not armed:
                    armed = True
                    if window.steps:
                        self.stage.arm(window, skip)
                    else:
                        self._half(place, at, part, half)
                self.sender.send(place, at, part)
                at = self._here(place, len(data))
            except (OSError, http.client.HTTPException):
                at = until(lambda: self._tried(place, len(data)), "the server answers again")

    def _half(self, place: str, at: int, part: bytes, half: threading.Event) -> None:
        line = http.client.HTTPConnection(self.sender.host, self.sender.port, timeout=60)
        line.putrequest("PATCH", place)
        told = {"Content-Length": str(len(part)), "Upload-Offset": str(at), "Tus-Resumable": "1.0.0"}
        for name, value in (told | {"Content-Type": "application/offset+octet-stream"} | self.sender.headers).items():
            line.putheader(name, value)
        line.endheaders()
        line.send(part[: len(part) // 2])
        half.set()
        line.getresponse()  # breaks off

    def _here(self, place: str, whole: int) -> int:
        status, headers, _ = self.sender.ask("HEAD", place, Tus_Resumable="1.0.0")
        return int(headers["upload-offset"]) if status == 200 else whole

    def _tried(self, place: str, whole: int) -> int:
        try:
            return self._here(place, whole) or -1
        except (OSError, http.client.HTTPException):
            return 0


@contextmanager
def laptop(folder: Path, real: bool = False) -> Iterator[Laptop]:
    """A club on a laptop, with an administrator and a rower."""
    stage, port = Stage(folder, real), free_port()
    place = stage.folder / "store"
    store = open_store(f"sqlite:///{place}/club.sqlite3", str(place / "club-files"))
    with closing(stage, store):
        stage.add("web", "rowsense", "serve", "--store", str(place), "--port", str(port), ready="RowSense is at")
        browser = Browser(f"http://127.0.0.1:{port}")
        said = (stage.folder / "web-1.txt").read_text(encoding="utf-8")
        (path,) = re.findall(r"http://[^/\s]+(/first-start/\S+)", said)
        form = {"club": "Łódź", "name": "Jana", "email": _MAIL, "password": PASSWORD, "again": PASSWORD}
        browser.submit(path, **form)
        browser.submit("/sign-in", email=_MAIL, password=PASSWORD)
        with store.database.writing(AllClubs("set up a soak run")) as unit:
            unit.add(Athlete(id=ATHLETE, club_id=unit.scalars(select(Club.id)).one(), name="Žofie", birth_year=1999))
        browser.open("/upload")
        cookies = {cookie.name: cookie.value or "" for cookie in browser.jar}
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        headers["X-CSRFToken"] = cookies["_csrf_token"]
        yield Laptop(stage, store, port, Sender("127.0.0.1", port, headers))
