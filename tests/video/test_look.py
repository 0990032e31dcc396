"""The look at a film that came in: what it is, and a small picture of it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from PIL import Image

from rowsense.video import look
from tests.clips import numbered_images, write_clip


@pytest.mark.parametrize(("codec", "rotation_deg", "size"), [("h264", 0, (320, 240)), ("hevc", 90, (240, 320))])
def test_a_film_has_a_picture_that_stands_upright(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    codec: str,
    rotation_deg: int,
    size: tuple[int, int],
) -> None:
    film = write_clip(tmp_path / "a.mov", numbered_images(9, *size), codec=codec, rotation_deg=rotation_deg)
    picture = tmp_path / "a.jpg"
    monkeypatch.setattr(sys, "argv", ["look", str(film), str(picture)])
    look.main()
    found = json.loads(capsys.readouterr().out)
    assert (found["width_px"], found["height_px"]) == size
    with Image.open(picture) as opened:
        assert opened.format == "JPEG" and opened.size == size
    assert {path.name for path in tmp_path.iterdir()} == {"a.mov", "a.jpg"}


def test_what_is_no_film_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    film = tmp_path / "a.mp4"
    film.write_bytes(b"\0\0\0\x20ftypisom" + bytes(2000))
    monkeypatch.setattr(sys, "argv", ["look", str(film), str(tmp_path / "a.jpg")])
    look.main()
    assert json.loads(capsys.readouterr().out)["problem"]
    assert not (tmp_path / "a.jpg").exists()
