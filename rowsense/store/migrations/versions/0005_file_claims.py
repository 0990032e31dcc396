"""Folders of the file store that are being written or removed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rowsense.store.migrations.row_security import protect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "file_claims",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("state IN ('writing', 'removing')", name=op.f("ck_file_claims_state_known")),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_file_claims_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_file_claims")),
    )
    protect("file_claims")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("file_claims")
