"""``rowsense serve --demo``: a made-up club in a folder that goes again, on this machine only."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from rowsense.errors import RowSenseError
from rowsense.samples import sample_video

if TYPE_CHECKING:
    from rowsense.store.claims import ClubStore
    from rowsense.store.scope import ClubScope

_HOST: Final = "127.0.0.1"
#: The sample films, and which rower of the club each is of: hips that slip back, and hips that are held at last.
_FILMS: Final = (("hips_tip_back.mp4", 0), ("well_rowed.mp4", 3))


def serve_demo(port: int) -> None:
    """Make the club, serve it until interrupted, and remove it.

    Raises
    ------
    UsageError
        The port is taken.
    """
    with tempfile.TemporaryDirectory(prefix="rowsense-demo-", ignore_cleanup_errors=True) as name:
        _serve(Path(name), port)


def _serve(folder: Path, port: int) -> None:
    from dashboards.app import listening
    from dashboards.club import Place
    from dashboards.demo import create_demo_app
    from rowsense.demo_club import add_demo_people, make_demo_club
    from rowsense.demo_season import SeasonPlan, demo_rowers
    from rowsense.jobs.beside import runner_beside
    from rowsense.store.claims import ClubStore
    from rowsense.store.database import Database
    from rowsense.store.local_files import LocalFiles
    from rowsense.store.migrate import upgrade

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    today = datetime.now(UTC).date()
    plan = SeasonPlan(
        athletes=12, squads=3, weeks=20, sessions_a_week=2, strokes=24, last_day=today - timedelta(days=1), stories=True
    )
    typer.echo("Making a club with a season ...", err=True)
    with Database(f"sqlite:///{folder / 'club.sqlite3'}") as database:
        upgrade(database)
        store = ClubStore(database, LocalFiles(folder / "files", lasting=False))
        scope = make_demo_club(store, plan, with_tables=False)
        people = add_demo_people(store, scope, plan)
        app = create_demo_app(store, Place(f"http://{_HOST}:{port}", secrets.token_urlsafe(48)), people)
        server = listening(app.server, _HOST, port)
        rowers = demo_rowers(plan)
        films = _Films(store, scope, folder, tuple((film, rowers[number].id) for film, number in _FILMS), today)
        try:
            films.start()
            typer.echo(
                f"RowSense shows a made-up club at http://{_HOST}:{port}   (Ctrl-C stops it and removes the club)\n"
                "You are its coach; the head of the page makes you its rower or its administrator. The sessions with a "
                "film come within a minute or two.",
                err=True,
            )
            # What is sent in is analysed, and sessions are judged again, as on a real server; it goes with the folder.
            with runner_beside(store, folder / "job-work", lambda words: typer.echo(words, err=True)):
                server.run()
        finally:
            server.close()
            films.stop()


@dataclass
class _Films:
    """Analyses the sample films beside the server, in a process of its own, and records them."""

    store: ClubStore
    scope: ClubScope
    folder: Path
    films: tuple[tuple[str, uuid.UUID], ...]
    day: date
    _ended: threading.Event = field(default_factory=threading.Event)
    _worker: threading.Thread | None = None

    def start(self) -> None:
        """Begin with the first."""
        self._worker = threading.Thread(target=self._work, name="sample films", daemon=True)
        self._worker.start()

    def stop(self) -> None:
        """End what runs, and wait for it: the folder goes after this."""
        self._ended.set()
        if self._worker is not None:
            self._worker.join()

    def _work(self) -> None:
        try:
            for film, athlete_id in self.films:
                if self._analysed(film, athlete_id):
                    continue
                if not self._ended.is_set():
                    typer.echo(
                        f"{film}: could not be analysed here; the club's numbers are there all the same", err=True
                    )
                return
        except (RowSenseError, OSError) as error:
            if not self._ended.is_set():
                typer.echo(f"The sample films cannot be shown: {error}", err=True)

    def _analysed(self, film: str, athlete_id: uuid.UUID) -> bool:
        from rowsense.season.vocabulary import fault_ids
        from rowsense.store.record import Piece, Recording, record

        with resources.as_file(sample_video(film)) as clip:
            out = self.folder / f"{clip.stem}.rowsense"
            command = [sys.executable, "-m", "rowsense", "analyze", str(clip), "--out", str(out)]
            if not self._run(command):
                return False
            piece = Piece(athlete_id, self.day, "technique")
            key = uuid.uuid4()
            record(self.store, self.scope, Recording(out, key, uuid.uuid4(), piece, clip, fault_ids=fault_ids()))
        return True

    def _run(self, command: list[str]) -> bool:
        # The one who looks round must not wait for it.
        calm = {"preexec_fn": lambda: os.nice(10)} if os.name == "posix" else {}
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, **quiet, **calm) as child:  # type: ignore[call-overload]
            while child.poll() is None:
                if self._ended.wait(0.2):
                    child.terminate()
            return bool(child.returncode == 0)
