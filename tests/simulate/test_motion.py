"""The simulated motion keeps its own laws: exact events, fixed feet, a spine that the pose does not give away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rowsense.conventions import ANGLE_NAMES, PHASES
from rowsense.simulate.motion import FaultDials, Motion, MotionSpec, SpineSpec, landmark_track, simulate_motion
from rowsense.simulate.skeleton import Skeleton


@pytest.fixture(scope="module")
def motion() -> Motion:
    return simulate_motion(MotionSpec(duration_s=20.0))


def _window_mean(motion: Motion, name: str, times: np.ndarray) -> np.ndarray:
    grid = np.linspace(-0.05, 0.05, 5)
    return np.array([np.interp(t + grid, motion.time_s, motion.angles[name]).mean() for t in times])


def _phase_means(motion: Motion, name: str, phase: str) -> np.ndarray:
    of_phase = np.array(motion.phase) == phase
    count = len(motion.events)
    return np.array([motion.angles[name][of_phase & (motion.stroke == i)].mean() for i in range(count)])


def test_all_angles_of_the_conventions_are_there(motion: Motion) -> None:
    assert tuple(sorted(motion.angles)) == tuple(sorted(ANGLE_NAMES))
    assert all(np.isfinite(v).all() and len(v) == len(motion.time_s) for v in motion.angles.values())


def test_rate_and_rhythm_are_the_asked_ones(motion: Motion) -> None:
    events = motion.events
    period = np.median(np.diff(events.catch_s))
    drive = np.median(events.stroke_finish_s - events.stroke_catch_s)
    assert 60.0 / period == pytest.approx(motion.spec.rate_spm, rel=0.02)
    assert (period - drive) / drive == pytest.approx(motion.spec.recovery_ratio, rel=0.08)


def test_events_are_the_turning_points_of_the_handle() -> None:
    """A ten times finer clip sees the handle turn at the same moments."""
    spec = MotionSpec(duration_s=8.0)
    coarse, fine = simulate_motion(spec), simulate_motion(replace(spec, fps=2000.0))
    handle = fine.joints.handle[:, 0]
    for t in coarse.events.catch_s[1:-1]:
        near = np.abs(fine.time_s - t) < 0.2
        assert fine.time_s[near][np.argmax(handle[near])] == pytest.approx(t, abs=0.001)
    for t in coarse.events.finish_s[1:-1]:
        near = np.abs(fine.time_s - t) < 0.2
        assert fine.time_s[near][np.argmin(handle[near])] == pytest.approx(t, abs=0.001)


def test_handle_goes_one_way_in_the_drive_and_back_in_the_recovery(motion: Motion) -> None:
    speed = np.gradient(motion.joints.handle[:, 0], motion.time_s)
    for i in range(len(motion.events)):
        events = motion.events
        drive = (motion.time_s > events.stroke_catch_s[i] + 0.05) & (motion.time_s < events.stroke_finish_s[i] - 0.05)
        back = (motion.time_s > events.stroke_finish_s[i] + 0.05) & (motion.time_s < events.stroke_end_s[i] - 0.05)
        assert speed[drive].max() < 0.0
        assert speed[back].min() > 0.0


def test_phases_follow_each_other(motion: Motion) -> None:
    assert np.all(np.diff(motion.events.borders_s, axis=1) >= 0.0)
    for i in range(len(motion.events)):
        order = [PHASES.index(p) for p, s in zip(motion.phase, motion.stroke, strict=True) if s == i]
        assert order == sorted(order)
        assert set(order) == set(range(len(PHASES)))
    assert all((p == "") == (s == -1) for p, s in zip(motion.phase, motion.stroke, strict=True))


def test_feet_stay_seat_runs_level_and_bones_keep_their_length(motion: Motion) -> None:
    joints, body = motion.joints, motion.skeleton
    assert np.ptp(joints.ball, axis=0).max() < 1e-9
    assert np.ptp(joints.hip[:, 1]) < 1e-9
    for start, end, length in (
        (joints.hip, joints.knee, body.thigh_m),
        (joints.knee, joints.ankle, body.shank_m),
        (joints.shoulder, joints.elbow, body.upper_arm_m),
        (joints.elbow, joints.wrist, body.forearm_m),
    ):
        np.testing.assert_allclose(np.linalg.norm(end - start, axis=1), length, atol=1e-6)


def test_hands_clear_the_knees_and_the_spine_stays_believable(motion: Motion) -> None:
    joints, angles = motion.joints, motion.angles
    knees_behind = joints.handle[:, 0] < joints.knee[:, 0]
    over = joints.handle[knees_behind & (angles["knee_deg"] > 120.0), 1].min()
    assert over > joints.hip[0, 1] + 0.12
    for name, low, high in (
        ("pelvic_tilt_deg", -40, 25), ("lumbar_flexion_deg", -10, 60), ("thoracic_flexion_deg", -10, 45),
    ):  # fmt: skip
        assert low <= angles[name].min() <= angles[name].max() <= high
        assert np.abs(np.gradient(angles[name], motion.time_s)).max() < 260.0


def test_same_spec_same_motion_other_seed_other_motion() -> None:
    spec = MotionSpec(duration_s=6.0)
    first, again, other = simulate_motion(spec), simulate_motion(spec), simulate_motion(replace(spec, seed=2))
    np.testing.assert_array_equal(first.angles["pelvic_tilt_deg"], again.angles["pelvic_tilt_deg"])
    assert np.abs(first.angles["pelvic_tilt_deg"] - other.angles["pelvic_tilt_deg"]).max() > 3.0


def test_spine_and_pose_are_apart(motion: Motion) -> None:
    """Two spines that differ by 12 degrees of tilt leave the trunk lean where it was to within a few degrees."""
    spec = motion.spec
    spine = replace(spec.spine, tilt_catch_deg=spec.spine.tilt_catch_deg - 12.0, lumbar_catch_deg=32.0)
    other = simulate_motion(replace(spec, spine=spine))
    tilt = _window_mean(other, "pelvic_tilt_deg", other.events.stroke_catch_s).mean()
    lean = _window_mean(other, "trunk_lean_deg", other.events.stroke_catch_s).mean()
    assert tilt < _window_mean(motion, "pelvic_tilt_deg", motion.events.stroke_catch_s).mean() - 8.0
    assert lean == pytest.approx(_window_mean(motion, "trunk_lean_deg", motion.events.stroke_catch_s).mean(), abs=3.0)


def _hips(faults: FaultDials | None = None, spine: SpineSpec | None = None) -> Motion:
    spec = MotionSpec(duration_s=14.0, spine=spine or SpineSpec(tilt_wander_sd_deg=0.0, lumbar_wander_sd_deg=0.0))
    return simulate_motion(replace(spec, faults=faults or FaultDials()))


def test_fault_dials_do_what_they_say() -> None:
    plain = _hips()
    catch, finish = plain.events.stroke_catch_s, plain.events.stroke_finish_s

    def change(faults: FaultDials, name: str, times: np.ndarray) -> float:
        other = _hips(faults)
        return float((_window_mean(other, name, times) - _window_mean(plain, name, times)).mean())

    third = catch + (finish - catch) * 0.4
    assert change(FaultDials(slump_under_load_deg=12.0), "lumbar_flexion_deg", third) > 8.0
    assert change(FaultDials(excess_layback_deg=14.0), "trunk_lean_deg", finish) < -9.0
    assert change(FaultDials(knees_too_high_deg=12.0), "shin_deg", catch) < -6.0
    assert change(FaultDials(late_lunge_deg=9.0), "trunk_lean_deg", catch) > 5.0
    assert change(FaultDials(early_arm_bend_deg=30.0), "elbow_deg", third) < -15.0
    assert change(FaultDials(opens_early_deg=9.0), "trunk_lean_deg", catch + 0.16 * (finish - catch)) < -5.0
    assert change(FaultDials(shoots_slide_deg=9.0), "trunk_lean_deg", catch + 0.5 * (finish - catch)) > 5.0
    assert change(FaultDials(head_drop_deg=15.0), "head_trunk_deg", catch) > 6.0
    assert change(FaultDials(shoulders_forward_m=0.03), "shoulder_protraction_ratio", catch) > 0.03


def test_rushing_moves_the_seat_late() -> None:
    def rush(motion: Motion) -> float:
        seat = np.gradient(motion.joints.hip[:, 0], motion.time_s)
        finish, end = motion.events.stroke_finish_s[1], motion.events.stroke_end_s[1]
        knee_deg = motion.angles["knee_deg"]
        recovery = (motion.time_s > finish) & (motion.time_s < end)
        slide = recovery & (knee_deg < knee_deg[recovery].max() - 5.0)
        start = float(motion.time_s[slide][0])
        last = slide & (motion.time_s > end - (end - start) / 3.0)
        return float(seat[last].max() / seat[slide].mean())

    assert rush(_hips()) < 1.0
    assert rush(_hips(FaultDials(rushes_slide_share=0.5))) == pytest.approx(1.5, abs=0.15)
    assert rush(_hips(FaultDials(rushes_slide_share=1.0))) > 2.0


def test_landmarks_are_the_joints_in_the_picture(motion: Motion) -> None:
    right = landmark_track(motion, px_per_m=300.0, origin_px=(700.0, 650.0))
    left = landmark_track(motion, px_per_m=300.0, origin_px=(700.0, 650.0), mirror_at_px=1280.0)
    assert right.shape == (len(motion.time_s), 33, 2)
    np.testing.assert_allclose(left[..., 0], 1280.0 - right[..., 0])
    hip = motion.joints.hip
    np.testing.assert_allclose(right[:, 24, 0], 700.0 + 300.0 * hip[:, 0])
    np.testing.assert_allclose(right[:, 24, 1], 650.0 - 300.0 * hip[:, 1])


def test_another_body_rows_too() -> None:
    tall = Skeleton(thigh_m=0.48, shank_m=0.49, upper_arm_m=0.31, forearm_m=0.28)
    motion = simulate_motion(MotionSpec(duration_s=8.0), tall)
    assert len(motion.events) >= 2
    assert np.isfinite(landmark_track(motion)).all()
