"""Strokes that others are held against: a rower's own, and the club's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rowsense.store.migrations.row_security import protect

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_TABLE = "reference_strokes"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        _TABLE,
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("whose", sa.String(length=40), nullable=False),
        sa.Column("time_s", sa.Float(precision=53), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("whose IN ('rower', 'club')", name=op.f(f"ck_{_TABLE}_whose_known")),
        sa.CheckConstraint("time_s >= 0", name=op.f(f"ck_{_TABLE}_time_s_range")),
        sa.ForeignKeyConstraint(
            ["club_id", "session_id"],
            ["sessions.club_id", "sessions.id"],
            name=op.f(f"fk_{_TABLE}_club_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f(f"fk_{_TABLE}_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", "whose", name=op.f(f"pk_{_TABLE}")),
    )
    protect(_TABLE)


def downgrade() -> None:
    """Drop it."""
    op.drop_table(_TABLE)
