"""The job that analyses a video, on a sample video and real workers."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from rowsense.errors import UsageError
from rowsense.jobs.analyze import STAGES, share_done
from rowsense.jobs.child import done
from rowsense.jobs.requests import AnalysisRequest, ask_for_analysis
from rowsense.jobs.runner import running
from rowsense.jobs.stopping import cancel, retry
from rowsense.jobs.telling import How, Report
from rowsense.jobs.work import KINDS, Task
from rowsense.store.claims import ClubStore
from rowsense.store.opening import address_of
from rowsense.store.record import NOT_HERS, Piece
from rowsense.store.tables import Analysis, Athlete, StrokeRow, TrainingSession, Video
from tests.jobs.meeting import Yard, until
from tests.store.club import ATHLETE, CLUB, analysed_folder, check_healthy

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PIECE = Piece(ATHLETE, date(2026, 3, 1), "steady", distance_m=2000.0, created_by_user_id=None)


def request(video: Path | None, **changes: object) -> AnalysisRequest:
    asked = AnalysisRequest(ATHLETE, uuid.uuid4(), uuid.uuid4(), video, PIECE, overlay=False)
    return replace(asked, **changes)  # type: ignore[arg-type]


def analysed(store: ClubStore, asked: AnalysisRequest, folder: Path) -> Task:
    """The work of a job whose attempt before this one had analysed its film, and recorded nothing."""
    folder.mkdir()
    analysed_folder(folder / "analysed")
    return Task(
        function=KINDS["analyze"],
        job_id=str(asked.analysis_id),
        club_id=str(CLUB.club_id),
        athlete_id=str(asked.athlete_id),
        payload=asked.to_payload(),
        checkpoint={"analysed": True},
        url=store.database.url.render_as_string(),
        files=address_of(store.files),
        folder=str(folder),
    )


def test_a_request_is_kept_as_it_was() -> None:
    for asked in (
        request(Path("/videos/Žofie.mp4"), settings={"video": {"to_s": 6.0}}),
        request(None, piece=replace(PIECE, created_by_user_id=uuid.uuid4()), keep_video=False),
        request(None, piece=None),
    ):
        assert AnalysisRequest.from_payload(asked.to_payload()) == asked


def test_a_request_that_cannot_work_is_refused() -> None:
    with pytest.raises(UsageError, match="name the whole path"):
        request(Path("a.mp4"))
    with pytest.raises(UsageError, match="another athlete"):
        request(None, athlete_id=uuid.uuid4())


def test_the_stages_make_a_whole() -> None:
    at = 0.0
    for stage, (begins, share) in STAGES.items():
        assert begins == pytest.approx(at)
        assert share_done(stage, 1, 2) == pytest.approx(begins + share / 2)
        at = begins + share
    assert 0.9 < at < 1.0
    assert share_done("observe", 0, 0) == STAGES["observe"][0]


@pytest.mark.slow
@ON_SQLITE
def test_a_video_is_analysed_and_recorded_once(
    store: ClubStore, tmp_path: Path, repository: Path, pose_model: Path
) -> None:
    yard = Yard(store, tmp_path)
    asked = request(
        repository / "sample_videos" / "well_rowed.mp4", settings={"video": {"to_s": 4.5}, "pose": {"workers": 1}}
    )
    with store.database.writing(CLUB) as unit:
        key = ask_for_analysis(unit, asked).id
    with running(store, replace(yard.settings, kinds=KINDS)):
        until(lambda: yard.job(key).stage in ("scout", "observe"))  # it may be quicker than who looks
        cancel(store.database, CLUB, key)
        assert yard.ended(key).state == "cancelled"
        check_healthy(store)
        assert not list(store.files.listed())
        until(lambda: not list(yard.scratch.iterdir()))
        retry(store.database, CLUB, key)
        ended = yard.ended(key)
    assert (ended.state, ended.error, ended.stage, ended.done, ended.total) == ("done", "", "record", 1.0, 1.0)
    with store.database.writing(CLUB) as unit:
        assert ask_for_analysis(unit, asked).id == key
        analysis = unit.scalars(select(Analysis)).one()
        video = unit.scalars(select(Video)).one()
        assert unit.scalar(select(func.count()).select_from(StrokeRow)) == analysis.usable_stroke_count > 0
    assert (analysis.id, analysis.session_id, analysis.version) == (asked.analysis_id, asked.session_id, 1)
    assert video.name == "well_rowed.mp4"
    assert video.byte_count == asked.video.stat().st_size if asked.video else False
    check_healthy(store)
    assert not list(yard.scratch.iterdir())


@ON_SQLITE
def test_what_is_analysed_already_is_only_recorded(store: ClubStore, tmp_path: Path, pose_model: Path) -> None:
    asked = request(tmp_path / "gone.mp4", keep_video=False)
    told: list[Report] = []
    task = analysed(store, asked, tmp_path / "job")
    assert done(Task.from_line(task.to_line()), told.append) == (How.DONE, "")
    assert [report.done for report in told] == [0.98, 1.0]
    assert done(replace(task, checkpoint={}), told.append) == (How.DONE, ""), "recorded before"
    with store.database.reading(CLUB) as unit:
        assert unit.scalars(select(Analysis)).one().id == asked.analysis_id
    another = replace(task, payload=request(tmp_path / "gone.mp4").to_payload(), checkpoint={})
    how, words = done(another, told.append)
    assert how is How.USELESS and "gone.mp4" in words
    # A film of the store is called after nobody there; who sent it hears of it by its own name.
    session_id = uuid.uuid4()
    broken = tmp_path / "broken"
    broken.write_bytes(b"\0\0\0\x20ftypisom" + bytes(2000))
    store.files.put(broken, f"{CLUB.club_id}/{uuid.uuid4().hex}/video.mp4")
    (stored,) = [file.key for file in store.files.listed() if file.key.endswith("video.mp4")]
    with store.database.writing(CLUB) as unit:
        unit.add(TrainingSession(id=session_id, athlete_id=ATHLETE, rowed_on=date(2026, 3, 1)))
        unit.flush()
        facts = {"sha256": "b" * 64, "codec": "h264", "duration_s": 9.0, "fps": 30.0, "width_px": 64, "height_px": 64}
        unit.add(Video(session_id=session_id, name="Žofie.mov", file_key=stored, **facts))
    asked = request(None, session_id=session_id, piece=None)
    how, words = done(replace(task, payload=asked.to_payload(), checkpoint={}), told.append)
    assert how is How.USELESS and words.startswith("Žofie.mov")


@ON_SQLITE
def test_a_job_of_before_does_not_analyse_a_session_as_her_who_had_it(store: ClubStore, tmp_path: Path) -> None:
    """It is tried again after the session was given away: it would be measured by her zero, under her name."""
    asked, other = request(tmp_path / "film.mp4"), uuid.uuid4()
    with store.database.writing(CLUB) as unit:
        unit.add(Athlete(id=other, name="Jana", birth_year=1990))
        unit.flush()
        unit.add(TrainingSession(id=asked.session_id, athlete_id=other, rowed_on=date(2026, 3, 1)))
    task = analysed(store, asked, tmp_path / "job")
    assert done(task, lambda told: None) == (How.USELESS, NOT_HERS)
    with store.database.reading(CLUB) as unit:
        assert unit.scalars(select(Analysis)).all() == []
