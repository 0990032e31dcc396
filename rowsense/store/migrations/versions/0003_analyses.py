"""Analyses and their strokes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rowsense.store.migrations.row_security import protect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
NUMBER = sa.Float(53)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "analyses",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("calibration_id", sa.Uuid(), nullable=True),
        sa.Column("rowsense_version", sa.String(length=40), nullable=False),
        sa.Column("schema_version", sa.SmallInteger(), nullable=False),
        sa.Column("file_prefix", sa.Text(), nullable=False),
        sa.Column("spine_reference", sa.String(length=40), nullable=False),
        sa.Column("style", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("stroke_count", sa.Integer(), nullable=False),
        sa.Column("usable_stroke_count", sa.Integer(), nullable=False),
        sa.Column("rate_spm", NUMBER, nullable=True),
        sa.Column("drive_s", NUMBER, nullable=True),
        sa.Column("recovery_s", NUMBER, nullable=True),
        sa.Column("score", NUMBER, nullable=True),
        sa.Column("summary", DOCUMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint(
            "spine_reference IN ('calibration', 'recording', 'none')", name=op.f("ck_analyses_spine_reference_known")
        ),
        sa.CheckConstraint("score >= 0 AND score <= 100", name=op.f("ck_analyses_score_range")),
        sa.CheckConstraint("usable_stroke_count >= 0", name=op.f("ck_analyses_usable_stroke_count_range")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_analyses_version_range")),
        sa.ForeignKeyConstraint(
            ["club_id", "calibration_id"],
            ["calibrations.club_id", "calibrations.id"],
            name=op.f("fk_analyses_club_id_calibration_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["club_id", "session_id"],
            ["sessions.club_id", "sessions.id"],
            name=op.f("fk_analyses_club_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_analyses_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analyses")),
        sa.UniqueConstraint("club_id", "id", name=op.f("uq_analyses_club_id_id")),
        sa.UniqueConstraint("file_prefix", name=op.f("uq_analyses_file_prefix")),
        sa.UniqueConstraint("session_id", "version", name=op.f("uq_analyses_session_id_version")),
    )
    op.create_index(op.f("ix_analyses_calibration_id"), "analyses", ["calibration_id"])
    op.create_table(
        "strokes",
        sa.Column("analysis_id", sa.Uuid(), nullable=False),
        sa.Column("stroke", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("catch_frame", sa.Integer(), nullable=False),
        sa.Column("catch_time_s", NUMBER, nullable=False),
        sa.Column("rate_spm", NUMBER, nullable=False),
        sa.Column("drive_s", NUMBER, nullable=False),
        sa.Column("recovery_s", NUMBER, nullable=False),
        sa.Column("pelvic_tilt_deg_catch", NUMBER, nullable=True),
        sa.Column("lumbar_flexion_deg_catch", NUMBER, nullable=True),
        sa.Column("trunk_lean_deg_catch", NUMBER, nullable=True),
        sa.Column("trunk_lean_deg_finish", NUMBER, nullable=True),
        sa.Column("shin_deg_catch", NUMBER, nullable=True),
        sa.Column("pelvic_tilt_fall_into_catch_deg", NUMBER, nullable=True),
        sa.Column("lumbar_rise_into_catch_deg", NUMBER, nullable=True),
        sa.Column("pelvis_gives_way_s", NUMBER, nullable=True),
        sa.Column("score", NUMBER, nullable=True),
        sa.Column("score_early_drive", NUMBER, nullable=True),
        sa.Column("score_mid_drive", NUMBER, nullable=True),
        sa.Column("score_late_drive", NUMBER, nullable=True),
        sa.Column("score_early_recovery", NUMBER, nullable=True),
        sa.Column("score_rock_over", NUMBER, nullable=True),
        sa.Column("score_slide", NUMBER, nullable=True),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("drive_s >= 0", name=op.f("ck_strokes_drive_s_range")),
        sa.CheckConstraint("rate_spm >= 0", name=op.f("ck_strokes_rate_spm_range")),
        sa.CheckConstraint("recovery_s >= 0", name=op.f("ck_strokes_recovery_s_range")),
        sa.CheckConstraint("score >= 0 AND score <= 100", name=op.f("ck_strokes_score_range")),
        sa.CheckConstraint("stroke >= 0", name=op.f("ck_strokes_stroke_range")),
        sa.ForeignKeyConstraint(
            ["club_id", "analysis_id"],
            ["analyses.club_id", "analyses.id"],
            name=op.f("fk_strokes_club_id_analysis_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_strokes_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("analysis_id", "stroke", name=op.f("pk_strokes")),
    )
    protect("analyses", "strokes")


def downgrade() -> None:
    """Drop the tables with all that is in them."""
    for table in ("strokes", "analyses"):
        op.drop_table(table)
