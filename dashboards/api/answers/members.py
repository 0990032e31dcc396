"""Who is in a club and what was done there, as its administrators' programs are told."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from dashboards.api.answers.people import Role, SquadName
from dashboards.api.operations import Told


class MemberLine(Told):
    """Somebody who signs in."""

    id: uuid.UUID
    name: str
    email: str
    role: Role
    squads: list[SquadName]
    """Those that a coach looks after."""
    athlete: uuid.UUID | None
    """Whom a rower's account is."""
    suspended: bool
    """She is kept as a member and let in nowhere."""


class Members(Told):
    """Members, by name."""

    items: list[MemberLine]
    next: str | None
    """``cursor`` of the next piece; null: this is the last."""


class ClubSquad(SquadName):
    """A squad of the club."""


class ClubSquads(Told):
    """All squads, by name."""

    items: list[ClubSquad]
    next: str | None


class HistoryEntry(Told):
    """That somebody did something."""

    id: uuid.UUID
    at: datetime
    by: uuid.UUID | None
    """Null: the server itself, who keeps the machine, or an account that is deleted."""
    name: str
    """Of who did it, as it is now."""
    kind: str
    """`people`, `access`, `privacy`, `sessions` or `club`."""
    action: str
    subject_kind: str
    """A table of the store."""
    subject: uuid.UUID | None
    """Null: it has none, or was deleted with all that was kept of somebody."""
    called: str
    """A name or an address, as it is now; empty: it has none, or is not there any more."""
    details: dict[str, Any]


class History(Told):
    """Entries, the newest first."""

    items: list[HistoryEntry]
    next: str | None
