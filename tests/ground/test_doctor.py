"""The doctor's checks."""

from __future__ import annotations

import importlib.metadata
import os
import sys
from pathlib import Path

import pytest

from rowsense import doctor
from rowsense.pose import models


def test_a_ready_machine_has_nothing_to_mend(pose_model: Path) -> None:
    checks = doctor.run_checks()
    assert {check.name: check.detail for check in checks if not check.ok} == {}
    assert all(check.mend == "" for check in checks)
    assert len({check.name for check in checks}) == len(checks) >= 10


@pytest.mark.parametrize(
    ("owners", "detail", "mend"),
    [
        (["opencv-python", "opencv-contrib-python"], "opencv-contrib-python and opencv-python", "uninstall -y"),
        (["opencv-python-headless"], "opencv-python-headless", "uninstall -y opencv-python-headless"),
        ([], "no package", "install --force-reinstall"),
    ],
)
def test_cv2_has_one_owner(owners: list[str], detail: str, mend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "packages_distributions", lambda: {"cv2": owners} if owners else {})
    ok, found, command = doctor.check_cv2_owner()
    assert not ok
    assert detail in found
    assert mend in command
    assert doctor.OPENCV_REQUIREMENT in command


def test_the_required_opencv_is_the_one_in_the_project(repository: Path) -> None:
    assert f'"{doctor.OPENCV_REQUIREMENT}"' in (repository / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lacks them")
def test_missing_system_libraries_are_named_with_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(doctor.SYSTEM_LIBRARIES, "libnowhere.so.9", "libnowhere9")
    ok, detail, mend = doctor.check_system_libraries()
    assert not ok
    assert detail == "missing libnowhere.so.9"
    assert mend == "sudo apt-get install -y libnowhere9"


def test_an_absent_model_is_mended_by_fetching(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(models.CACHE_VARIABLE, str(tmp_path))
    monkeypatch.delenv(models.MODEL_VARIABLE, raising=False)
    assert doctor.check_pose_model()[::2] == (False, "rowsense models fetch")


def test_codecs_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(doctor.DECODERS, "Betamax", ("betamax",))
    ok, detail, _ = doctor.check_video_codecs()
    assert not ok
    assert detail.endswith("lacks Betamax")


def test_a_check_that_fails_itself_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> tuple[bool, str, str]:
        raise RuntimeError("two\nlines")

    check = doctor._guarded("broken", broken)
    assert (check.ok, check.detail) == (False, "RuntimeError: two lines")
    assert check.mend


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_access(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert not doctor._writable(tmp_path)


def test_a_folder_that_does_not_exist_yet_counts_as_its_parent(tmp_path: Path) -> None:
    assert doctor._writable(tmp_path / "a" / "b")
    (tmp_path / "file").touch()
    assert not doctor._writable(tmp_path / "file" / "b")
