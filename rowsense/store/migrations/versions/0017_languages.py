"""The language that a user has chosen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has chosen yet."""
    op.add_column("users", sa.Column("language", sa.String(length=40), nullable=True))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("users", "language")
