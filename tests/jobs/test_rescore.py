"""Judging a season by another catalogue: the same as analysing with it, once, whatever stops it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from rowsense.assess.judge import assess
from rowsense.films import stroke_films
from rowsense.jobs import rescore as module
from rowsense.jobs.child import done
from rowsense.jobs.judging import measures_of, read_measures, whole_series
from rowsense.jobs.preview import preview
from rowsense.jobs.queue import enqueue
from rowsense.jobs.requests import ask_for_rescoring
from rowsense.jobs.telling import How, Report
from rowsense.jobs.work import KINDS, Task
from rowsense.model import Session
from rowsense.outputs import session_tables
from rowsense.report.summary import summary
from rowsense.settings import AssessSettings
from rowsense.store.catalogues import judged, restore_catalogue, save_catalogue
from rowsense.store.claims import ClubStore, recover
from rowsense.store.codec import to_json
from rowsense.store.opening import address_of
from rowsense.store.quantities import FAULT
from rowsense.store.record import record
from rowsense.store.recorded import analysis_folder, recorded_session
from rowsense.store.season import Choice, points
from rowsense.store.session_folder import read_session, write_session
from rowsense.store.tables import Analysis, Job
from rowsense.video.read import read_frames
from rowsense.video.write import GOP_FRAMES, VideoSink
from tests.jobs.meeting import until
from tests.session_fixture import make_session
from tests.store.club import CLUB, check_healthy, recording

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
OWN = {
    "name": "Knees stay bent", "metric": "knee_deg_finish", "direction": "below", "limit": 190.0,
    "severity_steps": [150.0, 140.0], "needed_share": 0.5, "cue": "Press the knees down",
}  # fmt: skip
STRICT: dict[str, Any] = {
    "faults": {
        "hips_tip_back": {"off": True},
        "excess_layback": {
            "rules": {"trunk_lean_deg_finish below": {"limit": -10.0, "severity_steps": [-20.0, -30.0]}}
        },
    },
    "own": [OWN],
}  # fmt: skip


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """As an analysis with the catalogue as it comes would leave it; positions as exact as files keep them."""
    made = make_session()
    folder = tmp_path_factory.mktemp("stored")
    write_session(folder, made, summary(made), session_tables(made))
    made = read_session(folder)
    return replace(made, assessment=expected(made, {}), provenance={"settings": {"assess": {}}})


def expected(session: Session, changes: dict[str, Any]) -> Any:
    """What an analysis with these changes says."""
    settings = AssessSettings(changes=changes)
    return assess(whole_series(session), session.strokes, session.track.frame, settings, session.spine_reference)


@pytest.fixture(scope="module")
def folder(session: Session, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("measured") / "clip.rowsense"
    made.mkdir()
    write_session(made, session, summary(session), session_tables(session))
    (made / "faults").mkdir()
    (made / "overlay.mp4").write_bytes(b"film")
    return made


@pytest.fixture
def user(store: ClubStore) -> uuid.UUID:
    from rowsense.store.scope import AllClubs
    from rowsense.store.tables import User

    with store.database.writing(AllClubs("set up a test")) as unit:
        row = User(email="a@club.org", name="Ada", password_hash="x")
        unit.add(row)
        unit.flush()
        return row.id


@pytest.fixture
def season(store: ClubStore, folder: Path) -> ClubStore:
    """Three sessions."""
    for number in (1, 2, 3):
        record(store, CLUB, recording(folder, number))
    return store


@pytest.fixture
def without_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports take seconds each; where it is about rows and files, the session's own files will do."""

    def write(session: Session, film: Path, folder: Path, options: object) -> None:
        write_session(folder, session, summary(session), session_tables(session))

    monkeypatch.setattr(module, "write_outputs", write)


