"""Summaries of analyses for the questions about a season."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rowsense.store.migrations.row_security import protect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.Float(53)
KEY = ("club_id", "quantity", "athlete_id", "rowed_on", "analysis_id")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "analysis_quantities",
        sa.Column("quantity", sa.String(length=100), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("rowed_on", sa.Date(), nullable=False),
        sa.Column("analysis_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("piece_kind", sa.String(length=40), nullable=True),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("stroke_count", sa.Integer(), nullable=False),
        sa.Column("mean", NUMBER, nullable=False),
        sa.Column("sd", NUMBER, nullable=True),
        sa.Column("first_bin", sa.Integer(), nullable=False),
        sa.Column("bins", sa.LargeBinary(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("stroke_count >= 1", name=op.f("ck_analysis_quantities_stroke_count_range")),
        sa.ForeignKeyConstraint(
            ["club_id", "analysis_id"],
            ["analyses.club_id", "analyses.id"],
            name=op.f("fk_analysis_quantities_club_id_analysis_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["club_id"], ["clubs.id"], name=op.f("fk_analysis_quantities_club_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_analysis_quantities")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_analysis_quantities_analysis_id"), "analysis_quantities", ["analysis_id"])
    protect("analysis_quantities")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("analysis_quantities")
