"""What a program is told of work in the background."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Literal

from dashboards.api.answers.people import Person
from dashboards.api.answers.sessions import JobState
from dashboards.api.operations import Told

JobKind = Literal["analyze", "calibrate", "rescore", "rewrite", "share"]


class JobDetail(Told):
    """A job."""

    id: uuid.UUID
    """Of an analysis or a calibration that it makes, too."""
    kind: JobKind
    """``rescore``: it judges the season anew; ``rewrite``: a report under another name; ``share``: it makes a link."""
    state: JobState
    stage: str
    share: float
    """Of its work that is done, 0 to 1."""
    left_s: int | None
    stops: bool
    """Somebody has asked it to stop."""
    error: str
    """Why it waits or failed; empty: nothing is wrong."""
    athlete: Person | None
    film: str
    """As it was called where it came from; empty: not known."""
    session: uuid.UUID | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class Jobs(Told):
    """Jobs, the newest first."""

    items: list[JobDetail]
    next: str | None