def task_of(store: ClubStore, scratch: Path, number: int, **more: Any) -> Task:
    scratch.mkdir(exist_ok=True)
    task = Task(
        function=KINDS["rescore"], job_id=str(uuid.uuid4()), club_id=str(CLUB.club_id), athlete_id="",
        payload={"number": number}, checkpoint={}, url=store.database.url.render_as_string(hide_password=False),
        files=address_of(store.files), folder=str(scratch), priority=-10,
    )  # fmt: skip
    return replace(task, **more)


def newest(store: ClubStore) -> dict[uuid.UUID, Analysis]:
    with store.database.reading(CLUB) as unit:
        return {row.session_id: row for row in unit.scalars(select(Analysis).order_by(Analysis.version))}


def test_a_stored_session_has_its_shoulders_where_its_handle_is(session: Session) -> None:
    here, angles = whole_series(session), session.angles
    assert here.shoulders_x_px is not None
    assert np.isfinite(measures_of(replace(session, angles=here), module.catalogue_for(AssessSettings())).values).any()
    panned_px = np.linspace(0.0, 80.0, len(angles))  # a camera that turned, of which the angles are free
    steadied = replace(angles, handle_x_px=angles.handle_x_px + panned_px, seat_x_px=angles.seat_x_px + panned_px)
    there = whole_series(replace(session, angles=steadied))
    assert there.shoulders_x_px is not None
    np.testing.assert_allclose(there.shoulders_x_px - here.shoulders_x_px, np.stack([panned_px, panned_px]), atol=1e-6)


@ON_SQLITE
def test_it_says_what_analysing_with_that_catalogue_says(
    store: ClubStore, folder: Path, user: uuid.UUID, session: Session, tmp_path: Path
) -> None:
    season = store
    record(season, CLUB, recording(folder))
    assert save_catalogue(season.database, CLUB, STRICT, after=0, note="stricter", by=user) == 1
    told: list[Report] = []
    assert done(task_of(season, tmp_path / "job", 1), told.append) == (How.DONE, "")
    assert [(report.done, report.total) for report in told] == [(1.0, 1.0)]
    wanted = expected(session, STRICT)
    assert {fault.id for fault in wanted.faults} >= {"own_knees_stay_bent", "excess_layback"}
    for row in newest(season).values():
        assert (row.version, row.catalogue_number, row.judges_version) == (2, 1, 1)
        again = recorded_session(season, CLUB, row.id)
        assert module._alike(to_json(again.assessment), to_json(wanted))
        assert row.score == pytest.approx(wanted.score)
        with analysis_folder(season, CLUB, row.id) as kept:
            assert (kept / "overlay.mp4").read_bytes() == b"film", "the film is there without a copy"
            assert (kept / "report.pdf").is_file() and "Knees stay bent" in (kept / "report.html").read_text("utf-8")
            measures = read_measures(kept)
        again = replace(again, angles=whole_series(again))
        fresh = measures_of(again, module.catalogue_for(AssessSettings(changes=STRICT)))
        assert measures is not None and measures.names == fresh.names
        assert (measures.values == fresh.values)[fresh.values == fresh.values].all()
    with season.database.reading(CLUB) as unit:
        assert judged(unit).older == 0
        own = points(unit, Choice(f"{FAULT}own_knees_stay_bent"))
        assert [point.mean > 0.5 for point in own] == [True], "the season knows it"
        assert not points(unit, Choice(f"{FAULT}hips_tip_back")), "nor what is not judged any more"
    check_healthy(season)


