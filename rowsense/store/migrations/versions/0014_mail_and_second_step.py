"""Mail that waits to be sent, the second step of signing in, and which of several clubs somebody looks at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rowsense.store.migrations.row_security import hide

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns, make the tables."""
    op.add_column("clubs", sa.Column("second_step_since", TIME, nullable=True))
    op.add_column("users", sa.Column("mail_off_since", TIME, nullable=True))
    op.add_column("memberships", sa.Column("chosen_at", TIME, nullable=True))
    op.add_column("memberships", sa.Column("mailed_at", TIME, nullable=True))
    with op.batch_alter_table("sign_ins") as table:
        table.add_column(sa.Column("club_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_sign_ins_club_id"), "clubs", ["club_id"], ["id"], ondelete="SET NULL")
    op.create_table(
        "second_steps",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("totp_secret", sa.Text(), nullable=False),
        sa.Column("last_counter", sa.BigInteger(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_second_steps_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_steps")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(code_sha256) = 64", name=op.f("ck_recovery_codes_code_sha256_length")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "code_sha256", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "mails",
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("club_id", sa.Uuid(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("next_at", TIME, nullable=False),
        sa.Column("failed_at", TIME, nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("purpose IN ('password', 'invitation', 'note')", name=op.f("ck_mails_purpose_known")),
        sa.CheckConstraint(
            "(purpose = 'invitation') = (invitation_id IS NOT NULL) AND (purpose = 'invitation') = (user_id IS NULL)",
            name=op.f("ck_mails_to_somebody"),
        ),
        sa.CheckConstraint("(purpose = 'password') = (club_id IS NULL)", name=op.f("ck_mails_of_a_club")),
        sa.CheckConstraint("attempt >= 0", name=op.f("ck_mails_attempt_not_negative")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mails_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_mails_invitation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_mails_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
    )
    for column in ("user_id", "invitation_id", "club_id", "next_at"):
        op.create_index(op.f(f"ix_mails_{column}"), "mails", [column])
    hide("second_steps", "recovery_codes", "mails")


def downgrade() -> None:
    """Drop them; who had a second step signs in with the password alone."""
    for table in ("mails", "recovery_codes", "second_steps"):
        op.drop_table(table)
    with op.batch_alter_table("sign_ins") as sign_ins:
        sign_ins.drop_constraint(op.f("fk_sign_ins_club_id"), type_="foreignkey")
        sign_ins.drop_column("club_id")
    op.drop_column("memberships", "mailed_at")
    op.drop_column("memberships", "chosen_at")
    op.drop_column("users", "mail_off_since")
    op.drop_column("clubs", "second_step_since")
