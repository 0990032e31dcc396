"""What some pages need to be seen at all: people, links, films and jobs, put into a made-up club's store."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from flask import redirect, request
from flask_security import current_user, hash_password, login_user, logout_user
from sqlalchemy import delete, select
from werkzeug.wrappers import Response

from dashboards.accounts.datastore import Account
from dashboards.app import listening
from rowsense.jobs.sharing import make_link
from rowsense.store.access import Viewer
from rowsense.store.accounts import new_link, user_by
from rowsense.store.claims import ClubStore, claimed, keep
from rowsense.store.joining import Asked, invite
from rowsense.store.members import remove_member
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.second_step import set_second_step
from rowsense.store.shares import NewLink
from rowsense.store.shown import shown_analysis
from rowsense.store.tables import ADMINISTRATOR, Athlete, Club, Membership, ShareLink, SquadAthlete, Upload, User
from rowsense.store.tables.accounts import PASSWORD
from rowsense.store.tables.jobs import FAILED, QUEUED, RUNNING, Job
from rowsense.store.tables.uploads import CLAIMED, READY, RECEIVING, REFUSED
from rowsense.store.viewers import viewer_of

_WHY: Final = AllClubs("pages are to be looked at")
_LET_IN: Final = re.compile(r"/let-in/([0-9a-f-]{36})")
#: Of everybody who is put in here.
PASSWORD_OF_ALL: Final = "wet oars in the boathouse"
_SHARED: Final = {
    "name": "A rower", "lead_in": "Eight strokes at 25 a minute, filmed from the side.", "film": False,
    "headline": {"title": "Hips tip back into the catch", "sentence": "In five of eight strokes the hips tip back "
                 "before the catch.", "cue": "Swing from the hips before the knees come up."},
    "well": "The hands go away first.", "stills": [{"id": "hips_tip_back", "words": "hips tip back into the catch"}],
}  # fmt: skip
_POSES: Final = {"refused": True, "poses": True, "warnings": [], "rowing": 0}
_FOUND: Final = {"codec": "h264", "duration_s": 64.0, "fps": 60.0, "width_px": 1920, "height_px": 1080}


@dataclass
class Stage:
    """A made-up club's store, and what pages need of it."""

    store: ClubStore
    filmed: uuid.UUID
    """A session with all files, of one of the coach's rowers."""
    hashed: str = field(default="", init=False)
    """The password of all who are put in."""

    def let_in(self) -> Response | None:
        """Whoever is named by the address is signed in: the doorkeeper of a server that nobody else reaches."""
        found = _LET_IN.fullmatch(request.path)
        row = user_by(self.store.database, id=uuid.UUID(found.group(1))) if found else None
        if row is None:
            return None
        if current_user.is_authenticated:
            logout_user()
        login_user(Account(row))
        return redirect("/")

    def know(self, app: Any) -> None:
        """Make the password as this app keeps it."""
        with app.server.app_context():
            self.hashed = str(hash_password(PASSWORD_OF_ALL))

    @cached_property
    def coach(self) -> Viewer:
        """The coach of the demonstration."""
        row = user_by(self.store.database, email="coach@example.org")
        found = None if row is None else viewer_of(self.store.database, row.id)
        assert found is not None
        return found

    def somebody(self, clubs: int = 1) -> User:
        """A new user who looks after one club that is empty, or several."""
        name = uuid.uuid4().hex[:8]
        user = User(id=uuid.uuid4(), email=f"nora.{name}@example.org", name="Nora Nagel", password_hash=self.hashed)
        with self.store.database.writing(_WHY) as unit:
            made = [Club(id=uuid.uuid4(), name=f"Boat club {number}") for number in range(1, clubs + 1)]
            unit.add_all([user, *made])
            unit.flush()
            unit.add_all(Membership(club_id=one.id, user_id=user.id, role=ADMINISTRATOR) for one in made)
        return user

    def careful(self) -> User:
        """One who signs in with a second step."""
        user = self.somebody()
        set_second_step(self.store.database, user.id, "{}", 0, ["0000-0000-0000-0000"])
        return user

    def rower(self, name: str) -> uuid.UUID:
        """A new rower of the coach's who never rowed."""
        key, club = uuid.uuid4(), self.coach.club_id
        with self.store.database.writing(_WHY) as unit:
            unit.add(Athlete(id=key, club_id=club, name=name, birth_year=1998))
            unit.flush()
            unit.add(SquadAthlete(club_id=club, squad_id=min(self.coach.squads), athlete_id=key))
        return key

    def taken_out(self) -> uuid.UUID:
        """Somebody who looked after the club of the demonstration, and is in none any more."""
        user, club = self.somebody(clubs=0), ClubScope(self.coach.club_id)
        with self.store.database.writing(club) as unit:
            unit.add(Membership(user_id=user.id, role=ADMINISTRATOR))
        remove_member(self.store.database, club, user.id, self.coach.user_id)
        return user.id

    def invitation(self) -> str:
        """Its path."""
        asked = Asked(f"nora.{uuid.uuid4().hex[:8]}@example.org", ADMINISTRATOR)
        return f"/join/{invite(self.store.database, ClubScope(self.coach.club_id), asked, self.coach.user_id)}"

    def new_password(self) -> str:
        """Path of a link to choose one."""
        token = new_link(self.store.database, PASSWORD, timedelta(hours=1), self.somebody().id)
        return f"/new-password/{token}"

    def shared(self, *, ready: bool = True) -> str:
        """Path of a link to a session; what it shows is there, or still being made."""
        wanted = NewLink(days=7, label="The physiotherapist", face_blurred=False, film="none")
        token = make_link(self.store.database, self.coach, self.filmed, wanted)
        if ready:
            self._fill()
        return f"/shared/{token}"

    def write_folder(self, target: Path) -> None:
        """The filmed session as a folder of its own."""
        with self.store.files.fetch(self._prefix()) as folder:
            shutil.copytree(folder, target)

    def _prefix(self) -> str:
        with self.store.database.reading(ClubScope(self.coach.club_id)) as unit:
            shown = shown_analysis(unit, self.filmed)
        assert shown is not None
        return shown.file_prefix

    def _fill(self) -> None:
        scope = ClubScope(self.coach.club_id)
        with self.store.database.reading(scope) as unit:
            newest = select(ShareLink.id).order_by(ShareLink.created_at.desc()).limit(1)
            link_id = unit.scalars(newest).one()
        with (
            tempfile.TemporaryDirectory() as name,
            self.store.files.fetch(self._prefix(), ("faults/hips_tip_back.png",)) as folder,
            claimed(self.store, scope, 1) as (prefix,),
        ):
            told = Path(name) / "page.json"
            told.write_text(json.dumps(_SHARED), encoding="utf-8")
            for path, at in ((told, told.name), (folder / "faults" / "hips_tip_back.png", "faults/hips_tip_back.png")):
                self.store.files.put(path, f"{prefix}/{at}")
            with self.store.database.writing(scope) as unit:
                unit.get_one(ShareLink, link_id).file_prefix = prefix
                keep(unit, [prefix])

    def films(self) -> None:
        """The coach's films in every state, and the jobs of those that are claimed."""
        now, club, rower = datetime.now(UTC), self.coach.club_id, self.rower("Zora Zink")
        running = {"state": RUNNING, "runner": "here", "stage": "frames", "done": 40.0, "total": 64.0, "attempt": 1,
                   "started_at": now - timedelta(seconds=30)}  # fmt: skip
        failed = {"state": FAILED, "attempt": 1, "finished_at": now,
                  "error": "no rower was found in the film; film from the side"}  # fmt: skip
        states: list[tuple[str, str, dict[str, Any]]] = [
            ("eights, morning.mov", RECEIVING, {}),
            ("pair.mp4", READY, {}),
            ("ladder.mp4", REFUSED, {}),
            ("three postures.mp4", READY, {}),
            ("erg 1.mp4", CLAIMED, running),
            ("erg 2.mp4", CLAIMED, failed),
            ("erg 3.mp4", CLAIMED, {"state": QUEUED}),
        ]
        with self.store.database.writing(ClubScope(club)) as unit:
            mine = Upload.user_id == self.coach.user_id
            before = unit.scalars(select(Upload.job_id).where(mine, Upload.job_id.is_not(None))).all()
            unit.execute(delete(Upload).where(mine))
            unit.execute(delete(Job).where(Job.id.in_(before)))
            for number, (name, state, job) in enumerate(states):
                key = uuid.uuid4() if job else None
                if key is not None:
                    unit.add(Job(id=key, kind="analyze", payload={}, athlete_id=rower, **job))
                    unit.flush()
                poses = name == "three postures.mp4"
                found = _FOUND | {"sha256": f"{number:064}"} | ({"rower": _POSES} if poses else {})
                problem = {REFUSED: "the film lasts 1.0 s, which holds no two strokes; film at least ten strokes"}
                unit.add(
                    Upload(
                        user_id=self.coach.user_id, name=name, byte_count=40_000_000 + number, state=state,
                        found=found if state in (READY, CLAIMED) else {},
                        problem="Nobody rows in the looked-at frames" if poses else problem.get(state, ""),
                        session_id=self.filmed if state == CLAIMED else None, job_id=key, filmed_on=now.date(),
                        created_at=now + timedelta(seconds=number),
                    )
                )  # fmt: skip


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve an app beside what runs; its address."""
    with running(listening(app.server, "127.0.0.1", 0)) as address:
        yield address


@contextmanager
def running(server: Any) -> Iterator[str]:
    """Run a web server that has its port (``dashboards.app.listening``); its address."""
    worker = threading.Thread(target=server.run, daemon=True)
    worker.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(server.close)
        server.task_dispatcher.shutdown()
        worker.join(5)
