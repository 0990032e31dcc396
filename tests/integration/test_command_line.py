"""The commands as a user types them, on a sample video."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import duckdb
import pytest

from rowsense.conventions import ANGLE_NAMES, PHASES

SAMPLE = Path(__file__).resolve().parents[2] / "sample_videos" / "hips_tip_back.mp4"
EXPECTED = {
    "summary.json", "session.json", "frames.parquet", "track.parquet", "strokes.parquet", "overlay.mp4",
    "report.html", "report.pdf", "card.png", "faults", "frames.csv", "track.csv", "strokes.csv", "player.bin",
    "best_stroke.mp4", "worst_stroke.mp4",
}  # fmt: skip


def rowsense(*arguments: str, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "rowsense", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )
    if check:
        assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory, pose_model: Path) -> Path:
    folder = tmp_path_factory.mktemp("run") / "Žofie 2026"
    folder.mkdir()
    rowsense("analyze", str(SAMPLE), "--csv", "--athlete", "Žofie Łukasik", "--to", "12", cwd=folder)
    return folder / "hips_tip_back.rowsense"


def test_the_contract_is_written(analysed: Path) -> None:
    assert {p.name for p in analysed.iterdir()} == EXPECTED
    summary = json.loads((analysed / "summary.json").read_text(encoding="utf-8"))
    assert summary["stroke_count"] >= 3
    assert "hips_tip_back" in [fault["id"] for fault in summary["faults"]]
    assert list((analysed / "faults").glob("hips_tip_back.*"))
    assert (analysed / "card.png").stat().st_size < 300_000


def test_frames_table_has_names_and_phases_of_the_contract(analysed: Path) -> None:
    frames = duckdb.sql(f"SELECT * FROM '{analysed / 'frames.parquet'}' ORDER BY frame")
    assert set(ANGLE_NAMES) | {"frame", "time_s", "stroke", "phase", "confidence", "inferred"} <= set(frames.columns)
    phases = {row[0] for row in duckdb.sql(f"SELECT DISTINCT phase FROM '{analysed / 'frames.parquet'}'").fetchall()}
    assert set(PHASES) <= phases


def test_report_is_written_again_without_the_video(analysed: Path, tmp_path: Path) -> None:
    before = json.loads((analysed / "summary.json").read_text(encoding="utf-8"))
    (analysed / "report.html").unlink()
    rowsense("report", str(analysed), "--video", str(tmp_path / "gone.mp4"), cwd=tmp_path)
    assert (analysed / "report.html").stat().st_size > 10_000
    assert json.loads((analysed / "summary.json").read_text(encoding="utf-8")) == before
    assert (analysed / "overlay.mp4").exists(), "an overlay that is there must not be lost"
    assert list((analysed / "faults").glob("*.png")), "stills that are there must not be lost"


def test_tables_keep_their_csv_twins(analysed: Path, tmp_path: Path) -> None:
    rowsense("report", str(analysed), cwd=tmp_path)
    assert {"frames.csv", "track.csv", "strokes.csv"} <= {p.name for p in analysed.iterdir()}


@pytest.mark.parametrize("command", ["report", "overlay"])
def test_another_video_is_refused_and_nothing_changes(analysed: Path, tmp_path: Path, command: str) -> None:
    before = {p.name: p.stat().st_mtime_ns for p in analysed.iterdir()}
    other = SAMPLE.with_name("well_rowed.mp4")
    done = rowsense(command, str(analysed), "--video", str(other), cwd=tmp_path, check=False)
    assert done.returncode == 2
    assert "not the video this session was made from" in done.stderr
    assert {p.name: p.stat().st_mtime_ns for p in analysed.iterdir()} == before


def test_overlay_of_a_part_begins_at_once(tmp_path: Path) -> None:
    rowsense("analyze", str(SAMPLE), "--from", "3", "--to", "9", cwd=tmp_path)
    with av.open(str(tmp_path / "hips_tip_back.rowsense" / "overlay.mp4")) as container:
        first = next(container.decode(video=0))
        assert first.time == pytest.approx(0.0, abs=0.01)
    frames = duckdb.sql(f"SELECT min(frame), min(time_s) FROM '{tmp_path}/hips_tip_back.rowsense/frames.parquet'")
    assert frames.fetchall() == [(90, pytest.approx(3.0))]


@pytest.mark.parametrize(
    ("toml", "environment", "named"),
    [
        ("pose = [", {}, "rowsense.toml"),
        ("[pose]\nstride = 99\n", {}, "pose.stride"),
        ("", {"ROWSENSE_POSE": "zz"}, "environment"),
    ],
)
@pytest.mark.parametrize("command", [["demo", "--no-open"], ["analyze", str(SAMPLE)]])
def test_bad_settings_are_one_line(
    tmp_path: Path, command: list[str], toml: str, environment: dict[str, str], named: str
) -> None:
    (tmp_path / "rowsense.toml").write_text(toml)
    done = subprocess.run(
        [sys.executable, "-m", "rowsense", *command],
        cwd=tmp_path,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert named in done.stderr and done.stderr.count("\n") == 1


def test_json_progress_and_result(tmp_path: Path) -> None:
    done = rowsense("analyze", str(SAMPLE), "--no-overlay", "--to", "7", "--json", cwd=tmp_path)
    events = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert {"probe", "scout", "observe", "report"} <= {e.get("stage") for e in events}
    assert json.loads(done.stdout)["stroke_count"] >= 1


def _listen_to_interrupts() -> None:
    """A shell that puts its jobs in the background lets them ignore Ctrl-C, and so all that they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_interrupt_leaves_nothing_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rowsense", "analyze", str(SAMPLE), "--json"]
    with subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, preexec_fn=_listen_to_interrupts
    ) as process:
        assert process.stderr is not None
        deadline = time.monotonic() + 120
        for line in process.stderr:
            if '"overlay"' in line or time.monotonic() > deadline:
                break
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(timeout=60) == 130
    assert "Traceback" not in rest
    assert "nothing was left half-written" in rest
    assert list(tmp_path.iterdir()) == []


def test_help_is_quick_because_nothing_heavy_is_imported(tmp_path: Path) -> None:
    code = (
        "import sys, rowsense.cli; "
        "print([m for m in ('numpy', 'cv2', 'mediapipe', 'numba', 'dash', 'plotly', 'pydantic', 'rich.markdown') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_several_videos_one_of_them_bad(tmp_path: Path) -> None:
    (tmp_path / "notes.mp4").write_text("not a video")
    done = rowsense("analyze", str(SAMPLE), "notes.mp4", "--no-overlay", "--to", "7", cwd=tmp_path, check=False)
    assert done.returncode == 5
    assert "notes.mp4" in done.stderr and "Traceback" not in done.stderr
    assert (tmp_path / "hips_tip_back.rowsense" / "report.html").exists()
    assert not (tmp_path / "notes.rowsense").exists()


def test_unwritable_place_is_one_line(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        place = "/proc/rowsense"
    else:
        (tmp_path / "locked").mkdir(mode=0o555)
        place = str(tmp_path / "locked" / "out")
    done = rowsense("analyze", str(SAMPLE), "--out", place, cwd=tmp_path, check=False)
    assert done.returncode == 6
    assert done.stderr.count("\n") == 1 and "Traceback" not in done.stderr
