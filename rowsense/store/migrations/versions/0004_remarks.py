"""Comments, tags and the audit trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rowsense.store.migrations.row_security import protect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
NUMBER = sa.Float(53)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "comments",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("answers_comment_id", sa.Uuid(), nullable=True),
        sa.Column("author_user_id", sa.Uuid(), nullable=True),
        sa.Column("stroke", sa.Integer(), nullable=True),
        sa.Column("time_s", NUMBER, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("edited_at", TIME, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("trim(text) <> ''", name=op.f("ck_comments_text_not_blank")),
        sa.CheckConstraint("stroke >= 0", name=op.f("ck_comments_stroke_range")),
        sa.CheckConstraint("time_s >= 0", name=op.f("ck_comments_time_s_range")),
        sa.ForeignKeyConstraint(
            ["author_user_id"], ["users.id"], name=op.f("fk_comments_author_user_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["club_id", "answers_comment_id"],
            ["comments.club_id", "comments.id"],
            name=op.f("fk_comments_club_id_answers_comment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["club_id", "session_id"],
            ["sessions.club_id", "sessions.id"],
            name=op.f("fk_comments_club_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_comments_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint("club_id", "id", name=op.f("uq_comments_club_id_id")),
    )
    op.create_index(op.f("ix_comments_answers_comment_id"), "comments", ["answers_comment_id"])
    op.create_index(
        op.f("ix_comments_club_id_session_id_created_at"), "comments", ["club_id", "session_id", "created_at"]
    )
    op.create_table(
        "tags",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("trim(name) <> ''", name=op.f("ck_tags_name_not_blank")),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_tags_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("club_id", "id", name=op.f("uq_tags_club_id_id")),
        sa.UniqueConstraint("club_id", "name", name=op.f("uq_tags_club_id_name")),
    )
    op.create_table(
        "session_tags",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("tag_id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["club_id", "session_id"],
            ["sessions.club_id", "sessions.id"],
            name=op.f("fk_session_tags_club_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["club_id", "tag_id"],
            ["tags.club_id", "tags.id"],
            name=op.f("fk_session_tags_club_id_tag_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_session_tags_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", "tag_id", name=op.f("pk_session_tags")),
    )
    op.create_index(op.f("ix_session_tags_tag_id"), "session_tags", ["tag_id"])
    op.create_table(
        "audit_entries",
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor_user_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("details", DOCUMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("trim(action) <> ''", name=op.f("ck_audit_entries_action_not_blank")),
        sa.ForeignKeyConstraint(
            ["actor_user_id"], ["users.id"], name=op.f("fk_audit_entries_actor_user_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_audit_entries_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_club_id_at"), "audit_entries", ["club_id", "at"])
    protect("comments", "tags", "session_tags", "audit_entries")


def downgrade() -> None:
    """Drop the tables with all that is in them."""
    for table in ("audit_entries", "session_tags", "tags", "comments"):
        op.drop_table(table)
