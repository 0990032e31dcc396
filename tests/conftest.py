"""What tests of several areas need: the pose model and the real footage."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every run and no time limit each: a busy machine must not turn a right result into a failure.
settings.register_profile("rowsense", deadline=None, derandomize=True)
settings.load_profile("rowsense")

REAL_VARIABLE = "ROWSENSE_REAL_DIR"


@pytest.fixture(scope="session")
def repository() -> Path:
    """The project's folder."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def pose_model() -> Path:
    """The default pose model; fetched on the first run on a machine."""
    from rowsense.pose.models import ensure_model

    return ensure_model()


@pytest.fixture(scope="session")
def real_dir() -> Path:
    """The folder of real footage, which is not part of the project; skips, saying so, where it is absent."""
    named = os.environ.get(REAL_VARIABLE)
    if not named:
        pytest.skip(f"no real footage: {REAL_VARIABLE} is not set")
    folder = Path(named)
    if not folder.is_dir():
        pytest.skip(f"no real footage: {REAL_VARIABLE} names {named}, which is no folder")
    return folder


@pytest.fixture(scope="session")
def real_clip(real_dir: Path) -> Path:
    """One whole stroke of a real rower, facing right, 61 frames."""
    return real_dir / "erg_side_right.mp4"


@pytest.fixture(scope="session")
def real_stills(real_dir: Path) -> list[Path]:
    """Seven moments of one stroke, facing left."""
    return sorted((real_dir / "stills").glob("*.jpg"))
