"""What a club has settled about its pages: whether rowers are compared, whether names are shown, room for films.

A topic of the club's settings beside ``club_settings.py``.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.access import Viewer
from rowsense.store.database import Database
from rowsense.store.holding import hold_club
from rowsense.store.scope import ClubScope
from rowsense.store.tables import ATHLETE, AuditEntry, Club, ClubSettings, Membership, TrainingSession, User
from rowsense.texts.catalogue import LANGUAGES

POLICIES: Final = "policies"
#: No club means more [D].
MOST_ROOM_GB: Final = 1_000_000
_MOST_LETTERS: Final = 200


@dataclass(frozen=True, slots=True)
class Policies:
    """What holds for the pages of a club."""

    compare_rowers: bool = True
    """False: nowhere does one rower stand beside another; each is compared with herself only."""
    hide_names: bool = False
    """Rowers are numbers on all pages that show sessions and seasons, whoever looks: :func:`hides_names`."""
    room_gb: int | None = None
    """For the films of the club, GB of 2^30 bytes; None: as much as the server allows."""
    language: str = ""
    """Of mails and reports for who has chosen none; empty: English."""

    def __post_init__(self) -> None:
        if self.language not in ("", *LANGUAGES):
            raise StoreError("this language is not known here; choose one of the list")
        room = self.room_gb
        if not isinstance(self.compare_rowers, bool) or not isinstance(self.hide_names, bool):
            raise StoreError("rowers are compared or not, and names are hidden or not")
        whole = isinstance(room, int) and not isinstance(room, bool)
        if room is not None and not (whole and 1 <= room <= MOST_ROOM_GB):
            raise StoreError(f"room for films is a whole number of GB from 1 on, or empty; {room!r} is neither")


def policies_of(unit: Session, scope: ClubScope) -> Policies:
    """What the club has settled; where it has not, what is usual."""
    row = unit.scalar(select(ClubSettings).where(ClubSettings.topic == POLICIES, ClubSettings.club_id == scope.club_id))
    known = {field.name for field in fields(Policies)}
    document = {} if row is None else row.document
    return Policies(**{name: said for name, said in document.items() if name in known})


def language_for(unit: Session, scope: ClubScope, athlete_id: uuid.UUID) -> str:
    """In which language what is made for a rower speaks: as she chose, else as her club did; empty: as it is usual."""
    chosen = unit.scalar(
        select(User.language)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.athlete_id == athlete_id, Membership.club_id == scope.club_id, User.language.is_not(None))
        .limit(1)
    )
    return chosen or policies_of(unit, scope).language


def language_of_session(database: Database, scope: ClubScope, session_id: uuid.UUID) -> str:
    """In which language the report of a session speaks: :func:`language_for` her who rowed it."""
    with database.reading(scope) as unit:
        session = unit.get(TrainingSession, session_id)
        return language_for(unit, scope, session.athlete_id) if session is not None else ""


def hides_names(unit: Session, viewer: Viewer) -> bool:
    """Whether rowers are numbers for ``viewer`` wherever a session or a season is shown, whatever she has chosen.

    Everything that shows one asks here. A rower sees nobody's but her own: to herself she is named.
    """
    return viewer.role != ATHLETE and policies_of(unit, ClubScope(viewer.club_id)).hide_names


def hidden_rowers(unit: Session, viewer: Viewer, user_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """User -> athlete, of those among them who are rowers and have no name for ``viewer``: :func:`hides_names`."""
    if not hides_names(unit, viewer):
        return {}
    asked = select(Membership.user_id, Membership.athlete_id).where(Membership.user_id.in_(user_ids))
    return {user: athlete for user, athlete in unit.execute(asked) if athlete is not None}


def read_policies(database: Database, scope: ClubScope) -> Policies:
    """As :func:`policies_of`."""
    with database.reading(scope) as unit:
        return policies_of(unit, scope)


def keep_policies(database: Database, scope: ClubScope, policies: Policies, *, by: uuid.UUID) -> None:
    """Settle it, and note by whom, with what was and what is."""
    with database.writing(scope) as unit:
        hold_club(unit, scope.club_id)
        before = policies_of(unit, scope)
        row = unit.scalar(
            select(ClubSettings).where(ClubSettings.topic == POLICIES, ClubSettings.club_id == scope.club_id)
        )
        if row is None:
            row = ClubSettings(topic=POLICIES)
            unit.add(row)
        row.document, row.changed_at = asdict(policies), datetime.now(UTC)
        changed = {
            name: [getattr(before, name), value]
            for name, value in asdict(policies).items()
            if getattr(before, name) != value
        }
        unit.add(_noted(scope, by, {"topic": POLICIES, "changed": changed}))


def rename_club(database: Database, scope: ClubScope, name: str, *, by: uuid.UUID) -> None:
    """Give the club another name.

    Raises
    ------
    StoreError
        It is empty or too long.
    """
    name = " ".join(name.split())
    if not name or len(name) > _MOST_LETTERS:
        raise StoreError(f"a club's name has 1 to {_MOST_LETTERS} letters")
    with database.writing(scope) as unit:
        club = unit.get_one(Club, scope.club_id)
        if club.name != name:
            club.name = name
            unit.add(_noted(scope, by, {"topic": "name"}))


def _noted(scope: ClubScope, by: uuid.UUID, details: dict[str, object]) -> AuditEntry:
    return AuditEntry(
        actor_user_id=by, action="settings", subject_kind="clubs", subject_id=scope.club_id, details=details
    )
