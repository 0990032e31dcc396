"""A session on the ergometer: the piece, its video and what the rower was calibrated with."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from rowsense.store.tables.base import (
    Base,
    ClubOwned,
    Dated,
    Digest,
    Identified,
    Name,
    Word,
    not_blank,
    one_of,
    own_key,
    same_club,
    sha256,
    within,
)

PIECE_KINDS: Final = ("steady", "intervals", "test", "race", "technique", "warm_up", "other")
#: How the ergometer stands: fixed, on slides, with a free flywheel, on water, or anything else.
ERGOMETER_TYPES: Final = ("static", "slides", "dynamic", "water", "other")
#: Between which ends the numbers of a piece lie; units are in their names.
PIECE_LIMITS: Final = {
    "distance_m": (0, 1_000_000),
    "rate_spm": (5, 80),
    "perceived_effort": (0, 10),
    "power_w": (0, 3000),
    "drag_factor": (0, 500),
    "foot_height_hole": (0, 20),
}


class TrainingSession(Base, Identified, ClubOwned, Dated):
    """What somebody rowed. Everything about the piece may be unknown but its day."""

    __tablename__ = "sessions"
    __table_args__ = (
        own_key(),
        same_club("athlete_id", "athletes"),
        Index(None, "club_id", "athlete_id", "rowed_on"),
        one_of("piece_kind", PIECE_KINDS),
        one_of("ergometer_type", ERGOMETER_TYPES),
        *(within(name, *ends) for name, ends in PIECE_LIMITS.items()),
    )

    athlete_id: Mapped[uuid.UUID]
    created_by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    rowed_on: Mapped[date]
    piece_kind: Mapped[str | None] = mapped_column(Word)
    distance_m: Mapped[float | None]
    rate_spm: Mapped[float | None]
    """As asked for or read from the monitor; what was measured is in the analyses."""
    perceived_effort: Mapped[float | None]
    """0..10, Borg's category-ratio scale [R]."""
    power_w: Mapped[float | None]
    ergometer_type: Mapped[str | None] = mapped_column(Word)
    drag_factor: Mapped[float | None]
    """As the monitor shows it, 1e-6 N m s2."""
    foot_height_hole: Mapped[int | None] = mapped_column(SmallInteger)
    """As numbered or counted on the foot rest."""
    notes: Mapped[str] = mapped_column(default="")
    # Last, where a store of before 0012 has it too.
    held_at: Mapped[datetime | None] = mapped_column(sort_order=1)
    """Since when nothing of it goes by the club's times of keeping; NULL: it may go."""


class Video(Base, Identified, ClubOwned, Dated):
    """The film of a session; one each."""

    __tablename__ = "videos"
    __table_args__ = (
        own_key(),
        same_club("session_id", "sessions"),
        Index(None, "club_id", "sha256"),
        not_blank("name"),
        sha256("sha256"),
        within("byte_count", 0),
        within("duration_s", 0),
        within("width_px", 1),
        within("height_px", 1),
        within("fps", 0),
    )

    session_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(Name)
    """As the file was called, without folders."""
    sha256: Mapped[str] = mapped_column(Digest)
    file_key: Mapped[str | None] = mapped_column(unique=True)
    """Where the file store keeps it; None: only its analysis is kept."""
    byte_count: Mapped[int | None] = mapped_column(BigInteger)
    codec: Mapped[str] = mapped_column(Word)
    duration_s: Mapped[float]
    fps: Mapped[float]
    width_px: Mapped[int]
    height_px: Mapped[int]


class MonitorFile(Base, Identified, ClubOwned, Dated):
    """What the ergometer's monitor recorded of a session; one each. Its series is a file."""

    __tablename__ = "monitor_files"
    __table_args__ = (
        same_club("session_id", "sessions"),
        not_blank("name"),
        within("sample_count", 2),
        within("duration_s", 0),
        within("distance_m", 0),
    )

    session_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(Name)
    """As the file was called, without folders."""
    file_prefix: Mapped[str] = mapped_column(unique=True)
    sample_count: Mapped[int]
    duration_s: Mapped[float]
    distance_m: Mapped[float | None]
    offset_s: Mapped[float | None]
    """Monitor time + this = video time; NULL: not known, and ``reason`` says why."""
    offset_low_s: Mapped[float | None]
    offset_high_s: Mapped[float | None]
    reason: Mapped[str] = mapped_column(default="")


class StoredCalibration(Base, Identified, ClubOwned):
    """An athlete's own zero and range. Older ones are kept; an analysis that names one lets go of it before it goes."""

    __tablename__ = "calibrations"
    __table_args__ = (own_key(), same_club("athlete_id", "athletes"), Index(None, "club_id", "athlete_id", "made_at"))

    athlete_id: Mapped[uuid.UUID]
    made_at: Mapped[datetime]
    estimator: Mapped[str]
    """Which estimator measured it; angles of another have another zero."""
    document: Mapped[dict[str, Any]]
    """All of it, as ``rowsense calibrate`` writes it."""
