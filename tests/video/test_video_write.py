"""Results that play in a browser: right times, right colours, whole or not there."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from rowsense.errors import OutputError
from rowsense.video import VideoSink, frame_table, presentation_times, probe, read_frames
from tests import clips


def _write(path: Path, images: Iterable[clips.Image], times_s: list[float], **options: int) -> None:
    sink: VideoSink | None = None
    with ExitStack() as stack:
        for image, time_s in zip(images, times_s, strict=True):
            if sink is None:
                sink = stack.enter_context(VideoSink(path, image.shape[1], image.shape[0], 30, **options))
            sink.write(image, time_s)


def _then_fail(error: BaseException) -> Iterator[clips.Image]:
    yield from clips.numbered_images(20)
    raise error


@pytest.mark.parametrize("fps", [Fraction(30000, 1001), Fraction(24), Fraction(60)])
def test_times_survive_exactly(tmp_path: Path, fps: Fraction) -> None:
    path = tmp_path / "out.mp4"
    times_s = clips.frame_times(40, fps)
    _write(path, list(clips.numbered_images(40)), times_s)
    frames = list(read_frames(path))
    assert [clips.read_number(f.image) for f in frames] == list(range(40))
    np.testing.assert_allclose([f.time_s for f in frames], times_s, atol=0.5 / 90000 + 1e-9)


def test_variable_rate_survives(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    times_s = clips.uneven_times(40)
    _write(path, list(clips.numbered_images(40)), times_s)
    np.testing.assert_allclose(presentation_times(path), times_s, atol=0.5 / 90000 + 1e-9)
    assert probe(path).duration_s == pytest.approx(times_s[-1] + 1 / 30, abs=0.002)


def test_browser_can_play_and_seek(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    _write(path, list(clips.numbered_images(50)), clips.frame_times(50))
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert np.diff([*frame_table(path).keyframes, 50]).max() <= 15
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.codec.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        context = stream.codec_context
        assert (context.colorspace, context.color_primaries, context.color_trc, context.color_range) == (1, 1, 1, 1)
        stamps = [(p.pts, p.dts) for p in container.demux(stream) if p.size]
    assert all(pts == dts for pts, dts in stamps)


def test_colours_stay_the_originals(tmp_path: Path) -> None:
    """A picture with every hue and brightness, small and large (the BT.601 and the BT.709 side of untagged video)."""
    for width, height in ((320, 240), (1280, 720)):
        path = tmp_path / f"{width}.mp4"
        x, y = np.linspace(0, 1, width)[None, :], np.linspace(0, 1, height)[:, None]
        hue = np.stack([np.abs((6 * x + k) % 6 - 3) - 1 for k in (0.0, 4.0, 2.0)], axis=-1).clip(0, 1)
        image = np.round(255 * (0.1 + 0.8 * y[..., None] * (0.35 + 0.65 * hue))).clip(0, 255).astype(np.uint8)
        _write(path, [image] * 3, clips.frame_times(3))
        for frame, (_, exact) in zip(read_frames(path), clips.decode_all(path), strict=True):
            assert np.abs(frame.image.astype(float) - image).mean() < 2.0
            # What a browser shows; our own reader rounds down, up to 1.5 levels in green.
            shown_error = exact.astype(float) - image
            assert np.abs(shown_error).mean() < 1.5
            assert np.abs(shown_error.mean(axis=(0, 1))).max() < 0.5


def test_colour_is_not_blurred_over_its_neighbours(tmp_path: Path) -> None:
    """Red and blue bands two pixels high: each has its own row of colour samples and keeps its colour."""
    image = np.full((64, 96, 3), (190, 60, 60), dtype=np.uint8)
    image[2::4] = image[3::4] = (60, 60, 190)
    _write(tmp_path / "bands.mp4", [image] * 2, clips.frame_times(2), crf=10)
    with av.open(str(tmp_path / "bands.mp4")) as container:
        frame = next(container.decode(video=0))
    red_difference = np.frombuffer(frame.planes[2], np.uint8).reshape(32, -1)[8:24, :48].astype(float)
    assert red_difference[::2].mean() - red_difference[1::2].mean() > 55


def test_copying_a_video_does_not_shift_its_colours(tmp_path: Path) -> None:
    source = clips.write_clip(tmp_path / "source.mp4", clips.numbered_images(4, 160, 120))
    original = list(read_frames(source))
    _write(tmp_path / "copy.mp4", [f.image for f in original], [f.time_s for f in original], crf=16)
    for before, after in zip(original, read_frames(tmp_path / "copy.mp4"), strict=True):
        assert np.abs(before.image.astype(float) - after.image).mean() < 2.0


@pytest.mark.parametrize("size", [(97, 71), (96, 71), (97, 72), (1, 1)])
def test_odd_sizes_are_made_even_without_moving_anything(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "odd.mp4"
    images = list(clips.numbered_images(3, *size))
    _write(path, images, clips.frame_times(3))
    frames = list(read_frames(path))
    assert frames[0].image.shape == (size[1] + size[1] % 2, size[0] + size[0] % 2, 3)
    if min(size) > 1:
        inner = frames[2].image[: size[1], : size[0]]
        assert clips.read_number(inner) == 2
        assert np.abs(inner.astype(float) - images[2]).mean() < 6.0


def test_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    path.write_bytes(b"the old result")
    for error in (RuntimeError("broken"), KeyboardInterrupt()):
        with pytest.raises(type(error)):
            _write(path, _then_fail(error), clips.frame_times(30))
        assert path.read_bytes() == b"the old result"
        assert list(tmp_path.iterdir()) == [path]


def test_success_replaces_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    path.write_bytes(b"the old result")
    _write(path, list(clips.numbered_images(3)), clips.frame_times(3))
    assert probe(path).frame_count == 3
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["nowhere/out.mp4", "file/out.mp4"])
def test_a_place_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    path = tmp_path / name
    with pytest.raises(OutputError) as caught, VideoSink(path, 96, 72, 30):
        pass
    assert str(path) in str(caught.value)
    assert caught.value.exit_code == 6


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a POSIX thing")
@pytest.mark.parametrize("limit_kb", [2, 60])
def test_disk_full(tmp_path: Path, limit_kb: int) -> None:
    """The kernel refuses to let the file grow, early and late: what a full disk looks like to us."""
    import resource

    path = tmp_path / "out.mp4"
    images = list(clips.noisy_numbered_images(25))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_kb * 1024, hard))
    try:
        with pytest.raises(OutputError) as caught:
            _write(path, images, clips.frame_times(25))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_no_frames_is_an_error_not_an_empty_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no frames"), VideoSink(tmp_path / "out.mp4", 96, 72, 30):
        pass
    assert list(tmp_path.iterdir()) == []


def test_wrong_pictures_and_times_are_refused(tmp_path: Path) -> None:
    image = clips.numbered_image(1)
    with pytest.raises(ValueError, match="expected uint8"):
        _write(tmp_path / "a.mp4", [image, image[:, :50]], [0.0, 1.0])
    with pytest.raises(ValueError, match="not after"):
        _write(tmp_path / "b.mp4", [image, image], [1.0, 1.0])
    assert list(tmp_path.iterdir()) == []
