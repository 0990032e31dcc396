"""The second wall: on PostgreSQL a transaction sees and writes its own club's rows, whatever the query says.

``database.py`` sets ``rowsense.club`` and ``rowsense.all_clubs`` for every transaction; where neither is set there are
no rows. FORCE: it holds for the tables' owner too, as whom the program usually signs in.
"""

from __future__ import annotations

from typing import Final

from alembic import op

_ALL: Final = "current_setting('rowsense.all_clubs', true) = 'yes'"
_CLUB: Final = "NULLIF(current_setting('rowsense.club', true), '')::uuid"
_POLICY: Final = "own_club"


def protect(*tables: str) -> None:
    """Only rows whose ``club_id`` is the transaction's club."""
    for table in tables:
        _protect(table, f"club_id = {_CLUB}")


def protect_clubs() -> None:
    """Only the transaction's club itself."""
    _protect("clubs", f"id = {_CLUB}")


def protect_users() -> None:
    """Only members of the transaction's club."""
    _protect("users", f"EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = users.id AND m.club_id = {_CLUB})")


def hide(*tables: str) -> None:
    """No row within a club: for what belongs to none."""
    for table in tables:
        _protect(table, "false")


def unprotect(table: str) -> None:
    """Undo any of the above; needed where a policy names a table that is to go."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(f"DROP POLICY {_POLICY} ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def _protect(table: str, condition: str) -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {_POLICY} ON {table} USING ({condition} OR {_ALL})")
