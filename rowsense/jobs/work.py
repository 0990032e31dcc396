"""What a job's own process is told, and what the function that does the work gets."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rowsense.jobs.telling import Report

if TYPE_CHECKING:  # not every job needs the database, and loading it takes longer than some of them
    from rowsense.store.claims import ClubStore
    from rowsense.store.scope import ClubScope

#: Kind of job -> the function that does it, as ``module:function``; it takes a :class:`Work`. Named, not imported: who
#: asks for an analysis does not load it.
KINDS: Final[Mapping[str, str]] = {
    "analyze": "rowsense.jobs.analyze:analyze",
    "calibrate": "rowsense.jobs.calibrate:calibrate",
    "help": "rowsense.jobs.helping:help_along",
    "share": "rowsense.jobs.share:share",
    "rescore": "rowsense.jobs.rescore:rescore",
    "rewrite": "rowsense.jobs.rewrite:rewrite",
}


class GivesWay(Exception):  # noqa: N818 - it is none
    """Work that can wait stops for some that cannot, and goes on from its checkpoint later. No error."""


@dataclass(frozen=True, slots=True)
class Task:
    """What goes to the process that does the work, as one line of JSON."""

    function: str
    job_id: str
    club_id: str
    athlete_id: str
    """Empty: nobody's."""
    payload: dict[str, Any]
    checkpoint: dict[str, Any]
    url: str
    files: str
    folder: str
    priority: int = 0
    attempt: int = 0
    """Which attempt at the job this is."""

    def to_line(self) -> bytes:
        """One line."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @staticmethod
    def from_line(line: bytes) -> Task:
        """The line read back."""
        return Task(**json.loads(line))


@dataclass(frozen=True, slots=True)
class Work:
    """What a function that does a kind of work gets."""

    task: Task
    tell: Callable[[Report], None]
    """How far it has come; cheap, call it as often as you like."""

    @property
    def payload(self) -> dict[str, Any]:
        """What to do."""
        return self.task.payload

    @property
    def checkpoint(self) -> dict[str, Any]:
        """Where the attempt before came to; empty: start at the start."""
        return self.task.checkpoint

    @property
    def priority(self) -> int:
        """Of the job: the higher, the sooner."""
        return self.task.priority

    @property
    def folder(self) -> Path:
        """For files that the next attempt may use; it goes when the job is over."""
        return Path(self.task.folder)

    @property
    def scope(self) -> ClubScope:
        """Whose rows it may touch."""
        from rowsense.store.scope import ClubScope

        return ClubScope(uuid.UUID(self.task.club_id))

    @property
    def athlete_id(self) -> uuid.UUID | None:
        """Whom it is about."""
        return uuid.UUID(self.task.athlete_id) if self.task.athlete_id else None

    def store(self) -> ClubStore:
        """The club's store; close its database after use."""
        from rowsense.store.claims import ClubStore
        from rowsense.store.database import Database
        from rowsense.store.opening import open_files

        return ClubStore(Database(self.task.url), open_files(self.task.files))
