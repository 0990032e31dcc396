"""Since when a member is let in nowhere."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; nobody is."""
    op.add_column("memberships", sa.Column("suspended_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Take out who is let in nowhere: a version that does not know of it would let them in."""
    op.execute("DELETE FROM memberships WHERE suspended_at IS NOT NULL")
    op.drop_column("memberships", "suspended_at")
