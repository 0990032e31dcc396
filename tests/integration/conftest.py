"""What several of these tests begin with."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest

from rowsense.model import Session
from rowsense.pipeline import analyze_video

SAMPLES = Path(__file__).resolve().parents[2] / "sample_videos"


@pytest.fixture(scope="session")
def analysed_sample(pose_model: Path) -> Callable[[str], Session]:
    """Analyses a sample video as everybody does, once for all tests; nobody may change what it gives."""
    return lru_cache(maxsize=2)(lambda name: analyze_video(SAMPLES / f"{name}.mp4"))
