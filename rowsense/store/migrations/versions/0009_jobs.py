"""Work to be done in the background."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rowsense.store.migrations.row_security import protect

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
NUMBER = sa.Float(53)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "jobs",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", DOCUMENT, nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("failure_count", sa.SmallInteger(), nullable=False),
        sa.Column("death_count", sa.SmallInteger(), nullable=False),
        sa.Column("restart_count", sa.SmallInteger(), nullable=False),
        sa.Column("max_attempts", sa.SmallInteger(), nullable=False),
        sa.Column("not_before", TIME, nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("done", NUMBER, nullable=False),
        sa.Column("total", NUMBER, nullable=False),
        sa.Column("resumed_done", NUMBER, nullable=False),
        sa.Column("checkpoint", DOCUMENT, nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("runner", sa.String(length=200), nullable=True),
        sa.Column("worker", sa.String(length=200), nullable=False),
        sa.Column("worker_version", sa.String(length=40), nullable=False),
        sa.Column("beat", sa.Integer(), nullable=False),
        sa.Column("beat_at", TIME, nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("started_at", TIME, nullable=True),
        sa.Column("finished_at", TIME, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("(state = 'running') = (runner IS NOT NULL)", name=op.f("ck_jobs_runner_named")),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'parked', 'cancelled')", name=op.f("ck_jobs_state_known")
        ),
        sa.CheckConstraint("trim(kind) <> ''", name=op.f("ck_jobs_kind_not_blank")),
        sa.CheckConstraint("attempt >= 0", name=op.f("ck_jobs_attempt_range")),
        sa.CheckConstraint("death_count >= 0", name=op.f("ck_jobs_death_count_range")),
        sa.CheckConstraint("done >= 0", name=op.f("ck_jobs_done_range")),
        sa.CheckConstraint("failure_count >= 0", name=op.f("ck_jobs_failure_count_range")),
        sa.CheckConstraint("max_attempts >= 1", name=op.f("ck_jobs_max_attempts_range")),
        sa.CheckConstraint("restart_count >= 0", name=op.f("ck_jobs_restart_count_range")),
        sa.CheckConstraint("total >= 0", name=op.f("ck_jobs_total_range")),
        sa.ForeignKeyConstraint(
            ["club_id", "athlete_id"],
            ["athletes.club_id", "athletes.id"],
            name=op.f("fk_jobs_club_id_athlete_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_jobs_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index(op.f("ix_jobs_athlete_id"), "jobs", ["athlete_id"])
    op.create_index(op.f("ix_jobs_club_id_created_at"), "jobs", ["club_id", "created_at"])
    op.create_index(op.f("ix_jobs_state_club_id"), "jobs", ["state", "club_id"])
    protect("jobs")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("jobs")
