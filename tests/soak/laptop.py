"""What ``rowsense serve`` starts on a laptop: pages, a runner, a worker and a job's process. Films come by HTTP."""

from __future__ import annotations

import http.client
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from rowsense.store.api_tokens import make_token
from rowsense.store.claims import ClubStore
from rowsense.store.opening import open_store
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Athlete, Club, Upload, User
from rowsense.store.tables.api_tokens import ANALYSE, EDIT
from tests.dashboards.test_serve_club import PASSWORD, Browser, free_port
from tests.dashboards.test_uploads import Sender
from tests.soak.brought import OTHER, Brought, settled
from tests.soak.changing import Program
from tests.soak.films import film
from tests.soak.windows import (
    AFTERWARDS,
    ANALYSED,
    COPIED,
    DELETED,
    DELETED_AT_WORK,
    MOVED_AT_WORK,
    POSED,
    Window,
)
from tests.soak.world import SoakError, Stage, closing, go_on, kill, of_role, until
from tests.store.club import ATHLETE

_MAIL = "jana@club.org"
_PARTS = 3


def _nobody_else(name: str) -> AbstractContextManager[None]:
    raise SoakError(f"there is no {name} here")


@dataclass
class Laptop:
    """The server, and somebody who sends films and changes sessions."""

    stage: Stage
    store: ClubStore
    port: int
    sender: Sender
    program: Program
    scratch: Path
    """Where jobs keep files."""
    others: Callable[[str], AbstractContextManager[None]] = _nobody_else
    """Takes away what is no process of the program, ``database`` or ``bucket``; it is there again after the block."""

    def film(self, number: int, window: Window, skip: int) -> Brought:
        """Send one, have somebody killed meanwhile, and wait until it is here."""
        data = film(number, self.stage.real, window.what == COPIED)
        place = self.sender.announce(len(data), f"{number}.{'mov' if window.what == COPIED else 'mp4'}")
        day = datetime.now(UTC).date().isoformat()
        told = {"athlete": str(ATHLETE), "rowed_on": day, "calibration": window.what == POSED}
        if self.sender.claim(place, **told)[0] != 200:
            raise SoakError("the claim was refused")
        upload_id, what = uuid.UUID(place.rpartition("/")[2]), window.what
        brought = Brought(upload_id, len(data), ANALYSED if what in AFTERWARDS else what)
        if what in AFTERWARDS:
            self._send(place, data, None, skip, threading.Event())
            until(lambda: settled(self.store, brought), "the film is analysed before it is changed")
            return Brought(upload_id, len(data), what, self._changed(upload_id, window, skip))
        half = threading.Event()
        sending = threading.Thread(target=self._send, args=(place, data, window, skip, half), daemon=True)
        if window.early:
            self.stage.arm(window, skip)
        sending.start()
        if window.steps:
            self._kill(window, self.stage.reached())
        else:
            until(half.is_set, "half of a part is sent")
            self.stage.programs["web"].kill()
            self.stage.programs["web"].start()
        sending.join(120)
        if sending.is_alive():
            raise SoakError("the film could not be sent to its end")
        return brought

    def _changed(self, upload_id: uuid.UUID, window: Window, skip: int) -> uuid.UUID:
        """Change a session, and have somebody killed by that, or by the work on it that it interrupts."""
        session_id = self._session(upload_id)
        self.stage.arm(window, skip)
        if window.what in (MOVED_AT_WORK, DELETED_AT_WORK):
            self.program.done(self.program.analyse_again(session_id))
            stopped = self.stage.reached()
            self.program.done(self._change(window, session_id))
            self._kill(window, stopped)
        else:
            asking = self._change(window, session_id)
            self._kill(window, self.stage.reached())
            self.program.done(asking)
        return session_id

    def _session(self, upload_id: uuid.UUID) -> uuid.UUID:
        with self.store.database.reading(AllClubs("which session is to be changed")) as unit:
            session_id = unit.get_one(Upload, upload_id).session_id
        assert session_id is not None
        return session_id

    def _change(self, window: Window, session_id: uuid.UUID) -> threading.Thread:
        if window.what in (DELETED, DELETED_AT_WORK):
            return self.program.delete(session_id)
        return self.program.move(session_id, OTHER)

    def _kill(self, window: Window, stopped: int) -> None:
        """Kill whom the window wants to be killed; who stood still for it goes on, and pages are there again."""
        if window.victim == window.stops:
            kill(stopped)
            if window.stops == "web":
                self.stage.programs["web"].kill()
        elif window.victim in ("database", "bucket"):
            with self.others(window.victim):
                go_on(stopped)
        else:
            victim = of_role(stopped, window.victim)
            kill(victim.pid)
            if window.victim == "web":
                self.stage.programs["web"].kill()
            go_on(stopped)
        if self.stage.programs["web"].ended():
            self.stage.programs["web"].start()

    def _send(self, place: str, data: bytes, window: Window | None, skip: int, half: threading.Event) -> None:
        """``window``: armed before the last part; None: nothing is."""
        step = -(-len(data) // _PARTS)
        at, armed = 0, window is None or window.early
        while at < len(data):
            part = data[at : at + step]
            try:
                if at + len(part) == len(data) and not armed:
                    armed = True
                    assert window is not None
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
    """A club on a laptop, with an administrator and two rowers."""
    stage = Stage(folder, real)
    place = stage.folder / "store"
    store = open_store(f"sqlite:///{place}/club.sqlite3", str(place / "club-files"))
    with closing(stage, store):
        yield serving(stage, store, place / "job-work", "--store", str(place))


def serving(stage: Stage, store: ClubStore, scratch: Path, *of_store: str) -> Laptop:
    """The pages of a store that is empty, with what they start; and who uses them."""
    port = free_port()
    stage.add("web", "rowsense", "serve", *of_store, "--port", str(port), ready="RowSense is at")
    browser = Browser(f"http://127.0.0.1:{port}")
    said = (stage.folder / "web-1.txt").read_text(encoding="utf-8")
    (path,) = re.findall(r"http://[^/\s]+(/first-start/\S+)", said)
    form = {"club": "Łódź", "name": "Jana", "email": _MAIL, "password": PASSWORD, "again": PASSWORD}
    browser.submit(path, **form)
    browser.submit("/sign-in", email=_MAIL, password=PASSWORD)
    with store.database.writing(AllClubs("set up a soak run")) as unit:
        club, jana = unit.scalars(select(Club.id)).one(), unit.scalars(select(User.id)).one()
        unit.add(Athlete(id=ATHLETE, club_id=club, name="Žofie", birth_year=1999))
        unit.add(Athlete(id=OTHER, club_id=club, name="Bea", birth_year=1999))
    browser.open("/upload")
    cookies = {cookie.name: cookie.value or "" for cookie in browser.jar}
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    headers["X-CSRFToken"] = cookies["_csrf_token"]
    token = make_token(store.database, club, jana, "soak", (EDIT, ANALYSE), 30)
    program = Program(Sender("127.0.0.1", port, {"Authorization": f"Bearer {token}"}))
    return Laptop(stage, store, port, Sender("127.0.0.1", port, headers), program, scratch)
