"""Clubs, squads, athletes, users, memberships, invitations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rowsense.store.migrations.row_security import protect, protect_clubs, protect_users, unprotect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "clubs",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("trim(name) <> ''", name=op.f("ck_clubs_name_not_blank")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clubs")),
    )
    op.create_table(
        "users",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("session_key", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("email = lower(email) AND email LIKE '%_@_%'", name=op.f("ck_users_email_form")),
        sa.CheckConstraint("trim(name) <> ''", name=op.f("ck_users_name_not_blank")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("session_key", name=op.f("uq_users_session_key")),
    )
    op.create_table(
        "athletes",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("birth_year", sa.SmallInteger(), nullable=True),
        sa.Column("style", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("trim(name) <> ''", name=op.f("ck_athletes_name_not_blank")),
        sa.CheckConstraint("birth_year >= 1900 AND birth_year <= 2100", name=op.f("ck_athletes_birth_year_range")),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_athletes_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_athletes")),
        sa.UniqueConstraint("club_id", "id", name=op.f("uq_athletes_club_id_id")),
    )
    op.create_index(op.f("ix_athletes_club_id_name"), "athletes", ["club_id", "name"])
    op.create_table(
        "squads",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("trim(name) <> ''", name=op.f("ck_squads_name_not_blank")),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_squads_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_squads")),
        sa.UniqueConstraint("club_id", "id", name=op.f("uq_squads_club_id_id")),
        sa.UniqueConstraint("club_id", "name", name=op.f("uq_squads_club_id_name")),
    )
    op.create_table(
        "squad_athletes",
        sa.Column("squad_id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["club_id", "athlete_id"],
            ["athletes.club_id", "athletes.id"],
            name=op.f("fk_squad_athletes_club_id_athlete_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["club_id", "squad_id"],
            ["squads.club_id", "squads.id"],
            name=op.f("fk_squad_athletes_club_id_squad_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_squad_athletes_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("squad_id", "athlete_id", name=op.f("pk_squad_athletes")),
    )
    op.create_index(op.f("ix_squad_athletes_athlete_id"), "squad_athletes", ["athlete_id"])
    op.create_table(
        "memberships",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("(role = 'athlete') = (athlete_id IS NOT NULL)", name=op.f("ck_memberships_athlete_named")),
        sa.CheckConstraint("role IN ('administrator', 'coach', 'athlete')", name=op.f("ck_memberships_role_known")),
        sa.ForeignKeyConstraint(
            ["club_id", "athlete_id"],
            ["athletes.club_id", "athletes.id"],
            name=op.f("fk_memberships_club_id_athlete_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_memberships_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("club_id", "user_id", name=op.f("uq_memberships_club_id_user_id")),
    )
    op.create_index(op.f("ix_memberships_athlete_id"), "memberships", ["athlete_id"])
    op.create_index(op.f("ix_memberships_user_id"), "memberships", ["user_id"])
    op.create_table(
        "invitations",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=True),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("invited_by_user_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("accepted_at", TIME, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("(role = 'athlete') = (athlete_id IS NOT NULL)", name=op.f("ck_invitations_athlete_named")),
        sa.CheckConstraint("email = lower(email) AND email LIKE '%_@_%'", name=op.f("ck_invitations_email_form")),
        sa.CheckConstraint("role IN ('administrator', 'coach', 'athlete')", name=op.f("ck_invitations_role_known")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_invitations_expires_later")),
        sa.CheckConstraint("length(token_sha256) = 64", name=op.f("ck_invitations_token_sha256_length")),
        sa.ForeignKeyConstraint(
            ["club_id", "athlete_id"],
            ["athletes.club_id", "athletes.id"],
            name=op.f("fk_invitations_club_id_athlete_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_invitations_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["invited_by_user_id"], ["users.id"], name=op.f("fk_invitations_invited_by_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_invitations_token_sha256")),
    )
    op.create_index(op.f("ix_invitations_athlete_id"), "invitations", ["athlete_id"])
    op.create_index(op.f("ix_invitations_club_id_email"), "invitations", ["club_id", "email"])
    protect_clubs()
    protect_users()
    protect("athletes", "squads", "squad_athletes", "memberships", "invitations")


def downgrade() -> None:
    """Drop the tables with all that is in them."""
    unprotect("users")
    for table in ("invitations", "memberships", "squad_athletes", "squads", "athletes", "users", "clubs"):
        op.drop_table(table)
