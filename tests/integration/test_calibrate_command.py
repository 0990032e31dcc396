"""``rowsense calibrate`` and what ``rowsense analyze`` makes of it, as a user types them."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import uuid
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest
from sqlalchemy import delete, select

from rowsense.calibrating import calibrate_video, calibration_for
from rowsense.errors import CalibrationError, NotMeasurableError, UsageError
from rowsense.jobs.child import done
from rowsense.jobs.requests import CalibrationRequest
from rowsense.jobs.telling import How, Report
from rowsense.jobs.work import KINDS, Task
from rowsense.model import Calibration
from rowsense.outputs import session_tables
from rowsense.pipeline import analyze_track, estimator_of
from rowsense.recording import record_video
from rowsense.report.html import html_report
from rowsense.report.summary import summary
from rowsense.settings import Settings
from rowsense.simulate.posing import SLUMP, TALL
from rowsense.spine.geometric import OFFSET_SD_DEG, TILT_ZERO_DEG
from rowsense.store.calibrations import DATA_VARIABLE, list_calibrations, read_calibration, save_calibration
from rowsense.store.opening import address_of, open_store
from rowsense.store.own_calibrations import calibrations_of
from rowsense.store.tables import StoredCalibration, TrainingSession, Video
from tests.calibrations import make_calibration
from tests.store.club import ATHLETE, CLUB, add_club

SAMPLE = Path(__file__).resolve().parents[2] / "sample_videos" / "well_rowed.mp4"
NAME = "Žofie Łukasik"
#: Normal standard deviations within which 90 % lie.
WITHIN = 1.645


def rowsense(*arguments: str, data: Path, exit_code: int = 0) -> subprocess.CompletedProcess[str]:
    ended = subprocess.run(
        [sys.executable, "-m", "rowsense", *arguments],
        cwd=data, env=os.environ | {DATA_VARIABLE: str(data)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == exit_code, ended.stderr
    return ended


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    return tmp_path


def own(estimator: str, made_at: str = "2026-05-01T18:30:00+02:00") -> Calibration:
    return make_calibration(NAME, made_at, estimator)


def test_list_delete_and_redo(data: Path) -> None:
    assert "no calibration yet" in rowsense("calibrate", "--list", data=data).stderr
    old = save_calibration(make_calibration(NAME, "2026-04-01T10:00:00+02:00"))
    save_calibration(make_calibration(NAME))
    lines = rowsense("calibrate", "--list", data=data).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["zofie_lukasik_2026-05-01_1830", old.stem]
    assert "hips 20°, low back 30°" in lines[0]
    found = json.loads(rowsense("calibrate", "--list", "--json", data=data).stdout.splitlines()[0])
    assert (found["athlete"], found["id"]) == (NAME, "zofie_lukasik_2026-05-01_1830")
    assert str(old) in rowsense("calibrate", "--delete", old.stem, data=data).stdout
    assert not old.exists()
    assert len(list_calibrations(NAME)) == 1
    assert "no calibration of this name" in rowsense("calibrate", "--delete", old.stem, data=data, exit_code=2).stderr


def test_what_does_not_go_together_is_one_line(data: Path) -> None:
    for arguments in ((), ("clip.mp4", "--list"), ("--list", "--delete", "x")):
        error = rowsense("calibrate", *arguments, data=data, exit_code=2).stderr
        assert error.count("\n") == 1
        assert "name a VIDEO" in error
    with pytest.raises(UsageError, match="--athlete"):
        calibrate_video(SAMPLE, "  ")


def test_the_newest_that_fits_is_used(data: Path, pose_model: Path) -> None:
    settings = Settings()
    this = estimator_of(settings)
    assert calibration_for("", None, settings) == (None, "")
    chosen, said = calibration_for(NAME, None, settings)
    assert chosen is None
    assert "No calibration of Žofie Łukasik yet" in said
    save_calibration(own(this, "2026-03-01T10:00:00+01:00"))
    save_calibration(own(this))
    chosen, said = calibration_for("žofie łukasik", None, settings)
    assert chosen is not None
    assert (chosen.made_at.month, said) == (5, "")
    save_calibration(own("spine of another day, pose x", "2026-06-01T10:00:00+02:00"))
    chosen, _ = calibration_for(NAME, None, settings)
    assert chosen is not None
    assert chosen.made_at.month == 5


def test_another_estimator_is_refused_with_a_sentence(data: Path, pose_model: Path) -> None:
    place = save_calibration(own("spine of another day, pose x"))
    chosen, said = calibration_for(NAME, None, Settings())
    assert chosen is None
    assert said.startswith("Not used: the calibration of Žofie Łukasik from 2026-05-01 was measured by another version")
    error = rowsense("analyze", str(SAMPLE), "--calibration", str(place), data=data, exit_code=2).stderr
    assert "another version of the spine estimate" in error
    assert error.count("\n") == 1


def test_a_damaged_file_is_one_line(data: Path) -> None:
    place = save_calibration(own("x"))
    place.write_text(place.read_text(encoding="utf-8")[:200], encoding="utf-8")
    for choice in (("--calibration", str(place)), ("--athlete", NAME)):
        error = rowsense("analyze", str(SAMPLE), *choice, data=data, exit_code=2).stderr
        assert error.count("\n") == 1
        assert "cannot be read" in error
    assert "damaged" in rowsense("calibrate", "--list", data=data).stdout
    with pytest.raises(CalibrationError, match="--no-calibration"):
        calibration_for(NAME, None, Settings())


def test_somebody_elses_is_said(data: Path, pose_model: Path) -> None:
    place = save_calibration(own(estimator_of(Settings())))
    chosen, said = calibration_for("Eva", place, Settings())
    assert chosen is not None
    assert said == f"{place.name} is the calibration of Žofie Łukasik, used here for Eva."


@pytest.fixture(scope="module")
def posed(tmp_path_factory: pytest.TempPathFactory, pose_model: Path) -> Path:
    """A clip of the sample's rower, posing; folder with the clip in it."""
    pytest.importorskip("torch", reason="the extra 'simulate' (torch, anny) is not installed")
    pytest.importorskip("anny", reason="the extra 'simulate' (torch, anny) is not installed")
    from rowsense.simulate import render_clip
    from rowsense.simulate.clip_spec import WELL_ROWED
    from rowsense.simulate.posing import PosingSpec, posing_duration_s

    spec = PosingSpec(seed=6, fps=25.0)
    motion = replace(spec, duration_s=posing_duration_s(spec))
    folder = tmp_path_factory.mktemp("posing")
    # The sample's ponytail hides the neck, and with it where the head is.
    look = replace(WELL_ROWED.look, hair_style="bun")
    render_clip(replace(WELL_ROWED, name="posing", motion=motion, look=look, width_px=960, height_px=540), folder)
    return folder


