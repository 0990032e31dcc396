"""`rowsense jobs ...` as a user types it."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rowsense.cli import main
from rowsense.jobs.requests import AnalysisRequest, ask_for_analysis
from rowsense.store.opening import open_store
from rowsense.store.record import Piece
from tests.store.club import ATHLETE, CLUB, add_club


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A club in this user's data folder in which somebody asked to analyse what is no video; the job's id."""
    monkeypatch.setenv("ROWSENSE_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "notes.mp4").write_text("not a video", encoding="utf-8")
    request = AnalysisRequest(
        ATHLETE, uuid.uuid4(), uuid.uuid4(), tmp_path / "notes.mp4", Piece(ATHLETE, date(2026, 3, 1))
    )
    with open_store().database as database:
        add_club(database)
        with database.writing(CLUB) as unit:
            return str(ask_for_analysis(unit, request).id)


def jobs(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Any:
    monkeypatch.setattr(sys, "argv", ["rowsense", "jobs", *arguments])
    with pytest.raises(SystemExit) as leaving:
        main()
    return leaving.value.code or 0


@pytest.mark.slow
def test_a_job_is_run_shown_tried_again_and_cancelled(
    asked: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert jobs(monkeypatch, "list") == 0
    assert capsys.readouterr().out.endswith("analyze  queued\n")
    done = subprocess.run(
        [sys.executable, "-m", "rowsense", "jobs", "run", "--once"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "RowSense runs the jobs in sqlite" in done.stderr
    assert jobs(monkeypatch, "list", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["job"], told["state"], told["attempt"]) == (asked, "failed", 1)
    assert "notes.mp4" in told["error"]
    assert jobs(monkeypatch, "retry") == 2 and "or say --failed" in capsys.readouterr().err
    assert jobs(monkeypatch, "retry", "--failed") == 0
    assert jobs(monkeypatch, "retry", "--failed") == 0
    assert capsys.readouterr().out == "1 job waits for a worker.\nNo job had failed.\n"
    assert jobs(monkeypatch, "cancel", asked) == 0
    capsys.readouterr()
    assert jobs(monkeypatch, "retry", asked) == 0
    assert jobs(monkeypatch, "cancel", asked) == 0
    assert capsys.readouterr().out == f"Job {asked} waits for a worker.\nJob {asked} is cancelled.\n"
    assert jobs(monkeypatch, "list", "--state", "queued") == 0
    assert capsys.readouterr().err == "no such jobs\n"


REFUSED = {
    "no id": (("cancel", "7"), "7: is no job's id"),
    "no job": (("retry", str(uuid.UUID(int=7))), "there is no job"),
    "no state": (("list", "--state", "lost"), "no job is lost; known are queued, running"),
    "no sharing": (("run", "--scheduler", "tcp://127.0.0.1:9"), "cannot share an SQLite file"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_done_is_said(
    asked: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    arguments, said = REFUSED[name]
    assert jobs(monkeypatch, *arguments) == 2
    assert said in capsys.readouterr().err
