"""Calibrations are kept as readable files: newest first, older ones kept, removed one by one."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from rowsense.errors import CalibrationError, OutputError
from rowsense.model import AngleRange
from rowsense.store.calibrations import (
    DATA_VARIABLE,
    calibration_folder,
    delete_calibration,
    list_calibrations,
    read_calibration,
    save_calibration,
)
from tests.calibrations import make_calibration


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    return calibration_folder()


def test_it_reads_back_as_it_was_and_a_person_can_read_it(folder: Path) -> None:
    made = make_calibration()
    place = save_calibration(made)
    assert place == folder / "zofie_lukasik_2026-05-01_1830.json"
    assert read_calibration(place) == made
    text = place.read_text(encoding="utf-8")
    assert "Žofie Łukasik" in text
    assert len(text.splitlines()) > 20
    assert [p.name for p in folder.iterdir()] == [place.name], "nothing half-written stays"


def test_one_made_before_the_head_was_kept_is_read(folder: Path) -> None:
    place = save_calibration(make_calibration())
    data = json.loads(place.read_text(encoding="utf-8"))
    assert data.pop("head_trunk_tall_deg") == -8.0
    assert data.pop("head_trunk_tall_sd_deg") == 5.2
    place.write_text(json.dumps(data), encoding="utf-8")
    old = read_calibration(place)
    assert math.isnan(old.head_trunk_tall_deg) and math.isnan(old.head_trunk_tall_sd_deg)
    assert old == replace(make_calibration(), head_trunk_tall_deg=math.nan, head_trunk_tall_sd_deg=math.nan)


def test_newest_first_by_athlete_and_redone_in_the_same_minute(folder: Path) -> None:
    assert list_calibrations() == []
    old = save_calibration(make_calibration(made_at="2026-03-01T10:00:00+01:00"))
    new = save_calibration(make_calibration())
    again = save_calibration(make_calibration(made_at="2026-05-01T18:30:40+02:00"))
    other = save_calibration(make_calibration("Eva"))
    assert len({old, new, again, other}) == 4
    assert [one.path for one in list_calibrations("  žofie  ŁUKASIK ")] == [again, new, old]
    assert {one.path for one in list_calibrations()} == {old, new, again, other}
    assert list_calibrations("Nobody") == []


def test_delete_removes_one(folder: Path) -> None:
    first, second = save_calibration(make_calibration()), save_calibration(make_calibration("Eva"))
    assert delete_calibration("zofie_lukasik_2026-05-01_1830") == first
    assert [one.path for one in list_calibrations()] == [second]
    with pytest.raises(CalibrationError, match="no calibration of this name"):
        delete_calibration("zofie_lukasik_2026-05-01_1830")
    with pytest.raises(CalibrationError):
        delete_calibration("../secret")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": "other"}', '{"schema": "rowsense calibration 1"}'])
def test_a_damaged_file_is_one_line(folder: Path, text: str) -> None:
    place = save_calibration(make_calibration())
    place.write_text(text, encoding="utf-8")
    with pytest.raises(CalibrationError, match="cannot be read") as caught:
        read_calibration(place)
    assert "\n" not in str(caught.value)
    (stored,) = list_calibrations("Žofie Łukasik")
    assert stored.calibration is None
    assert "cannot be read" in stored.problem
    assert list_calibrations("Eva") == [], "somebody else's damaged file is not hers"
    delete_calibration(stored.id)
    assert list_calibrations() == []


def test_numbers_that_make_no_sense_are_damage(folder: Path) -> None:
    place = save_calibration(make_calibration())
    data = json.loads(place.read_text(encoding="utf-8"))
    data["pelvic_tilt"]["end_deg"] = None
    place.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(CalibrationError, match="end_deg must be a number"):
        read_calibration(place)


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        save_calibration(make_calibration(), tmp_path / "file" / "mine.json")
    with pytest.raises(CalibrationError, match="no such calibration"):
        read_calibration(tmp_path / "absent.json")


def test_a_calibration_checks_itself() -> None:
    made = make_calibration()
    with pytest.raises(ValueError, match=r"must tip back.*must round.*at least once"):
        replace(
            made,
            pelvic_tilt=AngleRange(-6.0, 3.0, 4.0, 3.0),
            lumbar_flexion=AngleRange(4.0, 3.0, 2.0, 3.0),
            slump_count=0,
        )
    with pytest.raises(ValueError, match="must differ"):
        AngleRange(1.0, 1.0, 1.0, 1.0)
    with pytest.raises(ValueError, match="time zone"):
        replace(made, made_at=made.made_at.replace(tzinfo=None))
