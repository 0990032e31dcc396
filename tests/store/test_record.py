"""An analysed video is recorded whole, once, in versions, and read back as it was."""

from __future__ import annotations

import json
import resource
import shutil
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import delete, select, text

from rowsense.errors import OutputError, RowSenseError, StoreError
from rowsense.store.claims import ClubStore, claimed, keep, recover, remove_unnamed, state_of
from rowsense.store.codec import to_json
from rowsense.store.local_files import LocalFiles
from rowsense.store.parquet import read_table
from rowsense.store.record import record
from rowsense.store.recorded import analysis_folder, recorded_series, recorded_session
from rowsense.store.scope import AllClubs
from rowsense.store.session_folder import read_session
from rowsense.store.shown import shown_analysis
from rowsense.store.tables import Analysis, FileClaim, StrokeRow, TrainingSession, Video
from tests.store.club import ATHLETE, CLUB, OTHER_CLUB, analysed_folder, check_healthy, recording, rows
from tests.store.filled import raw

ONE = {"sessions": 1, "videos": 1, "analyses": 1, "strokes": 7, "file_claims": 0}
NOTHING = dict.fromkeys(ONE, 0)


def test_everything_is_recorded_and_reads_back(store: ClubStore, analysed: Path) -> None:
    row = record(store, CLUB, recording(analysed))
    assert rows(store) == ONE
    check_healthy(store)
    again, before = recorded_session(store, CLUB, row.id), read_session(analysed)
    assert to_json(again.assessment) == to_json(before.assessment)
    np.testing.assert_array_equal(again.track.xy_px, before.track.xy_px)
    for name, column in read_table(analysed / "strokes.parquet").items():
        np.testing.assert_array_equal(recorded_series(store, CLUB, row.id, "strokes")[name], column, err_msg=name)
    with analysis_folder(store, CLUB, row.id) as folder:
        kept = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        assert (folder / "faults" / "hips_tip_back.png").read_bytes() == (
            analysed / "faults" / "hips_tip_back.png"
        ).read_bytes()
    assert kept == {
        "summary.json", "session.json", "frames.parquet", "track.parquet", "strokes.parquet", "report.html",
        "faults/hips_tip_back.png", "player.bin",
    }  # fmt: skip


def test_the_rows_say_what_the_files_say(store: ClubStore, analysed: Path) -> None:
    row = record(store, CLUB, recording(analysed))
    told = json.loads((analysed / "summary.json").read_text(encoding="utf-8"))
    table = read_table(analysed / "strokes.parquet")
    with store.database.reading(CLUB) as unit:
        session = unit.get_one(TrainingSession, row.session_id)
        video = unit.scalars(select(Video)).one()
        strokes = list(unit.scalars(select(StrokeRow).order_by(StrokeRow.stroke)))
    assert (session.athlete_id, session.piece_kind, session.distance_m) == (ATHLETE, "steady", 8000.0)
    assert (row.version, row.stroke_count, row.usable_stroke_count) == (1, 8, 7)
    assert (row.score, row.rate_spm, row.summary) == (told["score"], told["rate_spm"], told)
    assert (video.sha256, video.name, video.width_px) == ("a" * 64, "Žofie steady 25.mp4", 1280)
    assert [s.stroke for s in strokes] == [0, 1, 2, 4, 5, 6, 7]
    for name in ("pelvic_tilt_deg_catch", "score_slide", "catch_time_s"):
        np.testing.assert_array_equal([getattr(s, name) for s in strokes], table[name][table["usable"]])
    assert strokes[0].shin_deg_catch is None, "not in this file"


