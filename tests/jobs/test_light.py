"""Asking for work and looking at it loads neither the analysis nor Dask."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"cv2", "mediapipe", "numba", "av", "dask", "distributed", "alembic"}


@pytest.mark.parametrize("module", ["queue", "requests", "child", "supervise", "claiming", "beside", "runner_process"])
def test_what_is_loaded(module: str) -> None:
    code = f"import rowsense.jobs.{module}, sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "rowsense" in loaded
    assert not HEAVY & loaded
    if module == "child":
        assert "sqlalchemy" not in loaded, "a job that needs no database should not wait for it"
