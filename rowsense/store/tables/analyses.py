"""What was measured: one row per analysis, one per usable stroke. Everything else of it is in Parquet files."""

from __future__ import annotations

import uuid
from typing import Any, Final

from sqlalchemy import Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from rowsense.store.tables.base import (
    Base,
    ClubOwned,
    Dated,
    Identified,
    Word,
    one_of,
    own_key,
    same_club,
    same_club_kept,
    within,
)

SPINE_REFERENCES: Final = ("calibration", "recording", "none")


class Analysis(Base, Identified, ClubOwned, Dated):
    """One analysis of a session. Versions count from 1 and the highest is shown; older ones stay as they were."""

    __tablename__ = "analyses"
    __table_args__ = (
        own_key(),
        same_club("session_id", "sessions"),
        same_club_kept("calibration_id", "calibrations"),
        UniqueConstraint("session_id", "version"),
        Index(None, "calibration_id"),
        within("version", 1),
        within("usable_stroke_count", 0),
        within("score", 0, 100),
        one_of("spine_reference", SPINE_REFERENCES),
    )

    session_id: Mapped[uuid.UUID]
    version: Mapped[int]
    calibration_id: Mapped[uuid.UUID | None]
    rowsense_version: Mapped[str] = mapped_column(Word)
    schema_version: Mapped[int] = mapped_column(SmallInteger)
    """Of the files."""
    catalogue_number: Mapped[int] = mapped_column(default=0, server_default=text("0"), sort_order=1)
    """The version of the club's catalogue that it was judged by, last; 0: the catalogue as it comes."""
    judges_version: Mapped[int | None] = mapped_column(sort_order=2)
    """The version whose measurement this one judges anew; NULL: it has its own."""
    file_prefix: Mapped[str] = mapped_column(unique=True)
    """The files' folder in the file store."""
    spine_reference: Mapped[str] = mapped_column(Word)
    style: Mapped[str] = mapped_column(Word, default="")
    level: Mapped[str] = mapped_column(Word, default="")
    stroke_count: Mapped[int]
    """Whole strokes."""
    usable_stroke_count: Mapped[int]
    rate_spm: Mapped[float | None]
    """Medians over the usable strokes; NULL: not measured."""
    drive_s: Mapped[float | None]
    recovery_s: Mapped[float | None]
    score: Mapped[float | None]
    summary: Mapped[dict[str, Any]]
    """``summary.json``."""


class StrokeRow(Base, ClubOwned):
    """A usable stroke with what is most often asked for; columns as in ``strokes.parquet``. NULL: not measured."""

    __tablename__ = "strokes"
    __table_args__ = (
        same_club("analysis_id", "analyses"),
        within("stroke", 0),
        within("rate_spm", 0),
        within("drive_s", 0),
        within("recovery_s", 0),
        within("score", 0, 100),
    )

    analysis_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    stroke: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Number in the video, from 0."""
    catch_frame: Mapped[int]
    catch_time_s: Mapped[float]
    rate_spm: Mapped[float]
    drive_s: Mapped[float]
    recovery_s: Mapped[float]
    pelvic_tilt_deg_catch: Mapped[float | None]
    lumbar_flexion_deg_catch: Mapped[float | None]
    trunk_lean_deg_catch: Mapped[float | None]
    trunk_lean_deg_finish: Mapped[float | None]
    shin_deg_catch: Mapped[float | None]
    pelvic_tilt_fall_into_catch_deg: Mapped[float | None]
    lumbar_rise_into_catch_deg: Mapped[float | None]
    pelvis_gives_way_s: Mapped[float | None]
    score: Mapped[float | None]
    score_early_drive: Mapped[float | None]
    score_mid_drive: Mapped[float | None]
    score_late_drive: Mapped[float | None]
    score_early_recovery: Mapped[float | None]
    score_rock_over: Mapped[float | None]
    score_slide: Mapped[float | None]
