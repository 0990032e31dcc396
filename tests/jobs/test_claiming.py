"""Uploads below HTTP, on every database: room, time, and one session of one film whatever is tried."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from rowsense.errors import OutputError, StoreError
from rowsense.jobs.claiming import claim
from rowsense.jobs.looking import jobs_of
from rowsense.jobs.requests import AnalysisRequest, CalibrationRequest, is_calibration, piece_of, settings_of
from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore, recover, state_of
from rowsense.store.delete import delete_session
from rowsense.store.erase import erase_athlete
from rowsense.store.record import Piece
from rowsense.store.scope import AllClubs
from rowsense.store.session_list import session_list
from rowsense.store.tables import ADMINISTRATOR, TrainingSession, Upload, User, Video
from rowsense.store.tables.uploads import CHECKING, CLAIMED, READY
from rowsense.store.upload_files import UploadFiles, upload_files_of
from rowsense.store.uploads import (
    Announced,
    UploadError,
    UploadLimits,
    append,
    create_upload,
    expire,
    move_on,
    uploads_of,
)
from tests.store.club import ATHLETE, CLUB, HEALTHY, OTHER_CLUB

FILM = b"\0\0\0\x20ftypisom" + bytes(2000)
FOUND = {"sha256": "a" * 64, "codec": "h264", "duration_s": 60.0, "fps": 30.0, "width_px": 1280, "height_px": 720}
PIECE = Piece(ATHLETE, date(2026, 3, 1), "steady", notes="ň")
COACH = Viewer(uuid.UUID(int=31), CLUB.club_id, ADMINISTRATOR)


@pytest.fixture(autouse=True)
def _coach(store: ClubStore) -> None:
    with store.database.writing(AllClubs("set up a test")) as unit:
        unit.add(User(id=COACH.user_id, email="jana@club.org", name="Jana"))


def sent(store: ClubStore, name: str = "morning.MOV") -> Upload:
    """A film that is here and looks like one."""
    row = create_upload(store, COACH, Announced(name, len(FILM)), UploadLimits(spare_bytes=0))
    assert append(store, row, 0, reader(FILM)) == len(FILM)
    return row


def ready(store: ClubStore, name: str = "morning.MOV") -> Upload:
    row = sent(store, name)
    assert move_on(store, row, CHECKING, state=READY, found=FOUND)
    return row


def reader(data: bytes) -> Callable[[int], bytes]:
    left = [data]

    def read(most: int) -> bytes:
        part, left[0] = left[0][:most], left[0][most:]
        return part

    return read


def test_of_many_who_claim_one_film_one_does(store: ClubStore) -> None:
    row = ready(store)
    start, told = threading.Barrier(4), []

    def try_it() -> None:
        start.wait()
        try:
            told.append(claim(store, COACH, row.id, PIECE))
        except (StoreError, OutputError) as error:
            told.append(error)

    threads = [threading.Thread(target=try_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (key,) = [one for one in told if isinstance(one, uuid.UUID)]
    (job,) = jobs_of(store.database, CLUB)
    asked = AnalysisRequest.from_payload(job.payload)
    assert (asked.session_id, asked.athlete_id, asked.video) == (key, ATHLETE, None)
    with store.database.reading(CLUB) as unit:
        session, video = unit.get_one(TrainingSession, key), unit.query(Video).one()
        assert (session.notes, session.piece_kind, video.session_id) == ("ň", "steady", key)
    with store.files.fetch(video.file_key.rpartition("/")[0]) as folder:
        assert (folder / "video.mov").read_bytes() == FILM
    recover(store, timedelta(0))
    assert state_of(store) == HEALTHY and not upload_files_of(store).listed()
    delete_session(store, CLUB, key)
    assert uploads_of(store, COACH) == []
    assert state_of(store) == HEALTHY


def test_a_claim_whose_film_cannot_be_stored_leaves_the_upload_as_it_was(store: ClubStore) -> None:
    row = ready(store)
    files = upload_files_of(store)
    hidden = files.path(row.id).rename(files.root / "hidden")
    with pytest.raises(StoreError, match="taken away"):
        claim(store, COACH, row.id, PIECE)
    hidden.rename(files.path(row.id))
    assert jobs_of(store.database, CLUB) == [] and state_of(store) == HEALTHY
    assert claim(store, COACH, row.id, PIECE) is not None


def test_what_is_said_before_the_film_is_here_is_kept(store: ClubStore) -> None:
    row = create_upload(store, COACH, Announced("a.mp4", len(FILM)), UploadLimits(spare_bytes=0))
    settings = {"pose": {"rower": 2}, "video": {"speed": 8.0}}
    assert claim(store, COACH, row.id, PIECE, settings) is None
    (row,) = uploads_of(store, COACH)
    assert piece_of(row.claim) == PIECE and settings_of(row.claim) == settings
    append(store, row, 0, reader(FILM))
    move_on(store, row, CHECKING, state=READY, found=FOUND)
    assert claim(store, COACH, row.id, piece_of(row.claim), settings_of(row.claim)) is not None
    assert [one.payload["settings"] for one in jobs_of(store.database, CLUB)] == [settings]
    assert [one.state for one in uploads_of(store, COACH)] == [CLAIMED]
    with pytest.raises(StoreError, match="claimed or taken away"):
        claim(store, COACH, row.id, PIECE)


def test_a_film_to_be_calibrated_by_becomes_no_session_that_a_list_shows(store: ClubStore) -> None:
    row = create_upload(store, COACH, Announced("a.mp4", len(FILM)), UploadLimits(spare_bytes=0))
    settings = {"pose": {"rower": 2}}
    assert claim(store, COACH, row.id, PIECE, settings, calibration=True) is None
    (row,) = uploads_of(store, COACH)
    assert is_calibration(row.claim) and piece_of(row.claim) == PIECE
    append(store, row, 0, reader(FILM))
    move_on(store, row, CHECKING, state=READY, found=FOUND)
    key = claim(store, COACH, row.id, PIECE, settings_of(row.claim), calibration=is_calibration(row.claim))
    (job,) = jobs_of(store.database, CLUB)
    (row,) = uploads_of(store, COACH)
    assert (job.kind, job.id, row.session_id, row.job_id, job.athlete_id) == ("calibrate", key, key, key, ATHLETE)
    asked = CalibrationRequest.from_payload(job.payload)
    assert asked == CalibrationRequest(job.id, ATHLETE, PIECE.rowed_on, settings)
    assert session_list(store.database, COACH, (), 0, 9) == ((), 0)


def test_with_an_athlete_go_the_films_she_is_said_to_be_in(store: ClubStore) -> None:
    hers, other = (create_upload(store, COACH, Announced("a.mp4", 5000), UploadLimits(spare_bytes=0)) for _ in "ab")
    for row in (hers, other):
        append(store, row, 0, reader(FILM))
    claim(store, COACH, hers.id, PIECE)
    erase_athlete(store, CLUB, ATHLETE)
    assert [row.id for row in uploads_of(store, COACH)] == [other.id]
    assert upload_files_of(store).listed() == [other.id]


def test_what_another_club_sends_has_its_room_on_the_disk_too(
    store: ClubStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    hers = Viewer(uuid.UUID(int=32), OTHER_CLUB.club_id, ADMINISTRATOR)
    with store.database.writing(AllClubs("set up a test")) as unit:
        unit.add(User(id=hers.user_id, email="eva@club.org", name="Eva"))
    announced = Announced("a.mp4", 1000)
    row = create_upload(store, hers, announced, UploadLimits(spare_bytes=0))
    append(store, row, 0, reader(FILM[:300]))
    # Disks are of many sizes, and other programs write to this one.
    monkeypatch.setattr(UploadFiles, "free_bytes", lambda self: 1699)
    with pytest.raises(UploadError, match="disk is full"):
        create_upload(store, COACH, announced, UploadLimits(spare_bytes=0))
    monkeypatch.setattr(UploadFiles, "free_bytes", lambda self: 1700)
    create_upload(store, COACH, announced, UploadLimits(spare_bytes=0, most_coming_bytes=1000))
    monkeypatch.setattr(UploadFiles, "free_bytes", lambda self: 1 << 40)
    with pytest.raises(UploadError, match="announced and not here yet"):
        create_upload(store, COACH, announced, UploadLimits(spare_bytes=0, most_coming_bytes=1999))


def test_what_a_killed_server_left_of_a_claimed_film_goes_at_the_next_look(store: ClubStore) -> None:
    row, files = ready(store), upload_files_of(store)
    claim(store, COACH, row.id, PIECE)
    files.path(row.id).write_bytes(FILM)
    files.picture(row.id).write_bytes(b"its picture")
    assert expire(store, UploadLimits()) == 0
    assert files.listed() == [] and files.picture(row.id).exists(), "the list still shows it"


def test_room_and_time_have_an_end(store: ClubStore) -> None:
    claim(store, COACH, ready(store).id, PIECE)
    sent(store)
    for limits, said in (
        (UploadLimits(club_bytes=3 * len(FILM) - 1), "room for"),
        (UploadLimits(spare_bytes=1 << 60), "disk is full"),
        (UploadLimits(most_open=1), "too many"),
        (UploadLimits(most_coming_bytes=len(FILM) - 1), "not here yet"),
        (UploadLimits(most_bytes=len(FILM) - 1), "is the most"),
    ):
        with pytest.raises(UploadError, match=said):
            create_upload(store, COACH, Announced("a.mp4", len(FILM)), limits)
    row = create_upload(store, COACH, Announced("a.mp4", len(FILM)), UploadLimits(club_bytes=3 * len(FILM)))
    append(store, row, 0, reader(FILM[:100]))
    assert expire(store, UploadLimits()) == 0 and len(uploads_of(store, COACH)) == 3
    assert expire(store, UploadLimits(kept=timedelta(seconds=-5))) == 2, "one is being looked at"
    assert len(upload_files_of(store).listed()) == 1
    assert len(jobs_of(store.database, CLUB)) == 1, "its session stays"
