"""Frames of every codec and container: which frame, when, which way up, and what it costs."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from rowsense.errors import VideoError
from rowsense.video import ReadingNotes, frame_table, presentation_times, probe, read_frames, split_ranges
from tests import clips

COUNT = 24


@pytest.fixture(scope="module")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="module")
def plain(clip_folder: Path) -> Path:
    """24 numbered frames at 30 per second with a keyframe at 0 and 12."""
    return clips.write_clip(clip_folder / "plain.mp4", clips.numbered_images(COUNT))


def numbers(path: Path, **options: object) -> list[int]:
    return [clips.read_number(frame.image) for frame in read_frames(path, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("codec", "suffix"),
    [
        ("h264", ".mp4"), ("h264", ".mov"), ("h264", ".mkv"), ("h264", ".avi"),
        ("hevc", ".mp4"), ("hevc", ".mov"), ("hevc10", ".mov"), ("h264_444", ".mp4"),
        ("av1", ".mp4"), ("av1", ".webm"), ("vp9", ".webm"), ("vp9", ".mkv"),
        ("mjpeg", ".avi"), ("mjpeg", ".mov"), ("mpeg4", ".avi"), ("mpeg4", ".mp4"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("fps", [Fraction(30), Fraction(30000, 1001)])
def test_each_frame_comes_with_its_own_time(clip_folder: Path, codec: str, suffix: str, fps: Fraction) -> None:
    path = clip_folder / f"{codec}_{fps.denominator}{suffix}"
    clips.write_clip(path, clips.numbered_images(COUNT), codec=codec, fps=fps)
    frames = list(read_frames(path))
    assert [clips.read_number(f.image) for f in frames] == list(range(COUNT))
    assert [f.index for f in frames] == list(range(COUNT))
    # Matroska keeps milliseconds: half of one is the best it can do.
    tolerance_s = 0.00051 if suffix in (".mkv", ".webm") else 1e-5
    np.testing.assert_allclose([f.time_s for f in frames], clips.frame_times(COUNT, fps), atol=tolerance_s)
    assert probe(path).fps == pytest.approx(float(fps), rel=1e-3)
    np.testing.assert_allclose(clips.read_patches(frames[5].image), clips.PATCH_COLOURS, atol=12)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("b_frames", [0, 3])
def test_variable_rate_keeps_every_time(clip_folder: Path, suffix: str, b_frames: int) -> None:
    times_s = clips.uneven_times(COUNT)
    path = clip_folder / f"uneven{b_frames}{suffix}"
    clips.write_clip(path, clips.numbered_images(COUNT), times_s=times_s, b_frames=b_frames)
    frames = list(read_frames(path))
    np.testing.assert_allclose([f.time_s for f in frames], times_s, atol=1e-5)
    np.testing.assert_allclose(presentation_times(path), times_s, atol=1e-5)
    assert [clips.read_number(f.image) for f in frames] == list(range(COUNT))
    assert probe(path).fps == pytest.approx((COUNT - 1) / times_s[-1], rel=1e-6)


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
def test_display_matrix_is_applied_once(clip_folder: Path, rotation_deg: int) -> None:
    path = clip_folder / f"turned{rotation_deg}.mp4"
    clips.write_clip(path, clips.numbered_images(6, 128, 80), rotation_deg=rotation_deg)
    info = probe(path)
    assert (info.rotation_deg, info.width_px, info.height_px) == (rotation_deg, 128, 80)
    frames = list(read_frames(path, info=info))
    assert [clips.read_number(f.image) for f in frames] == list(range(6))
    assert frames[0].image.shape == (80, 128, 3)
    shrunk = next(iter(read_frames(path, max_side_px=64)))
    assert shrunk.image.shape == (40, 64, 3)
    assert shrunk.source_px_per_px == 2.0
    np.testing.assert_allclose(clips.read_patches(shrunk.image), clips.PATCH_COLOURS, atol=12)


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
@pytest.mark.parametrize("box", [(10, 6, 90, 70), (33, 21, 128, 80)])
def test_crop_is_exact_in_upright_pixels(clip_folder: Path, rotation_deg: int, box: tuple[int, int, int, int]) -> None:
    path = clip_folder / f"crop{rotation_deg}.mp4"
    clips.write_clip(path, clips.numbered_images(2, 128, 80), rotation_deg=rotation_deg)
    whole = next(iter(read_frames(path))).image
    part = next(iter(read_frames(path, crop_px=box))).image
    x0, y0, x1, y1 = box
    assert part.shape == (y1 - y0, x1 - x0, 3)
    # Chroma of an odd offset lies half a sample aside; brightness must not move at all.
    grey_part, grey_whole = part.mean(axis=2), whole[y0:y1, x0:x1].mean(axis=2)
    assert np.abs(grey_part - grey_whole).mean() < 2.0
    step_part = np.abs(np.diff(grey_part[-12], axis=0)) > 80
    step_whole = np.abs(np.diff(grey_whole[-12], axis=0)) > 80
    np.testing.assert_array_equal(step_part, step_whole)


def test_crop_outside_the_picture_is_an_error(plain: Path) -> None:
    with pytest.raises(VideoError, match="outside"):
        next(iter(read_frames(plain, crop_px=(500, 0, 600, 50))))


def test_crop_then_shrink_tells_the_scale(plain: Path) -> None:
    frame = next(iter(read_frames(plain, crop_px=(0, 0, 96, 48), max_side_px=32)))
    assert frame.image.shape == (16, 32, 3)
    assert frame.source_px_per_px == 3.0
    assert next(iter(read_frames(plain, max_side_px=4000))).source_px_per_px == 1.0


@pytest.mark.parametrize("size", [(97, 71), (96, 71), (97, 72), (33, 35)])
def test_odd_sizes(clip_folder: Path, size: tuple[int, int]) -> None:
    path = clip_folder / "odd.mkv"
    clips.write_clip(path, clips.numbered_images(4, *size), codec="h264_444")
    info = probe(path)
    assert (info.width_px, info.height_px) == size
    assert numbers(path) == [0, 1, 2, 3]
    assert next(iter(read_frames(path, max_side_px=31))).image.shape[1 if size[0] > size[1] else 0] == 31


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".webm", ".avi"])
def test_sound_is_ignored(clip_folder: Path, suffix: str) -> None:
    path = clip_folder / f"sound{suffix}"
    clips.write_clip(path, clips.numbered_images(8), audio=True, codec="vp9" if suffix == ".webm" else "h264")
    assert numbers(path) == list(range(8))


@pytest.mark.parametrize("b_frames", [0, 3])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi"])
def test_a_range_starts_at_a_keyframe_and_still_counts_from_the_first_frame(
    clip_folder: Path, suffix: str, b_frames: int
) -> None:
    path = clip_folder / f"range{b_frames}{suffix}"
    clips.write_clip(path, clips.numbered_images(60), gop=10, b_frames=b_frames)
    for first in (0, 1, 9, 10, 11, 25, 59):
        frames = list(read_frames(path, first_frame=first, end_frame=first + 3))
        expected = list(range(first, min(60, first + 3)))
        assert [f.index for f in frames] == expected
        assert [clips.read_number(f.image) for f in frames] == expected
    frames = list(read_frames(path, from_s=1.0, to_s=1.2))
    assert [f.index for f in frames] == [30, 31, 32, 33, 34, 35]
    assert frames[0].time_s == pytest.approx(1.0, abs=1e-3)
    assert list(read_frames(path, from_s=50.0)) == []


def test_seeking_decodes_less_than_the_whole(clip_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = clips.write_clip(clip_folder / "many_keys.mp4", clips.numbered_images(60), gop=10)
    from rowsense.video import read

    decoded: list[int] = []
    real = read._decoded

    def counting(*arguments: object) -> object:
        for frame in real(*arguments):  # type: ignore[arg-type]
            decoded.append(frame.pts)
            yield frame

    monkeypatch.setattr(read, "_decoded", counting)
    assert numbers(path, first_frame=45, end_frame=47) == [45, 46]
    assert len(decoded) <= 10


def test_step_and_offset_pick_by_index(plain: Path) -> None:
    assert numbers(plain, step=3) == list(range(0, COUNT, 3))
    assert numbers(plain, step=3, offset=1) == list(range(1, COUNT, 3))
    assert numbers(plain, only={3, 4, 17, 99}) == [3, 4, 17]
    assert numbers(plain, step=2, offset=1, first_frame=13) == [13, 15, 17, 19, 21, 23]
    with pytest.raises(ValueError, match="step"):
        next(iter(read_frames(plain, step=0)))


@pytest.mark.parametrize("gop", [6, 10**6])
@pytest.mark.parametrize("parts", [1, 2, 3, 5])
def test_workers_share_a_video_without_gap_or_overlap(clip_folder: Path, gop: int, parts: int) -> None:
    path = clips.write_clip(clip_folder / f"shared{gop}.mp4", clips.numbered_images(50), gop=gop)
    ranges = split_ranges(frame_table(path), parts)
    assert len(ranges) == parts
    seen = [n for first, end in ranges for n in numbers(path, first_frame=first, end_frame=end)]
    assert seen == list(range(50))


def test_later_ranges_shrink_when_there_is_one_keyframe(clip_folder: Path) -> None:
    path = clips.write_clip(clip_folder / "one_key.mp4", clips.numbered_images(60), gop=10**6)
    (_, cut), (_, end) = split_ranges(frame_table(path), 2, decode_cost_ratio=0.2)
    costs = (cut, 0.2 * cut + (end - cut))
    assert end == 60
    assert abs(costs[0] - costs[1]) <= 1.5
    assert split_ranges(frame_table(path), 2, first=10, end=20)[-1][1] == 20
    assert split_ranges(frame_table(path), 2, first=70) == []


def test_slow_motion_tag_gives_real_time(clip_folder: Path) -> None:
    path = clip_folder / "slow.mp4"
    times_s = [t * 1.01 for t in clips.frame_times(COUNT)]
    clips.write_clip(path, clips.numbered_images(COUNT), times_s=times_s, metadata={"com.android.capture.fps": "240.0"})
    info = probe(path)
    assert info.speed == 8.0
    assert info.fps == pytest.approx(240.0, rel=0.02)
    assert info.duration_s == pytest.approx(COUNT / 240.0, rel=0.02)
    assert any("slow motion" in w for w in info.warnings)
    for frames in (list(read_frames(path, info=info)), list(read_frames(path))):
        np.testing.assert_allclose([f.time_s for f in frames], np.array(times_s) / 8.0, atol=1e-5)
    assert next(iter(read_frames(path, info=info, from_s=times_s[10]))).index == 10


def test_given_speed_wins_and_disagreement_is_said(clip_folder: Path, plain: Path) -> None:
    path = clip_folder / "slow2.mp4"
    clips.write_clip(path, clips.numbered_images(8), metadata={"com.android.capture.fps": "120"})
    info = probe(path, speed=2.0)
    assert info.speed == 2.0
    assert any("4" in w and "2" in w for w in info.warnings)
    untagged = probe(plain, speed=8.0)
    assert untagged.speed == 8.0
    assert untagged.warnings == ()
    assert [f.time_s for f in read_frames(plain, info=untagged)][8] == pytest.approx(8 / 240)


def test_hdr_and_full_range_colours(clip_folder: Path) -> None:
    bt2020 = {"colorspace": 9, "color_primaries": 9, "color_trc": 18, "color_range": 1}
    path = clip_folder / "hlg.mov"
    clips.write_clip(path, clips.numbered_images(4), codec="hevc10", colour=bt2020)
    frame = next(iter(read_frames(path)))
    assert frame.image.dtype == np.uint8
    assert clips.read_patches(frame.image).argmax(axis=1).tolist() == [0, 1, 2]
    assert numbers(path) == [0, 1, 2, 3]


@pytest.mark.parametrize(("size", "matrix"), [((1280, 720), "ITU709"), ((320, 240), "ITU601")])
def test_untagged_colours_are_read_as_players_do(clip_folder: Path, size: tuple[int, int], matrix: str) -> None:
    path = clip_folder / f"untagged{size[0]}.mp4"
    clips.write_clip(path, clips.numbered_images(1, *size), matrix=matrix)
    patches = clips.read_patches(next(iter(read_frames(path))).image)
    np.testing.assert_allclose(patches, clips.PATCH_COLOURS, atol=5)


def test_frames_trimmed_away_by_an_edit_list_do_not_count(clip_folder: Path) -> None:
    whole = clips.write_clip(clip_folder / "untrimmed.mp4", clips.numbered_images(30), gop=10)
    path = clips.trim_start(whole, clip_folder / "trimmed.mp4", frames=6)
    frames = list(read_frames(path))
    assert [clips.read_number(f.image) for f in frames] == list(range(6, 30))
    assert [f.index for f in frames] == list(range(24))
    assert frames[0].time_s == 0.0
    assert probe(path).frame_count == 24
    assert numbers(path, first_frame=15, end_frame=17) == [21, 22]


def test_repeated_and_backward_times_are_dropped_and_counted(clip_folder: Path) -> None:
    path = clips.write_with_times(clip_folder / "repeat.mkv", [0, 33, 67, 67, 100, 133, 133, 167])
    notes = ReadingNotes()
    frames = list(read_frames(path, notes=notes))
    assert [clips.read_number(f.image) for f in frames] == [0, 1, 2, 4, 5, 7]
    assert np.all(np.diff([f.time_s for f in frames]) > 0)
    assert [f.index for f in frames] == [0, 1, 2, 3, 4, 5]
    assert notes.out_of_order == 2
    assert any("repeat" in w for w in probe(path).warnings)


def test_truncated_file_gives_what_is_there_and_says_so(clip_folder: Path) -> None:
    whole = clips.write_clip(clip_folder / "whole.mp4", clips.noisy_numbered_images(40), gop=8)
    first = clips.move_index_first(whole, clip_folder / "index_first.mp4")
    cut = clips.truncate(first, clip_folder / "cut.mp4", 0.6)
    heard: list[str] = []
    frames = list(read_frames(cut, on_warning=heard.append))
    assert 15 <= len(frames) <= 30
    assert [clips.read_number(f.image) for f in frames] == list(range(len(frames)))
    # What comes out is whole: no frame with its lower half guessed from the one before.
    for frame, original in zip(frames, read_frames(first), strict=False):
        np.testing.assert_array_equal(frame.image, original.image)
    info = probe(cut)
    assert any("cut short" in w for w in info.warnings)
    assert abs((info.frame_count or 0) - len(frames)) <= 1


def test_damaged_middle_is_left_out_and_the_rest_keeps_its_place(clip_folder: Path) -> None:
    whole = clips.write_clip(clip_folder / "whole2.mp4", clips.noisy_numbered_images(40), gop=8)
    bad = clips.overwrite_middle(whole, clip_folder / "bad.mp4", first_ratio=0.4, last_ratio=0.5)
    frames = list(read_frames(bad))
    assert frames[0].index == 0
    assert frames[-1].index == 39
    by_index = {f.index: clips.read_number(f.image) for f in frames}
    assert all(by_index[k] == k for k in (0, 5, 10, 32, 35, 39))


def test_frames_known_to_be_damaged_are_left_out(clip_folder: Path) -> None:
    whole = clips.write_clip(clip_folder / "whole3.mp4", clips.noisy_numbered_images(40), gop=8, codec="mpeg4")
    bad = clips.flip_bytes(whole, clip_folder / "bad3.mp4", count=12)
    notes = ReadingNotes()
    frames = list(read_frames(bad, notes=notes))
    assert notes.damaged > 3
    assert len(frames) == 40 - notes.damaged
    assert any(f"{notes.damaged} damaged" in sentence for sentence in notes.sentences)


def test_no_file_stays_open(plain: Path) -> None:
    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    if not Path("/proc/self/fd").exists():
        pytest.skip("needs /proc")
    before = open_files()
    iterator = read_frames(plain)
    next(iterator)
    assert open_files() > before
    iterator.close()  # type: ignore[attr-defined]
    probe(plain)
    list(read_frames(plain))
    with pytest.raises(VideoError, match="outside"):
        list(read_frames(plain, crop_px=(500, 0, 600, 50)))
    assert open_files() == before


def test_memory_does_not_grow_with_length(clip_folder: Path) -> None:
    if not Path("/proc/self/statm").exists():
        pytest.skip("needs /proc")

    def resident_mb() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    path = clips.write_clip(clip_folder / "long.mp4", clips.numbered_images(900, 320, 240), gop=30)
    sizes = []
    for frame in read_frames(path):
        if frame.index in (150, 899):
            sizes.append(resident_mb())
    # 750 pictures of 320x240 would be 165 MB.
    assert sizes[1] - sizes[0] < 20.0


def test_anamorphic_pixels_are_made_square(clip_folder: Path) -> None:
    path = clips.write_clip(clip_folder / "wide.mkv", clips.numbered_images(3, 96, 72), pixel_ratio=Fraction(4, 3))
    info = probe(path)
    assert (info.width_px, info.height_px) == (128, 72)
    frames = list(read_frames(path))
    assert frames[0].image.shape == (72, 128, 3)
    assert [clips.read_number(f.image) for f in frames] == [0, 1, 2]


def test_a_mirrored_display_matrix_is_shown_as_players_do(clip_folder: Path) -> None:
    path = clips.write_clip(
        clip_folder / "selfie.mp4", (image[:, ::-1] for image in clips.numbered_images(3)), mirror_matrix=True
    )
    assert any("mirror" in w for w in probe(path).warnings)
    assert numbers(path) == [0, 1, 2]


@pytest.mark.skipif(not hasattr(os, "sched_getscheduler"), reason="this system has no scheduling policies")
def test_writing_a_test_clip_leaves_the_scheduling_as_it_was(tmp_path: Path) -> None:
    before = os.sched_getscheduler(0)
    clips.write_clip(tmp_path / "a.mp4", clips.numbered_images(3), codec="av1")
    assert os.sched_getscheduler(0) == before
