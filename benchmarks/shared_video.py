"""One long video on one worker and on two, each held to a core of its own (Linux).

    python -m benchmarks.shared_video VIDEO [--loops 30] [--overlay] [--workers 1,2]

Real PostgreSQL, a real scheduler, real workers. Says how long each took, how many seconds of processor time each
worker's jobs took, and whether the numbers are the same to the last bit. ``--loops 300`` makes ten minutes of a clip of
one stroke.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import uuid
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import psutil

from rowsense.jobs.looking import jobs_of
from rowsense.jobs.requests import AnalysisRequest, ask_for_analysis
from rowsense.jobs.runner import running
from rowsense.jobs.runner_settings import RunnerSettings
from rowsense.store.claims import ClubStore
from rowsense.store.opening import open_store
from rowsense.store.parquet import Table, read_table
from rowsense.store.record import Piece
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Analysis
from tests.clips import loop_packets
from tests.dashboards.test_serve_club import free_port
from tests.jobs.test_cluster import started
from tests.store.club import ATHLETE, CLUB, add_club
from tests.store.conftest import Server, postgresql

_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Run:
    """What one arrangement took."""

    seconds: float
    core_s: tuple[float, ...]
    """Processor time of each worker with its jobs, since the first was asked for."""
    track: Table
    strokes: Table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("video", type=Path)
    parser.add_argument("--loops", type=int, default=1, help="play the video so many times")
    parser.add_argument("--overlay", action="store_true", help="make the overlay video too")
    parser.add_argument("--workers", default="1,2", help="how many, one arrangement after the other")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, postgresql() as server:
        video = asked.video.absolute()
        if asked.loops > 1:
            video = loop_packets(video, Path(scratch) / "looped.mp4", loops=asked.loops)
        runs = []
        for count in map(int, asked.workers.split(",")):
            run = analysed_by(server, count, video, Path(scratch) / str(count), overlay=asked.overlay)
            runs.append(run)
            told = ", ".join(f"{one:.1f}" for one in run.core_s)
            print(f"{count} workers: {run.seconds:.1f} s; processor time of each {told} s", flush=True)
        first, last = runs[0], runs[-1]
        ratio, by_core = first.seconds / last.seconds, _busiest(first) / _busiest(last)
        print(f"{ratio:.2f} times as fast; by processor time of the busiest worker {by_core:.2f}")
        equal = same(first.track, last.track) and same(first.strokes, last.strokes)
        print("the same numbers" if equal else "OTHER NUMBERS")


def analysed_by(server: Server, count: int, video: Path, folder: Path, *, overlay: bool = False) -> Run:
    """Analyse it with ``count`` workers on a core each; from asking to the recorded session."""
    folder.mkdir()
    address = f"tcp://127.0.0.1:{free_port()}"
    store = open_store(server.new(), str(folder / "files"))
    add_club(store.database)
    port = address.rpartition(":")[2]
    with ExitStack() as open_things:
        open_things.callback(store.database.close)
        alone = ("--host", "127.0.0.1", "--port", port, "--no-dashboard")
        open_things.enter_context(started("dask_scheduler", *alone, path=_ROOT, folder=folder))
        while "Scheduler at" not in (folder / "dask.txt").read_text(errors="replace"):
            time.sleep(0.1)
        own = ("--nthreads", "1", "--no-dashboard", "--no-nanny")
        workers = []
        cores = sorted(os.sched_getaffinity(0))
        for core in cores[:count]:
            os.sched_setaffinity(0, {core})  # which it takes over
            workers.append(open_things.enter_context(started("dask_worker", address, *own, path=_ROOT, folder=folder)))
            os.sched_setaffinity(0, cores)
        settings = RunnerSettings(scheduler=address, scratch=folder / "scratch", tick_s=0.2)
        with running(store, settings) as runner:
            while len(runner.workers.addresses) < count:
                time.sleep(0.1)
            before = [_core_s(worker.pid) for worker in workers]
            took = _took(store, video, overlay)
            core_s = tuple(_core_s(worker.pid) - start_s for worker, start_s in zip(workers, before, strict=True))
        return Run(took, core_s, *_measured(store))


def _took(store: ClubStore, video: Path, overlay: bool) -> float:
    piece = Piece(ATHLETE, date(2026, 3, 1), "steady", distance_m=2000.0, created_by_user_id=None)
    asked = AnalysisRequest(ATHLETE, uuid.uuid4(), uuid.uuid4(), video, piece, keep_video=False, overlay=overlay)
    began_s = time.monotonic()
    with store.database.writing(CLUB) as unit:
        ask_for_analysis(unit, asked)
    while True:
        jobs = {job.kind: job for job in jobs_of(store.database, AllClubs("look"))}
        if jobs["analyze"].state not in ("queued", "running"):
            assert jobs["analyze"].state == "done", jobs["analyze"].error
            return time.monotonic() - began_s
        time.sleep(0.1)


def _core_s(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def _busiest(run: Run) -> float:
    return max(run.core_s)


def _measured(store: ClubStore) -> tuple[Table, Table]:
    with store.database.reading(CLUB) as unit:
        (analysis,) = unit.query(Analysis).all()
    with store.files.fetch(analysis.file_prefix) as folder:
        return read_table(folder / "track.parquet"), read_table(folder / "strokes.parquet")


def same(a: Table, b: Table) -> bool:
    """Whether two tables are the same to the last bit."""
    return a.keys() == b.keys() and all(
        np.array_equal(a[name], b[name], equal_nan=a[name].dtype.kind == "f") for name in a
    )


if __name__ == "__main__":
    sys.exit(main())
