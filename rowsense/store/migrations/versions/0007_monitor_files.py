"""Recordings of the ergometer's monitor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rowsense.store.migrations.row_security import protect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
NUMBER = sa.Float(53)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "monitor_files",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("file_prefix", sa.Text(), nullable=False),
        sa.Column("sample_count", sa.Integer(), nullable=False),
        sa.Column("duration_s", NUMBER, nullable=False),
        sa.Column("distance_m", NUMBER, nullable=True),
        sa.Column("offset_s", NUMBER, nullable=True),
        sa.Column("offset_low_s", NUMBER, nullable=True),
        sa.Column("offset_high_s", NUMBER, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("trim(name) <> ''", name=op.f("ck_monitor_files_name_not_blank")),
        sa.CheckConstraint("sample_count >= 2", name=op.f("ck_monitor_files_sample_count_range")),
        sa.CheckConstraint("duration_s >= 0", name=op.f("ck_monitor_files_duration_s_range")),
        sa.CheckConstraint("distance_m >= 0", name=op.f("ck_monitor_files_distance_m_range")),
        sa.ForeignKeyConstraint(
            ["club_id", "session_id"],
            ["sessions.club_id", "sessions.id"],
            name=op.f("fk_monitor_files_club_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_monitor_files_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monitor_files")),
        sa.UniqueConstraint("file_prefix", name=op.f("uq_monitor_files_file_prefix")),
        sa.UniqueConstraint("session_id", name=op.f("uq_monitor_files_session_id")),
    )
    protect("monitor_files")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("monitor_files")
