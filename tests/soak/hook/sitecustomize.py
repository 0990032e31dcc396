"""Loaded by every Python of a soak run, because it lies in PYTHONPATH: stops a process at the moment that is armed.

``ROWSENSE_SOAK`` names a folder. ``armed.json`` in it says which process is to stop, and after which events. The
process that comes there first takes the file away, writes its id into ``reached`` and stops as a whole (SIGSTOP), so
that it can be killed at that very moment. Events are those of the interpreter (``sys.addaudithook``) and ``commit``,
heard of from SQLAlchemy just before a transaction is kept, with what it writes. Nothing of the program is replaced but
the pixels: ``ROWSENSE_SOAK_KINDS`` names the module whose functions do the jobs.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from typing import Any

ROLES = (
    ("child", "rowsense.jobs.child"),
    ("runner", "rowsense.jobs.runner_process"),
    ("runner", "rowsense jobs run"),
    ("look", "rowsense.video.look"),
    ("web", "rowsense serve"),
    ("worker", "spawn_main"),
    ("worker", "distributed.cli.dask_worker"),
)
HEARD = {"os.rename", "os.link", "os.remove", "shutil.rmtree", "shutil.copytree", "fcntl.flock", "fcntl.lockf", "open"}
FOLDER = os.environ.get("ROWSENSE_SOAK", "")
KINDS = os.environ.get("ROWSENSE_SOAK_KINDS", "")


class Moment:
    """Counts the steps to the moment that is armed."""

    def __init__(self, role: str) -> None:
        self.role = role
        self.inside = threading.local()
        self.lock = threading.Lock()
        self.armed, self.step, self.left = "", 0, 0
        self.writes: dict[int, list[str]] = {}
        self.listens = False
        self.named = not KINDS or role != "runner"

    def happened(self, name: str, arguments: tuple[Any, ...]) -> None:
        if getattr(self.inside, "it", False):
            return
        self.inside.it = True
        try:
            if not (self.listens and self.named):
                self.attach()
            if name in HEARD:
                self.heard(name, str(arguments[0]) if arguments else "")
        finally:
            self.inside.it = False

    def attach(self) -> None:
        """Hear of commits as soon as the program's own database module is loaded."""
        work = sys.modules.get("rowsense.jobs.work")
        if not self.named and work is not None and hasattr(work, "Work"):
            own = {"analyze": "analyze", "help": "help_along", "calibrate": "calibrate"}
            work.KINDS.update({kind: f"{KINDS}:{name}" for kind, name in own.items()})
            self.named = True
        database = sys.modules.get("rowsense.store.database")
        if not self.listens and database is not None and hasattr(database, "_make_folder"):
            self.listens = True
            from sqlalchemy import Engine, event

            event.listen(Engine, "before_cursor_execute", self.written)
            event.listen(Engine, "rollback", lambda connection: self.writes.pop(id(connection), None))
            event.listen(Engine, "commit", self.commit)

    def written(self, connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        """Remember what a transaction writes, as in INSERT INTO sessions."""
        words = statement.split(None, 3)[:3]
        if words[0] in ("INSERT", "UPDATE", "DELETE"):
            self.writes.setdefault(id(connection), []).append(" ".join(words))

    def commit(self, connection: Any) -> None:
        told = "; ".join(self.writes.pop(id(connection), []))
        if not getattr(self.inside, "it", False):
            self.inside.it = True
            try:
                self.heard("commit", told)
            finally:
                self.inside.it = False

    def heard(self, name: str, text: str) -> None:
        with self.lock:
            try:
                with open(f"{FOLDER}/armed.json", encoding="utf-8") as file:  # noqa: PTH123
                    line = file.read()
            except OSError:
                return
            if line != self.armed:
                self.armed, self.step = line, 0
                self.left = json.loads(line)["skip"]
            armed = json.loads(line)
            event, part = armed["steps"][self.step]
            if armed["role"] != self.role or name != event or part not in text:
                return
            if self.step < len(armed["steps"]) - 1:
                self.step += 1
            elif self.left > 0:
                self.left -= 1
            else:
                self.stop()

    def stop(self) -> None:
        """Be the only one who takes the armed file, and stop there."""
        try:
            os.rename(f"{FOLDER}/armed.json", f"{FOLDER}/taken.json")  # noqa: PTH104
        except OSError:
            return
        with open(f"{FOLDER}/reached.part", "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(str(os.getpid()))
        os.rename(f"{FOLDER}/reached.part", f"{FOLDER}/reached")  # noqa: PTH104
        os.kill(os.getpid(), signal.SIGSTOP)


if FOLDER:
    called = " ".join(sys.orig_argv)
    mine = next((role for role, part in ROLES if part in called), "")
    if mine:
        sys.addaudithook(Moment(mine).happened)
