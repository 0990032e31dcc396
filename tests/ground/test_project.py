"""Promises about the project as a whole: light imports, locks, what the wheel must hold."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

HEAVY = (
    "numpy",
    "cv2",
    "mediapipe",
    "numba",
    "av",
    "plotly",
    "dash",
    "matplotlib",
    "duckdb",
    "pydantic",
    "typer",
    "sqlalchemy",
)


@pytest.fixture(scope="module")
def pyproject(repository: Path) -> dict[str, Any]:
    return tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))


def _loaded_after(code: str, repository: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        cwd=repository, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stdout.split())


def test_importing_rowsense_loads_nothing_heavy(repository: Path) -> None:
    assert not _loaded_after("import rowsense; rowsense.__version__", repository) & set(HEAVY)


def test_every_public_name_can_be_loaded() -> None:
    import rowsense

    for name in rowsense.__all__:
        assert getattr(rowsense, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = rowsense.no_such_name


@pytest.mark.parametrize("lock", ["run", "test"])
def test_locks_pin_every_package_by_hash_and_name_no_address(repository: Path, lock: str) -> None:
    text = (repository / "locks" / f"{lock}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"(^|\s)(-e|--index|--find-links|/)", text, re.MULTILINE)
    entries = re.split(r"\n(?=[a-z])", text)
    assert len(entries) > 50
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==\S+", entry), entry[:60]
        assert "--hash=sha256:" in entry, entry[:60]


def test_every_link_between_documents_leads_somewhere(repository: Path) -> None:
    pages = [*repository.glob("*.md"), *(repository / "docs").rglob("*.md"), *repository.glob("sample_videos/*.md")]
    broken = [
        f"{page.relative_to(repository)} -> {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_make_target_in_the_documents_exists(repository: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (repository / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in [*repository.glob("*.md"), *(repository / "docs").rglob("*.md")]:
        named = set(re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
        assert named <= targets, page.name


def _pins(path: Path) -> dict[str, set[str]]:
    pins: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", path.read_text(encoding="utf-8"), re.MULTILINE):
        pins.setdefault(name, set()).add(version)
    return pins


def test_testing_uses_the_same_versions_as_running(repository: Path) -> None:
    run, test = (_pins(repository / "locks" / f"{kind}.txt") for kind in ("run", "test"))
    assert {name: test.get(name) for name in run} == run


def test_every_dependency_is_locked_and_used(repository: Path, pyproject: dict[str, Any]) -> None:
    names = {re.split(r"[<>=\[;]", line)[0] for line in pyproject["project"]["dependencies"]}
    assert names <= set(_pins(repository / "locks" / "run.txt"))
    import_names = {"opencv-contrib-python": "cv2", "fpdf2": "fpdf", "pillow": "PIL"}
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for root in ("rowsense", "dashboards")
        for path in (repository / root).rglob("*.py")
    )
    unused = {
        name
        for name in names
        if not re.search(rf"^\s*(import|from) {import_names.get(name, name.replace('-', '_'))}\b", source, re.MULTILINE)
    }
    assert unused == set()


@pytest.mark.parametrize("extra", ["club", "postgres"])
def test_the_store_is_locked_for_testing_and_not_asked_of_everybody(
    repository: Path, pyproject: dict[str, Any], extra: str
) -> None:
    named = pyproject["project"]["optional-dependencies"][extra]
    names = {re.split(r"[<>=\[;]", line)[0] for line in named} - {"rowsense"}
    assert names
    assert names <= set(_pins(repository / "locks" / "test.txt"))
    assert not names & set(_pins(repository / "locks" / "run.txt"))


def test_environment_matches_the_lock(repository: Path) -> None:
    """Fails when somebody tests with other versions than the ones users get."""
    import importlib.metadata

    if not (Path(sys.prefix) / "rowsense-environment.json").exists():
        pytest.skip("not the environment that make sets up")
    pins = _pins(repository / "locks" / "run.txt")
    different = {}
    for name in ("mediapipe", "numba", "av", "opencv-contrib-python", "plotly", "dash", "numpy"):
        found = importlib.metadata.version(name)
        if found not in pins[name]:
            different[name] = found
    assert different == {}
