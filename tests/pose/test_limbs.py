"""Joint centres from landmarks: habits of the network, bones that keep their lengths, arms that do not fold."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.pose.limbs import (
    BEND_ONE_DEG,
    BEND_ZERO_DEG,
    BONE_SHARE,
    LEAN_ONE_DEG,
    NEARER_RATIO,
    OFFSETS,
    joint_centres,
    knee_centre,
    nearer_px,
    only_seen_limbs,
    posture,
    trunk_px,
    with_seated_hip,
    without_folded_arms,
    without_lost_legs,
)  # fmt: skip
from rowsense.studies.joint_habits import TERMS, SeenRower, fit_offsets

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
THIGH_PX, SHANK_PX = 160.0, 170.0


def leg(knee_deg: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Hip, knee and ankle (T, 2) of a rigid leg in the canonical side view, hip and ankle on a level line."""
    knee = np.radians(knee_deg)
    span = np.sqrt(THIGH_PX**2 + SHANK_PX**2 - 2 * THIGH_PX * SHANK_PX * np.cos(knee))
    along = (THIGH_PX**2 - SHANK_PX**2 + span**2) / (2 * span)
    hip = np.stack([-span, np.zeros_like(span)], axis=1)
    joint = hip + np.stack([along, np.sqrt(np.maximum(THIGH_PX**2 - along**2, 0.0))], axis=1)
    return hip, joint, np.zeros_like(hip)


def angle_deg(hip: FloatArray, knee: FloatArray, ankle: FloatArray) -> FloatArray:
    a, b = hip - knee, ankle - knee
    cosine = (a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


STROKE_DEG = 115.0 - 60.0 * np.cos(np.linspace(0, 4 * np.pi, 120))


def test_a_rigid_leg_is_left_alone() -> None:
    hip, knee, ankle = leg(STROKE_DEG)
    np.testing.assert_allclose(knee_centre(hip, knee, ankle), knee, atol=1e-6)


def test_a_knee_that_slips_at_the_catch_is_put_back_in_part() -> None:
    hip, knee, ankle = leg(STROKE_DEG)
    bent = STROKE_DEG < 75
    slipped = knee - np.where(bent, 18.0, 0.0)[:, None] * np.array([0.0, 1.0])
    off_before = np.mean(angle_deg(hip, slipped, ankle)[bent] - STROKE_DEG[bent])
    off_after = np.mean(angle_deg(hip, knee_centre(hip, slipped, ankle), ankle)[bent] - STROKE_DEG[bent])
    assert off_before > 4
    assert off_after == pytest.approx((1 - BONE_SHARE) * off_before, abs=1.0)


def test_a_straight_leg_keeps_its_landmark() -> None:
    hip, knee, ankle = leg(STROKE_DEG)
    straight = STROKE_DEG > 155
    moved = knee + straight[:, None] * np.array([2.0, -3.0])
    np.testing.assert_array_equal(knee_centre(hip, moved, ankle)[straight], moved[straight])


def test_missing_stays_missing_and_too_little_is_left_alone() -> None:
    hip, knee, ankle = leg(STROKE_DEG)
    hip[30:35], knee[60:62] = np.nan, np.nan
    out = knee_centre(hip, knee, ankle)
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(out[:, 0])), [*range(30, 35), 60, 61])
    few = slice(0, 5)
    np.testing.assert_array_equal(knee_centre(hip[few], knee[few], ankle[few]), knee[few])


def body() -> dict[str, FloatArray]:
    """Two strokes of a rower whose joints are known, trunk 200 px, leaning 20 deg back and forth."""
    hip, knee, ankle = leg(STROKE_DEG)
    lean = np.radians(20.0 * np.sin(np.linspace(0, 4 * np.pi, len(hip))))
    shoulder = hip + 200.0 * np.stack([np.sin(lean), np.cos(lean)], axis=1)
    elbow = shoulder + np.array([80.0, -60.0])
    joints = {"hip": hip, "knee": knee, "ankle": ankle, "shoulder": shoulder, "elbow": elbow}
    return {**joints, "wrist": elbow + np.array([90.0, 10.0]), "ear": shoulder + np.array([10.0, 70.0])}


