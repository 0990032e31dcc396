"""Mail that waits, second steps and chosen clubs: what several servers do at once, on SQLite and on PostgreSQL."""

from __future__ import annotations

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from rowsense.errors import StoreError
from rowsense.store.accounts import begin_sign_in, sign_in_of
from rowsense.store.choosing import choose_club, clubs_of
from rowsense.store.database import Database
from rowsense.store.outbox import dismiss, put_off, take_next, troubles_of
from rowsense.store.scope import AllClubs, ScopeError
from rowsense.store.second_step import set_second_step, use_counter, use_recovery_code
from rowsense.store.tables import COACH, Club, Mail, Membership, RecoveryCode, SecondStep, User
from rowsense.store.viewers import viewer_choosing
from tests.store.club import CLUB, OTHER_CLUB, add_club

JANA = uuid.UUID(int=50)
EVERYBODY = AllClubs("set up a test")


@pytest.fixture
def club(database: Database) -> Database:
    """Jana is in both clubs."""
    add_club(database)
    with database.writing(EVERYBODY) as unit:
        unit.add(User(id=JANA, email="jana@club.org", name="Jana", password_hash="x"))
        unit.flush()
        for scope in (CLUB, OTHER_CLUB):
            unit.add(Membership(club_id=scope.club_id, user_id=JANA, role=COACH))
    return database


def test_each_mail_is_taken_by_one_server(club: Database) -> None:
    now = datetime.now(UTC)
    with club.writing(EVERYBODY) as unit:
        unit.add_all(Mail(purpose="note", user_id=JANA, club_id=CLUB.club_id, next_at=now) for _ in range(12))

    def take_all(_: int) -> list[uuid.UUID]:
        taken = []
        # Another may have been quicker with the one that was looked at: then this one looks again.
        for _ in range(30):
            mail = take_next(club, now)
            taken += [mail.id] if mail is not None else []
        return taken

    with ThreadPoolExecutor(4) as pool:
        counts = Counter(key for keys in pool.map(take_all, range(4)) for key in keys)
    assert len(counts) == 12 and set(counts.values()) == {1}
    assert take_next(club, now + timedelta(minutes=4)) is None, "they are being sent"
    late = take_next(club, now + timedelta(minutes=6))
    assert late is not None and late.attempt == 2, "a server that died over it loses nothing"


def test_troubles_are_the_clubs_own(club: Database) -> None:
    now = datetime.now(UTC)
    with club.writing(EVERYBODY) as unit:
        unit.add(Mail(purpose="note", user_id=JANA, club_id=CLUB.club_id, next_at=now))
    mail = take_next(club, now)
    assert mail is not None
    put_off(club, mail, "away", now, for_good=True)
    assert take_next(club, now + timedelta(days=9)) is None
    (trouble,) = troubles_of(club, CLUB)
    assert (trouble.email, trouble.error, trouble.next_at) == ("jana@club.org", "away", None)
    assert troubles_of(club, OTHER_CLUB) == ()
    dismiss(club, OTHER_CLUB, mail.id)
    assert troubles_of(club, CLUB)
    dismiss(club, CLUB, mail.id)
    assert not troubles_of(club, CLUB)


def test_a_code_is_good_once_however_many_try(club: Database) -> None:
    set_second_step(club, JANA, "{}", 5, ["ab12-cd34", "ef56-ab78"])
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(lambda _: use_counter(club, JANA, 6), range(4))) == [False, False, False, True]
        assert sum(pool.map(lambda _: use_recovery_code(club, JANA, " AB12 cd34"), range(4))) == 1
    assert not use_counter(club, JANA, 5), "an older one"
    with club.reading(CLUB) as unit:
        for table in (SecondStep, RecoveryCode, Mail):
            assert unit.scalars(select(table)).all() == [], "no club sees any of it"
    with pytest.raises(ScopeError), club.writing(CLUB) as unit:
        unit.add(SecondStep(user_id=JANA, totp_secret="{}", last_counter=0))


def test_the_club_chosen_last_is_shown_in_the_next_browser(club: Database) -> None:
    assert [one.name for one in clubs_of(club, JANA)] == ["other", "Łódź"]
    token = begin_sign_in(club, JANA, "")
    here = sign_in_of(club, JANA, token)
    assert here is not None and here.club_id is None and viewer_choosing(club, JANA, None) is None
    choose_club(club, JANA, here.id, OTHER_CLUB.club_id)
    again = sign_in_of(club, JANA, token)
    assert again is not None and again.club_id == OTHER_CLUB.club_id
    new = sign_in_of(club, JANA, begin_sign_in(club, JANA, ""))
    assert new is not None and new.club_id == OTHER_CLUB.club_id
    with pytest.raises(StoreError, match="not in this club"):
        choose_club(club, JANA, here.id, uuid.UUID(int=77))
    with club.writing(EVERYBODY) as unit:
        unit.delete(unit.get_one(Club, OTHER_CLUB.club_id))
    left = sign_in_of(club, JANA, token)
    assert left is not None and left.club_id is None
    only = viewer_choosing(club, JANA, left.club_id)
    assert only is not None and only.club_id == CLUB.club_id
