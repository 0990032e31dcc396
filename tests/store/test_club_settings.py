"""What a club settles for itself is kept, checked and noted; nobody's settlement is another club's."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from rowsense.errors import StoreError
from rowsense.store.claims import ClubStore
from rowsense.store.club_settings import PRIVACY, Privacy, keep_privacy, read_privacy
from rowsense.store.scope import AllClubs
from rowsense.store.tables import AuditEntry, ClubSettings, User
from tests.store.club import CLUB, OTHER_CLUB

ADMINISTRATOR = uuid.UUID(int=31)


def test_settings_are_kept_for_one_club_and_noted_once(store: ClubStore) -> None:
    with store.database.writing(AllClubs("set up a test")) as unit:
        unit.add(User(id=ADMINISTRATOR, email="a@club.org", name="Jana"))
    settled = Privacy(keep_films_days=30, keep_originals=False, share_most_days=7)
    assert read_privacy(store.database, CLUB) == Privacy()
    for _ in range(2):
        keep_privacy(store.database, CLUB, settled, ADMINISTRATOR)
    assert read_privacy(store.database, CLUB) == settled and settled.share_days == (1, 7)
    assert read_privacy(store.database, OTHER_CLUB) == Privacy()
    with store.database.reading(CLUB) as unit:
        (note,) = unit.scalars(select(AuditEntry)).all()
    assert note.actor_user_id == ADMINISTRATOR
    changed = {"keep_films_days": [None, 30], "keep_originals": [True, False], "share_most_days": [30, 7]}
    assert note.details == {"topic": PRIVACY, "changed": changed}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_a_newer_version_settled_does_not_stop_this_one(store: ClubStore) -> None:
    with store.database.writing(CLUB) as unit:
        unit.add(ClubSettings(topic=PRIVACY, document={"keep_films_days": 5, "of_the_future": 1}))
    assert read_privacy(store.database, CLUB) == Privacy(keep_films_days=5)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(StoreError) as told:
        Privacy(keep_films_days=0, keep_sessions_months=241, share_most_days=8)
    words = str(told.value)
    assert "films may be kept for 1 to 3650 days" in words and "sessions may be kept for 1 to 240" in words
    assert "links last 1, 7, 30 days at most" in words
