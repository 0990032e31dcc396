"""Sessions with their videos, and calibrations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rowsense.store.migrations.row_security import protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
NUMBER = sa.Float(53)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "sessions",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("created_by_user_id", sa.Uuid(), nullable=True),
        sa.Column("rowed_on", sa.Date(), nullable=False),
        sa.Column("piece_kind", sa.String(length=40), nullable=True),
        sa.Column("distance_m", NUMBER, nullable=True),
        sa.Column("rate_spm", NUMBER, nullable=True),
        sa.Column("perceived_effort", NUMBER, nullable=True),
        sa.Column("power_w", NUMBER, nullable=True),
        sa.Column("ergometer_type", sa.String(length=40), nullable=True),
        sa.Column("drag_factor", NUMBER, nullable=True),
        sa.Column("foot_height_hole", sa.SmallInteger(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint(
            "ergometer_type IN ('static', 'slides', 'dynamic', 'water', 'other')",
            name=op.f("ck_sessions_ergometer_type_known"),
        ),
        sa.CheckConstraint(
            "piece_kind IN ('steady', 'intervals', 'test', 'race', 'technique', 'warm_up', 'other')",
            name=op.f("ck_sessions_piece_kind_known"),
        ),
        sa.CheckConstraint("distance_m >= 0 AND distance_m <= 1e+06", name=op.f("ck_sessions_distance_m_range")),
        sa.CheckConstraint("drag_factor >= 0 AND drag_factor <= 500", name=op.f("ck_sessions_drag_factor_range")),
        sa.CheckConstraint(
            "foot_height_hole >= 0 AND foot_height_hole <= 20", name=op.f("ck_sessions_foot_height_hole_range")
        ),
        sa.CheckConstraint(
            "perceived_effort >= 0 AND perceived_effort <= 10", name=op.f("ck_sessions_perceived_effort_range")
        ),
        sa.CheckConstraint("power_w >= 0 AND power_w <= 3000", name=op.f("ck_sessions_power_w_range")),
        sa.CheckConstraint("rate_spm >= 5 AND rate_spm <= 80", name=op.f("ck_sessions_rate_spm_range")),
        sa.ForeignKeyConstraint(
            ["club_id", "athlete_id"],
            ["athletes.club_id", "athletes.id"],
            name=op.f("fk_sessions_club_id_athlete_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_sessions_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["created_by_user_id"], ["users.id"], name=op.f("fk_sessions_created_by_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("club_id", "id", name=op.f("uq_sessions_club_id_id")),
    )
    op.create_index(op.f("ix_sessions_club_id_athlete_id_rowed_on"), "sessions", ["club_id", "athlete_id", "rowed_on"])
    op.create_table(
        "videos",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_key", sa.Text(), nullable=True),
        sa.Column("byte_count", sa.BigInteger(), nullable=True),
        sa.Column("codec", sa.String(length=40), nullable=False),
        sa.Column("duration_s", NUMBER, nullable=False),
        sa.Column("fps", NUMBER, nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("trim(name) <> ''", name=op.f("ck_videos_name_not_blank")),
        sa.CheckConstraint("byte_count >= 0", name=op.f("ck_videos_byte_count_range")),
        sa.CheckConstraint("duration_s >= 0", name=op.f("ck_videos_duration_s_range")),
        sa.CheckConstraint("fps >= 0", name=op.f("ck_videos_fps_range")),
        sa.CheckConstraint("height_px >= 1", name=op.f("ck_videos_height_px_range")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_videos_sha256_length")),
        sa.CheckConstraint("width_px >= 1", name=op.f("ck_videos_width_px_range")),
        sa.ForeignKeyConstraint(
            ["club_id", "session_id"],
            ["sessions.club_id", "sessions.id"],
            name=op.f("fk_videos_club_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_videos_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_videos")),
        sa.UniqueConstraint("club_id", "id", name=op.f("uq_videos_club_id_id")),
        sa.UniqueConstraint("file_key", name=op.f("uq_videos_file_key")),
        sa.UniqueConstraint("session_id", name=op.f("uq_videos_session_id")),
    )
    op.create_index(op.f("ix_videos_club_id_sha256"), "videos", ["club_id", "sha256"])
    op.create_table(
        "calibrations",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("estimator", sa.Text(), nullable=False),
        sa.Column("document", DOCUMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["club_id", "athlete_id"],
            ["athletes.club_id", "athletes.id"],
            name=op.f("fk_calibrations_club_id_athlete_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_calibrations_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibrations")),
        sa.UniqueConstraint("club_id", "id", name=op.f("uq_calibrations_club_id_id")),
    )
    op.create_index(
        op.f("ix_calibrations_club_id_athlete_id_made_at"), "calibrations", ["club_id", "athlete_id", "made_at"]
    )
    protect("sessions", "videos", "calibrations")


def downgrade() -> None:
    """Drop the tables with all that is in them."""
    for table in ("calibrations", "videos", "sessions"):
        op.drop_table(table)
