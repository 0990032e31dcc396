"""The real network on a few frames of real footage."""

from __future__ import annotations

import os
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_INDEX
from rowsense.errors import ModelError, NotMeasurableError
from rowsense.model import Frame, PoseObservation
from rowsense.pose.mediapipe_estimator import OTHER_SIDE, MediaPipePeople, MediaPipePose
from rowsense.pose.scout import scout

Image = NDArray[np.uint8]
CROP_PX = (48, 16, 1312, 968)
NEAR = [LANDMARK_INDEX[f"right_{joint}"] for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")]


@pytest.fixture(scope="module")
def pictures(real_clip: Path) -> list[Image]:
    """Every second frame at half size, RGB."""
    with av.open(str(real_clip)) as container:
        frames = [f.to_ndarray(format="rgb24") for f in container.decode(video=0)]
    return [cv2.resize(f, (960, 540), interpolation=cv2.INTER_AREA).astype(np.uint8) for f in frames[::2]]


def as_frames(pictures: list[Image], scale: float = 2.0) -> list[Frame]:
    return [Frame(2 * i, i / 15, np.ascontiguousarray(p), scale) for i, p in enumerate(pictures)]


def followed(
    model: Path, pictures: list[Image], *, mirror: bool = False, crop: tuple[int, int, int, int] | None = CROP_PX
) -> list[PoseObservation]:
    with MediaPipePose(model, mirror=mirror, crop_px=crop) as pose:
        return [pose.observe(frame) for frame in as_frames(pictures)]


def test_mirrored_clip_gives_the_mirrored_landmarks_and_silhouette(pose_model: Path, pictures: list[Image]) -> None:
    plain = followed(pose_model, pictures[:4])
    crop = (1920 - CROP_PX[2], CROP_PX[1], 1920 - CROP_PX[0], CROP_PX[3])
    flipped = followed(pose_model, [p[:, ::-1] for p in pictures[:4]], mirror=True, crop=crop)
    for one, other in zip(plain, flipped, strict=True):
        back = other.landmarks_px[OTHER_SIDE] * (-1, 1) + (1920, 0)
        np.testing.assert_allclose(back, one.landmarks_px, atol=1e-6)
        np.testing.assert_array_equal(other.visibility[OTHER_SIDE], one.visibility)
        assert one.mask is not None
        assert other.mask is not None
        np.testing.assert_array_equal(one.mask, other.mask)
        (sx, ox, *rows), (flipped_sx, flipped_ox, *flipped_rows) = one.mask_to_picture, other.mask_to_picture
        assert (flipped_sx, flipped_ox, flipped_rows) == (-sx, 1920 - ox, rows)


def test_silhouette_is_where_the_picture_has_it(pose_model: Path, pictures: list[Image]) -> None:
    """Seen directly and seen mirrored, the back is at the same place: half a mask pixel of slip would show twice."""
    changes = []
    for picture in pictures[::3]:
        plain, flipped = (followed(pose_model, [picture], mirror=mirror)[0] for mirror in (False, True))
        assert plain.mask is not None
        assert 0.0 <= plain.mask.min() < plain.mask.max() <= 1.0
        changes.append(_back_of(plain) - _back_of(flipped))
    mask_pixel = 2.47  # source pixels
    assert abs(float(np.median(changes))) < 0.5 * mask_pixel


def _back_of(seen: PoseObservation) -> NDArray[np.float64]:
    """Picture x where the silhouette begins, at heights between hip and shoulder."""
    assert seen.mask is not None
    sx, ox, sy, oy = seen.mask_to_picture
    shoulder, hip = seen.landmarks_px[NEAR[0]], seen.landmarks_px[NEAR[3]]
    found = []
    columns = np.arange(seen.mask.shape[1])[:: 1 if sx > 0 else -1]  # from left to right in the picture
    for y in np.linspace(shoulder[1] + 0.3 * (hip[1] - shoulder[1]), hip[1], 20):
        row = (y - oy) / sy - 0.5
        low = int(row)
        line = seen.mask[low] * (low + 1 - row) + seen.mask[low + 1] * (row - low)
        inside = int(np.argmax(line[columns] > 0.5))
        k, before = columns[inside], columns[inside - 1]
        column = k + (before - k) * (line[k] - 0.5) / (line[k] - line[before])
        found.append(sx * (column + 0.5) + ox)
    return np.array(found)


def test_following_does_not_lag_behind_single_pictures(pose_model: Path, real_clip: Path) -> None:
    """The video mode's own smoothing would delay these joints by 5 to 10 ms."""
    with av.open(str(real_clip)) as container:
        frames = [f.to_ndarray(format="rgb24") for f in container.decode(video=0)]
    small = [cv2.resize(f, (640, 360), interpolation=cv2.INTER_AREA).astype(np.uint8) for f in frames]
    with MediaPipePose(pose_model, mirror=False, crop_px=None, want_mask=False) as pose:
        video = np.array([pose.observe(frame).landmarks_px for frame in as_frames(small, 3.0)])
    with MediaPipePeople(pose_model, max_people=1) as single:
        pictures = np.array([single.find(frame)[0].landmarks_px for frame in as_frames(small, 3.0)])
    lags_s = []
    for joint in ("ear", "shoulder", "elbow", "wrist", "hip"):
        x, y = (a[4:, LANDMARK_INDEX[f"right_{joint}"], 0] for a in (pictures, video))
        speed = np.gradient(x, 1 / 30)
        centred = speed - speed.mean()
        lags_s.append(-float(np.dot(centred, y - x) / np.dot(centred, centred)))
    assert abs(np.mean(lags_s)) < 0.0025, lags_s


def test_nobody_is_nan_and_not_guessed(pose_model: Path) -> None:
    seen = followed(pose_model, [np.full((540, 960, 3), 128, np.uint8)], crop=None)[0]
    assert not seen.found
    assert np.isnan(seen.landmarks_px).all()
    assert (seen.visibility == 0).all()
    assert seen.mask is None


def test_pose_is_found_in_all_stills(pose_model: Path, real_stills: list[Path]) -> None:
    near = [LANDMARK_INDEX[f"left_{joint}"] for joint in ("shoulder", "wrist", "hip", "knee", "ankle")]
    assert len(real_stills) == 7
    for path in real_stills:
        picture = np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])
        with MediaPipePose(pose_model, mirror=True, crop_px=None) as pose:
            seen = pose.observe(Frame(0, 0.0, picture))
        assert seen.visibility[near].min() > 0.7, path.name
        shoulder, wrist, hip, knee, ankle = seen.landmarks_px[near]
        assert ankle[0] < knee[0] < hip[0], path.name
        assert shoulder[1] < hip[1], path.name
        assert wrist[0] < hip[0], path.name


