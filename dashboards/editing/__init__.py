"""Changing what is known of a session, and deleting it."""
