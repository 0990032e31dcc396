"""Mail that waits to be sent: who is to be told of what.

A row names a user or an invitation. Address, words and links are made when the mail is sent, so no link lies in the
database, and who has read her notes meanwhile gets no mail.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from rowsense.store.access import Viewer
from rowsense.store.accounts import count_failure
from rowsense.store.database import Database
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import ATHLETE, Comment, Invitation, Mail, Membership, TrainingSession, User
from rowsense.store.tables.accounts import INVITATION, NOTE, PASSWORD

#: A coach writes several notes in a row: they are told of together [D].
NOTES_SETTLE: Final = timedelta(minutes=10)
#: No second mail about notes sooner than this [D].
NOTES_REST: Final = timedelta(hours=6)
#: Who takes a mail up has this long to send it; after that another tries [D].
_LEASE: Final = timedelta(minutes=5)
#: Waits after failed attempts [D]: a mail server that is restarted, a night, and then a person looks.
WAITS: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 480))
_MAILING: Final = AllClubs("mail is older than any club")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A mail that was not sent, as an administrator is told."""

    id: uuid.UUID
    email: str
    purpose: str
    error: str
    next_at: datetime | None
    """None: it is tried no more."""


def ask_for_password(database: Database, email: str, counted_as: Collection[str]) -> None:
    """Mail a link for a new password, if somebody has this address; takes as long where nobody has.

    ``counted_as``: under what the request is counted, as an attempt to sign in would be.
    """
    now = datetime.now(UTC)
    waiting = exists().where(Mail.user_id == User.id, Mail.purpose == PASSWORD, Mail.failed_at.is_(None))
    with database.writing(_MAILING) as unit:
        count_failure(unit, counted_as)
        # An account that is in no club has nothing to sign in to.
        member = exists().where(Membership.user_id == User.id, Membership.suspended_at.is_(None))
        asked = select(User.id).where(User.email == email.strip().lower(), User.active, member, ~waiting)
        found = unit.scalar(asked)
        if found is not None:
            unit.execute(delete(Mail).where(Mail.user_id == found, Mail.purpose == PASSWORD))
            unit.add(Mail(purpose=PASSWORD, user_id=found, next_at=now))


def mail_invitation(database: Database, scope: ClubScope, email: str) -> None:
    """Mail the link of the invitation that waits for this address in a club."""
    mine = (Invitation.club_id == scope.club_id) & (Invitation.email == email) & Invitation.accepted_at.is_(None)
    with database.writing(_MAILING) as unit:
        key = unit.scalar(select(Invitation.id).where(mine))
        if key is not None:
            unit.execute(delete(Mail).where(Mail.invitation_id == key))
            unit.add(Mail(purpose=INVITATION, invitation_id=key, club_id=scope.club_id, next_at=datetime.now(UTC)))


def tell_of_note(database: Database, viewer: Viewer, session_id: uuid.UUID) -> None:
    """Mail those whom a note by ``viewer`` concerns, unless they have read it by then: rower and who wrote there."""
    with database.writing(_MAILING) as unit:
        for member in _concerned(unit, viewer, session_id):
            waiting = (Mail.user_id == member.user_id) & (Mail.club_id == viewer.club_id) & (Mail.purpose == NOTE)
            unit.execute(delete(Mail).where(waiting, Mail.failed_at.is_not(None)))
            if unit.scalar(select(exists().where(waiting))):
                continue
            soon = datetime.now(UTC) + NOTES_SETTLE
            rested = member.mailed_at + NOTES_REST if member.mailed_at is not None else soon
            unit.add(Mail(purpose=NOTE, user_id=member.user_id, club_id=viewer.club_id, next_at=max(soon, rested)))