def test_native_chatter_is_held_back_and_errors_are_not(pose_model: Path, capfd: pytest.CaptureFixture[str]) -> None:
    os.write(2, b"before\n")
    followed(pose_model, [np.full((540, 960, 3), 128, np.uint8)], crop=None)
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "before\nafter\n"


def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    broken = tmp_path / "broken.task"
    broken.write_bytes(b"not a model")
    with pytest.raises(ModelError, match=r"broken\.task"):
        MediaPipePose(broken, mirror=False, crop_px=None)


def composed(near: Image, far: Image) -> Image:
    """A second, smaller rower at the upper right."""
    out = near.copy()
    small = cv2.resize(far[30:450, 50:700], None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    out[20 : 20 + small.shape[0], 960 - small.shape[1] :] = small
    return out


def test_scout_on_a_picture_with_two_rowers(pose_model: Path, pictures: list[Image]) -> None:
    both = [composed(p, pictures[(i + 9) % len(pictures)]) for i, p in enumerate(pictures)]
    near = scout(as_frames(both), pose_model)
    assert len(near.people) == 2
    assert (near.facing, near.near_side) == ("right", "right")
    assert near.crop_px[0] < 100
    far = scout(as_frames(both), pose_model, rower=2)
    assert far.chosen.trunk_px == pytest.approx(0.6 * near.chosen.trunk_px, rel=0.06)
    assert far.crop_px[0] > 960


def test_scout_on_the_mirrored_clip_gives_the_mirrored_answer(pose_model: Path, pictures: list[Image]) -> None:
    chosen = pictures[::2]
    plain = scout(as_frames(chosen), pose_model)
    flipped = scout(as_frames([p[:, ::-1] for p in chosen]), pose_model)
    assert (plain.facing, flipped.facing) == ("right", "left")
    assert (plain.near_side, flipped.near_side) == ("right", "left")
    assert flipped.crop_px == (1920 - plain.crop_px[2], plain.crop_px[1], 1920 - plain.crop_px[0], plain.crop_px[3])
    assert plain.warnings == ()


def test_scout_refuses_a_rower_whose_back_leaves_the_picture(pose_model: Path, pictures: list[Image]) -> None:
    with pytest.raises(NotMeasurableError, match="cut off"):
        scout(as_frames([p[:, 180:] for p in pictures]), pose_model)
