"""What an analysis in the background is asked for with. Light, so that a web process may ask."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from rowsense.errors import UsageError
from rowsense.jobs.queue import LATER, SOON, enqueue
from rowsense.jobs.stopping import cancel_within
from rowsense.store.record import Piece
from rowsense.store.tables import Job
from rowsense.store.tables.jobs import QUEUED, RUNNING

ANALYZE: Final = "analyze"
RESCORE: Final = "rescore"
CALIBRATE: Final = "calibrate"
REWRITE: Final = "rewrite"


@dataclass(frozen=True, slots=True)
class AnalysisRequest:
    """An analysis of one video, to be recorded as the newest version of its session."""

    athlete_id: uuid.UUID
    session_id: uuid.UUID
    analysis_id: uuid.UUID
    """Made by who asks: however often it is tried, it is recorded once."""
    video: Path | None = None
    """A file that every worker sees; None: the session's own video in the file store."""
    piece: Piece | None = None
    """What the session is made of where there is none yet."""
    keep_video: bool = True
    """Store the video with the session."""
    overlay: bool = True
    """Make the overlay video."""
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Stage -> setting -> value, those that are not the usual ones."""

    def __post_init__(self) -> None:
        if self.video is not None and not self.video.is_absolute():
            raise UsageError(f"{self.video}: name the whole path, since a worker may start in another folder")
        if self.piece is not None and self.piece.athlete_id != self.athlete_id:
            raise UsageError("the session is of another athlete than the analysis")

    def to_payload(self) -> dict[str, Any]:
        """As a job keeps it."""
        piece = None if self.piece is None else kept_piece(self.piece)
        plain = {name: _plain(getattr(self, name)) for name in self.__slots__ if name not in ("piece", "settings")}
        return plain | {"piece": piece, "settings": self.settings}

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Self:
        """What a job kept."""
        video, piece = payload["video"], payload["piece"]
        return cls(
            athlete_id=uuid.UUID(payload["athlete_id"]),
            session_id=uuid.UUID(payload["session_id"]),
            analysis_id=uuid.UUID(payload["analysis_id"]),
            video=None if video is None else Path(video),
            piece=None if piece is None else piece_of(piece),
            keep_video=payload["keep_video"],
            overlay=payload["overlay"],
            settings=payload["settings"],
        )


def ask_for_analysis(unit: Session, request: AnalysisRequest, priority: int = SOON) -> Job:
    """Ask for it, in the transaction of the caller; asking again for the same analysis gives the same job."""
    return enqueue(
        unit,
        ANALYZE,
        request.to_payload(),
        key=request.analysis_id,
        athlete_id=request.athlete_id,
        priority=priority,
    )


@dataclass(frozen=True, slots=True)
class CalibrationRequest:
    """A calibration from a film in which somebody poses. ``key`` is its own, its job's, and that of the session that
    holds the film: one without an analysis, which no list shows."""

    key: uuid.UUID
    athlete_id: uuid.UUID
    filmed_on: date
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Stage -> setting -> value, those that are not the usual ones."""

    def to_payload(self) -> dict[str, Any]:
        """As a job keeps it."""
        return {name: _plain(getattr(self, name)) for name in self.__slots__}

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Self:
        """What a job kept."""
        keys = {name: uuid.UUID(payload[name]) for name in ("key", "athlete_id")}
        return cls(**keys, filmed_on=date.fromisoformat(payload["filmed_on"]), settings=payload["settings"])


def ask_for_calibration(unit: Session, request: CalibrationRequest) -> Job:
    """Ask for it, in the transaction of the caller; asking again for the same one gives the same job."""
    return enqueue(unit, CALIBRATE, request.to_payload(), key=request.key, athlete_id=request.athlete_id, priority=SOON)


def ask_for_report(unit: Session, athlete_id: uuid.UUID, session_id: uuid.UUID) -> Job:
    """Ask for report, paper and card of a session whose files are there without them."""
    return enqueue(unit, REWRITE, {"session_id": str(session_id)}, athlete_id=athlete_id, priority=SOON)


def ask_for_rescoring(unit: Session, number: int) -> Job:
    """Ask for the club's sessions to be judged by version ``number`` of its catalogue, when nothing else waits.

    What still waits or runs for another version is of no use any more and is cancelled. Asking again while it waits or
    runs gives the same job.
    """
    going = unit.scalars(select(Job).where(Job.kind == RESCORE, Job.state.in_((QUEUED, RUNNING)))).all()
    for job in going:
        if job.payload == {"number": number} and not job.cancel_requested:
            return job
        cancel_within(unit, job.id)
    return enqueue(unit, RESCORE, {"number": number}, priority=LATER)


Settings = dict[str, dict[str, Any]]
"""Stage -> setting -> value, those that are not the usual ones."""
_SETTINGS: Final = "settings"
_CALIBRATION: Final = "calibration"


def kept_piece(piece: Piece, settings: Settings | None = None, *, calibration: bool = False) -> dict[str, Any]:
    """As a document keeps it, with how its film is to be analysed, and whether it is one to be calibrated by."""
    kept = {name: _plain(value) for name, value in asdict(piece).items()}
    return kept | ({_SETTINGS: settings} if settings else {}) | ({_CALIBRATION: True} if calibration else {})


def is_calibration(kept: dict[str, Any]) -> bool:
    """Whether :func:`kept_piece` kept that."""
    return bool(kept.get(_CALIBRATION))


def settings_of(kept: dict[str, Any]) -> Settings:
    """The settings beside what :func:`kept_piece` kept; empty: the usual ones."""
    return dict(kept.get(_SETTINGS, {}))


def piece_of(kept: dict[str, Any]) -> Piece:
    """What :func:`kept_piece` kept."""
    by = kept["created_by_user_id"]
    told = {"athlete_id": uuid.UUID(kept["athlete_id"]), "rowed_on": date.fromisoformat(kept["rowed_on"])}
    rest = {name: value for name, value in kept.items() if name not in (_SETTINGS, _CALIBRATION)}
    return Piece(**{**rest, **told, "created_by_user_id": uuid.UUID(by) if by else None})


def _plain(value: Any) -> Any:
    """For JSON."""
    return str(value) if isinstance(value, uuid.UUID | date | Path) else value
