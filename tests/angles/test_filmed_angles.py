"""What knows an angle better than the joints of a pose model do: seat, pelvis and spine, with a known truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rowsense.angles.filmed import filmed_angles
from rowsense.angles.joint_angles import FACE_LEAN_SHARE
from rowsense.angles.seat import seat_x_px
from rowsense.model import SideView
from rowsense.simulate.motion import FaultDials, MotionSpec
from tests.synthetic_rower import Rower, make_rower, make_spine

SPEC = MotionSpec(seed=4, duration_s=9.0)


@pytest.fixture(scope="module")
def rower() -> Rower:
    return make_rower(SPEC)


def moved(view: SideView, **by_px: np.ndarray) -> SideView:
    """The view with joints so far from where they are: (T, 2) or (2,)."""
    return replace(view, joints={**view.joints, **{name: view.joints[name] + px for name, px in by_px.items()}})


def leg_px(view: SideView) -> float:
    return float(np.linalg.norm(view.joints["hip"] - view.joints["ankle"], axis=1).max())


def at_catch(rower: Rower, values: np.ndarray) -> float:
    near = np.abs(rower.view.time_s[:, None] - rower.events.stroke_end_s) < 0.05
    return float(values[near.any(axis=1)].mean())


def bent(rower: Rower) -> np.ndarray:
    return rower.truth["knee_deg"] < 90.0


def test_a_knee_that_is_seen_elsewhere_in_a_deep_catch_is_where_the_seat_says(rower: Rower) -> None:
    for share in (-0.06, 0.06):  # of a leg, along the rail, the more the further the leg is bent
        off_px = share * leg_px(rower.view) * np.clip((120.0 - rower.truth["knee_deg"]) / 60.0, 0.0, 1.0)
        view = moved(rower.view, knee=np.stack([off_px, np.zeros_like(off_px)], axis=1))
        plain, found = filmed_angles(rower.view, rower.spine), filmed_angles(view, rower.spine)
        for name, within_deg in (("knee_deg", 1.5), ("shin_deg", 3.0)):
            assert at_catch(rower, found[name]) == pytest.approx(at_catch(rower, plain[name]), abs=within_deg)
        straight = rower.truth["knee_deg"] > 145.0
        np.testing.assert_allclose(found["knee_deg"][straight], rower.truth["knee_deg"][straight], atol=1e-6)


def test_shins_that_go_past_upright_are_seen_to(rower: Rower) -> None:
    deep = make_rower(replace(SPEC, faults=FaultDials(knees_too_high_deg=14.0)))
    read_deg = [at_catch(one, filmed_angles(one.view, one.spine)["shin_deg"]) for one in (rower, deep)]
    true_deg = [at_catch(one, one.truth["shin_deg"]) for one in (rower, deep)]
    assert read_deg == pytest.approx(true_deg, abs=3.0)
    assert read_deg[0] - read_deg[1] == pytest.approx(true_deg[0] - true_deg[1], abs=1.0)


def test_the_knee_of_a_leg_that_is_lost_in_a_deep_catch_is_told_by_the_seat_on_its_rail(rower: Rower) -> None:
    lost = bent(rower)
    away = {name: np.where(lost[:, None], np.nan, 0.0) for name in ("knee", "ankle")}
    found = filmed_angles(moved(rower.view, **away), rower.spine)
    np.testing.assert_allclose(found["knee_deg"][lost], rower.truth["knee_deg"][lost], atol=4.0)
    assert np.isnan(found["shin_deg"][lost]).all()
    off_the_rail = np.stack([np.zeros(len(rower.view)), np.where(lost, 0.1 * leg_px(rower.view), 0.0)], axis=1)
    thrown = filmed_angles(moved(moved(rower.view, hip=off_the_rail), **away), rower.spine)
    assert np.isnan(thrown["knee_deg"][lost]).all()


def test_the_seat_goes_straight_on_where_hip_and_outline_are_lost_for_a_moment(rower: Rower) -> None:
    start = int(np.argmin(np.abs(rower.view.time_s - rower.events.stroke_catch_s[1]))) + 6
    for frames, is_bridged in ((8, True), (14, False)):
        lost = slice(start, start + frames)
        slides = np.zeros((len(rower.view), 2))
        slides[lost, 0] = 60.0
        seen = rower.view.back_seen.copy()
        seen[lost] = 0.0
        view = replace(moved(rower.view, hip=slides), back_seen=seen)
        plain, found = seat_x_px(rower.view), seat_x_px(view)
        assert np.ptp(plain[lost]) > 40.0
        assert (np.abs(found[lost] - plain[lost]).max() < 15.0) == is_bridged


def test_feet_that_do_not_stay_and_legs_that_are_never_flat_leave_it_to_the_landmarks(rower: Rower) -> None:
    walks = np.zeros((len(rower.view), 2))
    walks[:, 0] = np.linspace(0.0, leg_px(rower.view), len(walks))
    carried = moved(rower.view, **{name: walks for name in rower.view.joints})
    never_flat = make_rower(replace(SPEC, knee_finish_deg=140.0))
    for view, truth in ((carried, rower.truth), (never_flat.view, never_flat.truth)):
        found = filmed_angles(view, make_spine(*np.zeros((3, len(view)))))
        for name in ("knee_deg", "shin_deg"):
            np.testing.assert_allclose(found[name], truth[name], atol=1e-6)


def test_the_trunk_turns_as_pelvis_and_spine_do_about_where_the_landmarks_have_it(rower: Rower) -> None:
    slides_px = np.stack([20.0 * np.clip(rower.truth["trunk_lean_deg"] / 20.0, 0.0, 1.0), np.zeros(len(rower.view))], 1)
    view, true_deg = moved(rower.view, hip=slides_px), rower.truth["trunk_lean_deg"]
    found = filmed_angles(view, make_spine(*(angle + 15.0 for angle in _spine(rower))))
    assert np.std(found["trunk_lean_deg"] - true_deg) < 1.6
    assert np.std(_landmarks_alone(view)["trunk_lean_deg"] - true_deg) > 2.0
    medians_deg = [np.median(one["trunk_lean_deg"]) for one in (found, _landmarks_alone(view))]
    assert medians_deg[0] == pytest.approx(medians_deg[1], abs=3.0)
    # The head over the neck is where it was, so that it turns against the trunk by what the trunk does not.
    head = found["head_trunk_deg"] + found["trunk_lean_deg"]
    plain = _landmarks_alone(view)
    np.testing.assert_allclose(head, plain["head_trunk_deg"] + plain["trunk_lean_deg"], atol=1e-9)


def test_what_the_face_says_of_the_head_keeps_its_share_of_the_lean(rower: Rower) -> None:
    hidden = replace(rower.view, back_seen=np.zeros_like(rower.view.back_seen), nose_xy=rower.view.joints["ear"] + 9.0)
    plain, found = _landmarks_alone(hidden), filmed_angles(hidden, rower.spine)
    assert found.neck_hidden
    turned = found["trunk_lean_deg"] - plain["trunk_lean_deg"]
    assert np.ptp(turned) > 1.0
    np.testing.assert_allclose(found["head_trunk_deg"], plain["head_trunk_deg"] - FACE_LEAN_SHARE * turned, atol=1e-9)


def test_where_the_spine_is_hidden_the_landmarks_say_how_the_trunk_turns(rower: Rower) -> None:
    hidden = np.zeros(len(rower.view), dtype=bool)
    hidden[60:75] = True
    some = make_spine(*(np.where(hidden, np.nan, angle) for angle in _spine(rower)))
    found = filmed_angles(rower.view, some)["trunk_lean_deg"]
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found, filmed_angles(rower.view, rower.spine)["trunk_lean_deg"], atol=1.5)
    np.testing.assert_array_equal(_landmarks_alone(rower.view)["trunk_lean_deg"], rower.series["trunk_lean_deg"])


def _spine(rower: Rower) -> tuple[np.ndarray, ...]:
    return rower.spine.pelvic_tilt_deg, rower.spine.lumbar_flexion_deg, rower.spine.thoracic_flexion_deg


def _landmarks_alone(view: SideView) -> dict[str, np.ndarray]:
    return filmed_angles(view, make_spine(*np.full((3, len(view)), np.nan))).values


def test_shoulders_that_the_landmarks_do_not_show_are_seen_by_the_hands() -> None:
    """The pose model leaves the shoulder where the trunk carries it; the hands go on all the same."""
    one = make_rower(replace(SPEC, faults=FaultDials(shoulders_forward_m=0.06)))
    ahead_px = one.truth["shoulder_protraction_ratio"] * one.series.trunk_px
    view = moved(one.view, shoulder=-np.stack([ahead_px, np.zeros_like(ahead_px)], axis=1))
    found, plain = filmed_angles(view, one.spine), _landmarks_alone(view)
    for name, growth, within in (("shoulder_protraction_ratio", 0.1, 0.03), ("trunk_lean_deg", 4.0, 2.0)):
        true, read, seen = (_late_growth(one, values[name]) for values in (one.truth, found, plain))
        assert true > growth
        assert read == pytest.approx(true, abs=within)
        assert seen < 0.5 * true or name == "shoulder_protraction_ratio"


def _late_growth(rower: Rower, values: np.ndarray) -> float:
    """In the last 0.35 s before the catch."""
    before = np.abs(rower.view.time_s[:, None] - rower.events.stroke_end_s + 0.35) < 0.05
    return at_catch(rower, values) - float(values[before.any(axis=1)].mean())
