"""What a club settles for itself, sessions that are kept in any case, and links to one session."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rowsense.store.migrations.row_security import protect

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Add the column, make the tables."""
    op.add_column("sessions", sa.Column("held_at", TIME, nullable=True))
    op.create_table(
        "club_settings",
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("document", DOCUMENT, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        _of_the_club("club_settings"),
        sa.PrimaryKeyConstraint("topic", "club_id", name=op.f("pk_club_settings")),
    )
    op.create_table(
        "share_links",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("analysis_id", sa.Uuid(), nullable=False),
        sa.Column("created_by_user_id", sa.Uuid(), nullable=True),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME, nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("face_blurred", sa.Boolean(), nullable=False),
        sa.Column("surroundings_blurred", sa.Boolean(), nullable=False),
        sa.Column("film", sa.String(length=40), nullable=False),
        sa.Column("file_prefix", sa.Text(), nullable=True),
        sa.Column("opened_count", sa.Integer(), nullable=False),
        sa.Column("last_opened_at", TIME, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_share_links_expires_later")),
        sa.CheckConstraint("film IN ('none', 'clip', 'whole')", name=op.f("ck_share_links_film_known")),
        sa.CheckConstraint("length(token_sha256) = 64", name=op.f("ck_share_links_token_sha256_length")),
        sa.CheckConstraint("opened_count >= 0", name=op.f("ck_share_links_opened_count_range")),
        _same_club("session_id", "sessions"),
        _same_club("analysis_id", "analyses"),
        _of_the_club("share_links"),
        sa.ForeignKeyConstraint(
            ["created_by_user_id"], ["users.id"], name=op.f("fk_share_links_created_by_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_links")),
        sa.UniqueConstraint("file_prefix", name=op.f("uq_share_links_file_prefix")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_share_links_token_sha256")),
    )
    op.create_index(op.f("ix_share_links_session_id"), "share_links", ["session_id"])
    op.create_index(op.f("ix_share_links_analysis_id"), "share_links", ["analysis_id"])
    protect("club_settings")
    protect("share_links")


def downgrade() -> None:
    """Drop them. Files of links stay without a name; ``remove_unnamed`` clears them away."""
    op.drop_table("share_links")
    op.drop_table("club_settings")
    op.drop_column("sessions", "held_at")


def _of_the_club(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f(f"fk_{table}_club_id"), ondelete="CASCADE")


def _same_club(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["club_id", column],
        [f"{table}.club_id", f"{table}.id"],
        name=op.f(f"fk_share_links_club_id_{column}"),
        ondelete="CASCADE",
    )
