"""Tokens for programs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rowsense.store.migrations.row_security import hide

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "api_tokens",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_api_tokens_expires_later")),
        sa.CheckConstraint("length(token_sha256) = 64", name=op.f("ck_api_tokens_token_sha256_length")),
        sa.CheckConstraint("trim(name) <> ''", name=op.f("ck_api_tokens_name_not_blank")),
        sa.CheckConstraint("trim(scopes) <> ''", name=op.f("ck_api_tokens_scopes_not_blank")),
        sa.ForeignKeyConstraint(
            ["club_id", "user_id"],
            ["memberships.club_id", "memberships.user_id"],
            name=op.f("fk_api_tokens_club_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_api_tokens_token_sha256")),
    )
    op.create_index(op.f("ix_api_tokens_user_id"), "api_tokens", ["user_id"])
    hide("api_tokens")


def downgrade() -> None:
    """Drop it with all tokens."""
    op.drop_table("api_tokens")