@pytest.fixture(scope="module")
def calibrated(posed: Path) -> Path:
    """The file that ``rowsense calibrate`` wrote."""
    ended = rowsense("calibrate", "posing.mp4", "--athlete", NAME, data=posed)
    assert "the hips tip back by" in ended.stdout
    (place,) = (posed / "calibrations").iterdir()
    return place


@pytest.mark.slow
def test_zero_and_range_of_a_rendered_rower(calibrated: Path) -> None:
    made = read_calibration(calibrated)
    assert (made.athlete, made.video_name, len(made.video_sha256)) == (NAME, "posing.mp4", 64)
    assert (made.tall_count, made.slump_count, made.hinge_count) == (2, 1, 1)
    tilt, lumbar = made.pelvic_tilt, made.lumbar_flexion
    assert tilt.width_deg == pytest.approx(SLUMP.tilt_deg - TALL.tilt_deg, abs=WITHIN * tilt.width_sd_deg)
    assert lumbar.width_deg == pytest.approx(SLUMP.lumbar_deg - TALL.lumbar_deg, abs=WITHIN * lumbar.width_sd_deg)
    assert 5.0 < made.head_trunk_tall_sd_deg < 8.0
    # The zero holds the body's constant error, which is what a calibration is for; it is no larger than stated.
    assert tilt.neutral_deg - TILT_ZERO_DEG == pytest.approx(TALL.tilt_deg, abs=WITHIN * OFFSET_SD_DEG[0])
    assert lumbar.neutral_deg == pytest.approx(TALL.lumbar_deg, abs=WITHIN * OFFSET_SD_DEG[1])


