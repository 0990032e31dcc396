"""A session folder is written whole or not at all, and reads back as it was."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

from rowsense.errors import OutputError, RowSenseError, UsageError
from rowsense.model import Session
from rowsense.outputs import session_tables
from rowsense.report.summary import summary
from rowsense.store.codec import to_json
from rowsense.store.parquet import read_table, write_csv, write_table
from rowsense.store.session_folder import check_target, read_session, staged, write_session
from tests.hips_fixture import HIPS
from tests.piece_fixture import PIECE
from tests.rhythm_fixture import RHYTHM
from tests.session_fixture import make_session


@pytest.fixture(scope="module")
def session() -> Session:
    return make_session()


def _write(folder: Path, session: Session) -> None:
    folder.mkdir(exist_ok=True)
    write_session(folder, session, summary(session), session_tables(session))


def test_a_session_reads_back_as_it_was(tmp_path: Path, session: Session) -> None:
    _write(tmp_path / "a", session)
    again = read_session(tmp_path / "a")
    for name in ("video", "facing", "camera", "strokes", "assessment", "spine_reference", "quality", "athlete"):
        assert to_json(getattr(again, name)) == to_json(getattr(session, name)), name
    for name, values in session.angles.values.items():
        np.testing.assert_array_equal(again.angles[name], values, err_msg=name)
    np.testing.assert_array_equal(again.angles.handle_x_px, session.angles.handle_x_px)
    # Kept in single precision.
    for name in ("xy_px", "visibility", "back_xy_px", "back_seen", "spine_deg", "spine_sd_deg"):
        kept = getattr(session.track, name).astype(np.float32)
        np.testing.assert_array_equal(getattr(again.track, name), kept, err_msg=name)
    np.testing.assert_array_equal(again.track.inferred, session.track.inferred)


def test_the_analysis_of_the_piece_reads_back(tmp_path: Path, session: Session) -> None:
    judged = replace(session, assessment=replace(session.assessment, piece=PIECE))
    _write(tmp_path / "a", judged)
    assert repr(read_session(tmp_path / "a").assessment.piece) == repr(PIECE)
    stored = json.loads((tmp_path / "a" / "session.json").read_text(encoding="utf-8"))
    del stored["assessment"]["piece"]
    (tmp_path / "a" / "session.json").write_text(json.dumps(stored), encoding="utf-8")
    assert read_session(tmp_path / "a").assessment.piece is None, "sessions from before there was any"


def test_the_rhythm_reads_back(tmp_path: Path, session: Session) -> None:
    judged = replace(session, assessment=replace(session.assessment, rhythm=RHYTHM))
    _write(tmp_path / "a", judged)
    assert repr(read_session(tmp_path / "a").assessment.rhythm) == repr(RHYTHM)


def test_hips_that_tip_back_read_back(tmp_path: Path, session: Session) -> None:
    judged = replace(session, assessment=replace(session.assessment, hips=HIPS))
    _write(tmp_path / "a", judged)
    assert repr(read_session(tmp_path / "a").assessment.hips) == repr(HIPS)
    stored = json.loads((tmp_path / "a" / "session.json").read_text(encoding="utf-8"))
    del stored["assessment"]["hips"]
    (tmp_path / "a" / "session.json").write_text(json.dumps(stored), encoding="utf-8")
    assert read_session(tmp_path / "a").assessment.hips is None, "sessions from before there was any"


def test_what_was_read_of_the_spine_is_in_the_track_table_by_name(tmp_path: Path, session: Session) -> None:
    _write(tmp_path / "a", session)
    stored = read_table(tmp_path / "a" / "track.parquet")
    assert session.track.spine_deg is not None
    tilt, thoracic = session.track.spine_deg[:, 0], session.track.spine_deg[:, 2]
    np.testing.assert_allclose(stored["picture_pelvic_tilt_deg"], tilt, atol=1e-4)
    np.testing.assert_allclose(stored["picture_thoracic_flexion_deg"], thoracic, atol=1e-4)
    np.testing.assert_allclose(stored["picture_lumbar_flexion_sd_deg"], 4.5)
    assert np.isnan(stored["picture_pelvic_tilt_deg"][51])
    assert len([name for name in stored if name.startswith("picture_")]) == 6


def test_a_session_without_readings_of_the_spine_reads_back_with_none(tmp_path: Path, session: Session) -> None:
    bare = replace(session, track=replace(session.track, spine_deg=None, spine_sd_deg=None))
    _write(tmp_path / "a", bare)
    assert not any(name.startswith("picture_") for name in read_table(tmp_path / "a" / "track.parquet"))
    again = read_session(tmp_path / "a")
    assert again.track.spine_deg is None
    assert again.track.spine_sd_deg is None
    np.testing.assert_array_equal(again.angles["pelvic_tilt_deg"], session.angles["pelvic_tilt_deg"])


def test_not_measured_is_null_in_parquet_empty_in_csv_and_nan_when_read(tmp_path: Path) -> None:
    table = {"a_deg": np.array([1.5, np.nan, 0.0]), "phase": np.array(["catch", "", "slide"])}
    write_table(tmp_path / "t.parquet", table)
    write_csv(tmp_path / "t.csv", table)
    nulls = duckdb.sql(f"SELECT count(*) FROM '{tmp_path / 't.parquet'}' WHERE a_deg IS NULL").fetchall()
    assert nulls == [(1,)]
    np.testing.assert_array_equal(read_table(tmp_path / "t.parquet")["a_deg"], [1.5, np.nan, 0.0])
    assert (tmp_path / "t.csv").read_text().splitlines()[2].startswith(",")


def test_columns_of_wider_arrays_are_written_where_they_stand(tmp_path: Path) -> None:
    wide = np.arange(60_000.0).reshape(20_000, 3)
    table = {"third": wide[:, 2], "single": wide.astype(np.float32)[:, 1], "whole": wide.astype(np.int64)[:, 0]}
    table |= {
        "backwards": wide[::-1, 0],
        "flag": (wide % 2 == 0)[:, 1],
        "same": np.broadcast_to(np.float64(2.5), 20_000),
    }
    write_table(tmp_path / "t.parquet", table)
    again = read_table(tmp_path / "t.parquet")
    for name, column in table.items():
        np.testing.assert_array_equal(again[name], column, err_msg=name)


def test_columns_of_different_length_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="differ in length"):
        write_table(tmp_path / "t.parquet", {"a": np.zeros(2), "b": np.zeros(3)})


def test_failure_inside_staging_leaves_everything_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "clip.rowsense"
    target.mkdir()
    (target / "report.html").write_text("old")
    with pytest.raises(KeyboardInterrupt), staged(target) as folder:
        (folder / "report.html").write_text("half")
        raise KeyboardInterrupt
    assert (target / "report.html").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["clip.rowsense"]


def test_new_results_replace_old_ones_and_leave_foreign_files_alone(tmp_path: Path) -> None:
    target = tmp_path / "clip.rowsense"
    target.mkdir()
    (target / "notes.txt").write_text("mine")
    (target / "overlay.mp4").write_text("old overlay")
    with staged(target) as folder:
        (folder / "report.html").write_text("new")
    assert (target / "notes.txt").read_text() == "mine"
    assert (target / "report.html").read_text() == "new"
    assert not (target / "overlay.mp4").exists(), "an overlay of an earlier run must not stand beside new results"


def test_folder_that_holds_other_things_is_refused_without_force(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("x")
    with pytest.raises(UsageError, match=r"thesis\.docx.*--force"):
        check_target(tmp_path, force=False)
    check_target(tmp_path, force=True)


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(UsageError, match="is a file"):
        check_target(tmp_path / "out", force=True)


def test_a_place_that_takes_nothing_is_refused_before_any_work(tmp_path: Path) -> None:
    place = Path("/proc/out")  # root may write everywhere else
    if os.geteuid() != 0:
        (tmp_path / "locked").mkdir(mode=0o555)
        place = tmp_path / "locked" / "out"
    with pytest.raises(OutputError, match="cannot be written to"):
        check_target(place, force=False)
    check_target(tmp_path / "deep" / "er", force=False)
    assert list(tmp_path.glob("*")) in ([], [tmp_path / "locked"])


@pytest.mark.parametrize("damage", ["truncate", "other_schema", "no_session", "no_table"])
def test_damaged_session_is_one_clear_error(tmp_path: Path, session: Session, damage: str) -> None:
    folder = tmp_path / "a"
    _write(folder, session)
    file = folder / "session.json"
    if damage == "truncate":
        file.write_text(file.read_text()[:200])
    elif damage == "other_schema":
        file.write_text(json.dumps({"schema_version": 999}))
    elif damage == "no_session":
        file.unlink()
    else:
        (folder / "track.parquet").unlink()
    with pytest.raises(RowSenseError) as caught:
        read_session(folder)
    assert "a" in str(caught.value) and "\n" not in str(caught.value)
    assert isinstance(caught.value, (OutputError, UsageError))
