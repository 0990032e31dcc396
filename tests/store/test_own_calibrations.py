"""Calibrations of a club's rowers: kept once, the newest first, deleted with their film and nothing else."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from rowsense.errors import StoreError
from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore
from rowsense.store.own_calibrations import calibrations_of, delete_calibration, keep_calibration
from rowsense.store.record import record
from rowsense.store.scope import AllClubs
from rowsense.store.tables import (
    ADMINISTRATOR,
    COACH,
    Analysis,
    AuditEntry,
    Membership,
    StoredCalibration,
    TrainingSession,
    User,
    Video,
)
from tests.calibrations import make_calibration
from tests.store.club import ATHLETE, CLUB, OTHER_CLUB, check_healthy, recording

USER, OLD, NEW = (uuid.UUID(int=n) for n in (31, 51, 52))
HEAD = Viewer(USER, CLUB.club_id, ADMINISTRATOR)
OLDER, NEWER = date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture
def full(store: ClubStore, tmp_path: Path) -> ClubStore:
    """Two calibrations, the newer one sent first; the film of the older one is kept."""
    film = tmp_path / "posing.mp4"
    film.write_bytes(bytes(1000))
    prefix = f"{CLUB.club_id}/{uuid.uuid4().hex}"
    store.files.put(film, f"{prefix}/video.mp4")
    with store.database.writing(AllClubs("set up a test")) as unit:
        unit.add(User(id=USER, email="head@club.org", name="Head"))
        unit.flush()
        unit.add(Membership(club_id=CLUB.club_id, user_id=USER, role=ADMINISTRATOR))
        unit.add(TrainingSession(id=OLD, club_id=CLUB.club_id, athlete_id=ATHLETE, rowed_on=OLDER))
        unit.flush()
        facts = {"sha256": "b" * 64, "codec": "h264", "duration_s": 9.0, "fps": 30.0, "width_px": 64, "height_px": 64}
        unit.add(Video(club_id=CLUB.club_id, session_id=OLD, name="p.mp4", file_key=f"{prefix}/video.mp4", **facts))
    for key, day in ((NEW, NEWER), (OLD, OLDER)):
        for _ in "ab":  # a job that is tried again keeps it once
            keep_calibration(store, CLUB, key, ATHLETE, day, make_calibration())
    return store


def test_the_day_of_the_film_says_which_is_the_newest(full: ClubStore) -> None:
    with full.database.reading(CLUB) as unit:
        known = calibrations_of(unit, ATHLETE)
    assert [(one.key, one.made_at.date(), one.film_kept) for one in known] == [
        (NEW, NEWER, False),
        (OLD, OLDER, True),
    ]
    assert known[0].calibration == make_calibration() and known[0].made_at <= datetime.now(UTC)
    with pytest.raises(StoreError, match="not in the club"):
        keep_calibration(full, CLUB, uuid.uuid4(), uuid.UUID(int=99), NEWER, make_calibration())
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    keep_calibration(full, CLUB, uuid.uuid4(), ATHLETE, tomorrow, make_calibration())
    with full.database.reading(CLUB) as unit:
        assert calibrations_of(unit, ATHLETE)[0].made_at <= datetime.now(UTC), "no clock of a camera leads for a day"
        assert calibrations_of(unit, uuid.UUID(int=99)) == []


def test_one_goes_with_its_film_and_what_was_measured_by_it_stays(full: ClubStore, analysed: Path) -> None:
    record(full, CLUB, replace(recording(analysed), calibration_id=OLD))
    coach_elsewhere = Viewer(USER, CLUB.club_id, COACH, frozenset({uuid.UUID(int=77)}))
    for nobody in (coach_elsewhere, Viewer(USER, OTHER_CLUB.club_id, ADMINISTRATOR)):
        with pytest.raises(StoreError, match="not one of yours"):
            delete_calibration(full, nobody, ATHLETE, OLD)
    assert not delete_calibration(full, HEAD, ATHLETE, uuid.uuid4())
    assert delete_calibration(full, HEAD, ATHLETE, OLD)
    assert not delete_calibration(full, HEAD, ATHLETE, OLD), "it is gone"
    with full.database.reading(CLUB) as unit:
        assert list(unit.scalars(select(StoredCalibration.id))) == [NEW]
        assert unit.get(TrainingSession, OLD) is None
        assert list(unit.scalars(select(Analysis.calibration_id))) == [None]
        told = {(one.action, one.subject_kind, one.subject_id) for one in unit.scalars(select(AuditEntry))}
    assert told == {("delete_calibration", "athletes", ATHLETE), ("delete", "sessions", OLD)}
    check_healthy(full)


def test_a_damaged_one_is_listed_and_can_go(full: ClubStore) -> None:
    with full.database.writing(CLUB) as unit:
        unit.get_one(StoredCalibration, NEW).document = {"schema": "of another day"}
    with full.database.reading(CLUB) as unit:
        assert [one.calibration is None for one in calibrations_of(unit, ATHLETE)] == [True, False]
    assert delete_calibration(full, HEAD, ATHLETE, NEW)