@pytest.mark.slow
def test_her_zero_and_percent_in_a_film_of_rowing(calibrated: Path) -> None:
    settings = Settings.model_validate({"video": {"to_s": 14.0}})
    recording, _ = record_video(SAMPLE, settings)
    made = read_calibration(calibrated)
    plain = analyze_track(recording, settings)
    session = analyze_track(recording, settings, athlete=NAME, calibration=made)

    with SAMPLE.with_suffix(".truth.csv").open(encoding="utf-8") as file:
        truth = list(csv.DictReader(file))[: len(session.track)]
    reference = session.spine_reference
    for name, tall_deg, sd_deg in (
        ("pelvic_tilt_deg", TALL.tilt_deg, reference.pelvic_tilt_offset_sd_deg),
        ("lumbar_flexion_deg", TALL.lumbar_deg, reference.lumbar_flexion_offset_sd_deg),
    ):
        error = session.angles[name] - (np.array([float(row[name]) for row in truth]) - tall_deg)
        assert abs(np.nanmean(error)) < WITHIN * sd_deg
        zero_deg = getattr(made, name.removesuffix("_deg")).neutral_deg
        np.testing.assert_allclose(plain.angles[name] - session.angles[name], zero_deg)
    assert plain.spine_reference.kind == "recording"
    assert reference.pelvic_tilt_offset_sd_deg < 0.7 * plain.spine_reference.pelvic_tilt_offset_sd_deg
    needs_zero = {"sits_on_back_of_bones", "head_drops"}
    changes = [[f.id for f in s.assessment.faults if f.id not in needs_zero] for s in (plain, session)]
    assert changes[0] == changes[1], "changes need no zero"
    assert not needs_zero & set(session.assessment.not_judged)
    assert "sits_on_back_of_bones" in plain.assessment.not_judged
    head_deg = plain.angles["head_trunk_deg"] - session.angles["head_trunk_deg"]
    assert np.nanmax(head_deg) - np.nanmin(head_deg) < 1e-9
    assert np.isfinite(reference.head_zero_sd_deg)

    strokes = session_tables(session)["strokes"]
    at_finish = np.nanmedian(strokes["pelvic_tilt_of_own_range_ratio_finish"][strokes["usable"]])
    assert summary(session)["own_range"]["pelvic_tilt"]["ratio_by_phase"]["finish"] == pytest.approx(at_finish)
    assert "of your own range" in html_report(session, {}, None)
    assert "pelvic_tilt_of_seen_range_ratio_finish" in session_tables(plain)["strokes"]


