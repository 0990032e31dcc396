"""What a club's server tells, as frozen data. None is what was not measured; units stand in the names."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Me:
    """Whom the token stands for."""

    name: str
    role: str
    """``administrator``, ``coach`` or ``athlete``."""
    club: str
    scopes: tuple[str, ...]
    expires_at: datetime
    version: str
    """Of RowSense on the server."""


@dataclass(frozen=True, slots=True)
class Squad:
    """A squad."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class Athlete:
    """A rower."""

    id: uuid.UUID
    name: str
    squads: tuple[Squad, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who signs in."""

    id: uuid.UUID
    name: str
    email: str
    role: str
    """``administrator``, ``coach`` or ``athlete``."""
    squads: tuple[Squad, ...]
    """Those that a coach looks after."""
    athlete: uuid.UUID | None
    """Whom a rower's account is."""
    suspended: bool
    """She is kept as a member and let in nowhere."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """That somebody did something in the club."""

    id: uuid.UUID
    at: datetime
    by: uuid.UUID | None
    """None: the server itself, who keeps the machine, or an account that is deleted."""
    name: str
    kind: str
    """``people``, ``access``, ``privacy``, ``sessions`` or ``club``."""
    action: str
    subject_kind: str
    """A table of the store."""
    subject: uuid.UUID | None
    called: str
    """What it is called now; empty: it has no name, or is not there any more."""
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Range:
    """From sitting tall to the full slump."""

    width_deg: float
    sd_deg: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """A rower's own zero and range."""

    id: uuid.UUID
    made_at: datetime
    """The day of its film."""
    pelvic_tilt: Range | None
    """Negative: the pelvis tips back. None: it is damaged."""
    lumbar_flexion: Range | None
    tall_count: int
    slump_count: int
    hinge_count: int
    notes: tuple[str, ...]
    """What could have been better."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whose session it is."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """A version of what was measured; medians over the usable strokes."""

    id: uuid.UUID
    version: int
    created_at: datetime
    stroke_count: int
    usable_stroke_count: int
    rate_spm: float | None
    drive_s: float | None
    recovery_s: float | None
    score: float | None
    """0 to 100, 100 best."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the newest analysis."""

    id: str
    name: str
    severity: int
    strokes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Version(Analysis):
    """One of several, with the faults that it found."""

    session: uuid.UUID
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Session:
    """A session with its newest analysis."""

    id: uuid.UUID
    athlete: Person
    rowed_on: date
    piece_kind: str | None
    tags: tuple[str, ...]
    page: str
    """Of the server, from its name on."""
    analysis: Analysis
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Monitor:
    """What the ergometer's monitor recorded, laid over the strokes that count."""

    name: str
    duration_s: float
    distance_m: float | None
    offset_s: float | None
    """Monitor time + this = film time; None: not known, and ``reason`` says why."""
    offset_low_s: float | None
    offset_high_s: float | None
    reason: str
    stroke_count: int
    matched_count: int
    rate_difference_spm: float | None


@dataclass(frozen=True, slots=True)
class AnalysisState:
    """How far an analysis is."""

    id: uuid.UUID
    session: uuid.UUID | None
    state: str
    """``queued``, ``running``, ``done``, ``failed``, ``parked`` or ``cancelled``."""
    stage: str
    share: float
    left_s: int | None
    error: str
    page: str | None


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something that a season can be asked about."""

    id: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class KnownFilm:
    """A session that was made of a file."""

    session: uuid.UUID
    athlete: str
    rowed_on: date
    address: str
    """Of its page on the server; empty: it is not analysed yet."""


@dataclass(frozen=True, slots=True)
class Link:
    """With which somebody without an account sees one session."""

    id: uuid.UUID
    label: str
    made_at: datetime
    ends_at: datetime
    holds: bool
    ready: bool
    """What it shows is made, and can be had as files."""
    opened_count: int
    named: bool
    face_blurred: bool
    surroundings_blurred: bool
    film: str
    """``none``, ``clip`` or ``whole``."""


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that was just made."""

    address: str
    """To be sent; it is told only now."""
    link: Link


@dataclass(frozen=True, slots=True)
class Job:
    """How an analysis goes."""

    state: str
    stage: str
    share: float
    left_s: int | None
    error: str


@dataclass(frozen=True, slots=True)
class JobDetail:
    """Work in the background, and whom it is about."""

    id: uuid.UUID
    """Of the analysis or the calibration that it makes, too."""
    kind: str
    """``analyze``, ``calibrate``, ``rescore``, ``rewrite`` or ``share``."""
    state: str
    stage: str
    share: float
    left_s: int | None
    stops: bool
    error: str
    athlete: Person | None
    film: str
    session: uuid.UUID | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Upload:
    """A film on its way in."""

    id: uuid.UUID
    name: str
    bytes: int
    here: int
    state: str
    """``receiving``, ``checking``, ``ready``, ``refused`` or ``claimed``."""
    problem: str
    claim: dict[str, Any] | None
    known: tuple[KnownFilm, ...]
    session: KnownFilm | None
    analysis: uuid.UUID | None
    job: Job | None
    refused: bool = False
    """The rower cannot be measured in it; ``problem`` says why."""
    warnings: tuple[str, ...] = ()
    """What makes the measurement less certain."""
    calibration: bool = False
    """Whether the job makes a calibration, whose key ``analysis`` is."""
    poses: bool = False
    """``refused``, but somebody sits in it and nobody rows: it may be a film for a calibration."""
