"""Angles of known postures and of a simulated rower against her truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rowsense.angles.joint_angles import FACE_LEAN_SHARE, GRIP_RATIO, angle_series, rezero_head
from rowsense.conventions import ANGLE_NAMES, ANGLE_SD_NAMES, BACK_POINT_COUNT, SIDE_JOINTS
from rowsense.model import AngleSeries, SideView, StrokeList
from rowsense.simulate.motion import MotionSpec
from rowsense.strokes.detect import find_strokes
from tests.synthetic_rower import Rower, make_rower, make_spine

POSE = {
    "ear": (10.0, 160.0), "shoulder": (0.0, 100.0), "elbow": (40.0, 60.0), "wrist": (80.0, 100.0), "hip": (0.0, 0.0),
    "knee": (90.0, 30.0), "ankle": (100.0, -60.0), "heel": (95.0, -70.0), "foot_index": (115.0, -60.0),
}  # fmt: skip
NECK = (-20.0, 120.0)


def one_pose(**moved: tuple[float, float]) -> dict[str, float]:
    """Quantities of one still pose, some joints moved; the base of the neck is the top of the back line."""
    joints = {name: np.array([moved.get(name, POSE[name])]) for name in SIDE_JOINTS}
    back = np.linspace(0.0, 1.0, BACK_POINT_COUNT)[None, :, None] * np.array([NECK])
    back[:, -4:] = NECK
    seen = np.ones((1, BACK_POINT_COUNT))
    view = SideView(np.zeros(1), joints, back, seen, np.ones(1), "right", "right", 0.0)
    zero = np.zeros(1)
    series = angle_series(view, make_spine(zero, zero, zero))
    return {name: float(series[name][0]) for name in ANGLE_NAMES}


def test_upright_arms_and_legs_at_right_angles() -> None:
    pose = one_pose()
    assert pose["trunk_lean_deg"] == pytest.approx(0.0)
    assert pose["elbow_deg"] == pytest.approx(90.0)
    assert pose["trunk_thigh_deg"] == pytest.approx(90.0 - np.rad2deg(np.arctan2(30, 90)))
    assert pose["shin_deg"] == pytest.approx(90.0 + np.rad2deg(np.arctan2(10, 90)))
    assert pose["knee_above_hip_ratio"] == pytest.approx(30.0 / np.hypot(90, 30))


@pytest.mark.parametrize(
    ("quantity", "joint", "to", "sign"),
    [
        ("trunk_lean_deg", "shoulder", (30.0, 95.0), 1),
        ("trunk_lean_deg", "shoulder", (-30.0, 95.0), -1),
        ("shin_deg", "knee", (120.0, 30.0), -1),
        ("knee_deg", "ankle", (175.0, 55.0), 1),
        ("elbow_deg", "wrist", (75.0, 25.0), 1),
        ("knee_above_hip_ratio", "knee", (80.0, 60.0), 1),
        ("head_trunk_deg", "ear", (30.0, 150.0), 1),
        ("shoulder_protraction_ratio", "shoulder", (20.0, 100.0), 1),
        ("trunk_thigh_deg", "knee", (60.0, 70.0), -1),
    ],
)
def test_each_quantity_grows_in_its_own_direction(
    quantity: str, joint: str, to: tuple[float, float], sign: int
) -> None:
    change = one_pose(**{joint: to})[quantity] - one_pose()[quantity]
    assert sign * change > 0.01


@pytest.fixture(scope="module")
def rower() -> Rower:
    return make_rower(MotionSpec(seed=4, duration_s=9.0))


@pytest.mark.parametrize("quantity", [n for n in ANGLE_NAMES if n != "head_trunk_deg"])
def test_every_quantity_matches_the_simulated_truth(rower: Rower, quantity: str) -> None:
    tolerance = 0.02 if quantity.endswith("_ratio") else 1e-6
    np.testing.assert_allclose(rower.series[quantity], rower.truth[quantity], atol=tolerance)


def test_head_differs_from_the_truth_by_a_constant_only(rower: Rower) -> None:
    difference = rower.series["head_trunk_deg"] - rower.truth["head_trunk_deg"]
    assert np.std(difference) < 1e-6


def test_head_zero_is_the_median_at_rock_over(rower: Rower) -> None:
    strokes = find_strokes(rower.series, np.arange(len(rower.series)))
    zeroed = rezero_head(rower.series, strokes)
    time_s = zeroed.time_s
    inside = np.zeros(len(time_s), dtype=bool)
    for stroke in strokes.usable:
        inside |= (time_s >= stroke.phase_borders_s[4]) & (time_s < stroke.phase_borders_s[5])
    assert inside.any()
    assert np.median(zeroed["head_trunk_deg"][inside]) == pytest.approx(0.0, abs=1e-9)
    assert np.ptp(zeroed["head_trunk_deg"] - rower.series["head_trunk_deg"]) < 1e-9
    assert rezero_head(rower.series, StrokeList(())) is rower.series


def test_head_zero_is_the_own_tall_posture_where_it_is_known(rower: Rower) -> None:
    strokes = find_strokes(rower.series, np.arange(len(rower.series)))
    zeroed = rezero_head(rower.series, strokes, 12.5)
    np.testing.assert_allclose(zeroed["head_trunk_deg"], rower.series["head_trunk_deg"] - 12.5)
    assert rezero_head(rower.series, StrokeList(()), 12.5)["head_trunk_deg"] == pytest.approx(
        zeroed["head_trunk_deg"], nan_ok=True
    )


def test_the_handle_is_past_the_knees_by_hand_and_grip(rower: Rower) -> None:
    past = rower.series.handle_past_knee_px
    assert past is not None
    hip, shoulder = rower.view.joints["hip"], rower.view.joints["shoulder"]
    trunk_px = np.nanmedian(np.hypot(*(shoulder - hip).T))
    ahead_px = past - (rower.series.handle_x_px - rower.view.joints["knee"][:, 0])
    np.testing.assert_allclose(ahead_px, GRIP_RATIO * trunk_px)
    assert 0.15 < GRIP_RATIO < 0.3
    assert np.nanmax(past) > 0.0 > np.nanmin(past)


def test_missing_joints_leave_only_what_needs_them_missing(rower: Rower) -> None:
    joints = {name: xy.copy() for name, xy in rower.view.joints.items()}
    joints["elbow"][10:20] = np.nan
    seen = rower.view.back_seen.copy()
    seen[30:35, -1] = 0.2
    series = angle_series(replace(rower.view, joints=joints, back_seen=seen), rower.spine)
    for name in ANGLE_NAMES + ANGLE_SD_NAMES:
        missing = set(np.flatnonzero(np.isnan(series[name])).tolist())
        if name == "elbow_deg":
            assert missing == set(range(10, 20))
        elif name in ("head_trunk_deg", "shoulder_protraction_ratio"):
            assert missing == set(range(30, 35))
        else:
            assert not missing


def test_where_the_neck_is_hidden_the_face_says_how_the_head_turns(rower: Rower) -> None:
    """One degree of a face that turns is one of the head; shoulders need the neck itself."""
    seen = np.zeros_like(rower.view.back_seen)
    ear = rower.view.joints["ear"]

    def looking_down(down_deg: float) -> AngleSeries:
        ahead = 60.0 * np.array([np.cos(np.radians(down_deg)), -np.sin(np.radians(down_deg))])
        return angle_series(replace(rower.view, back_seen=seen, nose_xy=ear + ahead), rower.spine)

    level, down = looking_down(0.0), looking_down(20.0)
    assert level.neck_hidden
    assert not rower.series.neck_hidden
    assert np.isnan(level["shoulder_protraction_ratio"]).all()
    np.testing.assert_allclose(down["head_trunk_deg"] - level["head_trunk_deg"], 20.0)
    np.testing.assert_allclose(level["head_trunk_deg"], -FACE_LEAN_SHARE * level["trunk_lean_deg"], atol=1e-9)
    assert rezero_head(level, StrokeList(()), 12.5) is level
    blind = angle_series(replace(rower.view, back_seen=seen), rower.spine)
    assert np.isnan(blind["head_trunk_deg"]).all()


def test_a_neck_that_is_hidden_around_the_catch_alone_is_hidden(rower: Rower) -> None:
    shoulder_px = rower.view.joints["shoulder"][:, 0]

    def hidden(share: float) -> bool:
        seen = rower.view.back_seen.copy()
        seen[shoulder_px >= np.quantile(shoulder_px, 1.0 - share)] = 0.0
        return angle_series(replace(rower.view, back_seen=seen), rower.spine).neck_hidden

    assert hidden(0.15)
    assert not hidden(0.05)


@given(scale=st.floats(0.3, 3.0), dx=st.floats(-500, 500), dy=st.floats(-500, 500))
@settings(max_examples=20, deadline=None)
def test_size_and_place_in_the_picture_change_nothing(scale: float, dx: float, dy: float) -> None:
    rower = make_rower(MotionSpec(seed=4, duration_s=3.0))
    move = np.array([dx, dy])
    joints = {name: scale * xy + move for name, xy in rower.view.joints.items()}
    view = replace(rower.view, joints=joints, back_xy=scale * rower.view.back_xy + move)
    series = angle_series(view, rower.spine)
    for name in ANGLE_NAMES:
        np.testing.assert_allclose(series[name], rower.series[name], atol=1e-6)
    np.testing.assert_allclose(series.handle_x_px, scale * rower.series.handle_x_px + dx, atol=1e-6)


def test_the_handle_is_both_hands_where_the_view_has_them(rower: Rower) -> None:
    hands = rower.series.handle_x_px + np.linspace(0.0, 5.0, len(rower.series))
    np.testing.assert_array_equal(angle_series(replace(rower.view, hands_x=hands), rower.spine).handle_x_px, hands)
    np.testing.assert_array_equal(rower.series.handle_x_px, rower.view.joints["wrist"][:, 0])
