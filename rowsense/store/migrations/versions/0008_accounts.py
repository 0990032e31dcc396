"""Signing in, who coaches which squad, and the consent of guardians."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rowsense.store.migrations.row_security import hide, protect

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "failed_sign_ins",
        sa.Column("subject_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(subject_sha256) = 64", name=op.f("ck_failed_sign_ins_subject_sha256_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_sign_ins")),
    )
    op.create_index(op.f("ix_failed_sign_ins_subject_sha256_at"), "failed_sign_ins", ["subject_sha256", "at"])
    op.create_table(
        "one_time_links",
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("(purpose = 'password') = (user_id IS NOT NULL)", name=op.f("ck_one_time_links_user_named")),
        sa.CheckConstraint("purpose IN ('first_start', 'password')", name=op.f("ck_one_time_links_purpose_known")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_one_time_links_expires_later")),
        sa.CheckConstraint("length(token_sha256) = 64", name=op.f("ck_one_time_links_token_sha256_length")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_one_time_links_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_links")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_one_time_links_token_sha256")),
    )
    op.create_index(op.f("ix_one_time_links_user_id"), "one_time_links", ["user_id"])
    op.create_table(
        "sign_ins",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("length(token_sha256) = 64", name=op.f("ck_sign_ins_token_sha256_length")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_ins_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_sign_ins_token_sha256")),
    )
    op.create_index(op.f("ix_sign_ins_user_id"), "sign_ins", ["user_id"])
    op.create_table(
        "consents",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_name", sa.String(length=200), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_user_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", TIME, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("trim(guardian_name) <> ''", name=op.f("ck_consents_guardian_name_not_blank")),
        sa.ForeignKeyConstraint(
            ["club_id", "athlete_id"],
            ["athletes.club_id", "athletes.id"],
            name=op.f("fk_consents_club_id_athlete_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_consents_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["recorded_by_user_id"], ["users.id"], name=op.f("fk_consents_recorded_by_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_athlete_id"), "consents", ["athlete_id"])
    op.create_table(
        "invitation_squads",
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("squad_id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["club_id", "squad_id"],
            ["squads.club_id", "squads.id"],
            name=op.f("fk_invitation_squads_club_id_squad_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["club_id"], ["clubs.id"], name=op.f("fk_invitation_squads_club_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_invitation_squads_invitation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("invitation_id", "squad_id", name=op.f("pk_invitation_squads")),
    )
    op.create_index(op.f("ix_invitation_squads_squad_id"), "invitation_squads", ["squad_id"])
    op.create_table(
        "squad_coaches",
        sa.Column("squad_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["club_id", "squad_id"],
            ["squads.club_id", "squads.id"],
            name=op.f("fk_squad_coaches_club_id_squad_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["club_id", "user_id"],
            ["memberships.club_id", "memberships.user_id"],
            name=op.f("fk_squad_coaches_club_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_squad_coaches_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("squad_id", "user_id", name=op.f("pk_squad_coaches")),
    )
    op.create_index(op.f("ix_squad_coaches_user_id"), "squad_coaches", ["user_id"])
    protect("consents", "invitation_squads", "squad_coaches")
    hide("failed_sign_ins", "one_time_links", "sign_ins")


def downgrade() -> None:
    """Drop the tables with all that is in them."""
    for table in (
        "squad_coaches", "invitation_squads", "consents", "sign_ins", "one_time_links", "failed_sign_ins",
    ):  # fmt: skip
        op.drop_table(table)
