"""`rowsense compare` as a user types it, on stored sessions."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rowsense.cli import main
from tests.comparison_cases import stored
from tests.report.judged import long_session
from tests.session_fixture import PERIOD_S


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``may`` and ``june`` of one rower, ``eve`` of another; the hips tip back over each piece."""
    folder = tmp_path_factory.mktemp("stored")
    session = long_session(-12.0, 40)
    stored(session, folder / "may.rowsense")
    stored(replace(long_session(-2.0, 40), athlete=session.athlete.lower()), folder / "june.rowsense")
    stored(replace(session, athlete="Eve"), folder / "eve.rowsense")
    return folder


def compare(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["rowsense", "compare", *map(str, arguments)])
    with pytest.raises(SystemExit) as leaving:
        main()
    return int(leaving.value.code or 0)


def test_two_parts_of_a_piece(
    sessions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "compared"
    code = compare(
        monkeypatch, sessions / "may.rowsense", "--strokes", "1-10", "--with", "31-40", "--out", out, "--json"
    )
    said = capsys.readouterr()
    assert code == 0, said.err
    told = json.loads(said.out)
    assert "pelvic_tilt_deg_catch" in told["clear"]
    assert "in strokes 31–40 than in strokes 1–3, 5–10" in told["sentence"]
    assert "Stroke 4 was left out: the handle left the picture." in told["notes"]
    assert {p.name for p in out.iterdir()} == {"compare.html", "compare.png", "compare.json"}
    data = json.loads((out / "compare.json").read_text(encoding="utf-8"))
    assert data["first"]["strokes"] == [0, 1, 2, 4, 5, 6, 7, 8, 9]
    assert data["zero"] == "shared"
    catch = next(one for one in data["phases"] if (one["quantity"], one["phase"]) == ("pelvic_tilt_deg", "catch"))
    assert catch["difference"] == pytest.approx(catch["second"] - catch["first"])
    assert -11.0 < catch["difference"] < -7.0
    assert len(data["curves"]["pelvic_tilt_deg"]["difference"]) == 101
    assert any("stage" in line for line in said.err.splitlines())


def test_again_into_the_same_folder_and_before_and_after_a_cue(
    sessions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cue_s = 20 * PERIOD_S
    assert compare(monkeypatch, sessions / "may.rowsense", "--cue", cue_s, "--out", tmp_path) == 0
    before = json.loads((tmp_path / "compare.json").read_text(encoding="utf-8"))
    assert (max(before["first"]["strokes"]), min(before["second"]["strokes"])) == (18, 20), "the stroke between is cut"
    assert compare(monkeypatch, sessions / "may.rowsense", "--strokes", "best", "--out", tmp_path) == 0
    after = json.loads((tmp_path / "compare.json").read_text(encoding="utf-8"))
    assert after["first"]["name"].startswith("the best strokes (")
    assert len(after["first"]["strokes"]) + len(after["second"]["strokes"]) == 39


def test_two_sessions_of_one_rower(
    sessions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = compare(
        monkeypatch, sessions / "may.rowsense", sessions / "june.rowsense", "--strokes", "31-40", "--out", tmp_path
    )
    said = capsys.readouterr()
    assert code == 0, said.err
    data = json.loads((tmp_path / "compare.json").read_text(encoding="utf-8"))
    assert data["zero"] == "level_out"
    assert data["same_rower"]
    assert (data["first"]["name"], data["second"]["name"]) == ("may, strokes 31–40", "june")
    assert "nothing ties the two together" in said.out


def test_two_rowers_only_when_asked(
    sessions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = sessions / "may.rowsense", sessions / "eve.rowsense"
    assert compare(monkeypatch, *pair, "--out", tmp_path / "a") == 2
    assert "are two rowers" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()
    assert compare(monkeypatch, *pair, "--any-athlete", "--out", tmp_path / "a") == 0
    told = capsys.readouterr().out
    assert "this is no change of anybody" in told
    assert "your" not in told.splitlines()[0]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["may.rowsense"], 2, "say what to hold against what"),
        (["gone.rowsense", "--strokes", "1"], 2, "is not there"),
        (["."], 2, "say what to hold against what"),
        ([".", "--strokes", "1"], 2, "is not a RowSense session"),
        (["may.rowsense", "--strokes", "1-5", "--with", "5-9"], 2, "stroke 5 is on both sides"),
        (["may.rowsense", "may.rowsense"], 2, "on both sides"),
        (["may.rowsense", "--strokes", "1-5", "--with", "60-70"], 2, "no stroke 60–70: may.rowsense has 40 of them"),
        (["may.rowsense", "--strokes", "4", "--with", "5-9"], 4, "none of the strokes asked for counts"),
        (["may.rowsense", "--strokes", "five"], 2, "names no strokes"),
        (["may.rowsense", "june.rowsense", "--cue", "5"], 2, "--cue splits one session"),
        (["may.rowsense", "--cue", "1"], 2, "no stroke lies whole between the beginning"),
        (["may.rowsense", "--from", "50", "--to", "20"], 2, "put the earlier second first"),
    ],
)
def test_what_cannot_be_compared_is_one_line(
    sessions: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str],
    code: int, said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(sessions)
    assert compare(monkeypatch, *arguments) == code
    error = capsys.readouterr().err
    assert said in error
    assert error.startswith("rowsense: ")
    assert len(error.strip().splitlines()) == 1
    assert not (sessions / "compare").exists()


def test_a_folder_with_other_things_is_left_alone(
    sessions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "mine"
    shutil.copytree(sessions / "june.rowsense", target)
    before = {p.name for p in target.iterdir()}
    asked = (sessions / "may.rowsense", "--strokes", "1-9", "--out", target)
    assert compare(monkeypatch, *asked) == 2
    assert "holds other things" in capsys.readouterr().err
    assert {p.name for p in target.iterdir()} == before
    assert compare(monkeypatch, *asked, "--force") == 0
    assert {p.name for p in target.iterdir()} == before | {"compare.html", "compare.png", "compare.json"}


def test_it_loads_no_analysis(sessions: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from rowsense.compare_command import compare; from pathlib import Path\n"
        f"compare(Path({str(sessions / 'may.rowsense')!r}), None, '1-9', None, None, None, None, None, None, False, "
        f"Path({str(tmp_path / 'out')!r}), False, False)\n"
        "sys.exit(len({'mediapipe', 'cv2', 'numba', 'av'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Page:" in done.stdout
