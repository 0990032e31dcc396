"""What a program may still ask, counted by all servers together, and how the runner of the jobs is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rowsense.store.migrations.row_security import hide

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "paces",
        sa.Column("remaining", sa.Float(precision=53), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paces")),
    )
    op.create_table(
        "runner_states",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("runner", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_runner_states_only_one")),
        sa.CheckConstraint(
            "state IN ('runs', 'no scheduler', 'no workers')", name=op.f("ck_runner_states_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runner_states")),
    )
    hide("paces", "runner_states")


def downgrade() -> None:
    """Drop them."""
    op.drop_table("runner_states")
    op.drop_table("paces")
