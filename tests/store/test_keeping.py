"""Times of keeping: what goes when, what is held in any case, and that nothing else goes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from rowsense.errors import OutputError
from rowsense.store.access import Viewer
from rowsense.store.bucket_files import open_bucket
from rowsense.store.claims import ClubStore
from rowsense.store.club_settings import GRACE, KeptPrivacy, Privacy, keep_privacy
from rowsense.store.database import Database
from rowsense.store.film_copies import COPY
from rowsense.store.films_kept import drop_unless_kept, hold
from rowsense.store.keeping import Swept, keeping_of, sweep, would_go
from rowsense.store.local_files import LocalFiles
from rowsense.store.record import record
from rowsense.store.scope import AllClubs
from rowsense.store.tables import ADMINISTRATOR, Analysis, AuditEntry, ClubSettings, Job, TrainingSession, User, Video
from rowsense.store.times_kept import Dates, film_ends, months_later, session_ends
from tests.store.bucket import KEYS, BucketServer
from tests.store.club import ATHLETE, CLUB, analysed_folder, check_healthy, recording

ADMINISTRATOR_ID = uuid.UUID(int=31)
VIEWER = Viewer(ADMINISTRATOR_ID, CLUB.club_id, ADMINISTRATOR)
FILM = b"film" * 100


def ago(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def test_when_what_goes() -> None:
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def ago(days: float) -> datetime:
        return now - timedelta(days=days)

    films = KeptPrivacy(Privacy(keep_films_days=30), ago(100))
    dates = Dates(date(2026, 1, 31), created_at=ago(50), analysed_at=ago(40))
    assert film_ends(films, dates) == ago(10)
    assert film_ends(films, replace(dates, analysed_at=None)) == ago(20), "of who was never analysed, too"
    assert film_ends(KeptPrivacy(Privacy(), None), dates) is None
    none = KeptPrivacy(Privacy(keep_originals=False), ago(100))
    assert film_ends(none, dates) == ago(40) and film_ends(none, replace(dates, analysed_at=None)) == ago(43)
    lately = KeptPrivacy(Privacy(keep_films_days=30), ago(1))
    assert film_ends(lately, dates) == ago(1) + GRACE, "a slip can be taken back"
    assert film_ends(lately, replace(dates, analysed_at=ago(0.5))) == ago(0.5) + timedelta(days=30)
    assert months_later(date(2026, 1, 31), 1) == date(2026, 2, 28) and months_later(date(2026, 12, 5), 13) == date(
        2028, 1, 5
    )
    sessions = KeptPrivacy(Privacy(keep_sessions_months=1), None)
    brought = Dates(date(2020, 1, 1), datetime(2026, 3, 5, 12, tzinfo=UTC), None)
    assert session_ends(sessions, brought) == datetime(2026, 4, 5, tzinfo=UTC), "an old film is not gone tomorrow"
    assert session_ends(films, brought) is None


@pytest.fixture
def club(store: ClubStore, tmp_path: Path) -> ClubStore:
    """Three sessions with films, of 400, 40 and 4 days ago; the films have a clean copy."""
    return filled(store, tmp_path)


def filled(store: ClubStore, tmp_path: Path) -> ClubStore:
    with store.database.writing(AllClubs("set up a test")) as unit:
        unit.add(User(id=ADMINISTRATOR_ID, email="a@club.org", name="Jana"))
    folder = analysed_folder(tmp_path / "clip.rowsense")
    (folder / COPY).write_bytes(FILM)
    (folder / "overlay.mp4").write_bytes(b"drawn")
    film = tmp_path / "film.mp4"
    film.write_bytes(FILM)
    for number, days in ((1, 400), (2, 40), (3, 4)):
        record(store, CLUB, recording(folder, number, video=film))
        with store.database.writing(CLUB) as unit:
            session = unit.get_one(TrainingSession, uuid.UUID(int=1000 * number))
            session.created_at, session.rowed_on = ago(days), ago(days).date()
            unit.get_one(Analysis, uuid.UUID(int=1000 * number + 1)).created_at = ago(days)
    return store


def settle(store: ClubStore, privacy: Privacy, days: float = 50) -> None:
    keep_privacy(store.database, CLUB, privacy, ADMINISTRATOR_ID)
    with store.database.writing(CLUB) as unit:
        unit.query(ClubSettings).one().changed_at = ago(days)


def kept(store: ClubStore) -> dict[int, bool]:
    """Number of a session -> whether its film is there."""
    with store.database.reading(CLUB) as unit:
        rows = unit.execute(
            select(TrainingSession.id, Video.file_key).join(Video, Video.session_id == TrainingSession.id)
        )
        return {key.int // 1000: film is not None for key, film in rows}


def names(store: ClubStore) -> list[str]:
    return sorted(file.key.rsplit("/", 1)[-1] for file in store.files.listed() if file.key.endswith(".mp4"))


def test_nothing_goes_by_itself(club: ClubStore) -> None:
    assert sweep(club) == Swept() and sweep(club).words() == ""
    assert kept(club) == {1: True, 2: True, 3: True}
    told = keeping_of(club.database, CLUB, uuid.UUID(int=1000))
    assert told is not None and (told.film_kept, told.film_ends, told.session_ends, told.held_at) == (True, *[None] * 3)


def test_films_go_after_their_time_with_their_clean_copies_and_the_rest_stays(club: ClubStore) -> None:
    privacy = Privacy(keep_films_days=30)
    assert would_go(club.database, CLUB, privacy) == (2, 0)
    settle(club, privacy, days=1)
    assert sweep(club) == Swept(), "a slip can be taken back for a week"
    settle(club, replace(privacy, share_most_days=7))
    hold(club.database, VIEWER, uuid.UUID(int=2000), held=True)
    swept = sweep(club)
    assert swept == Swept(films=1) and swept.words() == "times of keeping: 1 film removed"
    assert kept(club) == {1: False, 2: True, 3: True}
    assert names(club) == sorted([*3 * ["overlay.mp4"], *2 * [COPY], *2 * ["video.mp4"]])
    hold(club.database, VIEWER, uuid.UUID(int=2000), held=False)
    assert sweep(club).films == 1 and sweep(club) == Swept()
    with club.database.reading(CLUB) as unit:
        notes = unit.scalars(select(AuditEntry).where(AuditEntry.action == "drop_film")).all()
    assert [note.actor_user_id for note in notes] == [None, None]
    assert notes[0].details == {"why": "films are kept for a time", "days": 30}
    check_healthy(club)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sessions_go_after_their_time_unless_held_or_at_work(club: ClubStore) -> None:
    privacy = Privacy(keep_sessions_months=1, keep_films_days=2)
    assert would_go(club.database, CLUB, privacy) == (1, 2)
    settle(club, privacy)
    hold(club.database, VIEWER, uuid.UUID(int=1000), held=True)
    with club.database.writing(CLUB) as unit:
        unit.add(Job(kind="analyze", athlete_id=ATHLETE, payload={}))
    assert sweep(club) == Swept(), "a job may need the film"
    with club.database.writing(CLUB) as unit:
        unit.query(Job).one().state = "done"
    assert sweep(club) == Swept(films=1, sessions=1)
    assert kept(club) == {1: True, 3: False}
    with club.database.reading(CLUB) as unit:
        note = unit.scalars(select(AuditEntry).where(AuditEntry.action == "delete")).one()
    assert note.actor_user_id is None and note.details == {"why": "sessions are kept for a time", "months": 1}
    check_healthy(club)


@dataclass(frozen=True, slots=True)
class Slow(LocalFiles):
    """Files that take their time to go: somebody holds the other sessions meanwhile."""

    database: Database | None = None

    def remove(self, prefix: str) -> None:
        assert self.database is not None
        with self.database.writing(CLUB) as unit:
            for session in unit.scalars(select(TrainingSession)):
                session.held_at = datetime.now(UTC)
        LocalFiles.remove(self, prefix)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_somebody_holds_while_others_go_stays(club: ClubStore) -> None:
    assert isinstance(club.files, LocalFiles)
    settle(club, Privacy(keep_sessions_months=1))
    with club.database.writing(CLUB) as unit:
        for session in unit.scalars(select(TrainingSession)):
            session.created_at, session.rowed_on = ago(400), ago(400).date()
    slow = Slow(club.files.root, database=club.database)
    assert sweep(ClubStore(club.database, slow)).sessions == 1
    assert len(kept(club)) == 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_club_that_keeps_no_originals_drops_them_after_the_analysis(club: ClubStore) -> None:
    assert not drop_unless_kept(club, CLUB, uuid.UUID(int=3000))
    settle(club, Privacy(keep_originals=False), days=1)
    assert not drop_unless_kept(club, CLUB, uuid.UUID(int=3000)), "analysed again: a slip can be taken back for a week"
    settle(club, Privacy(keep_originals=False, share_most_days=7))
    hold(club.database, VIEWER, uuid.UUID(int=2000), held=True)
    assert not drop_unless_kept(club, CLUB, uuid.UUID(int=2000))
    assert drop_unless_kept(club, CLUB, uuid.UUID(int=3000)) and not drop_unless_kept(club, CLUB, uuid.UUID(int=3000))
    assert kept(club) == {1: True, 2: True, 3: False}
    told = keeping_of(club.database, CLUB, uuid.UUID(int=3000))
    assert told is not None and not told.film_kept and told.film_ends is None
    with club.database.reading(CLUB) as unit:
        prefix = unit.get_one(Analysis, uuid.UUID(int=3001)).file_prefix
    with club.files.fetch(prefix) as folder:
        assert (folder / "overlay.mp4").is_file() and not (folder / COPY).exists()
    check_healthy(club)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_films_in_a_bucket_go_as_well_and_what_it_refuses_goes_the_next_time(
    store: ClubStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with BucketServer() as server:
        club = filled(ClubStore(store.database, open_bucket(server.address("keeping"))), tmp_path)
        settle(club, Privacy(keep_films_days=30))
        hold(club.database, VIEWER, uuid.UUID(int=2000), held=True)
        server.refuse = "POST"  # which is how many are deleted at once
        with pytest.raises(OutputError, match="see that the bucket can be reached"):
            sweep(club)
        assert kept(club) == {1: True, 2: True, 3: True}, "what could not be removed is still named"
        server.refuse = ""
        sweep(club)
        assert kept(club) == {1: False, 2: True, 3: True}
        assert names(club) == sorted([*3 * ["overlay.mp4"], *2 * [COPY], *2 * ["video.mp4"]])
        settle(club, Privacy(keep_originals=False))
        assert drop_unless_kept(club, CLUB, uuid.UUID(int=3000))
        assert names(club) == sorted([*3 * ["overlay.mp4"], COPY, "video.mp4"])
        check_healthy(club)