@ON_SQLITE
@pytest.mark.usefixtures("without_reports")
def test_it_has_the_films_of_its_best_and_its_worst_stroke_again(
    store: ClubStore, folder: Path, user: uuid.UUID, session: Session, tmp_path: Path
) -> None:
    measured = tmp_path / "clip.rowsense"
    shutil.copytree(folder, measured)
    with VideoSink(measured / "overlay.mp4", 64, 48, 30) as sink:
        for row, time_s in enumerate(session.track.time_s):
            sink.write(np.full((48, 64, 3), row % 256, np.uint8), float(time_s - session.track.time_s[0]))
    record(store, CLUB, recording(measured))
    films: list[bytes] = []
    for number, changes in enumerate((STRICT, {"faults": {"hips_tip_back": {"off": True}}}), 1):
        save_catalogue(store.database, CLUB, changes, after=number - 1, note="", by=user)
        assert done(task_of(store, tmp_path / f"job {number}", number), lambda told: None) == (How.DONE, "")
        (row,) = newest(store).values()
        assert row.catalogue_number == number
        with analysis_folder(store, CLUB, row.id) as kept:
            films.append((kept / "best_stroke.mp4").read_bytes())
            worst = session.strokes.strokes[stroke_films(session)["worst_stroke.mp4"]]
            frames = sum(1 for _ in read_frames(kept / "worst_stroke.mp4"))
            assert 0 <= frames - round(30 * (worst.end_time_s - worst.catch_time_s)) <= GOP_FRAMES + 1, (
                "it, and a little before"
            )
    assert films[0] == films[1], "the same strokes are not cut again"
    check_healthy(store)


@ON_SQLITE
@pytest.mark.usefixtures("without_reports")
def test_going_back_brings_the_old_numbers_back_and_keeps_the_measurement(
    store: ClubStore, folder: Path, user: uuid.UUID, session: Session, tmp_path: Path
) -> None:
    season = store
    record(season, CLUB, recording(folder))
    save_catalogue(season.database, CLUB, STRICT, after=0, note="", by=user)
    done(task_of(season, tmp_path / "one", 1), lambda told: None)
    assert restore_catalogue(season.database, CLUB, 0, after=1, by=user) == 2
    assert done(task_of(season, tmp_path / "two", 1), lambda told: None) == (How.DONE, ""), "overtaken: does nothing"
    with season.database.reading(CLUB) as unit:
        assert judged(unit).older == 1
    assert done(task_of(season, tmp_path / "two", 2), lambda told: None) == (How.DONE, "")
    with season.database.reading(CLUB) as unit:
        versions = unit.execute(select(Analysis.version, Analysis.judges_version).order_by(Analysis.version)).all()
    assert sorted(map(tuple, versions)) == [(1, None), (3, 1)], "what lay between can be made again"
    for row in newest(season).values():
        assert module._alike(to_json(recorded_session(season, CLUB, row.id).assessment), to_json(session.assessment))
    check_healthy(season)


class _KilledError(BaseException):
    pass


