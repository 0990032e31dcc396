"""Earlier sessions by command: read from their folders, held against, stored and shown."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from rowsense.cli import app
from rowsense.errors import OutputError, UsageError
from rowsense.model import Felt, Session
from rowsense.outputs import session_tables
from rowsense.report.summary import summary
from rowsense.store.past_sessions import read_past_session, session_folders
from rowsense.store.session_folder import read_session, write_session
from tests.session_fixture import make_session

TODAY = date(2026, 11, 25)
TIPPING = "pelvic_tilt_fall_into_catch_deg"


def film(number: int, tipping_deg: float = 18.0, **others) -> Session:
    session = make_session()
    rng = np.random.default_rng(number)
    metrics = session.assessment.metrics | {TIPPING: tipping_deg + rng.normal(0.0, 1.0, len(session.strokes))}
    return replace(
        session, video=replace(session.video, sha256=f"{number:064d}"),
        assessment=replace(session.assessment, metrics=metrics),
        provenance={"estimator": "spine 1", "filmed_at": f"{TODAY - timedelta(days=number)}T09:00:00+00:00"}, **others,
    )  # fmt: skip


def stored(folder: Path, session: Session) -> Path:
    folder.mkdir(parents=True)
    write_session(folder, session, summary(session), session_tables(session))
    return folder


@pytest.fixture
def season(tmp_path: Path) -> Path:
    """Five earlier films of one rower, and one of another."""
    for number in range(1, 6):
        stored(tmp_path / "season" / f"film {number}", film(number))
    stored(tmp_path / "season" / "guest", film(6, athlete="Other"))
    return tmp_path / "season"


def run(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_report_is_written_with_earlier_sessions(tmp_path: Path, season: Path) -> None:
    today = stored(tmp_path / "today", film(0, 4.0))
    result = run("report", today, "--earlier", season)
    assert result.exit_code == 0, result.output
    said = json.loads((today / "summary.json").read_text(encoding="utf-8"))["history"]
    assert len(said["dates"]) == 5
    assert said["left_out"] == ["guest: of another rower (Other)"]
    level = next(level for level in said["levels"] if level["quantity"] == TIPPING)
    assert level["clear"]
    assert level["value"] == pytest.approx(4.0, abs=1.0)
    assert [week["week"] for week in said["weeks"]] == ["2026-W47", "2026-W48"]
    page = (today / "report.html").read_text(encoding="utf-8")
    assert "lower than in your last 5 sessions" in page
    # Kept when the report is written again without them.
    assert run("report", today).exit_code == 0
    again = read_session(today).history
    assert again is not None
    assert len(again.clear) >= 1


def test_a_past_session_is_what_was_stored(season: Path) -> None:
    session = film(2)
    past = read_past_session(season / "film 2")
    usable = [stroke.index for stroke in session.strokes.usable]
    np.testing.assert_allclose(past.metrics[TIPPING], session.assessment.metrics[TIPPING][usable])
    assert (past.athlete, past.near_side, past.filmed_on) == (session.athlete, "right", TODAY - timedelta(days=2))
    assert len(past.stroke_s) == len(usable)


def test_folders_are_found_once(season: Path) -> None:
    assert len(session_folders([season, season / "film 1"])) == 6


def test_what_is_no_session_is_said(tmp_path: Path, season: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(UsageError, match="no RowSense session there"):
        session_folders([empty])
    with pytest.raises(UsageError, match="cannot be read"):
        session_folders([tmp_path / "gone"])
    (season / "film 1" / "strokes.parquet").write_bytes(b"broken")
    with pytest.raises(OutputError, match="cannot be read"):
        read_past_session(season / "film 1")


def test_it_must_be_said_whose_film_it_is(tmp_path: Path, season: Path) -> None:
    nobody = stored(tmp_path / "nobody", film(0, athlete=""))
    result = run("report", nobody, "--earlier", season)
    assert result.exit_code != 0
    assert "--athlete NAME" in str(result.exception)
    result = run("analyze", tmp_path / "missing.mp4", "--earlier", season)
    assert "--athlete NAME" in str(result.exception)


def test_a_session_from_before_there_was_any_reads_back(season: Path) -> None:
    place = season / "film 1" / "session.json"
    said = json.loads(place.read_text(encoding="utf-8"))
    del said["history"]
    place.write_text(json.dumps(said), encoding="utf-8")
    assert read_session(season / "film 1").history is None


def test_what_she_felt_is_kept(tmp_path: Path) -> None:
    today = stored(tmp_path / "today", film(0))
    assert run("report", today, "--felt", "2,4-5").exit_code == 0
    assert read_session(today).felt == Felt("strokes", (1, 3, 4))
    assert run("report", today).exit_code == 0
    assert read_session(today).felt == Felt("strokes", (1, 3, 4))
    assert "no stroke 99" in str(run("report", today, "--felt", "99").exception)


def test_an_answer_that_does_not_fit_costs_no_analysis(tmp_path: Path) -> None:
    """How many strokes there are is known only when the video was looked at: what was measured is kept."""
    out = tmp_path / "out"
    clip = Path(__file__).parents[2] / "sample_videos" / "well_rowed.mp4"
    result = run("analyze", clip, "--to", 9, "--no-overlay", "--out", out, "--felt", "99")
    assert isinstance(result.exception, UsageError)
    assert "no stroke 99" in str(result.exception)
    assert f"rowsense report {out}" in str(result.exception)
    kept = read_session(out)
    assert kept.felt is None
    assert len(kept.strokes) >= 2
