"""Parts of long jobs, which several workers do together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rowsense.store.migrations.row_security import protect

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Make the table."""
    # What it points at; SQLite takes an index for it, and no new constraint on a table that is there.
    op.create_index(op.f("ix_jobs_club_id_id"), "jobs", ["club_id", "id"], unique=True)
    op.create_table(
        "job_parts",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plan", DOCUMENT, nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("holder_attempt", sa.Integer(), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("holder_attempt >= 0", name=op.f("ck_job_parts_holder_attempt_range")),
        sa.CheckConstraint("part >= 0", name=op.f("ck_job_parts_part_range")),
        sa.ForeignKeyConstraint(
            ["club_id", "job_id"], ["jobs.club_id", "jobs.id"], name=op.f("fk_job_parts_club_id_job_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_job_parts_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "part", name=op.f("pk_job_parts")),
    )  # fmt: skip
    protect("job_parts")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("job_parts")
    op.drop_index(op.f("ix_jobs_club_id_id"), "jobs")
