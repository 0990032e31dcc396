"""What Alembic runs: the revisions on the connection that ``rowsense.store.migrate`` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, TypeDecorator

from rowsense.store.tables import Base


def _plain_types(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    """Write the database's own type into a revision: what a type of the program does may change, a revision not."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


def _run(connection: Connection) -> None:
    # Batch mode: SQLite alters a table by making it anew.
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()


_run(context.config.attributes["connection"])