def _concerned(unit: Session, viewer: Viewer, session_id: uuid.UUID) -> tuple[Membership, ...]:
    rower = select(TrainingSession.athlete_id).where(
        TrainingSession.id == session_id, TrainingSession.club_id == viewer.club_id
    )
    wrote = select(Comment.author_user_id).where(
        Comment.session_id == session_id, Comment.club_id == viewer.club_id, Comment.deleted_at.is_(None)
    )
    asked = (
        select(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.club_id == viewer.club_id,
            Membership.user_id != viewer.user_id,
            Membership.suspended_at.is_(None),
            User.mail_off_since.is_(None),
            or_(
                and_(Membership.role == ATHLETE, Membership.athlete_id == rower.scalar_subquery()),
                Membership.user_id.in_(wrote),
            ),
        )
    )
    return tuple(unit.scalars(asked))


def take_next(database: Database, now: datetime) -> Mail | None:
    """The next mail that is due, for this caller alone for a while; None: there is none."""
    due = Mail.failed_at.is_(None) & (Mail.next_at <= now)
    with database.writing(_MAILING) as unit:
        key = unit.scalar(select(Mail.id).where(due).order_by(Mail.next_at, Mail.id).limit(1))
        if key is None:
            return None
        taken = update(Mail).where(Mail.id == key, due).values(next_at=now + _LEASE, attempt=Mail.attempt + 1)
        return unit.scalar(taken.returning(Mail))


def is_due(database: Database, now: datetime) -> bool:
    """Whether there is something to send; asked often, so it only reads."""
    with database.reading(_MAILING) as unit:
        return bool(unit.scalar(select(exists().where(Mail.failed_at.is_(None), Mail.next_at <= now))))


def done_with(database: Database, mail: Mail) -> None:
    """It was sent, or there is nothing to say any more."""
    with database.writing(_MAILING) as unit:
        unit.execute(delete(Mail).where(Mail.id == mail.id))


def told_of_notes(database: Database, mail: Mail, now: datetime) -> None:
    """She was told of her notes in this club."""
    hers = (Membership.user_id == mail.user_id) & (Membership.club_id == mail.club_id)
    with database.writing(_MAILING) as unit:
        unit.execute(update(Membership).where(hers).values(mailed_at=now))


def put_off(database: Database, mail: Mail, error: str, now: datetime, *, for_good: bool) -> None:
    """It could not be sent: try later, or, ``for_good`` and after the last wait, not any more."""
    over = for_good or mail.attempt > len(WAITS)
    values = {"failed_at": now} if over else {"next_at": now + WAITS[mail.attempt - 1]}
    with database.writing(_MAILING) as unit:
        unit.execute(update(Mail).where(Mail.id == mail.id).values(error=error, **values))


def troubles_of(database: Database, scope: ClubScope) -> tuple[Trouble, ...]:
    """Mails to people of a club that were not sent at the first attempt, the newest first."""
    with database.reading(_MAILING) as unit:
        asked = (
            select(Mail, User.email, Invitation.email)
            .outerjoin(User, User.id == Mail.user_id)
            .outerjoin(Invitation, Invitation.id == Mail.invitation_id)
            .where(Mail.error != "", _of_club(scope))
            .order_by(Mail.created_at.desc())
        )
        return tuple(
            Trouble(
                mail.id, str(of_user or of_invitation), mail.purpose, mail.error,
                None if mail.failed_at is not None else mail.next_at,
            )
            for mail, of_user, of_invitation in unit.execute(asked)
        )  # fmt: skip


def dismiss(database: Database, scope: ClubScope, key: uuid.UUID) -> None:
    """Take such a mail off the list; it is not sent."""
    with database.writing(_MAILING) as unit:
        mine = select(Mail.id).where(Mail.id == key, _of_club(scope), Mail.error != "")
        unit.execute(delete(Mail).where(Mail.id.in_(mine)))


def _of_club(scope: ClubScope) -> ColumnElement[bool]:
    member = exists().where(Membership.user_id == Mail.user_id, Membership.club_id == scope.club_id)
    return or_(Mail.club_id == scope.club_id, and_(Mail.club_id.is_(None), member))
