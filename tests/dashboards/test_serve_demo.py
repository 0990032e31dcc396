"""``rowsense serve --demo`` as a process of its own: a filled club at once, and nothing left of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.dashboards.club_world import token_in
from tests.dashboards.test_serve_club import Browser, free_port, rowsense


def test_a_club_to_look_round_in_comes_and_goes(tmp_path: Path) -> None:
    port, scratch, real = free_port(), tmp_path / "scratch", tmp_path / "real"
    scratch.mkdir()
    where = {**os.environ, "TMPDIR": str(scratch), "TEMP": str(scratch), "ROWSENSE_DATA_DIR": str(real)}
    command = [sys.executable, "-m", "rowsense", "serve", "--demo", "--port", str(port)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=where)
    assert process.stderr is not None
    try:
        while not (line := process.stderr.readline()).startswith("RowSense shows a made-up club"):
            assert line, "it ended"
        browser = Browser(f"http://127.0.0.1:{port}")
        assert browser.open("/")[0] == 200, "no signing in"
        assert ", coach" in browser.open("/account")[2] and browser.open("/people")[0] == 403
        assert "As rower" in browser.open("/account")[2]
        assert 'href="/upload"' in browser.open("/account")[2], "what is sent in is analysed here too"
        assert 'href="/jobs"' in browser.open("/upload")[2]
        assert browser.open("/demo/administrator")[:2] == (200, "/")
        assert "Ada Ahorn" in browser.open("/people")[2]
        assert [place.name.startswith("rowsense-demo-") for place in scratch.iterdir()] == [True]
        chosen = {"style": "sequential", "level": "racing", "number": "0", "again": "1"}
        browser.open("/catalogue/defaults", {"csrf_token": token_in(browser.open("/catalogue")[2]), **chosen})
        asked_at = time.monotonic()
        while "only the numbers of these sessions are kept" not in browser.open("/jobs")[2]:
            assert time.monotonic() < asked_at + 180, "jobs run here too, and say what became of them"
            time.sleep(0.3)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) in (0, 130)
        process.stderr.close()
    assert not list(scratch.iterdir()), "the club goes with its server, a film that is being analysed too"
    assert not real.exists(), "the user's own store was not touched"


@pytest.mark.parametrize("more", [["."], ["--host", "0.0.0.0"]])
def test_a_demonstration_is_of_nothing_else_and_for_nobody_else(more: list[str]) -> None:
    done = rowsense("--demo", *more, "--port", str(free_port()))
    assert done.returncode == 2 and "--demo makes a club of its own" in done.stderr