@ON_SQLITE
@pytest.mark.parametrize("where", ["record", "superseded"])
@pytest.mark.usefixtures("without_reports")
def test_whatever_stops_it_the_next_attempt_does_the_rest_once(
    season: ClubStore, user: uuid.UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    save_catalogue(season.database, CLUB, STRICT, after=0, note="", by=user)
    told: list[Report] = []
    real, calls = getattr(module, where), iter(range(9))

    def stopped(*arguments: Any, **more: Any) -> Any:
        if next(calls) == 1:
            raise _KilledError
        return real(*arguments, **more)

    monkeypatch.setattr(module, where, stopped)
    task = task_of(season, tmp_path / "job", 1)
    with pytest.raises(_KilledError):
        done(task, told.append)
    monkeypatch.setattr(module, where, real)
    assert done(replace(task, checkpoint=told[-1].checkpoint), told.append) == (How.DONE, "")
    assert told[-1].done == told[-1].total == 3.0
    with season.database.reading(CLUB) as unit:
        rows = unit.execute(select(Analysis.session_id, Analysis.version)).all()
        assert judged(unit).older == 0
    assert sorted(version for _, version in rows) == [1, 1, 1, 2, 2, 2]
    check_healthy(season)


@ON_SQLITE
def test_killed_while_it_writes_nothing_is_lost_and_nothing_done_twice(
    season: ClubStore, user: uuid.UUID, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    save_catalogue(season.database, CLUB, STRICT, after=0, note="", by=user)
    task = task_of(season, tmp_path / "job", 1)
    command = [sys.executable, "-P", "-m", "rowsense.jobs.child"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdin is not None and child.stdout is not None
        child.stdin.write(task.to_line())
        child.stdin.flush()
        until(lambda: list((tmp_path / "files").rglob("judging.npz")))  # the first one's files, perhaps not its rows
        child.kill()
    request.getfixturevalue("without_reports")
    assert done(task, lambda said: None) == (How.DONE, "")
    with season.database.reading(CLUB) as unit:
        versions = sorted(unit.scalars(select(Analysis.version)))
        assert judged(unit).older == 0
    assert versions == [1, 1, 1, 2, 2, 2]
    recover(season, timedelta(0))
    check_healthy(season)


@ON_SQLITE
def test_it_gives_way_and_leaves_what_it_cannot_read(season: ClubStore, user: uuid.UUID, tmp_path: Path) -> None:
    first = newest(season)[uuid.UUID(int=1000)]
    gone = tmp_path / "files" / first.file_prefix / "track.parquet"
    gone.unlink()
    # Nothing changes for these strokes, so that no new version is made.
    same = {"faults": {"rushes_the_slide": {"words": {"drill": "Slow the slide down."}}}}
    save_catalogue(season.database, CLUB, same, after=0, note="", by=user)
    with season.database.writing(CLUB) as unit:
        waiting = enqueue(unit, "analyze", {}, priority=10)
    told: list[Report] = []
    task = task_of(season, tmp_path / "job", 1)
    how, words = done(task, told.append)
    assert how is How.RELEASED and "waits" in words and told[-1].done == 2.0, "it is asked twice, then it stops"
    with season.database.writing(CLUB) as unit:
        unit.delete(unit.get_one(Job, waiting.id))
    assert done(replace(task, checkpoint=told[-1].checkpoint), told.append) == (How.DONE, "")
    assert list(told[-1].checkpoint["skipped"]) == [str(first.id)] and told[-1].done == 3.0  # type: ignore[index]
    found = newest(season)
    by_session = [found[uuid.UUID(int=1000 * number)] for number in (1, 2, 3)]
    assert [(row.version, row.catalogue_number) for row in by_session] == [(1, 0), (1, 1), (1, 1)]
    with season.database.reading(CLUB) as unit:
        assert (judged(unit).current, judged(unit).older) == (2, 1)


@ON_SQLITE
def test_a_preview_counts_what_would_change(season: ClubStore, user: uuid.UUID, session: Session) -> None:
    steps: list[tuple[int, int]] = []
    found = preview(season, CLUB, STRICT, lambda done, total: steps.append((done, total)))
    assert steps == [(3, 3)] and (found["sessions"], found["unread"], found["left_out"]) == (3, 0, 0)
    wanted, before = expected(session, STRICT), session.assessment
    by_id = {one["id"]: one for one in found["faults"]}
    own = next(fault for fault in wanted.faults if fault.id == "own_knees_stay_bent")
    assert by_id["own_knees_stay_bent"]["more"] == 3 * len(own.strokes)
    assert by_id["own_knees_stay_bent"]["gain"]["count"] == 1
    hips = next(fault for fault in before.faults if fault.id == "hips_tip_back")
    assert by_id["hips_tip_back"]["fewer"] == 3 * len(hips.strokes) and by_id["hips_tip_back"]["more"] == 0
    assert by_id["hips_tip_back"]["lose"]["count"] == 1 and by_id["hips_tip_back"]["sessions_fewer"] == 3
    nothing = preview(season, CLUB, {}, lambda done, total: None)
    assert not any(one["more"] or one["fewer"] for one in nothing["faults"])


@ON_SQLITE
def test_asking_again_asks_once_and_a_newer_version_calls_the_older_off(store: ClubStore) -> None:
    with store.database.writing(CLUB) as unit:
        first = ask_for_rescoring(unit, 1)
        assert ask_for_rescoring(unit, 1).id == first.id and first.priority < 0
        second = ask_for_rescoring(unit, 2)
        assert second.id != first.id
    with store.database.reading(CLUB) as unit:
        assert unit.get_one(Job, first.id).state == "cancelled"
