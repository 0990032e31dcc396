"""The wheel works in an environment that cannot see the checkout."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="the build backend is not installed")


@pytest.fixture(scope="module")
def folder(repository: Path, pose_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel was built, installed, and its demo run."""
    if importlib.util.find_spec("pip") is None:
        pytest.skip("this environment has no pip")
    place = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, str(repository / "tools" / "try_wheel.py"), str(place)],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "works by itself" in done.stdout
    return place


@pytest.mark.slow
def test_the_demo_of_the_wheel_writes_a_whole_report(folder: Path) -> None:
    (summary,) = (folder / "somewhere else").rglob("summary.json")
    result = json.loads(summary.read_text(encoding="utf-8"))
    assert result["stroke_count"] >= 2
    assert {path.name for path in summary.parent.iterdir()} >= {"report.html", "frames.parquet", "overlay.mp4"}


@pytest.mark.slow
def test_the_wheel_holds_what_runs_and_nothing_else(folder: Path) -> None:
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"rowsense/py.typed", "rowsense/assess/catalogue.toml"} <= names
    assert sum(name.startswith("rowsense/_samples/") and name.endswith(".mp4") for name in names) >= 2
    tops = {name.partition("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"rowsense", "dashboards"}
    assert not [name for name in names if name.endswith((".pyc", ".nbi", ".nbc", ".task"))]
