"""Revisions of the tables, run by ``rowsense.store.migrate``."""
