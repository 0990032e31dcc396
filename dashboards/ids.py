"""Names of the parts of the page that callbacks speak to."""

from __future__ import annotations

from enum import StrEnum


class Id(StrEnum):
    """Component ids."""

    ADDRESS = "address"
    BELL = "unread-notes"
    CONTENT = "content"
    SCHEME = "colour-scheme"
    NOTES = "notes-place"
    PLAYER = "player"
    COMPARE = "compare"