def test_analysing_again_keeps_the_old(store: ClubStore, analysed: Path, tmp_path: Path) -> None:
    first = record(store, CLUB, recording(analysed))
    newer = analysed_folder(tmp_path / "newer.rowsense")
    (newer / "report.html").write_text("newer", encoding="utf-8")
    second = record(store, CLUB, recording(newer, version=2))
    assert (first.version, second.version) == (1, 2)
    assert rows(store) == {**ONE, "analyses": 2, "strokes": 14}
    with analysis_folder(store, CLUB, first.id) as old, analysis_folder(store, CLUB, second.id) as new:
        assert ((old / "report.html").read_text(), (new / "report.html").read_text()) == ("<html>", "newer")
    with store.database.reading(CLUB) as unit:
        shown = shown_analysis(unit, first.session_id)
    assert shown is not None
    assert shown.id == second.id
    check_healthy(store)


def test_recording_twice_records_once(store: ClubStore, analysed: Path) -> None:
    first = record(store, CLUB, recording(analysed))
    assert record(store, CLUB, recording(analysed)).file_prefix == first.file_prefix
    assert rows(store) == ONE
    check_healthy(store)


def test_recording_twice_at_once_records_once(store: ClubStore, analysed: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: record(store, CLUB, recording(analysed)).file_prefix, range(4)))
    assert len(set(found)) == 1
    assert rows(store) == ONE
    check_healthy(store)


def test_versions_recorded_at_once_are_numbered_apart(store: ClubStore, analysed: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: record(store, CLUB, recording(analysed, version=n)).version, range(1, 5)))
    assert sorted(found) == [1, 2, 3, 4]
    check_healthy(store)


def test_a_video_is_kept_once_for_all_versions(store: ClubStore, analysed: Path, tmp_path: Path) -> None:
    film = tmp_path / "Film.MP4"
    film.write_bytes(bytes(range(256)) * 1000)
    record(store, CLUB, recording(analysed))
    record(store, CLUB, recording(analysed, version=2, video=film))
    record(store, CLUB, recording(analysed, version=3, video=film))
    with store.database.reading(CLUB) as unit:
        video = unit.scalars(select(Video)).one()
    assert video.file_key is not None
    assert (video.byte_count, video.file_key[-10:]) == (256_000, "/video.mp4")
    with store.files.fetch(video.file_key.rpartition("/")[0], ["video.mp4"]) as folder:
        assert (folder / "video.mp4").read_bytes() == film.read_bytes()
    check_healthy(store)


def test_another_club_reads_nothing(store: ClubStore, analysed: Path) -> None:
    row = record(store, CLUB, recording(analysed))
    with pytest.raises(StoreError, match="no analysis"):
        recorded_session(store, OTHER_CLUB, row.id)
    with pytest.raises(StoreError, match="cannot be recorded"):
        record(store, OTHER_CLUB, recording(analysed))
    check_healthy(store)


def _no_summary(folder: Path) -> None:
    (folder / "summary.json").write_text("{", encoding="utf-8")


def _no_strokes(folder: Path) -> None:
    (folder / "strokes.parquet").write_bytes(b"PAR1")


def _no_session(folder: Path) -> None:
    (folder / "session.json").unlink()


