"""Outline directions on drawn backs, and spine angles from what was read: zero, roll, gaps and smoothing."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.conventions import BACK_POINT_COUNT, LANDMARK_INDEX, SIDE_JOINTS
from rowsense.model import PoseTrack, SideView, SpineAngles
from rowsense.pose.replay import observations_from
from rowsense.pose.side_view import to_side_view
from rowsense.pose.tracking import assemble
from rowsense.settings import PoseSettings
from rowsense.spine.geometric import (
    LOW_BACK,
    THORACOLUMBAR,
    TILT_ZERO_DEG,
    outline_direction_deg,
    spine_angles,
    tangent_angles,
)
from tests.pose.moving_rower import landmarks, mirrored
from tests.spine.bodies import Body
from tests.spine.views import view_of

FloatArray = NDArray[np.float64]

BODIES = [
    Body(lean_deg=lean, bend_deg=bend) for lean, bend in ((-20, 10), (-10, 25), (0, 0), (5, 30), (15, 10), (25, 35))
]
ZERO = np.array([TILT_ZERO_DEG, 0.0, 0.0])
FPS = 30.0


def _columns(angles: SpineAngles) -> FloatArray:
    return np.stack([getattr(angles, name) for name in angles.__slots__], axis=1)


def _read_view(read_deg: FloatArray, fps: float = FPS, sd_deg: float = 5.0) -> SideView:
    """A view in which this was read of every frame, (T, 3), and the whole back was seen."""
    count = len(read_deg)
    return SideView(
        np.arange(count) / fps, {name: np.zeros((count, 2)) for name in SIDE_JOINTS},
        np.zeros((count, BACK_POINT_COUNT, 2)), np.ones((count, BACK_POINT_COUNT)), np.ones(count), "right", "right",
        0.0, spine_deg=read_deg, spine_sd_deg=np.full((count, 3), sd_deg),
    )  # fmt: skip


def _stroke(count: int = 180, rate_spm: float = 30.0) -> FloatArray:
    """(T, 3) pelvis and spine of somebody who rows."""
    phase = 2 * np.pi * rate_spm / 60.0 * np.arange(count) / FPS
    return np.stack([-40 + 15 * np.sin(phase), 20 + 12 * np.cos(phase), 10 + 5 * np.sin(phase + 1)], axis=1)


@pytest.mark.parametrize("lean_deg", [-20.0, 0.0, 20.0])
def test_straight_back_has_the_trunks_direction_everywhere(lean_deg: float) -> None:
    view = view_of([Body(lean_deg=lean_deg)] * 2)
    # Buttock and neck bend away; the points between lie on the straight part.
    for point in (26, 31, THORACOLUMBAR, 41):
        np.testing.assert_allclose(outline_direction_deg(view, point), lean_deg, atol=1.0)


def test_arc_turns_forward_by_its_bend() -> None:
    body = Body(bend_deg=40.0)
    view = view_of([body] * 2)
    low, high = 26, 41
    turn = outline_direction_deg(view, high) - outline_direction_deg(view, low)
    long_px = np.hypot(*np.diff(view.back_xy[0, low : high + 1], axis=0).T).sum()
    # The outline is an arc as well, half a trunk's thickness further out.
    radius_px = body.trunk_px / np.radians(body.bend_deg) + body.half_px
    assert turn[0] == pytest.approx(np.degrees(long_px / radius_px), abs=1.5)


def test_tangents_turn_with_the_body() -> None:
    """Turning the whole side view turns the tilt by as much and leaves both flexions alone."""
    view = view_of([Body(bend_deg=20.0), Body(bend_deg=30.0, lean_deg=5.0)])
    turned = tangent_angles(_turned(view, 10.0)) - tangent_angles(view)
    np.testing.assert_allclose(turned, [[10.0, 0.0, 0.0]] * 2, atol=1e-6)


def test_mirrored_rower_has_the_same_directions() -> None:
    right, left = view_of(BODIES), view_of([body.mirrored() for body in BODIES])
    assert np.isfinite(tangent_angles(right)).all()
    np.testing.assert_allclose(tangent_angles(left), tangent_angles(right), atol=1e-5)


def test_size_does_not_matter() -> None:
    view = view_of(BODIES)
    large = replace(view, joints={k: 3 * v for k, v in view.joints.items()}, back_xy=3 * view.back_xy)
    np.testing.assert_allclose(tangent_angles(large), tangent_angles(view), atol=1e-6)


def test_nothing_read_gives_nothing_and_no_warning() -> None:
    blank = _read_view(np.full((12, 3), np.nan), sd_deg=np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for view in (blank, replace(blank, spine_deg=None, spine_sd_deg=None)):
            angles = _columns(spine_angles(view))
            assert angles.shape == (12, 6)
            assert np.isnan(angles).all()


def test_what_was_read_comes_through_with_the_zero_added_once() -> None:
    read = np.random.default_rng(0).normal(0, 15, (20, 3))
    sd = np.random.default_rng(1).uniform(3, 9, (20, 3))
    # Frames so far apart that none smooths another.
    view = replace(_read_view(read, fps=0.1), spine_sd_deg=sd)
    found = _columns(spine_angles(view))
    np.testing.assert_allclose(found[:, :3], read + ZERO, atol=1e-9)
    np.testing.assert_allclose(found[:, 3:], sd, atol=1e-9)
    np.testing.assert_array_equal(view.spine_deg, read)  # the view is left as it is
    assert TILT_ZERO_DEG > 1.0


def test_the_zero_is_added_once_from_the_frames_to_the_angles() -> None:
    read = np.tile([-45.0, 22.0, 8.0], (90, 1))
    angles = _columns(spine_angles(to_side_view(_track(read), "right", "right", 0.0)))
    np.testing.assert_allclose(angles[5:-5, :3], read[5:-5] + ZERO, atol=1e-3)
    np.testing.assert_allclose(angles[5:-5, 3:], 5.0, atol=1e-5)


def test_one_missing_frame_stays_missing_and_harms_no_other() -> None:
    read = _stroke()
    whole = _columns(spine_angles(_read_view(read)))
    holed_read = read.copy()
    holed_read[40] = np.nan
    holed = _columns(spine_angles(_read_view(holed_read)))
    others = np.arange(len(read)) != 40
    assert np.isnan(holed[40]).all()
    assert np.isfinite(holed[others]).all()
    assert np.abs((holed - whole)[others]).max() < 0.1
    np.testing.assert_allclose(holed[60:], whole[60:], atol=1e-9)


@pytest.mark.parametrize("hidden", [slice(0, 45), slice(5, 41), slice(4, 31)])
def test_a_hidden_low_back_is_not_measured_whatever_was_read(hidden: slice) -> None:
    read = _stroke()
    read[100:103] += 200.0
    view = _read_view(read)
    view.back_seen[100:103, hidden] = 0.0
    found = _columns(spine_angles(view))
    plain = _columns(spine_angles(_read_view(_stroke())))
    there = np.ones(len(read), dtype=bool)
    there[100:103] = False
    assert np.isnan(found[100:103]).all()
    assert np.abs((found - plain)[there]).max() < 1.0, "what was read behind an arm does not leak"


@pytest.mark.parametrize("hidden", [slice(41, 64), slice(0, 7), slice(24, 41), slice(7, 24)])
def test_the_rest_of_the_back_and_half_of_the_low_one_may_be_hidden(hidden: slice) -> None:
    view = _read_view(_stroke())
    plain = _columns(spine_angles(view))
    view.back_seen[50:80, hidden] = 0.0
    np.testing.assert_array_equal(_columns(spine_angles(view)), plain)


def test_low_back_is_where_hip_and_ribs_are() -> None:
    """The points that must be seen run from the hip to above the middle of the trunk, on a drawn body."""
    body = Body()
    xy = view_of([body] * 2).back_xy[0][LOW_BACK] * [1.0, -1.0]
    hip, shoulder = body.centre(np.array([0.0, 1.0]))
    level = (hip[1] - xy[:, 1]) / (hip[1] - shoulder[1])
    assert level.min() < 0.1
    assert 0.5 < level.max() < 0.85


def test_smoothing_takes_noise_out_and_keeps_the_movement() -> None:
    truth = _stroke()
    noise = np.random.default_rng(2).normal(0, 4.0, truth.shape)
    smooth = _columns(spine_angles(_read_view(truth + noise)))[:, :3] - ZERO
    clean = _columns(spine_angles(_read_view(truth)))[:, :3] - ZERO
    inner = slice(10, -10)
    assert np.std((smooth - truth)[inner]) < 0.65 * 4.0
    assert np.abs((clean - truth)[inner]).max() < 0.6, "the movement itself stays, without delay"
    rough = _columns(spine_angles(_read_view(truth + noise), cutoff_hz=14.0))[:, :3] - ZERO
    assert np.std(np.diff(smooth, n=2, axis=0)) < 0.2 * np.std(np.diff(rough, n=2, axis=0))


@pytest.mark.parametrize("facing", ["right", "left"])
@pytest.mark.parametrize("roll_deg", [-6.0, 2.5])
def test_camera_roll_is_taken_out_of_the_tilt_one_to_one(facing: str, roll_deg: float) -> None:
    """A pelvis held at 12 degrees behind the trunk stays so, however the camera is rolled."""
    time_s = np.arange(60) / FPS
    xy, _ = landmarks(time_s)
    if facing == "left":
        xy = mirrored(xy, 1920.0)
    angle = np.radians(roll_deg)  # picture turned clockwise: (x, y) -> (x cos - y sin, x sin + y cos), y down
    turned = xy @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    found = []
    for picture_xy, roll in ((xy, 0.0), (turned, roll_deg)):
        read = np.stack([_picture_lean(picture_xy, facing) - 12.0, _stroke(60)[:, 1], _stroke(60)[:, 2]], axis=1)
        view = to_side_view(_bare_track(time_s, picture_xy, read), facing, facing, roll)
        found.append(_columns(spine_angles(view)))
        up = view.joints["shoulder"] - view.joints["hip"]
        lean = np.degrees(np.arctan2(up[:, 0], up[:, 1]))
        assert view.spine_deg is not None
        # Up to what the centres of hip and shoulder lie off their landmarks, which goes with the posture.
        np.testing.assert_allclose(np.diff(view.spine_deg[:, 0] - lean), 0.0, atol=0.5)
        np.testing.assert_array_equal(view.spine_deg[:, 1:], read[:, 1:])
    np.testing.assert_allclose(found[1], found[0], atol=1e-6)


def test_a_mirrored_track_gives_the_same_angles() -> None:
    read = _stroke(60)
    time_s = np.arange(60) / FPS
    xy, _ = landmarks(time_s)
    right = to_side_view(_bare_track(time_s, xy, read), "right", "right", 3.0)
    left = to_side_view(_bare_track(time_s, mirrored(xy, 1920.0), read), "left", "left", -3.0)
    np.testing.assert_allclose(_columns(spine_angles(left)), _columns(spine_angles(right)), atol=1e-9)


def test_mirrored_bodies_keep_what_was_read() -> None:
    read = _stroke(len(BODIES))
    right = view_of(BODIES, spine_deg=read)
    left = view_of([body.mirrored() for body in BODIES], spine_deg=read)
    np.testing.assert_allclose(_columns(spine_angles(left)), _columns(spine_angles(right)), atol=1e-9)
    np.testing.assert_allclose(_columns(spine_angles(right))[:, :3], read + ZERO, atol=1e-9)


def _picture_lean(xy: FloatArray, facing: str) -> FloatArray:
    """(T,) hip to shoulder against the picture's vertical, + towards the flywheel."""
    hip, shoulder = (
        (xy[:, LANDMARK_INDEX[f"left_{joint}"]] + xy[:, LANDMARK_INDEX[f"right_{joint}"]]) / 2
        for joint in ("hip", "shoulder")
    )
    step = shoulder - hip
    return np.asarray(np.degrees(np.arctan2(step[:, 0] if facing == "right" else -step[:, 0], -step[:, 1])))


