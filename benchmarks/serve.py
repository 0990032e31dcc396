"""What ``rowsense serve`` takes on this machine: until its first page, idle, and idle again after an analysis (Linux).

    python -m benchmarks.serve [VIDEO] [--idle-s 30]

Memory is proportional (what processes share is counted once) and of all processes; processor time is a share of one
core. With a VIDEO it is analysed by the server's own workers, and 60 s later all is measured again.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import psutil

from rowsense.jobs.looking import jobs_of
from rowsense.jobs.requests import AnalysisRequest, ask_for_analysis
from rowsense.store.claims import ClubStore
from rowsense.store.opening import open_store
from rowsense.store.record import Piece
from rowsense.store.scope import AllClubs
from tests.dashboards.test_serve_club import free_port
from tests.store.club import ATHLETE, CLUB, add_club

#: The children that analyse have ended by then.
_AFTER_A_JOB_S: Final = 60.0
#: The runner and its workers have started by then.
_SETTLED_S: Final = 20.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("video", type=Path, nargs="?")
    parser.add_argument("--idle-s", type=float, default=30.0, help="how long an idle server is watched")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch) / "store"
        with serving(place) as (server, address, began_s):
            first_page(address)
            print(f"first page {time.monotonic() - began_s:.1f} s after the start", flush=True)
            time.sleep(_SETTLED_S)
            print(f"idle: {watched(server, asked.idle_s)}", flush=True)
            if asked.video:
                store = open_store(f"sqlite:///{place}/club.sqlite3", str(place / "club-files"))
                with contextlib.closing(store.database):
                    took_s = analysed(store, asked.video.absolute())
                print(f"analysed in {took_s:.1f} s", flush=True)
                time.sleep(_AFTER_A_JOB_S)
                print(f"{_AFTER_A_JOB_S:.0f} s after it: {watched(server, asked.idle_s)}", flush=True)


@contextlib.contextmanager
def serving(place: Path) -> Iterator[tuple[psutil.Process, str, float]]:
    """The server's process, its address, and when it was started."""
    port, began_s = free_port(), time.monotonic()
    command = [sys.executable, "-m", "rowsense", "serve", "--store", str(place), "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            while not (line := process.stderr.readline()).startswith("RowSense is at"):
                assert line, "it ended"
            threading.Thread(target=process.stderr.read, daemon=True).start()  # or it waits for a reader
            yield psutil.Process(process.pid), f"http://127.0.0.1:{port}", began_s
        finally:
            process.terminate()


def first_page(address: str) -> None:
    """Ask as a browser does, until it is there."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(address, headers={"Accept": "text/html"}), timeout=60) as answer:
        assert answer.status == 200 and b"<html" in answer.read()


def watched(server: psutil.Process, seconds: float) -> str:
    """Processes, memory and processor time of an idle server."""
    before = {one: _core_s(one) for one in (server, *server.children(recursive=True))}
    time.sleep(seconds)
    now = [server, *server.children(recursive=True)]
    core_s = sum(_core_s(one) - before.get(one, 0.0) for one in now)
    memory_mb = sum(one.memory_full_info().pss for one in now) / 1e6
    return f"{len(now)} processes, {memory_mb:.0f} MB, {100 * core_s / seconds:.1f} % of a core"


def _core_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def analysed(store: ClubStore, video: Path) -> float:
    """Have a video analysed; how long that took."""
    add_club(store.database)
    piece = Piece(ATHLETE, date(2026, 3, 1), "steady", distance_m=2000.0, created_by_user_id=None)
    asked = AnalysisRequest(ATHLETE, uuid.uuid4(), uuid.uuid4(), video, piece, keep_video=False, overlay=True)
    began_s = time.monotonic()
    with store.database.writing(CLUB) as unit:
        ask_for_analysis(unit, asked)
    while True:
        (job,) = (one for one in jobs_of(store.database, AllClubs("look")) if one.kind == "analyze")
        if job.state not in ("queued", "running"):
            assert job.state == "done", job.error
            return time.monotonic() - began_s
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
