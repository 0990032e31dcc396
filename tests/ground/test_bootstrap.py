"""The set-up script that runs before anything is installed."""

from __future__ import annotations

import ast
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from rowsense import doctor


@pytest.fixture
def bootstrap(repository: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", repository / "tools" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A stand-in project; returns the list in which the commands that would run are collected."""
    locks = {"run": tmp_path / "run.txt", "test": tmp_path / "test.txt"}
    for path in (*locks.values(), tmp_path / "pyproject.toml"):
        path.write_text("a==1\n")
    (tmp_path / ".venv").mkdir()
    commands: list[list[str]] = []
    for name, value in {
        "ROOT": tmp_path,
        "ENVIRONMENT": tmp_path / ".venv",
        "STAMP": tmp_path / ".venv" / "stamp.json",
        "LOCKS": locks,
        "_run": lambda *command: commands.append([str(part) for part in command]),
    }.items():
        monkeypatch.setattr(bootstrap, name, value)
    return commands


def test_only_the_standard_library_is_imported(repository: Path) -> None:
    tree = ast.parse((repository / "tools" / "bootstrap.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_the_doctor_looks_for_the_same_libraries(bootstrap: ModuleType) -> None:
    assert bootstrap.SYSTEM_LIBRARIES == doctor.SYSTEM_LIBRARIES


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lacks them")
def test_missing_libraries_give_one_line_and_nothing_is_installed(
    bootstrap: ModuleType,
    project: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(bootstrap.SYSTEM_LIBRARIES, "libnowhere.so.9", "libnowhere9")
    assert bootstrap.main(["run"]) == 1
    assert "sudo apt-get install -y libnowhere9\n" in capsys.readouterr().err
    assert project == []


def test_environment_is_made_once_then_left_alone(bootstrap: ModuleType, project: list[list[str]]) -> None:
    assert bootstrap.main(["run"]) == 0
    assert [command[2] for command in project] == ["venv", "pip", "pip"]
    assert "--require-hashes" in project[1]
    assert "--no-deps" in project[2]
    project.clear()
    assert bootstrap.main(["run"]) == 0
    assert project == []


def test_testing_extends_a_running_environment_and_covers_it(bootstrap: ModuleType, project: list[list[str]]) -> None:
    bootstrap.main(["run"])
    project.clear()
    bootstrap.main(["test"])
    assert [command[2] for command in project] == ["pip", "pip"]
    project.clear()
    bootstrap.main(["run"])
    assert project == []


def test_a_changed_lock_renews_the_environment(bootstrap: ModuleType, project: list[list[str]]) -> None:
    bootstrap.main(["run"])
    project.clear()
    bootstrap.LOCKS["run"].write_text("a==2\n")
    bootstrap.main(["run"])
    assert "--clear" in project[0]


def test_a_failed_installation_leaves_no_stamp(
    bootstrap: ModuleType, project: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bootstrap.main(["run"])
    assert json.loads(bootstrap.STAMP.read_text())["kind"] == "run"

    def fail(*command: object) -> None:
        raise subprocess.CalledProcessError(1, [*map(str, command)])

    monkeypatch.setattr(bootstrap, "_run", fail)
    assert bootstrap.main(["test"]) == 1
    assert "run the command again" in capsys.readouterr().err
    assert not bootstrap.STAMP.exists()


def test_an_old_python_is_told_so(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST_PYTHON", (99, 0))
    (problem,) = bootstrap.system_problems()
    assert "needs Python" in problem
