"""What is kept of somebody, and what went for good, as its administrators' programs are told."""

from __future__ import annotations

import uuid
from datetime import datetime

from dashboards.api.answers.people import Role
from dashboards.api.operations import Told


class Kept(Told):
    """Somebody of whom all can be deleted, and what would go."""

    id: uuid.UUID
    name: str
    """Has to be said to delete it."""
    rows: dict[str, int]
    """Table of the store -> rows that go, or lose who did what they note. Files go with them."""


class TakenOutLine(Told):
    """Somebody whom the club took out, and who is in no club since."""

    id: uuid.UUID
    name: str
    email: str
    role: Role | None
    """What she was in the club. Null: that was not noted."""
    at: datetime
    """When she was taken out."""
    may_come_back: bool
    """Whether that can still be undone."""


class TakenOutPeople(Told):
    """The last one first."""

    items: list[TakenOutLine]
    next: str | None
    """``cursor`` of the next piece; null: this is the last."""


class Gone(Told):
    """The receipt: what was deleted. It names nobody, and is told once; its note in `/history` stays."""

    id: uuid.UUID
    """The note has the same number as its `subject`."""
    at: datetime
    rows: dict[str, int]
    """Table of the store -> deleted rows."""
    file_count: int
    byte_count: int
    account_kept: bool
    """Because it is in another club too."""
    left: dict[str, int]
    """Table -> rows of the club that still hold her name, address or key: a remark of somebody else, a namesake."""
    log_cleared: bool
    """False: the database's log still holds deleted rows until those who read now are done."""
    notes: list[str]
    """What else has to be known, in words."""
