"""`rowsense explain` and `rowsense catalogue` as a coach types them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from rowsense.assess.catalogue import catalogue_text, load_catalogue
from rowsense.assess.fault_page import fault_page


def rowsense(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rowsense", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_explain_lists_and_explains(tmp_path: Path) -> None:
    assert "hips_tip_back" in rowsense("explain", cwd=tmp_path).stdout
    told = rowsense("explain", "hips tip back into the catch", cwd=tmp_path)
    assert told.returncode == 0
    assert "Self-test:      Put a cushion or a book behind the hips" in told.stdout
    unknown = rowsense("explain", "hips_tip_forward", cwd=tmp_path)
    assert unknown.returncode == 2
    assert unknown.stderr.strip() == ("rowsense: 'hips_tip_forward': no such fault; did you mean hips_tip_back?")


def test_copy_change_check_and_explain(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    assert rowsense("catalogue", "--copy", "mine.toml", cwd=tmp_path).returncode == 0
    assert mine.read_text(encoding="utf-8") == catalogue_text()
    again = rowsense("catalogue", "--copy", "mine.toml", cwd=tmp_path)
    assert (again.returncode, again.stderr) == (2, "rowsense: mine.toml: is there already; name a new file\n")
    assert "mine.toml: fine." in rowsense("catalogue", "--check", "mine.toml", cwd=tmp_path).stdout

    mine.write_text(catalogue_text().replace("limit = 78.0", "limit = 80.0"), encoding="utf-8")
    told = rowsense("explain", "knees_too_high", "--catalogue", "mine.toml", cwd=tmp_path).stdout
    assert "below 80 deg" in told

    broken = catalogue_text().replace("limit = 78.0", 'limit = "low"').replace('status = "C"', 'status = "?"', 1)
    mine.write_text(broken, encoding="utf-8")
    checked = rowsense("catalogue", "--check", "mine.toml", cwd=tmp_path)
    assert checked.returncode == 2
    lines = checked.stderr.splitlines()
    assert lines[-1] == "mine.toml: 3 problems"
    assert any("limit must be a number" in line for line in lines)
    assert any("status is '?'" in line for line in lines)


def test_page_and_known(tmp_path: Path) -> None:
    assert rowsense("catalogue", "--page", "faults.md", cwd=tmp_path).returncode == 0
    assert (tmp_path / "faults.md").read_text(encoding="utf-8") == fault_page(load_catalogue())
    known = rowsense("catalogue", "--known", cwd=tmp_path).stdout
    assert "pelvic_tilt_deg" in known and "racing" in known
    none = rowsense("catalogue", cwd=tmp_path)
    assert none.returncode == 2
    assert "--copy FILE" in none.stderr


def test_a_mistake_in_the_catalogue_is_said_before_the_video_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("version = 1\n", encoding="utf-8")
    (tmp_path / "no.mp4").write_bytes(b"no video")
    for more, said in (
        (("--catalogue", "mine.toml"), "no fault"),
        (("--level", "elite"), "level 'elite' is not known"),
    ):
        done = rowsense("analyze", "no.mp4", *more, cwd=tmp_path)
        assert done.returncode == 2
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1
