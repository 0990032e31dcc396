"""How large the folders of the file store are that rows name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rowsense.store.migrations.row_security import protect

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table. It is filled when somebody asks, and by the daily sweep."""
    op.create_table(
        "folder_sizes",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("film_byte_count", sa.BigInteger(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("byte_count >= 0", name=op.f("ck_folder_sizes_byte_count_range")),
        sa.CheckConstraint("film_byte_count >= 0", name=op.f("ck_folder_sizes_film_byte_count_range")),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_folder_sizes_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_folder_sizes")),
    )
    protect("folder_sizes")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("folder_sizes")
