"""A club's catalogue in versions, and by which of them a session was judged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rowsense.store.migrations.row_security import protect

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Make the table, add the columns: what there is was judged by the catalogue as it comes."""
    op.create_table(
        "catalogue_versions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("changes", DOCUMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by_user_id", sa.Uuid(), nullable=True),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_catalogue_versions_number_range")),
        sa.ForeignKeyConstraint(
            ["club_id"], ["clubs.id"], name=op.f("fk_catalogue_versions_club_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_user_id"],
            ["users.id"],
            name=op.f("fk_catalogue_versions_made_by_user_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("club_id", "number", name=op.f("pk_catalogue_versions")),
    )
    protect("catalogue_versions")
    op.add_column("analyses", sa.Column("catalogue_number", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("analyses", sa.Column("judges_version", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("analyses", "judges_version")
    op.drop_column("analyses", "catalogue_number")
    op.drop_table("catalogue_versions")
