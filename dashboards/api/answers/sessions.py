"""What a program is told of sessions and their analyses."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, Literal

from dashboards.api.answers.people import Person
from dashboards.api.operations import Told

JobState = Literal["queued", "running", "done", "failed", "parked", "cancelled"]


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
    tags: list[str]
    """Words of the club's own, by the alphabet."""
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


class Monitor(Told):
    """What the ergometer's monitor recorded, laid over the strokes that count of the newest analysis."""

    name: str
    """Of the file."""
    duration_s: float
    distance_m: float | None
    offset_s: float | None
    """Monitor time + this = film time; null: not known, and ``reason`` says why."""
    offset_low_s: float | None
    """Ends of its 95 % interval; null: somebody said where the monitor begins."""
    offset_high_s: float | None
    reason: str
    stroke_count: int
    """Strokes that count."""
    matched_count: int
    """Of these the monitor saw."""
    rate_difference_spm: float | None
    """Root mean square of how far both stroke rates differ in them."""


class SessionDetail(SessionLine):
    """All that is known of a session."""

    ergometer_type: str | None
    distance_m: float | None
    rate_spm: float | None
    """As asked for or read from the monitor; what was measured is in ``analysis``."""
    perceived_effort: float | None
    """0 to 10."""
    power_w: float | None
    drag_factor: float | None
    foot_height_hole: int | None
    notes: str
    felt: str | None
    """What the rower said she felt: ``yes``, ``no``, ``unsure``; null: nothing."""
    film: Film | None
    monitor: Monitor | None
    files: list[SessionFile]


class AnalysisDetail(AnalysisLine):
    """One version with the faults that it found."""

    session: uuid.UUID
    faults: list[Fault]


class Analyses(Told):
    """All versions, the newest first."""

    items: list[AnalysisLine]
    next: str | None


class Strokes(Told):
    """Strokes of the newest analysis, in their order; columns as in ``strokes.parquet``.

    With a monitor's recording also ``monitor_rate_spm``, ``monitor_power_w``, ``monitor_distance_m``,
    ``monitor_pace_s_500m`` and ``monitor_heart_rate_bpm``.
    """

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
