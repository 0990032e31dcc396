"""Files that are no video: one line that names the file and says what to do, and nothing left open."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from rowsense.errors import VideoError
from rowsense.video import presentation_times, probe, read_frames
from tests import clips

Maker = Callable[[Path], Path]


def _named(name: str, content: bytes) -> Maker:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return make


def _picture(name: str) -> Maker:
    def make(folder: Path) -> Path:
        av.VideoFrame.from_ndarray(clips.numbered_image(3), format="rgb24").save(folder / name)
        return folder / name

    return make


def _renamed_picture(folder: Path) -> Path:
    return _picture("still.jpg")(folder).rename(folder / "still.mp4")


def _folder(folder: Path) -> Path:
    (folder / "videos.mp4").mkdir()
    return folder / "videos.mp4"


def _file_list(folder: Path) -> Path:
    """A text file that makes FFmpeg open another file: never to be followed."""
    clips.write_clip(folder / "other.mp4", clips.numbered_images(3))
    return _named("list.ffconcat", b"ffconcat version 1.0\nfile other.mp4\n")(folder)


def _without_index(folder: Path) -> Path:
    whole = clips.write_clip(folder / "whole.mp4", clips.noisy_numbered_images(10))
    return clips.truncate(whole, folder / "interrupted.mp4", 0.6)


def _header_only(folder: Path) -> Path:
    whole = clips.write_clip(folder / "whole.mp4", clips.noisy_numbered_images(10))
    first = clips.move_index_first(whole, folder / "first.mp4")
    data = first.read_bytes()
    path = folder / "header only.mp4"
    path.write_bytes(data[: data.index(b"mdat") + 4])
    return path


def _all_noise(folder: Path) -> Path:
    whole = clips.write_clip(folder / "whole.mp4", clips.noisy_numbered_images(10))
    first = clips.move_index_first(whole, folder / "first.mp4")
    start = first.read_bytes().index(b"mdat") / first.stat().st_size
    return clips.overwrite_middle(first, folder / "noise.mp4", first_ratio=start + 0.01, last_ratio=1.0)


CASES: list[tuple[str, Maker, str, str]] = [
    ("missing", lambda folder: folder / "nowhere.mp4", "not found", "check the name"),
    ("folder", _folder, "is a folder", "give the video file"),
    ("empty", _named("empty.mp4", b""), "empty", "copy the video again"),
    ("text", _named("notes.mp4", b"These are my training notes.\n" * 50), "is text", "try again"),
    ("playlist", _named("list.mp4", b"#EXTM3U\n#EXTINF:5,\n/etc/hostname\n"), "not a video", "try again"),
    ("text file", _named("notes.txt", b"These are my training notes.\n" * 50), "is text", "try again"),
    ("file list", _file_list, "not a video", "try again"),
    ("noise", _named("noise.mov", bytes(range(256)) * 40), "not a video", "try again"),
    ("sound", lambda folder: clips.write_audio_only(folder / "song.mp4"), "sound but no picture", "give the video"),
    ("jpg", _picture("still.jpg"), "is a picture", "video is needed"),
    ("png", _picture("still.png"), "is a picture", "video is needed"),
    ("jpg named mp4", _renamed_picture, "is a picture", "video is needed"),
    ("heic", _named("IMG_1.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0" + bytes(40)), "is a picture", "video is needed"),
    ("no tracks", lambda folder: clips.empty_moov(folder / "zero.mp4"), "zero.mp4", "again"),
    ("interrupted", _without_index, "incomplete", "copy it again or film again"),
    ("header only", _header_only, "header only.mp4", "film"),
    ("damaged", _all_noise, "no frame could be decoded", "copy or film it again"),
    ("riff", _named("broken.avi", b"RIFF\0\0\0\0AVI LIST"), "broken.avi", "again"),
    ("matroska", _named("broken.mkv", b"\x1aE\xdf\xa3" + bytes(30)), "broken.mkv", "again"),
]


@pytest.mark.parametrize(("make", "what", "next_step"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_one_line_that_names_the_file(tmp_path: Path, make: Maker, what: str, next_step: str) -> None:
    path = make(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    for use in (probe, lambda p: next(iter(read_frames(p)))):
        with pytest.raises(VideoError) as caught:
            use(path)
        message = str(caught.value)
        assert path.name in message
        assert "\n" not in message
        assert caught.value.exit_code == 3
    with pytest.raises(VideoError) as caught:
        probe(path)
    assert what in str(caught.value)
    assert next_step in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs users and permissions")
def test_no_permission(tmp_path: Path) -> None:
    path = clips.write_clip(tmp_path / "secret.mp4", clips.numbered_images(3))
    path.chmod(0)
    was_root = os.geteuid() == 0
    if was_root:
        for folder in (tmp_path, *tmp_path.parents[:2]):
            folder.chmod(0o755)
        os.seteuid(65534)  # root may read everything, so become nobody for a moment
    try:
        with pytest.raises(VideoError, match=r"secret\.mp4 may not be read.*permissions"):
            probe(path)
        with pytest.raises(VideoError, match="may not be read"):
            presentation_times(path)
    finally:
        if was_root:
            os.seteuid(0)
        path.chmod(0o644)


@pytest.mark.parametrize(
    "name", ["my rowing video.mp4", "гребля 2026.mp4", "漕艇🚣.mp4", "100%03d.mp4", "-i.mp4", "a'b\"c.mp4"]
)
def test_any_name_is_a_name(tmp_path: Path, name: str) -> None:
    path = clips.write_clip(tmp_path / "x.mp4", clips.numbered_images(3)).rename(tmp_path / name)
    assert probe(path).frame_count == 3
    assert [f.index for f in read_frames(path)] == [0, 1, 2]


def test_one_frame_is_read(tmp_path: Path) -> None:
    path = clips.write_clip(tmp_path / "one.mp4", clips.numbered_images(1))
    info = probe(path)
    assert info.frame_count == 1
    assert info.duration_s > 0
    assert [clips.read_number(f.image) for f in read_frames(path)] == [0]


def test_tiny_picture_is_read(tmp_path: Path) -> None:
    path = clips.write_clip(tmp_path / "tiny.mp4", clips.numbered_images(5, 16, 16))
    assert (probe(path).width_px, probe(path).height_px) == (16, 16)
    assert len(list(read_frames(path))) == 5


def test_8k_is_read_shrunk_and_larger_is_refused(tmp_path: Path) -> None:
    path = clips.write_clip(
        tmp_path / "8k.mp4",
        clips.numbered_images(2, 7680, 4320),
        options={"preset": "ultrafast", "rc-lookahead": "0", "threads": "1"},
    )
    frames = list(read_frames(path, max_side_px=480))
    assert [clips.read_number(f.image) for f in frames] == [0, 1]
    assert frames[0].source_px_per_px == 16.0
    wider = clips.write_clip(tmp_path / "wider.avi", clips.numbered_images(1, 8200, 16), codec="mjpeg")
    with pytest.raises(VideoError, match=r"8200x16.*export it smaller"):
        probe(wider)


def test_cover_art_is_not_a_video(tmp_path: Path) -> None:
    song = clips.write_audio_only(tmp_path / "song.mp4")
    picture = _picture("cover.jpg")(tmp_path)
    path = clips.add_cover(song, picture, tmp_path / "with cover.mp4")
    with pytest.raises(VideoError, match="sound but no picture"):
        probe(path)
