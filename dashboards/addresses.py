"""Where the page finds what belongs to a session."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

#: Page of a rower's calibrations, without her key.
CALIBRATIONS: Final = "/calibrations/"


def media_address(key: str, name: str) -> str:
    """A file of a session."""
    return f"/media/{quote(key)}/{quote(name)}"


def still_address(key: str, name: str) -> str:
    """A still of a session, small enough for a strip of many."""
    return f"{media_address(key, name)}?small=1"


def player_address(key: str) -> str:
    """The player's data of a session."""
    return f"/player/{quote(key)}"


def notes_address(key: str) -> str:
    """The notes on a session."""
    return f"/notes/{quote(key)}"


def felt_address(key: str) -> str:
    """Where the rower's answer goes."""
    return f"/felt/{quote(key)}"
