"""What a program is told of films on their way in."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Literal

from dashboards.api.answers.sessions import JobState
from dashboards.api.operations import Told


class KnownFilm(Told):
    """A session that was made of the same file."""

    session: uuid.UUID
    athlete: str
    rowed_on: date
    address: str
    """Of its page; empty: it is not analysed yet."""


class KnownFilms(Told):
    """Sessions of a file that may be seen."""

    items: list[KnownFilm]


class JobLine(Told):
    """How its analysis goes."""

    state: JobState
    stage: str
    share: float
    left_s: int | None
    stops: bool
    """Somebody has asked it to stop."""
    error: str


class UploadLine(Told):
    """A film on its way in."""

    id: uuid.UUID
    name: str
    bytes: int
    """Of the whole file."""
    here: int
    """Of these the server has."""
    filmed_on: str
    state: Literal["receiving", "checking", "ready", "refused", "claimed"]
    """``checking``: all is here and looked at; ``ready``: somebody has to say who is in it; ``claimed``: a session."""
    problem: str
    """What has to be mended; empty: nothing."""
    duration_s: float | None
    fps: float | None
    """Pictures a second."""
    refused: bool
    """The rower cannot be measured in it: ``problem`` says why. Claimed once more, it is analysed all the same."""
    poses: bool
    """``refused``, but somebody sits in it and nobody rows: it may be a film for a calibration."""
    warnings: list[str]
    """What makes the measurement less certain, and how to film better."""
    claim: dict[str, Any] | None
    """What was said of it while it was on its way."""
    known: list[KnownFilm]
    """Sessions of the same file. Then nothing happens until it is claimed again, or taken away."""
    session: KnownFilm | None
    analysis: uuid.UUID | None
    calibration: bool
    """Whether ``job`` makes a calibration of it, whose key ``analysis`` is then."""
    job: JobLine | None


class Uploads(Told):
    """The owner's films, the oldest first."""

    items: list[UploadLine]
    next: str | None
