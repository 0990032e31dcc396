"""From looked-at frames to the track: swaps, gaps, jumps, strangers, frames in between."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.conventions import BACK_POINT_COUNT, LANDMARK_INDEX
from rowsense.model import Frame, ObservationSeries, PoseTrack
from rowsense.pose.limbs import OFFSETS
from rowsense.pose.repair import jumps, unswap_sides
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


@pytest.mark.parametrize("step", [1, 2])
def test_arms_that_follow_each_other_are_not_swapped(step: int) -> None:
    """The far hand a little behind the near one on the same line: both travel as far crossed over as not."""
    t = clock(20.0)[::step]
    xy, visibility = landmarks(t, far_side_px=(-14.0, 0.0))
    noisy = xy + np.random.default_rng(5).normal(0, 0.015 * TRUNK_PX, xy.shape)
    kept, seen, repaired = unswap_sides(noisy, visibility)
    assert repaired == 0
    np.testing.assert_array_equal(kept, noisy)
    np.testing.assert_array_equal(seen, visibility)


@pytest.mark.parametrize("step", [1, 2])
def test_a_hand_is_out_by_the_same_with_every_frame_and_every_second(step: int) -> None:
    """Out by 0.17 trunk lengths it stays, by 0.5 it goes: else the stride decides what the events are found from."""
    t = clock()[::step]
    for out_ratio, taken in ((0.17, False), (0.5, True)):
        xy, _ = landmarks(t, rate_spm=20.0)
        xy[60 // step :: 120 // step, WRIST, 0] += out_ratio * TRUNK_PX
        assert jumps(xy, t, TRUNK_PX)[60 // step, WRIST] == taken


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


def test_a_rower_whose_far_foot_is_put_elsewhere_stays() -> None:
    t = clock()
    xy, visibility = landmarks(t)
    xy[60:90, LANDMARK_INDEX["left_ankle"]] += (4.0 * TRUNK_PX, 0.0)
    assert np.isfinite(track(t, xy, visibility).xy_px[:, HIP]).all()
    xy[60:90, LANDMARK_INDEX["right_ankle"]] += (4.0 * TRUNK_PX, 0.0)
    assert np.isnan(track(t, xy, visibility).xy_px[60:90, HIP]).all()


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
    assert empty.spine_deg is not None
    assert empty.spine_deg.shape == (len(t), 3)
    assert np.isnan(empty.spine_deg).all()
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


def _read_track(
    t: FloatArray, read: FloatArray, sd: FloatArray, rows: slice = slice(None), strangers: slice | None = None
) -> PoseTrack:
    """The track of a rower of whom this pelvis and spine were read in the looked-at ``rows``."""
    xy, visibility = landmarks(t)
    if strangers is not None:
        xy[strangers] = landmarks(t, feet_px=(1700.0, 650.0), trunk_px=150.0)[0][strangers]
    seen = observations_from(np.arange(len(t))[rows].tolist(), t[rows], xy[rows], visibility[rows])
    seen = replace(seen, spine_deg=read[rows].astype(np.float32), spine_sd_deg=sd[rows].astype(np.float32))
    return assemble(seen, t, np.arange(len(t)), PoseSettings())


def _spine(t: FloatArray) -> FloatArray:
    phase = np.pi * t  # 30 strokes a minute, as ``landmarks`` has it
    return np.stack([-40 + 15 * np.cos(phase), 20 + 12 * np.sin(phase), 5 + 4 * np.cos(phase)], axis=1)


def test_spine_readings_are_smoothed_without_delay() -> None:
    t = clock()
    truth, sd = _spine(t), np.full((len(t), 3), 4.0)
    noisy = truth + np.random.default_rng(5).normal(0, 3.0, truth.shape)
    clean, out = _read_track(t, truth, sd), _read_track(t, noisy, sd)
    assert clean.spine_deg is not None and out.spine_deg is not None and out.spine_sd_deg is not None
    inner = slice(8, -8)
    assert np.abs((clean.spine_deg - truth)[inner]).max() < 0.5
    assert np.std((out.spine_deg - truth)[inner]) < 0.75 * 3.0
    np.testing.assert_allclose(out.spine_sd_deg, 4.0)
    assert (out.spine_deg.dtype, out.spine_sd_deg.dtype) == (np.float32, np.float32)


def test_spine_readings_between_looked_at_frames_are_filled() -> None:
    t = clock()
    truth = _spine(t)
    out = _read_track(t, truth, np.full((len(t), 3), 4.0), slice(0, None, 2))
    assert out.spine_deg is not None
    assert np.isnan(out.spine_deg[-1]).all()
    assert np.abs((out.spine_deg - truth)[8:-8]).max() < 0.6


def test_a_sure_reading_counts_more_than_a_doubtful_one() -> None:
    t = clock()
    truth, sd = _spine(t), np.full((len(t), 3), 4.0)
    wrong = truth.copy()
    wrong[60:63] += 25.0
    doubtful = sd.copy()
    doubtful[60:63] = 20.0
    believed, doubted = _read_track(t, wrong, sd), _read_track(t, wrong, doubtful)
    assert believed.spine_deg is not None and doubted.spine_deg is not None and doubted.spine_sd_deg is not None
    error, error_doubted = (np.abs((one.spine_deg - truth)[55:68]).max(axis=0) for one in (believed, doubted))
    assert (error > 10.0).all()
    assert (error_doubted < 0.4 * error).all()
    np.testing.assert_allclose(doubted.spine_sd_deg[60:63], 20.0)
    np.testing.assert_allclose(doubted.spine_sd_deg[:58], 4.0)


def test_what_was_not_read_stays_missing_and_short_gaps_are_filled() -> None:
    t = clock()
    truth, sd = _spine(t), np.full((len(t), 3), 4.0)
    read = truth.copy()
    read[50:53] = np.nan
    read[100:125] = np.nan
    sd[np.isnan(read)] = np.nan
    out = _read_track(t, read, sd)
    assert out.spine_deg is not None and out.spine_sd_deg is not None
    for values in (out.spine_deg, out.spine_sd_deg):
        np.testing.assert_array_equal(np.flatnonzero(np.isnan(values).any(axis=1)), np.arange(100, 125))
    assert np.abs((out.spine_deg - truth)[45:58]).max() < 1.5
    nothing = _read_track(t, np.full_like(read, np.nan), np.full_like(sd, np.nan))
    assert nothing.spine_deg is not None and nothing.spine_sd_deg is not None
    assert np.isnan(nothing.spine_deg).all()
    assert np.isnan(nothing.spine_sd_deg).all()


def test_another_persons_spine_is_left_out() -> None:
    t = clock()
    read = _spine(t)
    read[60:90] += 50.0
    out = _read_track(t, read, np.full((len(t), 3), 4.0), strangers=slice(60, 90))
    assert out.spine_deg is not None
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(out.spine_deg[:, 0])), np.arange(60, 90))
    assert np.abs((out.spine_deg - _spine(t))[8:60]).max() < 1.0


def test_side_view_takes_the_roll_out_of_the_tilt_alone() -> None:
    """A picture turned clockwise leans everybody to its right: towards the flywheel of those who face right."""
    t = clock(2.0)
    stored = _read_track(t, _spine(t), np.full((len(t), 3), 4.0))
    assert stored.spine_deg is not None
    for facing, towards in (("right", 2.0), ("left", -2.0)):
        view = to_side_view(stored, facing, facing, 2.0)
        assert view.spine_deg is not None and view.spine_sd_deg is not None
        np.testing.assert_allclose(view.spine_deg, stored.spine_deg - [towards, 0.0, 0.0], atol=1e-5)
        np.testing.assert_allclose(view.spine_sd_deg, 4.0)
    assert to_side_view(replace(stored, spine_deg=None, spine_sd_deg=None), "right", "right", 2.0).spine_deg is None


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
    assert (
        np.ptp(view.joints["ankle"][:, 1])
        < 2.2 * (abs(OFFSETS["ankle"][1][1]) + abs(OFFSETS["ankle"][2][1])) * TRUNK_PX
    )
    # The hip's joint centre lies a little off its landmark, by how much goes with the posture.
    assert np.ptp(view.joints["hip"][:, 1]) < 2.0 * sum(abs(up) for _, up in OFFSETS["hip"][1:]) * TRUNK_PX
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
