"""Signing in, joining, consent: on SQLite and on PostgreSQL."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from rowsense.errors import StoreError
from rowsense.store.accounts import (
    FAILURES_COUNT_FOR,
    UNUSED_LASTS,
    LinkError,
    begin_sign_in,
    end_sign_ins,
    forget_failures,
    new_link,
    note_failure,
    open_link,
    sign_in_of,
    sign_ins_of,
    use_password_link,
    user_by,
    wait_before_trying,
)
from rowsense.store.database import Database
from rowsense.store.joining import (
    Asked,
    NewUser,
    accept,
    add_first_administrator,
    has_administrator,
    invite,
    open_invitation,
    take_back,
    unattended_club,
)
from rowsense.store.juniors import consents_of, give_consent, is_junior, withdraw_consent
from rowsense.store.scope import AllClubs, ClubScope, ScopeError
from rowsense.store.tables import (
    ADMINISTRATOR,
    ATHLETE,
    COACH,
    AuditEntry,
    FailedSignIn,
    Invitation,
    OneTimeLink,
    SignIn,
    Squad,
    User,
)
from rowsense.store.tables.accounts import FIRST_START, PASSWORD
from rowsense.store.viewers import viewer_of
from tests.store.club import ATHLETE as ROWER
from tests.store.club import CLUB, OTHER_CLUB, add_club

DAY = timedelta(days=1)
LOOK = AllClubs("look")
SQUAD, OTHER_SQUAD = uuid.UUID(int=21), uuid.UUID(int=22)
JANA = NewUser("jana@club.org", "Jana", "hash")


def make_club(database: Database) -> uuid.UUID:
    """A club with a squad, a rower and an administrator, who is given back."""
    add_club(database)
    with database.writing(LOOK) as unit:
        unit.add(Squad(id=SQUAD, club_id=CLUB.club_id, name="Juniors"))
        unit.add(Squad(id=OTHER_SQUAD, club_id=OTHER_CLUB.club_id, name="Others"))
    token = new_link(database, FIRST_START, DAY)
    return add_first_administrator(database, token, JANA, "")


def test_the_first_link_makes_an_administrator_once(database: Database) -> None:
    void, token = new_link(database, FIRST_START, DAY), new_link(database, FIRST_START, DAY)
    assert open_link(database, FIRST_START, void) is None, "the newer one took its place"
    assert open_link(database, PASSWORD, token) is None
    beside = new_link(database, FIRST_START, DAY, alone=False)
    assert all(open_link(database, FIRST_START, one) for one in (token, beside)), "of two servers both hold"
    assert not has_administrator(database)
    assert unattended_club(database) == ""
    with pytest.raises(StoreError, match="club's name"):
        add_first_administrator(database, token, JANA, " ")
    assert open_link(database, FIRST_START, token) is not None, "what failed uses nothing up"
    jana = add_first_administrator(database, token, JANA, "Łódź")
    assert has_administrator(database)
    viewer = viewer_of(database, jana)
    assert viewer is not None and viewer.role == ADMINISTRATOR
    with pytest.raises(LinkError, match="used already"):
        add_first_administrator(database, token, replace(JANA, email="b@club.org"), "other")
    with pytest.raises(LinkError, match="used already"):
        add_first_administrator(database, beside, replace(JANA, email="b@club.org"), "other")
    with database.reading(LOOK) as unit:
        (link,) = unit.scalars(select(OneTimeLink))
        assert token not in (link.token_sha256, str(link.id))


def test_a_link_expires(database: Database) -> None:
    token = new_link(database, FIRST_START, DAY)
    with database.writing(LOOK) as unit:
        past = datetime.now(UTC) - timedelta(seconds=1)
        unit.execute(update(OneTimeLink).values(created_at=past - DAY, expires_at=past))
    assert open_link(database, FIRST_START, token) is None
    with pytest.raises(LinkError):
        add_first_administrator(database, token, JANA, "Łódź")


def test_a_password_link_ends_every_sign_in(database: Database) -> None:
    jana = make_club(database)
    begin_sign_in(database, jana, "a browser")
    before = user_by(database, id=jana)
    token = new_link(database, PASSWORD, DAY, jana)
    assert use_password_link(database, token, "new hash") == jana
    after = user_by(database, email=JANA.email)
    assert before is not None and after is not None
    assert after.password_hash == "new hash" and after.session_key != before.session_key
    assert sign_ins_of(database, jana) == ()
    with pytest.raises(LinkError):
        use_password_link(database, token, "newer hash")


def test_sign_ins_are_listed_ended_and_grow_old(database: Database) -> None:
    jana = make_club(database)
    first, second, third = (begin_sign_in(database, jana, name) for name in ("a" * 300, "b", "c"))
    assert {len(row.agent) for row in sign_ins_of(database, jana)} == {200, 1}
    found = sign_in_of(database, jana, first)
    assert found is not None
    assert sign_in_of(database, uuid.uuid4(), first) is None, "another user's"
    end_sign_ins(database, uuid.uuid4(), only=found.id)
    assert sign_in_of(database, jana, first) is not None, "nobody ends another's"
    end_sign_ins(database, jana, only=found.id)
    assert sign_in_of(database, jana, first) is None
    kept = sign_in_of(database, jana, second)
    assert kept is not None
    end_sign_ins(database, jana, but=kept.id)
    assert sign_in_of(database, jana, third) is None
    with database.writing(LOOK) as unit:
        unit.execute(update(SignIn).values(seen_at=datetime.now(UTC) - UNUSED_LASTS))
    assert sign_in_of(database, jana, second) is None


def test_the_last_use_is_kept_now_and_then(database: Database) -> None:
    jana = make_club(database)
    token = begin_sign_in(database, jana, "")
    before = datetime.now(UTC) - timedelta(hours=1)
    with database.writing(LOOK) as unit:
        unit.execute(update(SignIn).values(seen_at=before))
    sign_in_of(database, jana, token)
    (row,) = sign_ins_of(database, jana)
    assert row.seen_at > before + timedelta(minutes=59)


def test_attempts_are_counted_by_whom_and_for_a_while(database: Database) -> None:
    limits = {"email a": 3, "from 1.2.3.4": 5}
    for _ in range(2):
        note_failure(database, limits)
    assert not wait_before_trying(database, limits)
    note_failure(database, limits)
    wait = wait_before_trying(database, limits)
    assert FAILURES_COUNT_FOR - timedelta(minutes=1) < wait <= FAILURES_COUNT_FOR
    assert not wait_before_trying(database, {"email b": 3})
    with Database(database.url) as again:
        assert wait_before_trying(again, limits), "it survives a restart"
    forget_failures(database, ["email a"])
    assert not wait_before_trying(database, limits)
    with database.writing(LOOK) as unit:
        unit.execute(update(FailedSignIn).values(at=datetime.now(UTC) - FAILURES_COUNT_FOR))
    note_failure(database, ["email b"])
    with database.reading(LOOK) as unit:
        assert len(unit.scalars(select(FailedSignIn)).all()) == 1, "the old ones went"


def test_whoever_is_invited_joins_once_as_what_she_is_asked_to_be(database: Database) -> None:
    jana = make_club(database)
    void = invite(database, CLUB, Asked("eva@club.org", ATHLETE, athlete_id=ROWER), jana)
    token = invite(database, CLUB, Asked("eva@club.org", COACH, squads=(SQUAD,)), jana)
    assert open_invitation(database, void) is None
    open_one = open_invitation(database, token)
    assert open_one is not None
    assert (open_one.club, open_one.role, open_one.has_account) == ("Łódź", COACH, False)
    with pytest.raises(LinkError):
        accept(database, token, None)
    eva = accept(database, token, NewUser("eva@club.org", "Eva", "hash"))
    viewer = viewer_of(database, eva)
    assert viewer is not None
    assert (viewer.club_id, viewer.role, viewer.squads) == (CLUB.club_id, COACH, frozenset({SQUAD}))
    assert open_invitation(database, token) is None
    with pytest.raises(LinkError, match="used already"):
        accept(database, token, None)
    with pytest.raises(StoreError, match="already"):
        invite(database, CLUB, Asked("eva@club.org", ADMINISTRATOR), jana)
    with database.reading(CLUB) as unit:
        assert {"first_administrator", "invite", "join"} <= set(unit.scalars(select(AuditEntry.action)))


def test_an_invitation_names_nothing_of_another_club_and_can_be_taken_back(database: Database) -> None:
    jana = make_club(database)
    with pytest.raises(StoreError, match="squads"):
        invite(database, CLUB, Asked("eva@club.org", COACH, squads=(OTHER_SQUAD,)), jana)
    with pytest.raises(StoreError, match="rower"):
        invite(database, OTHER_CLUB, Asked("eva@club.org", ATHLETE, athlete_id=ROWER), jana)
    token = invite(database, CLUB, Asked("eva@club.org", ATHLETE, athlete_id=ROWER), jana)
    with database.reading(CLUB) as unit:
        key = unit.scalars(select(Invitation.id)).one()
    with pytest.raises(StoreError):
        take_back(database, OTHER_CLUB, key, jana)
    assert open_invitation(database, token) is not None
    take_back(database, CLUB, key, jana)
    assert open_invitation(database, token) is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "Eva@club.org"}, "mail address"),
        *(({"email": e}, "as in anna") for e in ("@club", "anna@", "anna@ club", "a\n@club", "a\0@club", "\ud800@b")),
        ({"email": "a" * 246 + "@club.org"}, "254 letters"),
        ({"role": "owner"}, "choose what"),
        ({"role": ATHLETE}, "rower of the roster"),
        ({"role": COACH}, "which squads"),
        ({"squads": (SQUAD,)}, "which squads"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(wrong: dict[str, object], said: str) -> None:
    right: dict[str, object] = {"email": "eva@club.org", "role": ADMINISTRATOR}
    with pytest.raises(StoreError, match=said):
        Asked(**{**right, **wrong})  # type: ignore[arg-type]


def test_within_a_club_there_is_nothing_about_signing_in(database: Database) -> None:
    jana = make_club(database)
    begin_sign_in(database, jana, "")
    note_failure(database, ["a"])
    with database.reading(CLUB) as unit:
        for table in (SignIn, OneTimeLink, FailedSignIn):
            assert unit.scalars(select(table)).all() == []
        assert unit.scalars(select(User.id)).all() == [jana]
    with pytest.raises(ScopeError, match="belongs to no club"), database.writing(CLUB) as unit:
        unit.add(SignIn(user_id=jana, token_sha256="a" * 64, seen_at=datetime.now(UTC)))


def test_consent_is_given_replaced_and_withdrawn(database: Database) -> None:
    jana = make_club(database)
    with pytest.raises(StoreError, match="could be withdrawn"):
        withdraw_consent(database, CLUB, ROWER, jana)
    with pytest.raises(StoreError, match="future"):
        give_consent(database, CLUB, ROWER, "Marek", datetime.now(UTC).date() + 3 * DAY, jana)
    give_consent(
        database, CLUB, ROWER, "Marek", datetime.now(UTC).date() + DAY, jana
    )  # where the club is, it is that day
    withdraw_consent(database, CLUB, ROWER, jana)
    with pytest.raises(StoreError, match="name"):
        give_consent(database, CLUB, ROWER, " ", date(2026, 1, 1), jana)
    with pytest.raises(StoreError, match="no such athlete"):
        give_consent(database, OTHER_CLUB, ROWER, "Marek", date(2026, 1, 1), jana)
    give_consent(database, CLUB, ROWER, "Marek", date(2026, 1, 1), jana)
    give_consent(database, CLUB, ROWER, "Irena", date(2026, 2, 1), jana)
    assert _guardians(database, CLUB) == ["Irena"]
    withdraw_consent(database, CLUB, ROWER, jana)
    assert _guardians(database, CLUB) == []


def _guardians(database: Database, scope: ClubScope) -> list[str]:
    with database.reading(scope) as unit:
        return [consent.guardian_name for consent in consents_of(unit, [ROWER]).values()]


def test_a_junior_is_one_until_the_year_after_her_eighteenth_birthday() -> None:
    today = date(2026, 6, 1)
    assert is_junior(2008, today)
    assert not is_junior(2007, today)
    assert is_junior(None, today), "she may be a child"


def test_the_first_administrator_takes_over_nobodys_account(database: Database) -> None:
    with database.writing(LOOK) as unit:
        unit.add(User(email=JANA.email, name="somebody", password_hash="x"))
    token = new_link(database, FIRST_START, DAY)
    with pytest.raises(StoreError, match="already"):
        add_first_administrator(database, token, JANA, "Łódź")
    assert open_link(database, FIRST_START, token) is not None
