"""The real network on a few frames of real footage."""

from __future__ import annotations

import os
from dataclasses import replace
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
from rowsense.pose.region import Region, RegionPlan, invert
from rowsense.pose.scout import scout
from tests.stills import observe_still

Image = NDArray[np.uint8]
#: Where the rower of the clip is at first.
AT = Region((700.0, 560.0), 1368.0)
TRUNK_PX = 326.0
NEAR = [LANDMARK_INDEX[f"right_{joint}"] for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")]


@pytest.fixture(scope="module")
def pictures(real_clip: Path) -> list[Image]:
    """Every second frame at half size, RGB."""
    with av.open(str(real_clip)) as container:
        frames = [f.to_ndarray(format="rgb24") for f in container.decode(video=0)]
    return [cv2.resize(f, (960, 540), interpolation=cv2.INTER_AREA).astype(np.uint8) for f in frames[::2]]


def as_frames(pictures: list[Image], scale: float = 2.0) -> list[Frame]:
    return [Frame(2 * i, i / 15, np.ascontiguousarray(p), scale) for i, p in enumerate(pictures)]


def looked_at(
    model: Path, pictures: list[Image], *, mirror: bool = False, region: Region = AT
) -> list[PoseObservation]:
    """Every picture in one region."""
    with MediaPipePose(model, mirror=mirror) as pose:
        return [pose.observe(frame, region) for frame in as_frames(pictures)]


def test_mirrored_clip_gives_the_mirrored_landmarks_and_silhouette(pose_model: Path, pictures: list[Image]) -> None:
    at = replace(AT, turn_deg=12.0)
    other_at = Region((1920.0 - AT.centre_px[0], AT.centre_px[1]), AT.side_px, -12.0)
    plain = looked_at(pose_model, pictures[:4], region=at)
    flipped = looked_at(pose_model, [p[:, ::-1] for p in pictures[:4]], mirror=True, region=other_at)
    for one, other in zip(plain, flipped, strict=True):
        back = other.landmarks_px[OTHER_SIDE] * (-1, 1) + (1920, 0)
        np.testing.assert_allclose(back, one.landmarks_px, atol=2.0)  # of a trunk of 326: the warp rounds otherwise
        np.testing.assert_allclose(other.visibility[OTHER_SIDE], one.visibility, atol=0.05)
        assert one.mask is not None
        assert other.mask is not None
        assert np.mean((one.mask > 0.5) != (other.mask > 0.5)) < 0.002
        to_picture, other_to_picture = one.mask_to_picture, other.mask_to_picture
        np.testing.assert_allclose(other_to_picture * [[-1], [1]] + [[0, 0, 1920], [0, 0, 0]], to_picture, atol=1e-9)


def test_every_frame_stands_for_itself(pose_model: Path, pictures: list[Image]) -> None:
    all_of_them = looked_at(pose_model, pictures[:6])
    every_second = looked_at(pose_model, pictures[:6:2])
    for one, other in zip(all_of_them[::2], every_second, strict=True):
        np.testing.assert_array_equal(one.landmarks_px, other.landmarks_px)
        np.testing.assert_array_equal(one.mask, other.mask)


@pytest.mark.parametrize("turn_deg", [-20.0, 25.0])
def test_a_turned_region_finds_the_same_body(pose_model: Path, pictures: list[Image], turn_deg: float) -> None:
    level = looked_at(pose_model, pictures[:1])[0]
    turned = looked_at(pose_model, pictures[:1], region=replace(AT, turn_deg=turn_deg))[0]
    away = np.linalg.norm(level.landmarks_px[NEAR] - turned.landmarks_px[NEAR], axis=1)
    assert np.median(away) < 0.1 * TRUNK_PX  # joints, by the network's own unevenness
    assert np.median(np.abs(_outline_gap(level, turned))) < 0.03 * TRUNK_PX


def _outline_gap(one: PoseObservation, other: PoseObservation) -> NDArray[np.float64]:
    return _back_of(one) - _back_of(other)


def test_silhouette_is_where_the_picture_has_it(pose_model: Path, pictures: list[Image]) -> None:
    """Seen directly and seen mirrored, the back is at the same place: half a mask pixel of slip would show twice."""
    changes = []
    for picture in pictures[::3]:
        with MediaPipePeople(pose_model, max_people=1) as people:
            (found,) = people.find(as_frames([picture])[0])
        at = RegionPlan.of(found.landmarks_px[None], (0, 0, 1920, 1080), "right").start
        plain, flipped = (looked_at(pose_model, [picture], mirror=mirror, region=at)[0] for mirror in (False, True))
        assert plain.mask is not None
        assert 0.0 <= plain.mask.min() < plain.mask.max() <= 1.0
        changes.append(_outline_gap(plain, flipped))
    mask_pixel = AT.side_px / 256
    assert abs(float(np.median(changes))) < 0.5 * mask_pixel


def _back_of(seen: PoseObservation) -> NDArray[np.float64]:
    """Picture x where the silhouette begins, at heights between hip and shoulder."""
    assert seen.mask is not None
    to_mask = invert(seen.mask_to_picture)
    x = np.arange(0.0, 1920.0, 0.5)
    shoulder, hip = seen.landmarks_px[NEAR[0]], seen.landmarks_px[NEAR[3]]
    found = []
    for y in np.linspace(shoulder[1] + 0.3 * (hip[1] - shoulder[1]), hip[1], 20):
        at = np.stack([x, np.full_like(x, y)], axis=1) @ to_mask[:, :2].T + to_mask[:, 2] - 0.5
        line = cv2.remap(seen.mask, at[None, :, 0].astype(np.float32), at[None, :, 1].astype(np.float32), 1)[0]
        found.append(x[int(np.argmax(line > 0.5))])
    return np.array(found)


def test_nobody_is_nan_and_not_guessed(pose_model: Path) -> None:
    seen = looked_at(pose_model, [np.full((540, 960, 3), 128, np.uint8)])[0]
    assert not seen.found
    assert np.isnan(seen.landmarks_px).all()
    assert (seen.visibility == 0).all()
    assert seen.mask is None


def test_pose_is_found_in_all_stills(pose_model: Path, real_stills: list[Path]) -> None:
    near = [LANDMARK_INDEX[f"left_{joint}"] for joint in ("shoulder", "wrist", "hip", "knee", "ankle")]
    assert len(real_stills) == 7
    for path in real_stills:
        picture = np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])
        seen = observe_still(picture, pose_model)
        assert seen.visibility[near].min() > 0.7, path.name
        shoulder, wrist, hip, knee, ankle = seen.landmarks_px[near]
        assert ankle[0] < knee[0] < hip[0], path.name
        assert shoulder[1] < hip[1], path.name
        assert wrist[0] < hip[0] + 0.1 * np.hypot(*(shoulder - hip)), path.name


def test_native_chatter_is_held_back_and_errors_are_not(pose_model: Path, capfd: pytest.CaptureFixture[str]) -> None:
    os.write(2, b"before\n")
    looked_at(pose_model, [np.full((540, 960, 3), 128, np.uint8)])
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "before\nafter\n"


def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    broken = tmp_path / "broken.task"
    broken.write_bytes(b"not a model")
    with pytest.raises(ModelError, match=r"broken\.task"):
        MediaPipePose(broken, mirror=False)


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
