"""What a club has settled for itself: how long things are kept, and what may be shared.

Typed here, a JSON document per topic in the table. Another topic is another frozen dataclass with ``read`` and ``keep``
of its own below; unknown and missing entries of an older or newer version fall back on what is usual.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.database import Database
from rowsense.store.holding import hold_club
from rowsense.store.scope import ClubScope
from rowsense.store.tables import AuditEntry, ClubSettings

PRIVACY: Final = "privacy"
#: For how many days a link may be made [D]; of these, those that the club allows.
SHARE_DAYS: Final = (1, 7, 30)
#: Nobody means more, or less, with a time of keeping [D].
MOST_FILM_DAYS: Final = 3650
MOST_SESSION_MONTHS: Final = 240
#: Whose face nobody may take the blur off in what is shared.
EVERYBODYS: Final = "everybodys"
JUNIORS: Final = "juniors"
NOBODYS: Final = "nobodys"
FACES: Final = (EVERYBODYS, JUNIORS, NOBODYS)
#: After the times of keeping were changed nothing goes by them for so long, so that a slip can be taken back [D].
GRACE: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Privacy:
    """How long a club keeps what, and what it lets out."""

    keep_films_days: int | None = None
    """Films as they were filmed go so many days after their analysis; None: they stay as long as the session."""
    keep_sessions_months: int | None = None
    """Sessions go, with all that is in them, so many months after they were rowed; None: they stay."""
    keep_originals: bool = True
    """False: a film goes as soon as it is analysed, and the one with the drawing in it is what can be watched."""
    share_most_days: int = SHARE_DAYS[-1]
    """For how long a link may be made at most; 0: nothing is shared by links."""
    keep_notes_months: int | None = None
    """Notes of what was done go after so many months; None: they stay."""
    faces: str = JUNIORS
    """One of :data:`FACES`: whose face is blurred in whatever is shared. Of others it is unless taken off."""

    def __post_init__(self) -> None:
        problems = [*_problems_of_days(self), *_problems_of_sharing(self)]
        if problems:
            raise StoreError("; ".join(problems))

    @property
    def share_days(self) -> tuple[int, ...]:
        """For how many days links may be made."""
        return tuple(days for days in SHARE_DAYS if days <= self.share_most_days)


def _problems_of_days(said: Privacy) -> list[str]:
    limits = (
        ("films", "days", said.keep_films_days, MOST_FILM_DAYS),
        ("sessions", "months", said.keep_sessions_months, MOST_SESSION_MONTHS),
        ("notes of what was done", "months", said.keep_notes_months, MOST_SESSION_MONTHS),
    )
    return [
        f"{what} may be kept for 1 to {most} {unit}, or without an end; {given!r} is neither"
        for what, unit, given, most in limits
        if given is not None and (not _is_whole(given) or not 1 <= given <= most)
    ]


def _problems_of_sharing(said: Privacy) -> list[str]:
    problems = []
    # From a document, where anything may stand.
    given: Any = said.keep_originals
    if not isinstance(given, bool):
        problems.append(f"films are kept or not; {given!r} says neither")
    if not _is_whole(said.share_most_days) or said.share_most_days not in (0, *SHARE_DAYS):
        listed = ", ".join(map(str, SHARE_DAYS))
        problems.append(f"links last {listed} days at most, or are not made (0); {said.share_most_days!r} is neither")
    if said.faces not in FACES:
        problems.append(
            f"faces are blurred by rule for everybody, for juniors or for nobody; {said.faces!r} is neither"
        )
    return problems


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class KeptPrivacy:
    """What holds, and since when."""

    privacy: Privacy
    changed_at: datetime | None
    """None: nobody has changed what is usual."""

    def not_before(self) -> datetime | None:
        """Until then nothing goes by the times of keeping."""
        return None if self.changed_at is None else self.changed_at + GRACE


def read_privacy(database: Database, scope: ClubScope) -> Privacy:
    """What the club has settled; where it has not, what is usual."""
    with database.reading(scope) as unit:
        return kept_privacy(unit, scope).privacy


def keep_privacy(database: Database, scope: ClubScope, privacy: Privacy, by: uuid.UUID | None = None) -> None:
    """Settle it, and note by whom with what was and what is."""
    with database.writing(scope) as unit:
        hold_club(unit, scope.club_id)
        before = kept_privacy(unit, scope).privacy
        if before == privacy:
            return
        row = unit.get(ClubSettings, (PRIVACY, scope.club_id))
        if row is None:
            row = ClubSettings(topic=PRIVACY)
            unit.add(row)
        row.document, row.changed_at = asdict(privacy), datetime.now(UTC)
        changed = {
            name: [getattr(before, name), value]
            for name, value in asdict(privacy).items()
            if getattr(before, name) != value
        }
        unit.add(
            AuditEntry(
                actor_user_id=by,
                action="settings",
                subject_kind="clubs",
                subject_id=scope.club_id,
                details={"topic": PRIVACY, "changed": changed},
            )
        )


def kept_privacy(unit: Session, scope: ClubScope) -> KeptPrivacy:
    """As :func:`read_privacy`, in a unit of work, with when it was settled."""
    row = unit.scalar(
        select(ClubSettings).where(ClubSettings.topic == PRIVACY, ClubSettings.club_id == scope.club_id)
    )  # fmt: skip
    if row is None:
        return KeptPrivacy(Privacy(), None)
    known = {field.name for field in fields(Privacy)}
    return KeptPrivacy(Privacy(**{name: said for name, said in row.document.items() if name in known}), row.changed_at)
