"""The list of sessions, and one session."""
