"""Spine angles from the back line: drawn backs with known directions, invariances, and simulated rowers."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.conventions import SIDE_JOINTS
from rowsense.model import SideView, SpineAngles
from rowsense.pose.limbs import HIP_BACK_RATIO
from rowsense.spine._profile import FEATURE_COUNT, WINDOW_CENTRES, back_profile
from rowsense.spine.geometric import OFFSET_SD_DEG, spine_angles, tangent_angles
from rowsense.spine.shape_model import load_shape_model
from rowsense.studies.spine_accuracy import compare
from tests.spine.bodies import Body
from tests.spine.views import view_of

FloatArray = NDArray[np.float64]
DATA = Path(__file__).parent / "data"

BODIES = [
    Body(lean_deg=lean, bend_deg=bend) for lean, bend in ((-20, 10), (-10, 25), (0, 0), (5, 30), (15, 10), (25, 35))
]


def _columns(angles: SpineAngles) -> FloatArray:
    return np.stack([getattr(angles, name) for name in angles.__slots__], axis=1)


@pytest.mark.parametrize("lean_deg", [-20.0, 0.0, 20.0])
def test_straight_back_has_the_trunks_direction_everywhere(lean_deg: float) -> None:
    profile = back_profile(view_of([Body(lean_deg=lean_deg)] * 2))
    moved_deg = np.degrees(np.arctan(HIP_BACK_RATIO))  # the hip's joint centre lies behind its landmark
    np.testing.assert_allclose(profile.lean_deg, lean_deg + moved_deg, atol=0.1)
    # Buttock and neck bend away; the windows between lie on the straight part.
    np.testing.assert_allclose(profile.direction_deg[:, 4:8] + moved_deg, 0.0, atol=1.0)


def test_arc_turns_forward_by_its_bend() -> None:
    body = Body(bend_deg=40.0)
    profile = back_profile(view_of([body] * 2))
    low, high = 4, 7
    turn = profile.direction_deg[0, high] - profile.direction_deg[0, low]
    climb_px = (profile.level[0, high] - profile.level[0, low]) * np.hypot(
        *np.diff(body.centre(np.array([0.0, 1.0])).T)
    )
    # The outline is an arc as well, half a trunk's thickness further out.
    radius_px = body.trunk_px / np.radians(body.bend_deg) + body.half_px
    assert turn == pytest.approx(np.degrees(float(climb_px[0]) / radius_px), abs=1.5)


def test_tangents_turn_with_the_body() -> None:
    """Turning the whole side view turns the tilt by as much and leaves both flexions alone."""
    view = view_of([Body(bend_deg=20.0), Body(bend_deg=30.0, lean_deg=5.0)])
    turned = tangent_angles(_turned(view, 10.0)) - tangent_angles(view)
    np.testing.assert_allclose(turned, [[10.0, 0.0, 0.0]] * 2, atol=1e-6)


def test_camera_roll_enters_tilt_nearly_one_to_one() -> None:
    view = _held_out(900)[0]
    change = np.nanmedian(_columns(spine_angles(_turned(view, 2.0))) - _columns(spine_angles(view)), axis=0)
    assert change[0] == pytest.approx(2.0, abs=0.8)
    assert abs(change[1]) < 0.8


def test_mirrored_rower_has_the_same_angles() -> None:
    right = _columns(spine_angles(view_of(BODIES)))
    left = _columns(spine_angles(view_of([body.mirrored() for body in BODIES])))
    assert np.isfinite(right).all()
    np.testing.assert_allclose(left, right, atol=1e-5)


def test_size_does_not_matter() -> None:
    view = view_of(BODIES)
    large = replace(view, joints={k: 3 * v for k, v in view.joints.items()}, back_xy=3 * view.back_xy)
    np.testing.assert_allclose(_columns(spine_angles(large)), _columns(spine_angles(view)), atol=1e-6)


def test_nothing_measured_gives_nothing_and_no_warning() -> None:
    count = 12
    view = SideView(
        np.arange(count) / 30.0, {name: np.full((count, 2), np.nan) for name in SIDE_JOINTS},
        np.full((count, 64, 2), np.nan), np.zeros((count, 64)), np.zeros(count), "right", "right", 0.0,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        angles = spine_angles(view)
    assert np.isnan(_columns(angles)).all()


def test_one_missing_frame_stays_missing_and_harms_no_other() -> None:
    view, _ = _held_out(900)
    back = view.back_xy.copy()
    back[4] = np.nan
    whole, holed = _columns(spine_angles(view)), _columns(spine_angles(replace(view, back_xy=back)))
    assert np.isnan(holed[4]).all()
    others = np.arange(len(whole)) != 4
    np.testing.assert_allclose(holed[others], whole[others], atol=1e-9)


def test_hidden_low_back_is_not_measured_and_hidden_upper_back_costs_certainty() -> None:
    view, _ = _held_out(900)
    plain = spine_angles(view)
    low, high = view.back_seen.copy(), view.back_seen.copy()
    low[:, 5:45] = 0.0
    high[:, 40:] = 0.0
    hidden_low = spine_angles(replace(view, back_seen=low))
    assert np.isnan(hidden_low.pelvic_tilt_deg).all()
    assert np.isnan(hidden_low.lumbar_flexion_sd_deg).all()
    hidden_high = spine_angles(replace(view, back_seen=high))
    usable = np.isfinite(hidden_high.thoracic_flexion_deg)
    assert usable.any()
    assert (hidden_high.thoracic_flexion_sd_deg[usable] > plain.thoracic_flexion_sd_deg[usable]).all()


def test_smoothing_takes_noise_out_and_keeps_the_movement() -> None:
    time_s = np.arange(180) / 30.0
    lean = 20.0 * np.sin(2 * np.pi * 0.5 * time_s)
    bodies = [Body(lean_deg=float(v), bend_deg=20.0) for v in lean[:60]]
    view = view_of(bodies, step_s=1 / 30.0)
    rough = _columns(spine_angles(view, cutoff_hz=14.0))[:, 0]
    smooth = _columns(spine_angles(view))[:, 0]
    assert np.std(np.diff(smooth, n=2)) < np.std(np.diff(rough, n=2))
    assert np.ptp(smooth) == pytest.approx(np.ptp(rough), rel=0.1)


@pytest.mark.parametrize("seed", [900, 901])
def test_simulated_rowers_that_were_not_in_the_fit(seed: int) -> None:
    """Single frames of another body: errors at most 0.75 of the spread, stated doubt of the right size."""
    view, truth = _held_out(seed)
    for row in compare(str(seed), view, truth):
        assert row.frame_count >= 25
        assert row.rmse_over_spread <= 0.75, row
        assert row.correlation >= 0.7, row
        assert 0.4 * row.rmse_deg < row.stated_sd_deg < 3.0 * row.rmse_deg, row


def test_data_file_fits_the_code() -> None:
    model = load_shape_model()
    assert len(model.feature_mean) == FEATURE_COUNT
    assert len(WINDOW_CENTRES) * 3 < FEATURE_COUNT
    # What is said of the constant error must not be less than what simulated bodies showed.
    assert (np.array(OFFSET_SD_DEG) >= model.offset_sd_deg[:2]).all()


def _turned(view: SideView, forward_deg: float) -> SideView:
    a = np.radians(forward_deg)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    return replace(view, joints={k: v @ turn for k, v in view.joints.items()}, back_xy=view.back_xy @ turn)


def _held_out(seed: int) -> tuple[SideView, FloatArray]:
    """A simulated rower as the pose model saw her, made by ``rowsense.studies.spine_fit collect``."""
    from rowsense.studies.spine_fit import read_collected

    names = sorted(int(path.stem) for path in DATA.glob("[0-9]*.npz"))
    return read_collected(DATA)[names.index(seed)]
