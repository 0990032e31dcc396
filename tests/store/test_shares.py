"""Links to one session: who makes them, how they end, and that every one that ended opens nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from rowsense.errors import StoreError
from rowsense.jobs.sharing import make_link, take_back
from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore, claimed, keep, recover
from rowsense.store.club_settings import EVERYBODYS, JUNIORS, NOBODYS, Privacy, keep_privacy
from rowsense.store.delete import delete_analysis, delete_session
from rowsense.store.erase import erase_athlete
from rowsense.store.juniors import give_consent, withdraw_consent
from rowsense.store.link_ends import end_old_links
from rowsense.store.record import record
from rowsense.store.scope import AllClubs
from rowsense.store.shares import MOST_LINKS, NewLink, links_of, must_blur, opened
from rowsense.store.tables import COACH, Athlete, Job, Membership, ShareLink, Squad, SquadAthlete, SquadCoach, User
from rowsense.store.tokens import digest
from tests.store.club import ATHLETE, CLUB, check_healthy, recording
from tests.store.filled import contents

COACH_ID, SQUAD = uuid.UUID(int=31), uuid.UUID(int=41)
SESSION, ANALYSIS = uuid.UUID(int=1000), uuid.UUID(int=1001)
COACH_OF_HERS = Viewer(COACH_ID, CLUB.club_id, COACH, frozenset({SQUAD}))


@pytest.fixture
def shared(store: ClubStore, analysed: Path) -> ClubStore:
    """A session of a rower whom a coach looks after."""
    record(store, CLUB, recording(analysed))
    with store.database.writing(AllClubs("set up a test")) as unit:
        unit.add_all(
            [User(id=COACH_ID, email="eva@club.org", name="Eva"), Squad(id=SQUAD, club_id=CLUB.club_id, name="A")]
        )
        unit.flush()
        unit.add(Membership(club_id=CLUB.club_id, user_id=COACH_ID, role=COACH))
        unit.add(SquadAthlete(club_id=CLUB.club_id, squad_id=SQUAD, athlete_id=ATHLETE))
        unit.flush()
        unit.add(SquadCoach(club_id=CLUB.club_id, squad_id=SQUAD, user_id=COACH_ID))
    return store


def linked(store: ClubStore, tmp_path: Path, days: int = 7) -> str:
    """A link whose files are made; its secret."""
    token = make_link(store.database, COACH_OF_HERS, SESSION, NewLink(days, "  the \n physio "))
    (tmp_path / "page.json").write_text("{}", encoding="utf-8")
    with claimed(store, CLUB, 1) as (prefix,):
        store.files.put(tmp_path / "page.json", f"{prefix}/page.json")
        with store.database.writing(CLUB) as unit:
            link = unit.query(ShareLink).filter_by(token_sha256=digest(token)).one()
            link.file_prefix = prefix
            keep(unit, [prefix])
    return token


def backdate(store: ClubStore, days: float) -> None:
    moved = timedelta(days=days)
    with store.database.writing(CLUB) as unit:
        for link in unit.query(ShareLink):
            link.created_at, link.expires_at = link.created_at - moved, link.expires_at - moved


def test_a_link_opens_counts_and_is_listed_without_its_secret(shared: ClubStore, tmp_path: Path) -> None:
    token = linked(shared, tmp_path)
    for _ in range(2):
        found = opened(shared.database, token, count=True)
    assert found is not None and found.club == "Łódź" and found.file_prefix
    assert opened(shared.database, token) is not None, "files of the page count as nothing"
    (link,) = links_of(shared.database, COACH_OF_HERS, SESSION)
    assert (link.label, link.by, link.holds, link.ready, link.opened_count) == ("the physio", "Eva", True, True, 2)
    assert link.last_opened_at and datetime.now(UTC) - link.last_opened_at < timedelta(minutes=1)
    assert timedelta(days=6) < link.ends_at - datetime.now(UTC) <= timedelta(days=7)
    assert token not in repr(contents(shared.database)), "the secret is kept nowhere"
    (job,) = contents(shared.database)["jobs"]
    assert job["kind"] == "share" and uuid.UUID(str(job["athlete_id"])) == ATHLETE
    check_healthy(shared)


def _withdraw(store: ClubStore) -> None:
    with store.database.writing(CLUB) as unit:
        unit.execute(update(Athlete).values(birth_year=datetime.now(UTC).year - 15))
    give_consent(store.database, CLUB, ATHLETE, "her father", date(2026, 1, 1), COACH_ID)
    withdraw_consent(store.database, CLUB, ATHLETE, COACH_ID)
    give_consent(store.database, CLUB, ATHLETE, "her father", date(2026, 1, 1), COACH_ID)
    recover(store)


def _a_junior(store: ClubStore) -> None:
    with store.database.writing(CLUB) as unit:
        unit.execute(update(Athlete).values(birth_year=datetime.now(UTC).year - 15))


def _leave(store: ClubStore) -> None:
    with store.database.writing(CLUB) as unit:
        unit.execute(delete(Membership).where(Membership.user_id == COACH_ID))


def _lose_the_squad(store: ClubStore) -> None:
    with store.database.writing(CLUB) as unit:
        unit.execute(delete(SquadCoach))


def _take_back(store: ClubStore) -> None:
    (link,) = links_of(store.database, COACH_OF_HERS, SESSION)
    take_back(store, COACH_OF_HERS, SESSION, link.id)
    assert contents(store.database)["jobs"][0]["state"] == "cancelled"
    (link,) = links_of(store.database, COACH_OF_HERS, SESSION)
    assert link.revoked_at and not link.holds and not link.ready


def _end(store: ClubStore) -> None:
    backdate(store, 7.01)
    assert end_old_links(store) == 1
    assert [link.holds for link in links_of(store.database, COACH_OF_HERS, SESSION)] == [False]
    backdate(store, 31)
    end_old_links(store)
    assert links_of(store.database, COACH_OF_HERS, SESSION) == ()


#: What ends a link, and whether its files go with it; those that stay go when it would have ended.
ENDS: dict[str, tuple[Callable[[ClubStore], object], bool]] = {
    "taken back": (_take_back, True),
    "its time": (_end, True),
    "consent withdrawn, also when it is given again": (_withdraw, True),
    "a junior without consent": (_a_junior, False),
    "who made it left the club": (_leave, False),
    "who made it has another squad": (_lose_the_squad, False),
    "the club shares nothing any more": (
        lambda store: keep_privacy(store.database, CLUB, Privacy(share_most_days=0)),
        False,
    ),
    "the analysis deleted": (lambda store: delete_analysis(store, CLUB, ANALYSIS), True),
    "the session deleted": (lambda store: delete_session(store, CLUB, SESSION), True),
    "the rower deleted": (lambda store: erase_athlete(store, CLUB, ATHLETE), True),
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("how", ENDS)
def test_a_link_is_over(shared: ClubStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.setenv("ROWSENSE_DATA_DIR", str(tmp_path / "data"))
    token = linked(shared, tmp_path)
    end, with_files = ENDS[how]
    end(shared)
    assert opened(shared.database, token, count=True) is None
    left = [file for file in shared.files.listed() if file.key.endswith("page.json")]
    assert bool(left) != with_files
    check_healthy(shared)


def test_a_club_that_shares_for_less_ends_links_that_were_made_for_longer(shared: ClubStore, tmp_path: Path) -> None:
    token = linked(shared, tmp_path, days=30)
    backdate(shared, 2)
    keep_privacy(shared.database, CLUB, Privacy(share_most_days=7))
    assert opened(shared.database, token) is not None
    keep_privacy(shared.database, CLUB, Privacy(share_most_days=1))
    assert opened(shared.database, token) is None
    assert [link.holds for link in links_of(shared.database, COACH_OF_HERS, SESSION)] == [False]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_cannot_be_shared_is_said(shared: ClubStore) -> None:
    def refused(words: str, viewer: Viewer = COACH_OF_HERS, session: uuid.UUID = SESSION, days: int = 1) -> None:
        with pytest.raises(StoreError, match=words):
            make_link(shared.database, viewer, session, NewLink(days))

    other = Viewer(COACH_ID, CLUB.club_id, COACH, frozenset({uuid.UUID(int=42)}))
    refused("not yours to share", viewer=other)
    refused("not yours to share", session=uuid.uuid4())
    refused("30 days at most", days=31)
    keep_privacy(shared.database, CLUB, Privacy(share_most_days=1))
    refused("1 day at most", days=7)
    for _ in range(MOST_LINKS):
        make_link(shared.database, COACH_OF_HERS, SESSION, NewLink(1))
    refused("take some back first")
    keep_privacy(shared.database, CLUB, Privacy(share_most_days=0))
    refused("shares nothing by links")
    (first, *_) = links_of(shared.database, COACH_OF_HERS, SESSION)
    with pytest.raises(StoreError, match="no such link"):
        take_back(shared, other, SESSION, first.id)
    with shared.database.reading(CLUB) as unit:
        assert unit.query(Job).count() == MOST_LINKS, "nothing is made for what was refused"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_clubs_rule_for_faces_holds_for_all_who_share_and_ends_links_that_break_it(shared: ClubStore) -> None:
    seen = NewLink(7, face_blurred=False)
    token = make_link(shared.database, COACH_OF_HERS, SESSION, seen)
    assert opened(shared.database, token) is not None, "of who is of age nothing is settled at first"
    with shared.database.writing(CLUB) as unit:
        unit.execute(update(Athlete).values(birth_year=datetime.now(UTC).year - 15))
    give_consent(shared.database, CLUB, ATHLETE, "her father", date(2026, 1, 1), COACH_ID)
    for faces, must in ((JUNIORS, True), (NOBODYS, False), (EVERYBODYS, True)):
        keep_privacy(shared.database, CLUB, Privacy(faces=faces))
        assert must_blur(shared.database, COACH_OF_HERS, SESSION) == must
        assert (opened(shared.database, token) is None) == must
        (link,) = links_of(shared.database, COACH_OF_HERS, SESSION)
        assert (link.holds, link.barred) == (not must, must)
    with pytest.raises(StoreError, match="blurs this rower's face"):
        make_link(shared.database, COACH_OF_HERS, SESSION, seen)
    assert make_link(shared.database, COACH_OF_HERS, SESSION, NewLink(7))
    with pytest.raises(StoreError, match="for nobody; 'hers' is neither"):
        Privacy(faces="hers")
