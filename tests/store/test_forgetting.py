"""Rows that are of no use any more go with the daily sweep, and nothing that is."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from rowsense.store.claims import ClubStore
from rowsense.store.club_settings import Privacy, keep_privacy
from rowsense.store.keeping import sweep
from rowsense.store.record import record
from rowsense.store.scope import AllClubs
from rowsense.store.tables import (
    COACH,
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
    User,
)
from tests.store.club import CLUB, recording

USER = uuid.UUID(int=31)
EVERYWHERE = AllClubs("set up a test")


def ago(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def rows(days: float, mark: str) -> list[Any]:
    """One of each, over since so many days."""
    of_club, at = {"club_id": CLUB.club_id}, ago(days)
    before = at - timedelta(days=10)
    digest = mark * 64
    return [
        Invitation(email=f"{mark}@club.org", role=COACH, token_sha256=digest, created_at=before, expires_at=at,
                   invited_by_user_id=USER, **of_club),
        Mail(user_id=USER, purpose="password", next_at=before, failed_at=at),
        OneTimeLink(user_id=USER, purpose="password", token_sha256=digest, created_at=before, expires_at=at),
        ApiToken(user_id=USER, name=mark, token_sha256=digest, scopes="upload", created_at=before, expires_at=at,
                 **of_club),
        SignIn(user_id=USER, token_sha256=digest, created_at=before, seen_at=at - timedelta(days=13.9), agent=""),
        FailedSignIn(subject_sha256=digest, at=at),
        Comment(session_id=uuid.UUID(int=1000), author_user_id=USER, text=mark, deleted_at=at, **of_club),
        Job(kind="share", payload={}, state="done", finished_at=at, **of_club),
        AuditEntry(action="share", subject_kind="sessions", at=at, **of_club),
        AuditEntry(action="erase", subject_kind="athletes", at=at, **of_club),
    ]  # fmt: skip


def counts(store: ClubStore) -> dict[str, int]:
    tables = (Invitation, Mail, OneTimeLink, ApiToken, SignIn, FailedSignIn, Comment, Job, AuditEntry)
    with store.database.reading(EVERYWHERE) as unit:
        return {table.__tablename__: len(unit.scalars(select(table)).all()) for table in tables}


def test_what_is_over_for_long_goes_and_the_rest_stays(store: ClubStore, analysed: Path) -> None:
    asked = recording(analysed)
    with store.database.writing(EVERYWHERE) as unit:
        unit.add(User(id=USER, email="a@club.org", name="Jana"))
        unit.flush()
        unit.add(Membership(club_id=CLUB.club_id, user_id=USER, role=COACH))
    record(store, CLUB, asked)
    with store.database.writing(EVERYWHERE) as unit:
        unit.add_all([*rows(40, "a"), *rows(0.05, "b")])
        # How an analysis that is there was asked for: it is asked again when its film is analysed again.
        unit.add(
            Job(
                id=asked.analysis_id,
                club_id=CLUB.club_id,
                kind="analyze",
                payload={},
                state="done",
                finished_at=ago(400),
            )
        )
    swept = sweep(store)
    assert counts(store) == {
        "invitations": 1, "mails": 1, "one_time_links": 0, "api_tokens": 1, "sign_ins": 1, "failed_sign_ins": 1,
        "comments": 1, "jobs": 2, "audit_entries": 4,
    }  # fmt: skip
    assert swept.rows == 9 and "9 old rows" in swept.words()
    keep_privacy(store.database, CLUB, Privacy(keep_notes_months=1))
    assert sweep(store).rows == 0, "a slip can be taken back for a week"
    with store.database.writing(CLUB) as unit:
        unit.execute(update(ClubSettings).values(changed_at=ago(8)))
    with store.database.writing(EVERYWHERE) as unit:
        of_club = {"club_id": CLUB.club_id, "action": "remove_member", "subject_kind": "users", "at": ago(40)}
        unit.add_all(AuditEntry(**of_club, subject_id=key) for key in (USER, uuid.UUID(int=32), None))
    assert sweep(store).rows == 3
    with store.database.reading(CLUB) as unit:
        left = sorted(unit.scalars(select(AuditEntry.action)))
    assert left == ["erase", "erase", "remove_member", "settings", "share"], (
        "that somebody was deleted stays, and who is out"
    )