@pytest.mark.parametrize("damage", [_no_summary, _no_strokes, _no_session])
def test_a_damaged_folder_leaves_nothing(
    store: ClubStore, analysed: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    folder = shutil.copytree(analysed, tmp_path / "damaged")
    damage(folder)
    with pytest.raises(RowSenseError):
        record(store, CLUB, recording(folder))
    assert rows(store) == NOTHING
    assert not list(store.files.listed())


def test_a_session_keeps_to_its_video(store: ClubStore, analysed: Path, tmp_path: Path) -> None:
    record(store, CLUB, recording(analysed))
    other = analysed_folder(tmp_path / "other.rowsense", sha256="b" * 64)
    with pytest.raises(StoreError, match="another video"):
        record(store, CLUB, recording(other, version=2))
    assert rows(store) == ONE
    check_healthy(store)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_names_one_rower_becomes_no_version_of_anothers_session(store: ClubStore, analysed: Path) -> None:
    record(store, CLUB, replace(recording(analysed), athlete_id=ATHLETE))
    with pytest.raises(StoreError, match="given to another rower"):
        record(store, CLUB, replace(recording(analysed, version=2), athlete_id=uuid.UUID(int=12)))
    assert rows(store) == ONE
    check_healthy(store)


def test_a_session_that_is_not_there_needs_a_piece(store: ClubStore, analysed: Path) -> None:
    with pytest.raises(StoreError, match="no session"):
        record(store, CLUB, replace(recording(analysed), piece=None))
    assert rows(store) == NOTHING
    check_healthy(store)


@contextmanager
def _full_disk(limit_kb: int) -> Iterator[None]:
    """No file can grow beyond the limit: what a full disk looks like."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_kb * 1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_full_disk_leaves_nothing_and_the_next_try_succeeds(store: ClubStore, analysed: Path) -> None:
    with _full_disk(100), pytest.raises(OutputError, match="free some space"):
        record(store, CLUB, recording(analysed))
    assert rows(store) == NOTHING
    assert not list(store.files.listed())
    record(store, CLUB, recording(analysed))
    assert rows(store) == ONE
    check_healthy(store)


def test_a_database_that_fails_leaves_nothing(store: ClubStore, analysed: Path) -> None:
    with raw(store.database) as connection:
        connection.execute(text("ALTER TABLE strokes RENAME TO elsewhere"))
    with pytest.raises(Exception, match="strokes"):
        record(store, CLUB, recording(analysed))
    assert not list(store.files.listed())
    with raw(store.database) as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO strokes"))
    assert rows(store) == NOTHING


def test_a_writer_that_was_taken_for_abandoned_adds_no_rows(store: ClubStore, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    with pytest.raises(StoreError, match="cleared away"), claimed(store, CLUB, 1) as (prefix,):
        store.files.put(tmp_path / "a", f"{prefix}/a")
        assert recover(store, timedelta(0)) == (prefix,)
        assert not list(store.files.listed())
        store.files.put(tmp_path / "a", f"{prefix}/b")
        with store.database.writing(CLUB) as unit:
            keep(unit, [prefix])
    assert [file.key for file in remove_unnamed(store)] == [f"{prefix}/b"]
    check_healthy(store)


def test_recovering_leaves_writers_alone(store: ClubStore, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    with claimed(store, CLUB, 1) as (prefix,):
        store.files.put(tmp_path / "a", f"{prefix}/a")
        assert recover(store) == ()
        assert state_of(store).unnamed == ()
        assert [file.key for file in store.files.listed()] == [f"{prefix}/a"]


def test_a_lost_database_is_seen_and_costs_no_file(store: ClubStore, analysed: Path) -> None:
    row = record(store, CLUB, recording(analysed))
    with store.database.writing(AllClubs("lose what was recorded")) as unit:
        unit.execute(delete(Analysis))
    assert recover(store, timedelta(0)) == ()
    unnamed = state_of(store).unnamed
    assert {file.prefix for file in unnamed} == {row.file_prefix}
    assert len(unnamed) == 8


def test_lost_files_are_seen(store: ClubStore, analysed: Path) -> None:
    row = record(store, CLUB, recording(analysed))
    store.files.remove(row.file_prefix)
    assert state_of(store).missing == (row.file_prefix,)
    with pytest.raises(OutputError, match="not there any more"):
        recorded_session(store, CLUB, row.id)


def test_only_a_folder_of_a_club_can_be_removed(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path)
    for prefix in ("", ".", str(uuid.UUID(int=1)), "../x", f"{uuid.UUID(int=1)}/.."):
        with pytest.raises(ValueError, match="no folder of a club"):
            files.remove(prefix)


def test_claims_are_of_a_club(store: ClubStore) -> None:
    with claimed(store, CLUB, 2), store.database.reading(OTHER_CLUB) as unit:
        assert list(unit.scalars(select(FileClaim))) == []
