"""Roll, yaw, movement, and the ergometers that are refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rowsense.camera.body import body_paths
from rowsense.camera.geometry import camera_estimate, check_seat_moves, stabilise
from rowsense.camera.roll import HIP_RISE_DEG, seat_slope_deg
from rowsense.camera.yaw import OFFSETS
from rowsense.errors import NotMeasurableError
from rowsense.model import CameraEstimate, PoseTrack
from tests.camera.camera_cases import HEIGHT_PX, WIDTH_PX, picture_track


def estimate(track: PoseTrack, facing: str = "right") -> CameraEstimate:
    shift = np.zeros((len(track), 2))
    return camera_estimate(track, facing, facing, shift, WIDTH_PX)


def seen_from(yaw_deg: float) -> dict[str, float]:
    """Where the far joints show from an angle, as the fit has it."""
    return {name: fit.at_zero + fit.per_sine * np.sin(np.deg2rad(yaw_deg)) for name, fit in OFFSETS.items()}


@pytest.mark.parametrize("facing", ["left", "right"])
@pytest.mark.parametrize("roll_deg", [-4.0, 0.0, 3.0])
def test_the_path_of_the_seat_gives_its_slope_exactly(facing: str, roll_deg: float) -> None:
    paths = body_paths(picture_track(facing=facing, roll_deg=roll_deg), facing, facing)
    towards_flywheel = -roll_deg if facing == "right" else roll_deg
    assert seat_slope_deg(paths.near["hip"], paths.trunk_px) == pytest.approx(towards_flywheel, abs=0.05)


@pytest.mark.parametrize("facing", ["left", "right"])
def test_roll_grows_with_a_clockwise_turn_and_lies_between_the_path_and_level(facing: str) -> None:
    rolls = [estimate(picture_track(facing=facing, roll_deg=r), facing).roll_deg for r in (-5.0, 0.0, 5.0)]
    assert rolls[0] < rolls[1] < rolls[2]
    assert 3.0 < rolls[2] - rolls[0] < 10.0
    assert abs(rolls[1]) < HIP_RISE_DEG


def test_jumps_of_the_hip_landmark_hardly_move_the_roll() -> None:
    track = picture_track()
    xy = track.xy_px.copy()
    xy[::17, 24] += (15.0, 60.0)
    assert estimate(replace(track, xy_px=xy)).roll_deg == pytest.approx(estimate(track).roll_deg, abs=0.5)


@pytest.mark.parametrize("facing", ["left", "right"])
def test_yaw_grows_degree_by_degree_and_is_the_same_mirrored(facing: str) -> None:
    found = [estimate(picture_track(facing=facing, leads=seen_from(y)), facing).yaw_deg for y in (-20, -8, 0, 8, 20)]
    assert np.diff(found) == pytest.approx([12, 8, 8, 12], abs=0.1)
    mirrored = estimate(picture_track(facing="right", leads=seen_from(8)), "right").yaw_deg
    assert found[3] == pytest.approx(mirrored, abs=1e-6)


def test_yaw_without_the_far_side_is_unknown() -> None:
    track = picture_track()
    xy = track.xy_px.copy()
    xy[:, 11:33:2] = np.nan
    found = estimate(replace(track, xy_px=xy))
    assert np.isnan(found.yaw_deg)
    assert np.isnan(found.yaw_sd_deg)
    assert np.isfinite(found.roll_deg)


def test_a_slanted_camera_is_told_how_to_film_next_time() -> None:
    warnings = estimate(picture_track(leads=seen_from(35.0), roll_deg=14.0)).warnings
    assert any("towards the flywheel" in w and "Next time" in w for w in warnings)
    assert any("tilted" in w for w in warnings)
    assert estimate(picture_track(leads=seen_from(5.0))).warnings == ()


def test_a_dynamic_ergometer_is_refused_by_name() -> None:
    with pytest.raises(NotMeasurableError, match="dynamic ergometer"):
        check_seat_moves(picture_track(still_seat=True), "left", "right")
    check_seat_moves(picture_track(), "left", "right")


def test_a_rower_who_was_hardly_seen_gives_unknowns_not_errors() -> None:
    track = picture_track()
    found = estimate(replace(track, xy_px=np.full_like(track.xy_px, np.nan)))
    assert np.isnan(found.roll_deg)
    assert np.isnan(found.yaw_deg)


def test_a_still_camera_leaves_the_track_as_it_is() -> None:
    track = picture_track()
    noise = np.random.default_rng(0).normal(0.0, 0.2, (len(track), 2))
    assert stabilise(track, noise) is track
    assert camera_estimate(track, "right", "right", noise).movement_px == 0.0


def test_shake_is_taken_out_exactly() -> None:
    track = picture_track()
    shake = np.stack([9.0 * np.sin(3.0 * track.time_s), 6.0 * np.cos(5.0 * track.time_s)], axis=1)
    back = np.broadcast_to(np.array([300.0, 200.0]), track.back_xy_px.shape)
    moved = replace(track, xy_px=track.xy_px + shake[:, None], back_xy_px=back + shake[:, None])
    still = stabilise(moved, shake)
    np.testing.assert_allclose(still.xy_px, track.xy_px, atol=1e-9)
    np.testing.assert_allclose(still.back_xy_px, back, atol=1e-9)
    found = camera_estimate(still, "right", "right", shake)
    assert found.movement_px == pytest.approx(np.sqrt((9.0**2 + 6.0**2) / 2.0), rel=0.1)
    assert any("shook" in w for w in found.warnings)


def test_an_unknown_shift_counts_as_the_one_before() -> None:
    track = picture_track()
    shift = np.full((len(track), 2), 12.0)
    shift[: len(track) // 2] = 0.0
    holes = shift.copy()
    holes[3:9] = np.nan
    np.testing.assert_allclose(stabilise(track, holes).xy_px, stabilise(track, shift).xy_px)


def test_a_camera_that_travels_is_refused_with_advice() -> None:
    track = picture_track()
    pan = np.stack([np.linspace(0.0, HEIGHT_PX, len(track)), np.zeros(len(track))], axis=1)
    with pytest.raises(NotMeasurableError, match="stand beside the machine"):
        stabilise(track, pan)
