"""A monitor's CSV is read, kept with its session, and goes with it."""

from __future__ import annotations

import uuid
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from rowsense.errors import StoreError, UsageError
from rowsense.monitoring import join_monitor
from rowsense.store.claims import ClubStore
from rowsense.store.delete import delete_session
from rowsense.store.monitor_csv import read_monitor
from rowsense.store.monitor_file import attached_monitor, detach_monitor, monitor_row
from rowsense.store.record import record
from rowsense.store.tables import AuditEntry, MonitorFile
from tests.store.club import CLUB, OTHER_CLUB, check_healthy, recording

ERGDATA = (
    'Number,"Time (seconds)","Distance (meters)","Pace (seconds)",Watts,Cal/Hr,"Stroke Rate","Heart Rate"\n'
    "1,2.5,9.1,140.2,127,736,,\n"
    "2,5.2,19.4,131.0,156,836,22,118\n"
    "3,7.8,30.0,,160,850,23,120\n"
)


@pytest.fixture
def ergdata(tmp_path: Path) -> Path:
    path = tmp_path / "ergdata.csv"
    path.write_text(ERGDATA, encoding="utf-8")
    return path


def test_ergdata(ergdata: Path) -> None:
    found = read_monitor(ergdata)
    np.testing.assert_array_equal(found.time_s, [2.5, 5.2, 7.8])
    np.testing.assert_array_equal(found.rate_spm, [np.nan, 22, 23])
    np.testing.assert_array_equal(found.power_w, [127, 156, 160])
    np.testing.assert_array_equal(found.distance_m, [9.1, 19.4, 30.0])
    np.testing.assert_array_equal(found.heart_rate_bpm, [np.nan, 118, 120])


def test_a_polled_pm5(real_dir: Path) -> None:
    found = read_monitor(real_dir / "pm5" / "py3rowcap_20251004_123520_pm5.csv")
    assert (found.time_s[0], found.time_s[-1]) == (0.0, 31.06)
    assert found.distance_m[-1] == 122.9
    rowing = found.rate_spm > 0
    assert set(found.rate_spm[rowing]) == {22.0, 23.0}
    assert np.all(found.power_w[rowing] > 80)
    assert np.isnan(found.heart_rate_bpm).all(), "no belt was worn"


RAW = (
    "ts_ns,raw_json\n"
    '1,"{""time"": 0.5, ""distance"": 1.5, ""spm"": 0, ""power"": 0, ""heartrate"": 0}"\n'
    '2,"{""time"": 1.0, ""distance"": 3.0, ""spm"": 22, ""power"": 140, ""heartrate"": 118}"\n'
    "3,no json\n"
    '4,"[1, 2]"\n'
    '5,"{""time"": 1.5, ""distance"": null, ""spm"": ""22"", ""power"": 1e999}"\n'
)


def test_a_program_that_writes_down_all_that_a_pm5_tells(tmp_path: Path) -> None:
    path = tmp_path / "raw.csv"
    path.write_text(RAW, encoding="utf-8")
    found = read_monitor(path)
    np.testing.assert_array_equal(found.time_s, [0.5, 1.0, 1.5])
    np.testing.assert_array_equal(found.rate_spm, [0, 22, np.nan])
    np.testing.assert_array_equal(found.power_w, [0, 140, np.nan])
    np.testing.assert_array_equal(found.heart_rate_bpm, [np.nan, 118, np.nan])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no column"),
        ("a,b\n1,2\n", "no column 'timeseconds'"),
        ("Time (seconds),Watts\n1,2\n", "no column 'strokerate'"),
        ("Time (seconds),Stroke Rate\n", "holds no rowing"),
        ("Time (seconds),Stroke Rate\n1,20\n1,20\nx,20\n", "holds no rowing"),
        ("Time (seconds),Stroke Rate\n1,20\n60,20\n2,22\n", "starts again after 60 s"),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=problem):
        read_monitor(path)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xff\xfe\x00\x81" * 10)
    with pytest.raises(UsageError, match="cannot be read"):
        read_monitor(path)


def test_it_is_kept_with_its_session_and_goes_with_it(store: ClubStore, analysed: Path, ergdata: Path) -> None:
    asked = recording(analysed)
    record(store, CLUB, asked)
    first = join_monitor(store, CLUB, asked.session_id, ergdata)
    assert (first.distance_m, first.sample_count) == (30.0, 3)
    assert "7 strokes" in first.reason
    kept = attached_monitor(store, CLUB, asked.session_id)
    assert kept is not None
    np.testing.assert_array_equal(kept.rate_spm, [np.nan, 22, 23])
    assert attached_monitor(store, OTHER_CLUB, asked.session_id) is None
    check_healthy(store)
    second = join_monitor(store, CLUB, asked.session_id, ergdata)
    assert second.file_prefix != first.file_prefix
    with store.database.reading(CLUB) as unit:
        assert [row.file_prefix for row in unit.scalars(select(MonitorFile))] == [second.file_prefix]
    check_healthy(store)
    delete_session(store, CLUB, asked.session_id)
    assert not list(store.files.listed())
    check_healthy(store)


def test_what_does_not_fit_is_refused_and_the_session_has_what_it_had(
    store: ClubStore, analysed: Path, ergdata: Path, tmp_path: Path
) -> None:
    asked = recording(analysed)
    record(store, CLUB, asked)
    with pytest.raises(UsageError, match="only 7 strokes"):
        join_monitor(store, CLUB, asked.session_id, ergdata, must_fit=True)
    polled = tmp_path / "polled.csv"
    lines = [f"{0.5 * n:.1f},{2.0 * n:.1f},25,{150 + n}" for n in range(40)]
    polled.write_text("Time (s),Distance (m),SPM,Power\n" + "\n".join(lines), encoding="utf-8")
    kept = join_monitor(store, CLUB, asked.session_id, polled, begins_s=0.4, must_fit=True)
    with pytest.raises(UsageError, match="saw none"):
        join_monitor(store, CLUB, asked.session_id, polled, begins_s=400.0, must_fit=True)
    found = monitor_row(store.database, CLUB, asked.session_id)
    assert found is not None and found.file_prefix == kept.file_prefix
    assert (found.offset_s, found.offset_low_s, found.reason, found.name) == (0.4, None, "", "polled.csv")
    assert not detach_monitor(store, OTHER_CLUB, asked.session_id)
    assert detach_monitor(store, CLUB, asked.session_id)
    assert not detach_monitor(store, CLUB, asked.session_id), "there is none any more"
    with store.database.reading(CLUB) as unit:
        told = [one.action for one in unit.scalars(select(AuditEntry).order_by(AuditEntry.at))]
    assert told == ["attach_monitor", "detach_monitor"]
    check_healthy(store)


def test_a_session_that_is_not_there_keeps_nothing(store: ClubStore, ergdata: Path) -> None:
    with pytest.raises(StoreError, match="no session"):
        join_monitor(store, CLUB, uuid.UUID(int=5), ergdata)
    assert not list(store.files.listed())
    check_healthy(store)
