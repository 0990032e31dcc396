"""What is deleted is gone, rows and files. For a whole athlete: ``test_belongings.py``."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from rowsense.errors import OutputError, StoreError
from rowsense.store.claims import ClubStore, recover
from rowsense.store.delete import delete_analysis, delete_session
from rowsense.store.record import record
from rowsense.store.shown import shown_analysis
from rowsense.store.tables import Athlete, Comment, Job, JobPart, ShareLink, StoredCalibration
from rowsense.store.tables.jobs import CANCELLED, DONE, FAILED, PARKED
from tests.store.club import ATHLETE, CLUB, NAME, OTHER_CLUB, check_healthy, recording, rows
from tests.store.filled import AT, contents

OTHER = uuid.UUID(int=12)


@pytest.fixture
def full(store: ClubStore, analysed: Path, tmp_path: Path) -> ClubStore:
    """Two sessions of the athlete, the first in two versions and with its video, a comment, a calibration."""
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(1000))
    for number, version in ((1, 1), (1, 2), (2, 1)):
        record(store, CLUB, recording(analysed, number, version, film if number == 1 else None))
    with store.database.writing(CLUB) as unit:
        unit.add(Comment(session_id=uuid.UUID(int=1000), text=f"well done, {NAME}"))
        unit.add(StoredCalibration(athlete_id=ATHLETE, made_at=AT, estimator="e", document={"athlete": NAME}))
        unit.add(Athlete(id=OTHER, name="Jana"))
    return store


def test_a_version_goes_and_the_one_before_is_shown(full: ClubStore) -> None:
    delete_analysis(full, CLUB, uuid.UUID(int=1002))
    assert rows(full) == {"sessions": 2, "videos": 2, "analyses": 2, "strokes": 14, "file_claims": 0}
    with full.database.reading(CLUB) as unit:
        shown = shown_analysis(unit, uuid.UUID(int=1000))
    assert shown is not None
    assert shown.version == 1
    check_healthy(full)


def test_a_session_goes_with_its_video_and_all_versions(full: ClubStore) -> None:
    delete_session(full, CLUB, uuid.UUID(int=1000))
    assert rows(full) == {"sessions": 1, "videos": 1, "analyses": 1, "strokes": 7, "file_claims": 0}
    assert len({file.prefix for file in full.files.listed()}) == 1
    check_healthy(full)


def test_jobs_that_went_wrong_are_over_with_what_they_were_about(full: ClubStore) -> None:
    """Nobody could mend them, and the page of jobs would ask for it for good; a parked one kept what was measured."""
    session, link, other = uuid.UUID(int=1000), uuid.UUID(int=71), {"session_id": str(uuid.UUID(int=2000))}
    with full.database.writing(CLUB) as unit:
        unit.add(
            ShareLink(
                id=link, session_id=session, analysis_id=uuid.UUID(int=1002), token_sha256="a" * 64, named=False,
                expires_at=datetime.now(UTC) + timedelta(days=1), face_blurred=True, surroundings_blurred=True,
                film="none",
            )
        )  # fmt: skip
        hers = {"session_id": str(session)}
        for number, (kind, payload, state) in enumerate(
            (("analyze", hers, PARKED), ("rewrite", hers, FAILED), ("analyze", hers, DONE), ("analyze", other, FAILED))
        ):
            unit.add(Job(id=uuid.UUID(int=80 + number), kind=kind, payload=payload, state=state))
        unit.add(Job(id=link, kind="share", payload={"link": str(link)}, state=FAILED))
        unit.flush()
        unit.add(JobPart(job_id=uuid.UUID(int=80), part=0, plan={}, result=b"where she was"))
    delete_session(full, CLUB, session)
    with full.database.reading(CLUB) as unit:
        states = {job.id.int: job.state for job in unit.scalars(select(Job))}
        assert unit.scalars(select(JobPart)).all() == []
    assert states == {80: CANCELLED, 81: CANCELLED, 82: DONE, 83: FAILED, 71: CANCELLED}


@pytest.mark.parametrize("delete", [delete_analysis, delete_session])
def test_another_club_deletes_nothing(full: ClubStore, delete: Callable[..., None]) -> None:
    before = contents(full.database)
    for key in (uuid.UUID(int=1001), uuid.UUID(int=1000)):
        with pytest.raises(StoreError, match="there is nothing"):
            delete(full, OTHER_CLUB, key)
    assert contents(full.database) == before
    check_healthy(full)


def test_files_that_cannot_be_removed_now_go_later(full: ClubStore, tmp_path: Path) -> None:
    """Something stands where a folder was: removing it fails for everybody, root too."""
    with full.database.reading(CLUB) as unit:
        shown = shown_analysis(unit, uuid.UUID(int=2000))
    assert shown is not None
    place = tmp_path / "files" / shown.file_prefix
    place.rename(tmp_path / "aside")
    place.write_text("no folder")
    with pytest.raises(OutputError, match="cannot be removed"):
        delete_session(full, CLUB, uuid.UUID(int=2000))
    assert rows(full)["sessions"] == 1
    assert rows(full)["file_claims"] == 1
    place.unlink()
    (tmp_path / "aside").rename(place)
    assert recover(full) == (shown.file_prefix,)
    check_healthy(full)
