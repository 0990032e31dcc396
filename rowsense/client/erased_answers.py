"""What a club's server tells of who was taken out or is to be deleted for good, as frozen data."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """Somebody of whom all can be deleted, and what would go."""

    id: uuid.UUID
    name: str
    rows: dict[str, int]
    """Table of the store -> rows."""


@dataclass(frozen=True, slots=True)
class TakenOut:
    """Somebody whom the club took out, and who is in no club since."""

    id: uuid.UUID
    name: str
    email: str
    role: str | None
    """What she was in the club; None: that was not noted."""
    at: datetime
    may_come_back: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """The receipt of what was deleted for good. It names nobody."""

    id: uuid.UUID
    """The ``subject`` of its entry in the history."""
    at: datetime
    rows: dict[str, int]
    """Table of the store -> deleted rows."""
    file_count: int
    byte_count: int
    account_kept: bool
    """Because it is in another club too."""
    left: dict[str, int]
    """Table -> rows of the club that still hold her name, address or key."""
    log_cleared: bool
    notes: tuple[str, ...]
    """What else has to be known."""
