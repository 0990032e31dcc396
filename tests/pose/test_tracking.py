"""From looked-at frames to the track: swaps, gaps, jumps, strangers, frames in between."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.conventions import BACK_POINT_COUNT, LANDMARK_INDEX
from rowsense.model import Frame, ObservationSeries, PoseTrack
from rowsense.pose.limbs import HIP_BACK_RATIO
from rowsense.pose.replay import ReplayPose, observations_from
from rowsense.pose.side_view import to_side_view
from rowsense.pose.tracking import assemble
from rowsense.settings import PoseSettings
from tests.pose.moving_rower import TRUNK_PX, landmarks, mirrored

FloatArray = NDArray[np.float64]
WRIST, KNEE, HIP = (LANDMARK_INDEX[f"right_{joint}"] for joint in ("wrist", "knee", "hip"))
FPS = 30.0


def clock(seconds: float = 6.0, fps: float = FPS) -> FloatArray:
    return np.arange(round(seconds * fps)) / fps


def track(time_s: FloatArray, xy: FloatArray, visibility: FloatArray, stride: int = 1) -> PoseTrack:
    seen = np.arange(0, len(time_s), stride)
    observations = observations_from(seen.tolist(), time_s[seen], xy[seen], visibility[seen])
    return assemble(observations, time_s, np.arange(len(time_s)), PoseSettings())


def test_a_clean_track_comes_through_unchanged() -> None:
    t = clock()
    xy, visibility = landmarks(t)
    out = track(t, xy, visibility)
    assert out.inferred.all()
    assert np.max(np.abs(out.xy_px - xy)[3:-3]) < 0.02 * TRUNK_PX
    assert np.sqrt(np.mean((out.xy_px - xy) ** 2)) < 0.003 * TRUNK_PX


@pytest.mark.parametrize(
    "joints", [("elbow", "wrist", "pinky", "index", "thumb"), ("knee", "ankle", "heel", "foot_index")]
)
def test_swapped_limbs_are_swapped_back(joints: tuple[str, ...]) -> None:
    t = clock()
    xy, visibility = landmarks(t, far_side_px=(40.0, -30.0))
    noisy = xy + np.random.default_rng(2).normal(0, 1.5, xy.shape)
    wrong, wrong_visibility = noisy.copy(), visibility.copy()
    for rows in (slice(12, 15), slice(40, 71), slice(120, 121)):
        for array in (wrong, wrong_visibility):
            for joint in joints:
                left, right = LANDMARK_INDEX[f"left_{joint}"], LANDMARK_INDEX[f"right_{joint}"]
                array[rows, left], array[rows, right] = array[rows, right].copy(), array[rows, left].copy()
    assert np.max(np.abs(wrong - xy)) > 35
    repaired, clean = track(t, wrong, wrong_visibility), track(t, noisy, visibility)
    np.testing.assert_allclose(repaired.xy_px, clean.xy_px, atol=1e-6)
    np.testing.assert_array_equal(repaired.visibility, clean.visibility)


def test_unseen_landmarks_are_missing_and_short_gaps_filled() -> None:
    t = clock()
    xy, visibility = landmarks(t)
    visibility[50:54, WRIST] = 0.1
    visibility[100:120, WRIST] = 0.1
    xy[visibility < 0.3] += 300.0  # what an unseen landmark says must not matter
    truth, _ = landmarks(t)
    out = track(t, xy, visibility)
    missing = np.flatnonzero(np.isnan(out.xy_px[:, WRIST, 0]))
    np.testing.assert_array_equal(missing, np.arange(100, 120))
    assert np.max(np.abs(out.xy_px[48:56, WRIST] - truth[48:56, WRIST])) < 0.02 * TRUNK_PX
    assert np.isfinite(out.xy_px[:, KNEE]).all()


def test_jumps_are_taken_out_but_fast_hands_are_not() -> None:
    t = clock()
    xy, visibility = landmarks(t, rate_spm=44)
    clean = track(t, xy, visibility).xy_px[:, WRIST]
    xy[70, WRIST] += (90.0, -60.0)
    xy[110:112, WRIST] += (-150.0, 40.0)
    hurt = track(t, xy, visibility).xy_px[:, WRIST]
    assert np.max(np.abs(hurt - clean)) < 0.03 * TRUNK_PX
    untouched = np.r_[0:60, 85:95, 130:180]
    assert np.max(np.abs(hurt - clean)[untouched]) < 0.5


def test_another_person_is_left_out() -> None:
    t = clock()
    xy, visibility = landmarks(t)
    other, _ = landmarks(t, feet_px=(1700.0, 650.0), trunk_px=150.0)
    xy[60:90] = other[60:90]
    out = track(t, xy, visibility)
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(out.xy_px[:, HIP, 0])), np.arange(60, 90))
    assert (out.visibility[60:90] == 0).all()


@pytest.mark.parametrize("stride", [2, 3])
def test_frames_in_between_are_marked_and_right(stride: int) -> None:
    t = clock(fps=60.0 if stride == 3 else 30.0)
    xy, visibility = landmarks(t)
    out, full = track(t, xy, visibility, stride), track(t, xy, visibility)
    np.testing.assert_array_equal(np.flatnonzero(out.inferred), np.arange(0, len(t), stride))
    last = np.flatnonzero(out.inferred)[-1]
    assert np.isnan(out.xy_px[last + 1 :]).all()
    inner = slice(15, last - 15)
    assert np.max(np.abs(out.xy_px[inner] - full.xy_px[inner])) < 0.004 * TRUNK_PX


def test_frames_without_anybody() -> None:
    t = clock(2.0)
    nobody = np.full((len(t), 33, 2), np.nan)
    out = track(t, nobody, np.zeros((len(t), 33)))
    assert np.isnan(out.xy_px).all()
    assert (out.visibility == 0).all()
    empty = assemble(ObservationSeries.blank(0), t, np.arange(len(t)), PoseSettings())
    assert np.isnan(empty.xy_px).all()
    assert not empty.inferred.any()


def test_back_line_is_smoothed_and_unseen_points_give_way() -> None:
    t = clock(3.0)
    xy, visibility = landmarks(t)
    rng = np.random.default_rng(4)
    share = np.linspace(0, 1, BACK_POINT_COUNT)[None, :, None]
    true_back = xy[:, [HIP]] * (1 - share) + xy[:, [LANDMARK_INDEX["right_shoulder"]]] * share
    back = true_back + rng.normal(0, 2.0, true_back.shape)
    seen = np.ones((len(t), BACK_POINT_COUNT))
    back[40:43, 20:30] += 15.0  # an elbow, marked unseen
    seen[40:43, 20:30] = 0.0
    observations = observations_from(list(range(len(t))), t, xy, visibility, back, seen)
    out = assemble(observations, t, np.arange(len(t)), PoseSettings())
    inner = slice(5, -5)
    assert np.std((out.back_xy_px - true_back)[inner]) < 0.75 * 2.0
    assert np.mean(np.abs((out.back_xy_px - true_back)[40:43, 20:30])) < 3.0
    assert out.back_seen[41, 25] == 0


def test_mirrored_rower_gives_the_same_side_view() -> None:
    width = 1920.0
    t = clock()
    xy, visibility = landmarks(t)
    right = to_side_view(track(t, xy, visibility), "right", "right", 2.0)
    flipped = mirrored(xy, width)
    left = to_side_view(track(t, flipped, mirrored_visibility(visibility)), "left", "left", -2.0)
    hip = right.joints["hip"]
    for name, joint in right.joints.items():
        np.testing.assert_allclose(left.joints[name] - left.joints["hip"], joint - hip, atol=1e-3, err_msg=name)
    np.testing.assert_allclose(left.confidence, right.confidence)


def mirrored_visibility(visibility: FloatArray) -> FloatArray:
    return mirrored(np.stack([visibility, visibility], axis=2), 0.0)[..., 1]


def test_side_view_is_upright_after_roll() -> None:
    """A rail filmed by a rolled camera comes out level, and up is up."""
    t = clock()
    xy, visibility = landmarks(t)
    angle = np.radians(5.0)  # picture turned clockwise: in y-down pixels (x, y) -> (x cos - y sin, x sin + y cos)
    turned = xy @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    view = to_side_view(track(t, turned, visibility), "right", "right", 5.0)
    assert np.ptp(view.joints["ankle"][:, 1]) < 0.5
    # The hip's joint centre lies a little off its landmark, in a direction that turns with the trunk.
    assert np.ptp(view.joints["hip"][:, 1]) < 2.2 * HIP_BACK_RATIO * TRUNK_PX * np.sin(np.radians(25.0))
    assert np.all(view.joints["shoulder"][:, 1] > view.joints["hip"][:, 1])
    assert np.all(view.joints["ankle"][:, 0] > view.joints["hip"][:, 0])


def test_missing_joints_lower_the_confidence() -> None:
    t = clock()
    xy, visibility = landmarks(t)
    visibility[100:130, KNEE] = 0.0
    view = to_side_view(track(t, xy, visibility), "right", "right", 0.0)
    assert view.confidence[50] == pytest.approx(1.0)
    assert view.confidence[115] == pytest.approx(5 / 6)
    assert np.isnan(view.joints["knee"][115]).all()


def test_replay_gives_back_what_was_stored() -> None:
    t = clock(1.0)
    xy, visibility = landmarks(t)
    stored = track(t, xy, visibility)
    image = np.zeros((4, 4, 3), np.uint8)
    with ReplayPose.from_track(stored) as replay:
        np.testing.assert_array_equal(replay.observe(Frame(7, 7 / FPS, image)).landmarks_px, stored.xy_px[7])
        assert not replay.observe(Frame(999, 33.3, image)).found
