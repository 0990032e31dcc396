"""What stays of a stage when it is over, and what the stages over a whole track take beside it."""

from __future__ import annotations

import ctypes
import gc
import inspect
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rowsense import memory
from rowsense.conventions import BACK_POINT_COUNT, LANDMARK_COUNT, SPINE_ANGLE_NAMES
from rowsense.model import ObservationSeries, SideView
from rowsense.pose.side_view import to_side_view
from rowsense.pose.tracking import assemble
from rowsense.settings import PoseSettings
from rowsense.spine.geometric import spine_angles
from tests.pose.moving_rower import landmarks
from tests.session_fixture import make_session

FPS = 30.0

on_gnu = pytest.mark.skipif(memory._c_library() is None, reason="needs the GNU C library")


def resident_mb() -> float:
    from pathlib import Path

    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / (1 << 20)


PIECES_BETWEEN_KEPT_ONES = """
pieces = [bytearray(60_000) for _ in range(2000)]
kept, before_mb = pieces[::50], resident_mb()
del pieces
memory.give_back()
print(before_mb - resident_mb())
"""

LARGE_ARRAYS = """
memory.return_large_arrays()
np.ones(30 << 20, dtype=np.uint8)  # without the setting, smaller arrays would from here on be kept for later
pictures = [np.ones(3 << 20, dtype=np.uint8) for _ in range(30)]
kept, before_mb = pictures[-1], resident_mb()
del pictures
print(before_mb - resident_mb())
"""


@on_gnu
@pytest.mark.parametrize("body", [PIECES_BETWEEN_KEPT_ONES, LARGE_ARRAYS], ids=["pieces", "arrays"])
def test_freed_memory_goes_back(body: str) -> None:
    """In a process of its own: what other tests have left lying about would be used first."""
    preface = f"import numpy as np\nfrom rowsense import memory\n{inspect.getsource(resident_mb)}"
    told = subprocess.run(
        [sys.executable, "-c", preface + body], capture_output=True, text=True, timeout=120, check=True
    )
    assert float(told.stdout) > 80.0


def test_without_the_gnu_library_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_library(name: None) -> ctypes.CDLL:
        raise TypeError("no handle of the process itself, as on Windows")

    monkeypatch.setattr(ctypes, "CDLL", no_library)
    memory._c_library.cache_clear()
    try:
        memory.return_large_arrays()
        memory.give_back()
    finally:
        memory._c_library.cache_clear()


def _bytes_per_frame(work: Callable[[Any], object], of: Callable[[int], Any], short: int, long: int) -> float:
    """How much the peak of Python's and NumPy's memory in ``work(of(count))`` grows per frame."""
    peaks = []
    for count in (short, long):
        given = of(count)
        gc.collect()
        tracemalloc.start()
        work(given)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    return (peaks[1] - peaks[0]) / (long - short)


def test_assembling_takes_little_more_than_the_track_itself() -> None:
    track_bytes = 4 * (3 * (LANDMARK_COUNT + BACK_POINT_COUNT) + 2 * len(SPINE_ANGLE_NAMES))

    def observed(count: int) -> ObservationSeries:
        time_s = np.arange(count) / FPS
        xy, visibility = landmarks(time_s)
        series = ObservationSeries.blank(count)
        series.frame[:], series.time_s[:] = np.arange(count), time_s
        series.landmarks_px[:], series.visibility[:] = xy, visibility
        return series

    def work(series: ObservationSeries) -> object:
        return assemble(series, series.time_s, series.frame, PoseSettings())

    work(observed(100))  # compiles
    assert _bytes_per_frame(work, observed, 2000, 6000) < 2.0 * track_bytes


def test_the_spine_takes_little_more_than_its_angles() -> None:
    one = make_session().track
    assert one.spine_deg is not None and one.spine_sd_deg is not None
    view = to_side_view(one, "right", "right", 0.0)
    assert np.isfinite(spine_angles(view).pelvic_tilt_deg).any()

    def longer(count: int) -> SideView:
        rows = np.arange(count) % len(one)
        track = replace(
            one, frame=np.arange(count), time_s=np.arange(count) / FPS, xy_px=one.xy_px[rows],
            visibility=one.visibility[rows], back_xy_px=one.back_xy_px[rows], back_seen=one.back_seen[rows],
            inferred=one.inferred[rows], spine_deg=one.spine_deg[rows], spine_sd_deg=one.spine_sd_deg[rows],
        )  # fmt: skip
        return to_side_view(track, "right", "right", 0.0)

    angles_bytes = 8 * 6
    assert _bytes_per_frame(spine_angles, longer, 5000, 15000) < 4 * angles_bytes
