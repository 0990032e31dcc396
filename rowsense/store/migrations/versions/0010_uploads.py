"""Films on their way in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rowsense.store.migrations.row_security import protect

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "uploads",
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("filmed_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("found", DOCUMENT, nullable=False),
        sa.Column("claim", DOCUMENT, nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("(state = 'claimed') = (session_id IS NOT NULL)", name=op.f("ck_uploads_session_named")),
        sa.CheckConstraint(
            "state IN ('receiving', 'checking', 'ready', 'refused', 'claimed')", name=op.f("ck_uploads_state_known")
        ),
        sa.CheckConstraint("trim(name) <> ''", name=op.f("ck_uploads_name_not_blank")),
        sa.CheckConstraint("byte_count >= 1", name=op.f("ck_uploads_byte_count_range")),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_uploads_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["club_id", "session_id"],
            ["sessions.club_id", "sessions.id"],
            name=op.f("fk_uploads_club_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_uploads_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_club_id_user_id"), "uploads", ["club_id", "user_id"])
    op.create_index(op.f("ix_uploads_session_id"), "uploads", ["session_id"])
    protect("uploads")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("uploads")
