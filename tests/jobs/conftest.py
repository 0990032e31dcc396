"""The stores of ``tests/store``, on SQLite and on PostgreSQL."""

from __future__ import annotations

from tests.store.conftest import analysed, database, new_url, postgresql_template, server, sqlite_template, store

__all__ = ["analysed", "database", "new_url", "postgresql_template", "server", "sqlite_template", "store"]
