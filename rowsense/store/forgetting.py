"""Rows that are of no use any more once their time is over, taken away by the daily sweep. Files are in ``keeping.py``.

What was done in a club (``audit_entries``) goes by what the club has settled; that somebody was deleted stays, since
that note is what a receipt is held against, and so does that somebody was taken out, as long as she is not back and her
account is not deleted: by that note it is found.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, not_, or_, select
from sqlalchemy.sql.dml import ReturningDelete

from rowsense.store.accounts import sign_in_is_over
from rowsense.store.club_settings import PRIVACY, kept_privacy
from rowsense.store.database import Database
from rowsense.store.members import TAKEN_OUT
from rowsense.store.notes import UNDO_LASTS
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import (
    Analysis,
    ApiToken,
    AuditEntry,
    ClubSettings,
    Comment,
    FailedSignIn,
    Invitation,
    Job,
    Mail,
    Membership,
    OneTimeLink,
    SignIn,
)
from rowsense.store.tables.jobs import CANCELLED, DONE
from rowsense.store.times_kept import months_before

#: So long after it is over somebody may still ask what became of it [D].
ASKED_ABOUT: Final = timedelta(days=30)
#: Notes that stay.
_RECEIPTS: Final = ("erase", "erase_account")
_ALL: Final = AllClubs("the daily sweep forgets what is over")


def forget_old(database: Database, now: datetime) -> int:
    """Take away what is over; how many rows."""
    count = 0
    with database.writing(_ALL) as unit:
        for going in _over(now):
            count += len(unit.scalars(going.execution_options(synchronize_session=False)).all())
    return count + _forget_notes(database, now)


def _over(now: datetime) -> Iterator[ReturningDelete[uuid.UUID]]:
    long_ago = now - ASKED_ABOUT
    yield (
        delete(Invitation)
        .where(or_(Invitation.expires_at < long_ago, Invitation.accepted_at < long_ago))
        .returning(Invitation.id)
    )
    yield delete(Mail).where(Mail.failed_at < long_ago).returning(Mail.id)
    yield delete(OneTimeLink).where(OneTimeLink.expires_at < now).returning(OneTimeLink.id)
    yield delete(ApiToken).where(ApiToken.expires_at < long_ago).returning(ApiToken.id)
    yield delete(SignIn).where(sign_in_is_over(now)).returning(SignIn.id)
    yield delete(FailedSignIn).where(FailedSignIn.at < now - timedelta(days=1)).returning(FailedSignIn.id)
    yield delete(Comment).where(Comment.deleted_at < now - UNDO_LASTS).returning(Comment.id)
    # How an analysis that is kept was asked for is needed when its film is analysed again.
    over = Job.state.in_((DONE, CANCELLED)), Job.finished_at < long_ago, Job.id.not_in(select(Analysis.id))
    yield delete(Job).where(*over).returning(Job.id)


def _forget_notes(database: Database, now: datetime) -> int:
    count = 0
    with database.reading(_ALL) as unit:
        clubs = unit.scalars(select(ClubSettings.club_id).where(ClubSettings.topic == PRIVACY)).all()
    for club_id in clubs:
        scope = ClubScope(club_id)
        with database.writing(scope) as unit:
            kept = kept_privacy(unit, scope)
            months, grace = kept.privacy.keep_notes_months, kept.not_before()
            if months is None or (grace is not None and grace > now):
                continue
            before = datetime.combine(months_before(now.date(), months), datetime.min.time(), UTC)
            here = select(Membership.user_id).where(Membership.club_id == club_id)
            leads = (AuditEntry.action == TAKEN_OUT) & AuditEntry.subject_id.is_not(None)
            leads &= AuditEntry.subject_id.not_in(here)
            going = delete(AuditEntry).where(AuditEntry.at < before, AuditEntry.action.not_in(_RECEIPTS), not_(leads))
            count += len(unit.scalars(going.returning(AuditEntry.id)).all())
    return count
