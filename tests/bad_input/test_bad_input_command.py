"""What a user gets for a file that cannot be analysed: one line, the right exit code, nothing left behind."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from rowsense.cli import main
from tests import clips

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a ``rowsense`` command in an empty folder; gives exit code, stdout and stderr."""
    workplace = tmp_path / "here"
    workplace.mkdir()
    monkeypatch.chdir(workplace)

    def type_in(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["rowsense", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        out, err = capsys.readouterr()
        code = stopped.value.code
        return code if isinstance(code, int) else 0, out, err

    return type_in


def _content(name: str, content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def _still(folder: Path) -> Path:
    av.VideoFrame.from_ndarray(clips.numbered_image(3), format="rgb24").save(folder / "still.jpg")
    return folder / "still.jpg"


def _interrupted(folder: Path) -> Path:
    whole = clips.write_clip(folder / "whole.mp4", clips.noisy_numbered_images(10))
    return clips.truncate(whole, folder / "interrupted.mp4", 0.6)


def _empty_folder(folder: Path) -> Path:
    (folder / "videos").mkdir()
    (folder / "videos" / "notes.txt").write_text("no video here")
    return folder / "videos"


UNREADABLE: dict[str, Callable[[Path], Path]] = {
    "empty file": _content("гребля 1.mp4", b""),
    "text renamed": _content("my notes.mp4", b"Catch, drive, finish, recovery.\n" * 9),
    "audio only": lambda folder: clips.write_audio_only(folder / "song.mp4"),
    "interrupted": _interrupted,
    "zero length": lambda folder: clips.empty_moov(folder / "zero.mp4"),
    "still image": _still,
    "missing": lambda folder: folder / "nowhere.mp4",
    "folder without a video": _empty_folder,
    "wider than can be held": lambda folder: clips.write_clip(
        folder / "wide.avi", clips.numbered_images(1, 8200, 16), codec="mjpeg"
    ),
}


@pytest.mark.parametrize("make", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_unreadable_files_end_with_one_line_and_code_3(tmp_path: Path, run: Run, make: Callable[[Path], Path]) -> None:
    path = make(tmp_path)
    code, out, err = run("analyze", path)
    assert code == 3
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("rowsense: ")
    assert path.name in err
    assert list((tmp_path / "here").iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs users and permissions")
def test_no_permission(tmp_path: Path, run: Run) -> None:
    path = clips.write_clip(tmp_path / "secret.mp4", clips.numbered_images(3))
    run("analyze", path.with_name("nowhere.mp4"))  # everything is imported while we may read it
    path.chmod(0)
    (tmp_path / "here").chmod(0o777)  # the results could go there
    was_root = os.geteuid() == 0
    if was_root:
        for folder in (tmp_path, *tmp_path.parents[:3]):
            folder.chmod(0o755)
        os.seteuid(65534)  # root may read everything, so become nobody for a moment
    try:
        code, _, err = run("analyze", path)
    finally:
        if was_root:
            os.seteuid(0)
        path.chmod(0o644)
    assert code == 3
    assert "secret.mp4 may not be read" in err
    assert err.count("\n") == 1


NOTHING_TO_MEASURE: dict[str, Callable[[Path], Path]] = {
    "one frame": lambda folder: clips.write_clip(folder / "one.mp4", clips.numbered_images(1, 320, 240)),
    "16x16": lambda folder: clips.write_clip(folder / "tiny.mp4", clips.numbered_images(45, 16, 16)),
    "nobody there": lambda folder: clips.write_clip(folder / "nobody.mp4", clips.numbered_images(45, 320, 240)),
    "black": lambda folder: clips.write_clip(
        folder / "black.mp4", (clips.numbered_image(0, 320, 240) * 0 for _ in range(45))
    ),
}


@pytest.mark.parametrize("make", NOTHING_TO_MEASURE.values(), ids=NOTHING_TO_MEASURE.keys())
@pytest.mark.usefixtures("pose_model")
def test_videos_without_a_rower_end_with_one_line_and_code_4(
    tmp_path: Path, run: Run, make: Callable[[Path], Path]
) -> None:
    path = make(tmp_path)
    code, out, err = run("analyze", path)
    assert code == 4, err
    assert out == ""
    assert [line for line in err.splitlines() if line.startswith("rowsense: ")] == err.splitlines()
    assert err.count("\n") == 1
    assert path.name in err
    assert list((tmp_path / "here").iterdir()) == []


def test_what_was_there_stays(tmp_path: Path, run: Run) -> None:
    path = UNREADABLE["interrupted"](tmp_path)
    target = tmp_path / "results"
    target.mkdir()
    (target / "summary.json").write_text("{}")
    (target / "my own notes.txt").write_text("keep me")
    code, _, _ = run("analyze", path, "--out", target, "--force")
    assert code == 3
    assert {p.name: p.read_text() for p in target.iterdir()} == {"summary.json": "{}", "my own notes.txt": "keep me"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["here", "interrupted.mp4", "results", "whole.mp4"]


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path, run: Run) -> None:
    first = _content("first.mp4", b"")(tmp_path)
    second = UNREADABLE["audio only"](tmp_path)
    code, _, err = run("analyze", first, second)
    assert code == 3
    lines = err.splitlines()
    assert len(lines) == 2
    assert "first.mp4" in lines[0]
    assert "song.mp4" in lines[1]


@pytest.mark.usefixtures("pose_model")
def test_different_problems_of_several_files_give_code_5(tmp_path: Path, run: Run) -> None:
    first = _content("first.mp4", b"")(tmp_path)
    second = NOTHING_TO_MEASURE["one frame"](tmp_path)
    code, _, err = run("analyze", first, second)
    assert code == 5
    assert len(err.splitlines()) == 2


def test_a_range_outside_the_video_is_a_usage_error(tmp_path: Path, run: Run) -> None:
    path = clips.write_clip(tmp_path / "short.mp4", clips.numbered_images(30))
    code, _, err = run("analyze", path, "--from", "50")
    assert code == 2
    assert "short.mp4" in err
    assert err.count("\n") == 1
