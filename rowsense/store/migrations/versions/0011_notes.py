"""Notes with drawings, who has read them, and what the rower felt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rowsense.store.migrations.row_security import protect

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Add the columns, make the tables."""
    op.add_column("comments", sa.Column("drawing", DOCUMENT, nullable=True))
    op.add_column("comments", sa.Column("deleted_at", TIME, nullable=True))
    op.create_table(
        "comment_reads",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("read_until", TIME, nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        _of_the_session("comment_reads"),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_comment_reads_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_comment_reads_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", "user_id", name=op.f("pk_comment_reads")),
    )
    op.create_index(op.f("ix_comment_reads_user_id"), "comment_reads", ["user_id"])
    op.create_table(
        "felt_answers",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("said_at", TIME, nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("answer IN ('yes', 'no', 'unsure', 'skipped')", name=op.f("ck_felt_answers_answer_known")),
        _of_the_session("felt_answers"),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name=op.f("fk_felt_answers_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_felt_answers")),
    )
    protect("comment_reads")
    protect("felt_answers")


def downgrade() -> None:
    """Drop them; what was deleted and can still be brought back goes first, or it would be there again."""
    op.execute(
        "DELETE FROM comments WHERE answers_comment_id IN (SELECT id FROM comments WHERE deleted_at IS NOT NULL)"
    )
    op.execute("DELETE FROM comments WHERE deleted_at IS NOT NULL")
    op.drop_table("felt_answers")
    op.drop_table("comment_reads")
    op.drop_column("comments", "deleted_at")
    op.drop_column("comments", "drawing")


def _of_the_session(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["club_id", "session_id"],
        ["sessions.club_id", "sessions.id"],
        name=op.f(f"fk_{table}_club_id_session_id"),
        ondelete="CASCADE",
    )