def _bare_track(time_s: FloatArray, xy: FloatArray, read: FloatArray) -> PoseTrack:
    """A track as it is read, without smoothing."""
    count = len(time_s)
    return PoseTrack(
        np.arange(count), time_s, xy, np.ones(xy.shape[:2]), np.zeros((count, BACK_POINT_COUNT, 2)),
        np.ones((count, BACK_POINT_COUNT)), np.ones(count, dtype=bool), read, np.full((count, 3), 5.0),
    )  # fmt: skip


def _track(read: FloatArray) -> PoseTrack:
    """The track that the frames make."""
    time_s = np.arange(len(read)) / FPS
    xy, visibility = landmarks(time_s)
    back = np.repeat(xy[:, [LANDMARK_INDEX["right_hip"]]], BACK_POINT_COUNT, axis=1)
    seen = observations_from(list(range(len(read))), time_s, xy, visibility, back)
    seen = replace(seen, spine_deg=read, spine_sd_deg=np.full_like(read, 5.0))
    return assemble(seen, time_s, np.arange(len(read)), PoseSettings())


def _turned(view: SideView, forward_deg: float) -> SideView:
    a = np.radians(forward_deg)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    return replace(view, joints={k: v @ turn for k, v in view.joints.items()}, back_xy=view.back_xy @ turn)