@pytest.mark.slow
def test_analyze_finds_the_athletes_calibration(calibrated: Path, posed: Path) -> None:
    arguments = ("analyze", str(SAMPLE), "--to", "7", "--no-overlay", "--athlete")
    rowsense(*arguments, NAME, "--out", "own.rowsense", data=posed)
    said = json.loads((posed / "own.rowsense" / "summary.json").read_text(encoding="utf-8"))
    assert said["spine_reference"]["kind"] == "calibration"
    assert said["own_range"]["source"].endswith("posing.mp4")
    columns = duckdb.sql(f"SELECT * FROM '{posed / 'own.rowsense' / 'strokes.parquet'}'").columns
    assert "lumbar_flexion_of_own_range_ratio_catch" in columns
    rowsense("report", "own.rowsense", data=posed)
    assert "of your own range" in (posed / "own.rowsense" / "report.html").read_text(encoding="utf-8")

    unknown = rowsense(*arguments, "Nobody", "--out", "seen.rowsense", data=posed)
    assert "No calibration of Nobody yet" in unknown.stderr
    said = json.loads((posed / "seen.rowsense" / "summary.json").read_text(encoding="utf-8"))
    assert said["own_range"] is None
    assert said["seen_range"] is not None


@pytest.mark.slow
def test_a_clip_of_rowing_is_no_calibration(pose_model: Path) -> None:
    with pytest.raises(NotMeasurableError, match=r"well_rowed\.mp4: no .* was found.*film again like this"):
        calibrate_video(SAMPLE, NAME, Settings.model_validate({"video": {"to_s": 8.0}}))


@pytest.mark.slow
def test_a_club_calibrates_by_a_film_that_was_sent(posed: Path, calibrated: Path, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'club.sqlite3'}", str(tmp_path / "files"))
    add_club(store.database)
    asked = CalibrationRequest(uuid.uuid4(), ATHLETE, date(2026, 3, 1), {"pose": {"stride": 3}})
    key = f"{CLUB.club_id}/{uuid.uuid4().hex}/video.mp4"
    store.files.put(posed / "posing.mp4", key)
    facts = {"sha256": "b" * 64, "codec": "h264", "duration_s": 9.0, "fps": 25.0, "width_px": 960, "height_px": 540}
    with store.database.writing(CLUB) as unit:
        unit.add(TrainingSession(id=asked.key, athlete_id=ATHLETE, rowed_on=asked.filmed_on))
        unit.flush()
        unit.add(Video(session_id=asked.key, name="Žofie poses.mov", file_key=key, **facts))
    (tmp_path / "job").mkdir()
    task = Task(
        function=KINDS["calibrate"], job_id=str(asked.key), club_id=str(CLUB.club_id), athlete_id=str(ATHLETE),
        payload=asked.to_payload(), checkpoint={}, url=store.database.url.render_as_string(),
        files=address_of(store.files), folder=str(tmp_path / "job"),
    )  # fmt: skip
    told: list[Report] = []
    assert done(task, told.append) == (How.DONE, "")
    shares = [report.done for report in told]
    assert shares == sorted(shares) and shares[-1] == 1.0 and any(0.2 < share < 0.9 for share in shares)
    with store.database.reading(CLUB) as unit:
        (known,) = calibrations_of(unit, ATHLETE)
    found, by_hand = known.calibration, read_calibration(calibrated)
    assert found is not None and (known.key, known.made_at.date()) == (asked.key, asked.filmed_on)
    assert (found.video_name, found.estimator) == ("Žofie poses.mov", by_hand.estimator)
    assert found.pelvic_tilt.width_deg == pytest.approx(by_hand.pelvic_tilt.width_deg, abs=2.0)
    # A film of rowing is none, and says so by the name it came with.
    store.files.put(SAMPLE, f"{CLUB.club_id}/{uuid.uuid4().hex}/video.mp4")
    with store.database.writing(CLUB) as unit:
        rowing = next(file.key for file in store.files.listed() if file.key != key)
        unit.scalars(select(Video)).one().file_key = rowing
    short = replace(asked, settings={"video": {"to_s": 5.0}, "pose": {"stride": 3}})
    again = replace(task, payload=short.to_payload())
    assert done(again, told.append) == (How.DONE, ""), "it is kept already"
    with store.database.writing(CLUB) as unit:
        unit.execute(delete(StoredCalibration))
    how, words = done(again, told.append)
    assert how is How.USELESS and words.startswith("Žofie poses.mov: "), words
    store.database.close()