def habits(joints: dict[str, FloatArray], landmarks: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """What the network makes of these joints: its landmarks go with the posture that it shows itself."""
    out = dict(joints)
    hip, knee, ankle, shoulder = (landmarks[name] for name in ("hip", "knee", "ankle", "shoulder"))
    bend = (angle_deg(hip, knee, ankle) - BEND_ZERO_DEG) / BEND_ONE_DEG
    lean = np.degrees(np.arctan2(*(shoulder - hip).T)) / LEAN_ONE_DEG
    trunk_px = np.median(np.linalg.norm(shoulder - hip, axis=1))
    for name, offsets in OFFSETS.items():
        rows = np.stack([np.ones_like(bend), bend, bend**2, lean, lean**2, lean * bend], axis=1)
        out[name] = joints[name] + trunk_px * (rows[:, : len(offsets)] @ np.array(offsets))
    for name in ("shoulder", "elbow", "wrist"):
        out[name] = out[name] - np.array([NEARER_RATIO * trunk_px, 0.0])
    return out


def test_the_habits_of_the_network_are_taken_out() -> None:
    joints = body()
    landmarks = joints
    for _ in range(30):  # the landmarks that show the posture they are moved by
        landmarks = habits(joints, landmarks)
    assert np.linalg.norm(landmarks["knee"] - joints["knee"], axis=1).max() > 20
    centres = joint_centres(landmarks)
    for name in ("hip", "ankle", "shoulder", "elbow", "wrist"):
        np.testing.assert_allclose(centres[name], joints[name], atol=0.5, err_msg=name)
    np.testing.assert_allclose(centres["knee"], joints["knee"], atol=2.0)
    np.testing.assert_array_equal(centres["ear"], landmarks["ear"])


def test_the_study_finds_the_habits_that_were_put_in() -> None:
    """Rowers with the shipped habits and noise give the shipped offsets back, whatever a lost foot says."""
    joints = body()
    landmarks = joints
    for _ in range(30):
        landmarks = habits(joints, landmarks)
    rng = np.random.default_rng(5)
    away_px = NEARER_RATIO * trunk_px(landmarks) * np.array([1.0, 0.0])
    # Perspective moves the shoulder beside its own habit; the study fits that apart.
    known = {name: joints[name] - (away_px if name == "shoulder" else 0.0) for name in TERMS}

    def rower(number: int) -> SeenRower:
        seen = {name: xy + rng.normal(0.0, 1.0, xy.shape) for name, xy in landmarks.items()}
        seen["ankle"][:20] += 300.0
        return SeenRower(number, seen, known, np.zeros((len(STROKE_DEG), 3)))

    found = fit_offsets([rower(number) for number in range(20)])
    lengths = trunk_px(landmarks)
    for name, rows in found.items():
        terms = posture(landmarks)[:, : len(rows)]
        shift_px = lengths * terms @ (np.array(rows) - np.array(OFFSETS[name]))
        assert np.abs(shift_px[20:]).max() < 4.0, name
    assert not rower(0).followed[:20].any()


def test_what_is_not_seen_stays_missing_and_moves_nothing_else() -> None:
    landmarks = body()
    whole = joint_centres(landmarks)
    landmarks["ankle"] = landmarks["ankle"].copy()
    landmarks["ankle"][40:50] = np.nan
    centres = joint_centres(landmarks)
    assert np.isnan(centres["ankle"][40:50]).all()
    assert np.isfinite(centres["hip"]).all()
    np.testing.assert_allclose(centres["shoulder"][:40], whole["shoulder"][:40])
    nobody = {name: np.full((20, 2), np.nan) for name in landmarks}
    assert all(np.isnan(xy).all() for xy in joint_centres(nobody).values())
    assert nearer_px(nobody) == 0.0


def test_an_arm_that_folds_up_was_not_seen() -> None:
    """Hands that the network puts on the knees at the catch: no rower's arm shortens, so they are not hers."""
    landmarks = body()
    wrong = slice(50, 60)
    moved = {name: landmarks[name].copy() for name in ("elbow", "wrist")}
    moved["elbow"][wrong] = landmarks["shoulder"][wrong] + np.array([40.0, -50.0])
    moved["wrist"][wrong] = moved["elbow"][wrong] + np.array([20.0, -20.0])
    seen = without_folded_arms({**landmarks, **moved})
    for name in ("elbow", "wrist"):
        np.testing.assert_array_equal(np.flatnonzero(np.isnan(seen[name][:, 0])), np.arange(50, 60))
    np.testing.assert_array_equal(seen["shoulder"], landmarks["shoulder"])
    as_it_is = without_folded_arms(landmarks)
    np.testing.assert_array_equal(as_it_is["wrist"], landmarks["wrist"])


def missing(xy: FloatArray) -> list[int]:
    """Frames in which a joint is not there."""
    return [int(t) for t in np.flatnonzero(np.isnan(xy).any(axis=1))]


def test_a_leg_that_folds_up_was_not_seen_and_the_hip_stays() -> None:
    """The network puts knee and ankle under the seat at the catch: thigh as long as ever, shank far too short."""
    landmarks = body()
    landmarks["ankle"] = landmarks["ankle"].copy()
    landmarks["ankle"][50:60] = landmarks["knee"][50:60] + np.array([10.0, -60.0])
    seen = without_lost_legs(landmarks)
    assert missing(seen["knee"]) == missing(seen["ankle"]) == list(range(49, 61))  # and the frame on either side
    for name in ("hip", "shoulder", "wrist"):
        np.testing.assert_array_equal(seen[name], landmarks[name])


def test_a_foot_out_of_its_straps_was_not_seen_even_on_a_leg_of_the_usual_length() -> None:
    landmarks = body()
    away = np.zeros((len(STROKE_DEG), 2))
    away[20:24] = 60.0, 0.0  # of a trunk of 200
    landmarks |= {name: landmarks[name] + away for name in ("hip", "knee", "ankle")}
    seen = without_lost_legs(landmarks)
    assert missing(seen["ankle"]) == missing(seen["knee"]) == list(range(19, 25))
    assert not missing(seen["hip"])


@pytest.mark.parametrize("up_px", [30.0, 50.0])
def test_heels_that_rise_in_the_catch_are_no_lost_feet(up_px: float) -> None:
    def risen(px: float, rows: BoolArray) -> dict[str, FloatArray]:
        landmarks = body()
        up = px * rows[:, None] * np.array([0.5, 1.0])
        return landmarks | {name: landmarks[name] + up for name in ("knee", "ankle")}

    landmarks = risen(up_px, STROKE_DEG < 75)
    seen = without_lost_legs(landmarks)
    for name in ("hip", "knee", "ankle"):
        np.testing.assert_array_equal(seen[name], landmarks[name])
    assert missing(without_lost_legs(risen(80.0, STROKE_DEG < 75))["ankle"])
    # Nobody's heels rise so far on straight legs.
    straight = np.arange(len(STROKE_DEG)) == np.argmax(STROKE_DEG)
    assert missing(without_lost_legs(risen(50.0, straight))["ankle"])


def test_a_hip_that_slides_towards_the_knee_was_not_seen_either() -> None:
    landmarks = body()
    landmarks["hip"] = landmarks["hip"].copy()
    landmarks["hip"][30:35] += 0.4 * (landmarks["knee"][30:35] - landmarks["hip"][30:35])
    seen = without_lost_legs(landmarks)
    assert missing(seen["hip"]) == missing(seen["knee"]) == list(range(29, 36))
    assert not missing(seen["shoulder"])


def test_without_legs_or_in_a_few_frames_nothing_is_called_lost() -> None:
    landmarks = body()
    few = {name: xy[:5] for name, xy in landmarks.items()}
    few["ankle"] = few["ankle"] + np.linspace(0.0, 200.0, 5)[:, None]
    np.testing.assert_array_equal(without_lost_legs(few)["ankle"], few["ankle"])
    nobody = {name: np.full((20, 2), np.nan) for name in landmarks}
    assert all(np.isnan(xy).all() for xy in only_seen_limbs(nobody).values())


def test_arm_and_leg_are_told_apart_from_each_other() -> None:
    landmarks = body()
    landmarks |= {name: landmarks[name].copy() for name in ("wrist", "elbow", "ankle")}
    landmarks["elbow"][10:12] = landmarks["shoulder"][10:12] + 20.0
    landmarks["wrist"][10:12] = landmarks["elbow"][10:12] + 20.0
    landmarks["ankle"][80] += 100.0
    seen = only_seen_limbs(landmarks)
    assert missing(seen["wrist"]) == missing(seen["elbow"]) == [10, 11]
    assert missing(seen["knee"]) == missing(seen["ankle"]) == [79, 80, 81]
    assert not missing(seen["hip"])


def test_feet_that_go_with_the_picture_are_not_called_lost() -> None:
    """Where the camera goes with the rower, or pictures are cut around her, feet have no usual place."""
    landmarks = body()
    travel = np.column_stack([np.linspace(0.0, 400.0, len(STROKE_DEG)), np.zeros(len(STROKE_DEG))])
    moved = {name: xy + travel for name, xy in landmarks.items()}
    np.testing.assert_array_equal(without_lost_legs(moved)["ankle"], moved["ankle"])


def test_a_lost_hip_is_on_the_rail_a_trunk_behind_the_shoulder() -> None:
    """The rail of a camera that stands askew rises; the trunk is shorter, rounder, on the way to the catch."""
    landmarks = body()
    rise = np.column_stack([np.zeros(len(STROKE_DEG)), 0.1 * landmarks["hip"][:, 0]])
    landmarks = {name: xy + rise for name, xy in landmarks.items()}
    trunk = landmarks["shoulder"] - landmarks["hip"]
    landmarks["shoulder"] = landmarks["hip"] + trunk * np.linspace(1.0, 0.8, len(STROKE_DEG))[:, None]
    lost = {name: xy.copy() for name, xy in landmarks.items()}
    lost["hip"][71:79] = np.nan
    seen = with_seated_hip(lost)
    np.testing.assert_allclose(seen["hip"], landmarks["hip"], atol=3.0)
    for name in ("shoulder", "knee", "ankle"):
        np.testing.assert_array_equal(seen[name], landmarks[name])
    np.testing.assert_array_equal(with_seated_hip(landmarks)["hip"], landmarks["hip"])


def test_a_lost_hip_stays_lost_where_the_shoulder_is_too_or_cannot_be_over_it() -> None:
    landmarks = body()
    landmarks |= {name: landmarks[name].copy() for name in ("hip", "shoulder")}
    landmarks["hip"][71:79] = np.nan
    landmarks["shoulder"][71:73] = np.nan
    landmarks["shoulder"][75:77, 1] += 300.0
    assert missing(with_seated_hip(landmarks)["hip"]) == [71, 72, 75, 76]
    few = {name: xy[66:77] for name, xy in landmarks.items()}
    assert missing(with_seated_hip(few)["hip"]), "where she sits is not known from a few frames"


def test_somebody_who_sits_still_sits_level() -> None:
    """Noise of a hip that does not travel would be any rail."""
    landmarks = {name: np.repeat(xy[:1], 60, axis=0) for name, xy in body().items()}
    landmarks["hip"] = landmarks["hip"] + np.random.default_rng(2).normal(0.0, 0.2, (60, 1)) * [0.1, 1.0]
    landmarks["shoulder"] = landmarks["hip"] + [120.0, 160.0]
    lost = landmarks | {"hip": landmarks["hip"].copy()}
    lost["hip"][30:34] = np.nan
    np.testing.assert_allclose(with_seated_hip(lost)["hip"], landmarks["hip"], atol=2.0)
    lost["shoulder"] = landmarks["hip"] + [20.0, 199.0]
    assert missing(with_seated_hip(lost)["hip"]) == [30, 31, 32, 33], "upright, the shoulder does not tell"


def test_a_hip_on_the_thigh_is_put_back_on_its_seat() -> None:
    landmarks = body()
    moved = landmarks | {"hip": landmarks["hip"].copy()}
    moved["hip"][72:77] += 0.4 * (landmarks["knee"][72:77] - landmarks["hip"][72:77])
    seen = only_seen_limbs(moved)
    np.testing.assert_allclose(seen["hip"], landmarks["hip"], atol=0.02 * trunk_px(landmarks))
    assert missing(seen["knee"]) == list(range(71, 78))
