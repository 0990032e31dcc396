"""A telephone's film analysed where files are in a bucket and rows in PostgreSQL, by a club that keeps no films."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

import av
import pytest
from sqlalchemy import text

from rowsense.jobs.requests import AnalysisRequest, ask_for_analysis
from rowsense.jobs.runner import running
from rowsense.jobs.work import KINDS
from rowsense.store.bucket_files import open_bucket
from rowsense.store.claims import ClubStore
from rowsense.store.club_settings import Privacy, keep_privacy
from rowsense.store.database import Database
from rowsense.store.files import new_prefix
from rowsense.store.film_copies import AS_COPY, films_to_watch
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Analysis, TrainingSession, Video
from rowsense.video import probe
from tests.clips import write_clip
from tests.jobs.meeting import Yard, until
from tests.store.bucket import KEYS, BucketServer
from tests.store.club import ATHLETE, CLUB, add_club, check_healthy

SIZE_PX = (640, 360)


@pytest.fixture
def store(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[ClubStore]:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)  # workers look for them there, too
    with BucketServer() as server:
        add_club(database)
        yield ClubStore(database, open_bucket(server.address(uuid.uuid4().hex)))


@pytest.fixture
def film(repository: Path, tmp_path: Path) -> Path:
    """The first strokes of a sample, in the form of a telephone."""
    with av.open(str(repository / "sample_videos" / "well_rowed.mp4")) as read:
        kept = list(islice(read.decode(video=0), 0, 140, 2))
    images = (one.reformat(*SIZE_PX, format="rgb24").to_ndarray() for one in kept)
    times_s = [float(one.time or 0.0) for one in kept]
    return write_clip(tmp_path / "phone.mov", images, times_s=times_s, fps=15, codec="hevc")


@contextmanager
def nothing_laid_out(database: Database) -> Iterator[None]:
    """Meanwhile an analysis comes no further than to what is looked at first: it cannot say which parts there are."""
    with database.writing(AllClubs("stop a test's job")) as unit:
        unit.execute(text("LOCK TABLE job_parts IN SHARE ROW EXCLUSIVE MODE"))
        yield


@pytest.mark.slow
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_film_is_copied_watched_analysed_and_dropped(
    store: ClubStore, film: Path, tmp_path: Path, pose_model: Path
) -> None:
    yard, session_id, key = Yard(store, tmp_path), uuid.uuid4(), f"{new_prefix(CLUB.club_id)}/video.mov"
    keep_privacy(store.database, CLUB, Privacy(keep_originals=False))
    store.files.put(film, key)
    found = probe(film)
    about = {name: getattr(found, name) for name in ("sha256", "codec", "duration_s", "fps", "width_px", "height_px")}
    asked = AnalysisRequest(ATHLETE, session_id, uuid.uuid4(), settings={"pose": {"workers": 1}})
    with store.database.writing(CLUB) as unit:
        unit.add(TrainingSession(id=session_id, athlete_id=ATHLETE, rowed_on=date(2026, 3, 1)))
        unit.flush()
        unit.add(Video(session_id=session_id, name="Anna.mov", file_key=key, byte_count=1, **about))
    assert films_to_watch(store, CLUB, {session_id}) == {session_id: ()}, "no browser plays it"
    with ExitStack() as stopped, running(store, replace(yard.settings, kinds=KINDS)):
        stopped.enter_context(nothing_laid_out(store.database))
        with store.database.writing(CLUB) as unit:
            job = ask_for_analysis(unit, asked).id
        (way,) = until(lambda: films_to_watch(store, CLUB, {session_id})[session_id])
        assert way.kind == AS_COPY
        assert (yard.job(job).state, yard.job(job).done < 0.5) == ("running", True), "nothing is measured yet"
        assert store.files.part(way.key, 4, 8) == b"ftyp"
        stopped.close()
        until(lambda: yard.job(job).done > 0.5)
        ended = yard.ended(job)
    assert (ended.state, ended.error) == ("done", "")
    with store.database.reading(CLUB) as unit:
        analysis = unit.query(Analysis).one()
        assert unit.query(Video).one().file_key is None and analysis.usable_stroke_count > 0
    left = {file.key.removeprefix(f"{analysis.file_prefix}/") for file in store.files.listed()}
    assert {"overlay.mp4", "session.json", "player.bin", "report.html"} <= left
    assert not {name for name in left if "film" in name or "video" in name}, "coded once, and gone with the film"
    check_healthy(store)
