"""What bad days need: how often a job waited for what it stands on, a disk without room, and which time was seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rowsense.store.migrations.row_security import hide

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
_BEFORE = "'runs', 'no scheduler', 'no workers'"
_RUNNER = sa.table(
    "runner_states", sa.column("id", sa.SmallInteger()), sa.column("runner", sa.String()),
    sa.column("state", sa.String()), sa.column("at", TIME),
)  # fmt: skip


def upgrade() -> None:
    """Add them."""
    op.add_column("jobs", sa.Column("wait_count", sa.SmallInteger(), server_default=sa.text("0"), nullable=False))
    op.create_table(
        "seen_times",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("doubted_s", sa.Float(precision=53), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_seen_times_only_one")),
        sa.CheckConstraint("doubted_s >= 0", name=op.f("ck_seen_times_doubted_s_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seen_times")),
    )
    hide("seen_times")
    _runner_states(f"{_BEFORE}, 'no room'")


def downgrade() -> None:
    """Take them away; a runner that has no room says how it is within a minute."""
    op.execute("DELETE FROM runner_states WHERE state = 'no room'")
    _runner_states(_BEFORE)
    op.drop_table("seen_times")
    op.drop_column("jobs", "wait_count")


def _runner_states(states: str) -> None:
    """Make the table anew, its row kept: neither database changes a check in place in the same way."""
    kept = [dict(row) for row in op.get_bind().execute(sa.select(_RUNNER)).mappings()]
    op.drop_table("runner_states")
    op.create_table(
        "runner_states",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("runner", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_runner_states_only_one")),
        sa.CheckConstraint(f"state IN ({states})", name=op.f("ck_runner_states_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runner_states")),
    )
    hide("runner_states")
    op.bulk_insert(_RUNNER, kept)
