"""What the API tells: each answer once, for the code and for the document."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from dashboards.api.operations import Told

Role = Literal["administrator", "coach", "athlete"]
JobState = Literal["queued", "running", "done", "failed", "parked", "cancelled"]


class Me(Told):
    """Whom the token stands for."""

    name: str
    role: Role
    club: str
    token: str
    """What its owner calls it."""
    scopes: list[str]
    expires_at: datetime
    version: str
    """Of RowSense on the server."""


class SquadName(Told):
    """A squad."""

    id: uuid.UUID
    name: str


class AthleteLine(Told):
    """A rower."""

    id: uuid.UUID
    name: str
    squads: list[SquadName]
    """A coach is told of her own squads only."""


class Athletes(Told):
    """Rowers, by name."""

    items: list[AthleteLine]
    next: str | None
    """``cursor`` of the next piece; null: this is the last."""


class SquadLine(SquadName):
    """A squad with how many of its rowers may be seen."""

    athlete_count: int


class Squads(Told):
    """Squads, by name."""

    items: list[SquadLine]
    next: str | None


class Person(Told):
    """Whose session it is."""

    id: uuid.UUID
    name: str


class AnalysisLine(Told):
    """One version of what was measured; medians over the usable strokes."""

    id: uuid.UUID
    version: int
    """From 1; the highest counts."""
    created_at: datetime
    rowsense_version: str
    spine_reference: str
    """``calibration``, ``recording`` or ``none``: against what zero the spine was measured."""
    stroke_count: int
    usable_stroke_count: int
    rate_spm: float | None
    drive_s: float | None
    recovery_s: float | None
    score: float | None
    """0 to 100, 100 best."""


class Fault(Told):
    """A fault of the newest analysis."""

    id: str
    name: str
    severity: int
    """1 to 3."""
    strokes: list[int]
    """In which it shows, from 0."""


class SessionLine(Told):
    """A session with its newest analysis."""

    id: uuid.UUID
    athlete: Person
    rowed_on: date
    piece_kind: str | None
    page: str
    """Address of its page on this server."""
    analysis: AnalysisLine
    faults: list[Fault]


class Sessions(Told):
    """Sessions, the last rowed first."""

    items: list[SessionLine]
    next: str | None


class Film(Told):
    """The film as it was sent."""

    name: str
    sha256: str
    duration_s: float
    fps: float
    width_px: int
    height_px: int
    codec: str
    kept: bool
    """Whether the club still keeps it."""


class SessionFile(Told):
    """A file of the newest analysis."""

    name: str
    byte_count: int
    address: str


class SessionDetail(SessionLine):
    """All that is known of a session."""

    ergometer_type: str | None
    distance_m: float | None
    perceived_effort: float | None
    """0 to 10."""
    power_w: float | None
    drag_factor: float | None
    foot_height_hole: int | None
    notes: str
    felt: str | None
    """What the rower said she felt: ``yes``, ``no``, ``unsure``; null: nothing."""
    film: Film | None
    files: list[SessionFile]


class Analyses(Told):
    """All versions, the newest first."""

    items: list[AnalysisLine]


class Strokes(Told):
    """Strokes of the newest analysis, in their order; columns as in ``strokes.parquet``."""

    items: list[dict[str, Any]]
    next: str | None


class AnalysisState(Told):
    """How far an analysis is."""

    id: uuid.UUID
    session: uuid.UUID | None
    state: JobState
    stage: str
    share: float
    """Of its work that is done, 0 to 1."""
    left_s: int | None
    error: str
    page: str | None
    """Address of the session's page, once it is done."""


class QuantityName(Told):
    """Something that a season can be asked about."""

    id: str
    name: str
    unit: str
    """``deg``, ``s``, ``ratio``, ``spm``, ``percent``, ``score``, nothing; ``share``: of strokes that show a fault."""


class Quantities(Told):
    """All of which the club knows anything."""

    items: list[QuantityName]
    next: str | None


class GroupLine(Told):
    """Sessions that have in common what was grouped by; what was not grouped by is null."""

    athlete: uuid.UUID | None
    squad: uuid.UUID | None
    week: date | None
    """Its Monday."""
    piece_kind: str | None
    session_count: int
    stroke_count: int
    mean: float | None
    """Of all strokes; for a fault the share that shows it."""
    sd: float | None
    session_mean: float | None
    """Mean of the sessions' means."""
    session_sd: float | None
    percentiles: list[float]
    """Values below which the asked shares of the strokes lie; empty where the quantity has none."""


class Groups(Told):
    """Numbers of a season."""

    quantity: QuantityName
    items: list[GroupLine]
    next: str | None


class SessionPoint(Told):
    """One session and its value."""

    session: uuid.UUID
    athlete: uuid.UUID
    analysis: uuid.UUID
    rowed_on: date
    stroke_count: int
    mean: float
    sd: float | None


class SessionPoints(Told):
    """Sessions, by day."""

    quantity: QuantityName
    items: list[SessionPoint]
    next: str | None


class Usual(Told):
    """Where 19 of 20 of her sessions would lie if nothing changed."""

    low: float
    middle: float
    high: float


class Trend(Told):
    """A line through her sessions."""

    change: float | None
    """Along the line, from the first session to the last; null: too few sessions."""
    weeks: float
    detectable_change: float | None
    """The smallest that would be clear."""
    clear: bool
    """Beyond chance and beyond what the measurement can tell."""


class QuantitySeason(Told):
    """One quantity in all her sessions."""

    quantity: QuantityName
    session_count: int
    last: float | None
    """Of the newest session."""
    usual: Usual | None
    trend: Trend


class FaultSeason(Told):
    """One fault in all sessions in which it was looked for."""

    id: str
    name: str
    session_count: int
    shown_in: int
    """Sessions that show it."""


class AthleteSeason(Told):
    """One rower's season."""

    athlete: Person
    quantities: list[QuantitySeason]
    faults: list[FaultSeason]


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
    claim: dict[str, Any] | None
    """What was said of it while it was on its way."""
    known: list[KnownFilm]
    """Sessions of the same file. Then nothing happens until it is claimed again, or taken away."""
    session: KnownFilm | None
    analysis: uuid.UUID | None
    job: JobLine | None


class Uploads(Told):
    """The owner's films, the oldest first."""

    items: list[UploadLine]
    next: str | None


class Problem(Told):
    """A refusal, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    """What is wrong, and what to do."""
    request: str
    """Number of the request, for whoever keeps the server."""
    problems: list[dict[str, str]] = Field(default_factory=list)
    """Every single thing that has to be mended: ``where`` and ``what``."""
