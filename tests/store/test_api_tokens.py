"""Tokens of programs: what they stand for, and when they no longer do. On SQLite and on PostgreSQL."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from rowsense.errors import StoreError
from rowsense.store.api_tokens import MOST, end_token, make_token, token_of, tokens_of
from rowsense.store.database import Database
from rowsense.store.scope import AllClubs
from rowsense.store.tables import COACH, ApiToken, Membership, User
from rowsense.store.viewers import viewer_of
from tests.store.club import CLUB, OTHER_CLUB, add_club

JANA = uuid.UUID(int=5)
CHECK = AllClubs("look at a test's store")


@pytest.fixture
def jana(database: Database) -> uuid.UUID:
    """A coach of one club who is in the other one too."""
    add_club(database)
    with database.writing(CHECK) as unit:
        unit.add(User(id=JANA, email="jana@club.org", name="Jana"))
        unit.flush()
        unit.add(Membership(club_id=CLUB.club_id, user_id=JANA, role=COACH))
        unit.add(Membership(club_id=OTHER_CLUB.club_id, user_id=JANA, role="administrator"))
    return JANA


def test_a_token_is_its_owner_in_one_club_until_it_is_taken_back(database: Database, jana: uuid.UUID) -> None:
    token = make_token(database, OTHER_CLUB.club_id, jana, " boat\nhouse ", ["upload", "sessions"], 30)
    known = token_of(database, token)
    assert known is not None and known.name == "boat house" and known.scopes == {"upload", "sessions"}
    viewer = viewer_of(database, known.user_id, known.club_id)
    assert viewer is not None and (viewer.club_id, viewer.role) == (OTHER_CLUB.club_id, "administrator")
    (row,) = tokens_of(database, OTHER_CLUB.club_id, jana)
    assert row.seen_at is not None and token not in repr(vars(row)), "what is kept is no token"
    assert tokens_of(database, CLUB.club_id, jana) == ()
    for wrong in ("", token[:-1], token.removeprefix("rowsense_"), f"rowsense_{row.token_sha256}"):
        assert token_of(database, wrong) is None

    end_token(database, uuid.uuid4(), row.id)
    assert token_of(database, token) is not None, "it is not his to take back"
    end_token(database, jana, row.id)
    assert token_of(database, token) is None


def test_it_ends_with_its_time_with_the_membership_and_with_the_account(database: Database, jana: uuid.UUID) -> None:
    old, kept = (make_token(database, CLUB.club_id, jana, name, ["season"], 30) for name in ("old", "kept"))
    later = datetime.now(UTC) - timedelta(seconds=1)
    with database.writing(CHECK) as unit:
        ended = {"expires_at": later, "created_at": later - timedelta(days=30)}
        unit.execute(update(ApiToken).where(ApiToken.name == "old").values(**ended))
    assert token_of(database, old) is None and token_of(database, kept) is not None
    assert {row.name for row in tokens_of(database, CLUB.club_id, jana)} == {"old", "kept"}
    with database.writing(CHECK) as unit:
        unit.execute(update(User).values(active=False))
    assert token_of(database, kept) is None
    with database.writing(CHECK) as unit:
        unit.execute(update(User).values(active=True))
        unit.execute(delete(Membership).where(Membership.club_id == CLUB.club_id))
    assert token_of(database, kept) is None
    with database.reading(CHECK) as unit:
        assert unit.scalars(select(ApiToken)).all() == []


def test_what_is_missing_is_said_at_once_and_nobody_has_more_than_the_most(database: Database, jana: uuid.UUID) -> None:
    with pytest.raises(StoreError, match=r"name of up to 80.*what it may do.*how long"):
        make_token(database, CLUB.club_id, jana, " ", ["everything"], 31)
    with database.writing(CHECK) as unit:
        for number in range(MOST):
            sha = f"{number:064}"
            till = datetime.now(UTC) + timedelta(days=1)
            named = {"club_id": CLUB.club_id, "user_id": jana, "name": "n"}
            unit.add(ApiToken(**named, token_sha256=sha, scopes="upload", expires_at=till))
    with pytest.raises(StoreError, match="take back"):
        make_token(database, CLUB.club_id, jana, "one more", ["upload"], 30)
