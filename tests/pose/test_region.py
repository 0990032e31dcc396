"""Where the network looks: geometry of the square, and that it does not depend on how many frames are looked at."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_INDEX, SPINE_FEATURE_COUNT
from rowsense.model import BackLine, FrameObservation, ObservationSeries, SpineReading
from rowsense.observe import MIN_CHUNK_FRAMES, ObservationPlan, observe_video
from rowsense.pose.region import Region, RegionPlan, ahead, invert
from rowsense.pose.side_view import to_side_view
from rowsense.pose.tracking import assemble
from rowsense.settings import PoseSettings
from rowsense.strokes.events import find_turns
from rowsense.video.probe import probe
from tests.clips import loop_packets
from tests.pose.moving_rower import landmarks, mirrored

FloatArray = NDArray[np.float64]
PLAN = RegionPlan.of(landmarks(np.linspace(0.0, 2.0, 9))[0], (-300, -100, 1500, 900), "right")


def _apply(affine: FloatArray, point: tuple[float, float]) -> FloatArray:
    return np.asarray(affine[:, :2] @ np.array(point) + affine[:, 2])


def test_the_middle_goes_to_the_middle_and_a_leaning_trunk_becomes_upright() -> None:
    region = Region((500.0, 300.0), 400.0, 30.0)
    to_square = region.to_pixels(256)
    np.testing.assert_allclose(_apply(to_square, (500.0, 300.0)), [128.0, 128.0])
    leaning = (500.0 + 100.0 * np.sin(np.radians(30)), 300.0 - 100.0 * np.cos(np.radians(30)))
    np.testing.assert_allclose(_apply(to_square, leaning), [128.0, 128.0 - 64.0])
    np.testing.assert_allclose(_apply(region.to_pixels(256, mirror=True), (500.0, 300.0)), [128.0, 128.0])


def test_there_and_back_again() -> None:
    to_square = Region((510.0, 330.0), 417.0, -17.0).to_pixels(256, mirror=True)
    np.testing.assert_allclose(_apply(invert(to_square), tuple(_apply(to_square, (12.5, 7.0)))), [12.5, 7.0])


def test_the_square_goes_with_her_and_turns_with_her_trunk() -> None:
    xy, _ = landmarks(np.linspace(0.0, 2.0, 9))
    regions = [PLAN.around(one) for one in xy]
    assert len({region.side_px for region in regions}) == 1
    hips = (xy[:, 23] + xy[:, 24]) / 2
    ahead_px = np.array([region.centre_px for region in regions]) - hips
    np.testing.assert_allclose(ahead_px, np.broadcast_to(ahead_px[0], ahead_px.shape), atol=1e-9)
    assert ahead_px[0, 0] > 0
    turns = np.array([region.turn_deg for region in regions])
    assert turns.max() > 10
    assert turns.min() < -10
    left = RegionPlan.of(mirrored(xy, 1920.0), (1920 - 1500, -100, 1920 + 300, 900), "left")
    assert left.start.centre_px[0] == pytest.approx(1920 - PLAN.start.centre_px[0])
    for region, one in zip(regions, mirrored(xy, 1920.0), strict=True):
        other = left.around(one)
        assert other.centre_px[0] == pytest.approx(1920 - region.centre_px[0])
        assert other.turn_deg == pytest.approx(-region.turn_deg)


def test_somebody_else_and_nobody_send_the_square_back_to_the_start() -> None:
    (xy,) = landmarks(np.zeros(1))[0]
    assert PLAN.around(xy) != PLAN.start
    for wrong in (np.full_like(xy, np.nan), xy * 2.0, xy - (2000.0, 0.0)):
        assert PLAN.around(wrong) == PLAN.start


def test_who_stands_beside_her_and_who_has_no_foot_in_the_straps_is_not_her() -> None:
    (xy,) = landmarks(np.zeros(1))[0]
    assert PLAN.shows_her(xy)
    assert not PLAN.shows_her(np.full_like(xy, np.nan))
    hips_up = xy.copy()
    hips_up[[11, 12, 23, 24]] -= (0.0, 0.7 * 200.0)  # a trunk above the seat, on her own legs
    assert not PLAN.shows_her(hips_up)
    assert PLAN.around(hips_up) == PLAN.start
    ankles = [LANDMARK_INDEX["left_ankle"], LANDMARK_INDEX["right_ankle"]]
    one_foot = xy.copy()
    one_foot[ankles[0]] += (300.0, 0.0)
    assert PLAN.shows_her(one_foot)
    one_foot[ankles[1]] += (300.0, 0.0)
    assert not PLAN.shows_her(one_foot)
    assert PLAN.around(one_foot) == PLAN.around(xy), "a lost foot does not move the square"


def test_where_she_is_follows_from_most_of_the_looked_at_frames() -> None:
    seen = landmarks(np.linspace(0.0, 2.0, 20))[0]
    some_wrong = seen.copy()
    some_wrong[::5, [11, 12, 23, 24]] -= (0.0, 0.8 * 200.0)
    plan, mixed = (RegionPlan.of(xy, (-300, -300, 1500, 900), "right") for xy in (seen, some_wrong))
    np.testing.assert_allclose(mixed.hips_y_px, plan.hips_y_px, atol=40.0)
    assert [mixed.shows_her(one) for one in some_wrong] == [k % 5 > 0 for k in range(20)]
    places = [region.centre_px[0] for region in mixed.elsewhere]
    assert len(places) == 3
    assert places == sorted(places, reverse=True), "from the flywheel to the end of the slide"
    assert places[0] - places[-1] > 100.0


def test_the_square_keeps_its_pace() -> None:
    before, last = Region((100.0, 50.0), 400.0, 4.0), Region((110.0, 50.0), 400.0, 6.0)
    assert ahead(before, last, 0.0) == last
    further = ahead(before, last, 1.0)
    assert further.centre_px[0] > 110.0
    assert further.turn_deg > 6.0


@pytest.fixture(scope="module")
def plan(real_clip: Path, pose_model: Path, tmp_path_factory: pytest.TempPathFactory) -> ObservationPlan:
    clip = loop_packets(real_clip, tmp_path_factory.mktemp("region") / "looped.mp4", loops=5)
    info = probe(clip)
    return ObservationPlan(
        info=info,
        model_path=pose_model,
        near_side="right",
        regions=RegionPlan(
            crop_px=(48, 16, 1312, 968),
            trunk_px=326.0,
            facing="right",
            start=Region((700.0, 560.0), 1368.0),
            hips_y_px=(16.0, 968.0),
            feet_px=(48.0, 16.0, 1312.0, 968.0),
            elsewhere=(),
        ),
        max_side_px=450,
        first_frame=0,
        end_frame=MIN_CHUNK_FRAMES + 30,
        stride=1,
    )


@pytest.fixture(scope="module")
def every_frame(plan: ObservationPlan) -> ObservationSeries:
    return observe_video(plan, 1)[0]


@pytest.mark.slow
@pytest.mark.parametrize(("stride", "workers"), [(2, 2), (1, 2)])
def test_frames_do_not_depend_on_stride_or_threads(
    plan: ObservationPlan, every_frame: ObservationSeries, stride: int, workers: int
) -> None:
    other = observe_video(replace(plan, stride=stride), workers)[0]
    assert len(other) == len(range(0, plan.end_frame, stride))
    for name in (
        "frame",
        "landmarks_px",
        "visibility",
        "back_xy_px",
        "back_seen",
        "spine_deg",
        "spine_sd_deg",
        "spine_features",
    ):
        np.testing.assert_array_equal(getattr(other, name), getattr(every_frame, name)[::stride], err_msg=name)


@pytest.mark.slow
def test_catches_stay_where_they_are_with_every_second_frame(
    plan: ObservationPlan, every_frame: ObservationSeries
) -> None:
    """The last two: one has the frames looked at where the other has those between. The first is the clip's edge."""
    frames = np.arange(plan.end_frame)
    every, second = (
        to_side_view(
            assemble(_each(every_frame, step), every_frame.time_s, frames, PoseSettings()), "right", "right", 0.0
        )
        for step in (1, 2)
    )
    a, b = (find_turns(view.time_s, view.hands_x, view.shoulders_x) for view in (every, second))
    np.testing.assert_allclose(b.catch_s[-2:], a.catch_s[-2:], rtol=0.0, atol=0.003)


def _each(series: ObservationSeries, step: int) -> ObservationSeries:
    return ObservationSeries(*(getattr(series, column.name)[::step] for column in fields(series)))


def test_an_observation_that_is_not_there_has_no_row() -> None:
    series = ObservationSeries.blank(3)
    features = np.arange(SPINE_FEATURE_COUNT, dtype=np.float16)
    read = SpineReading(np.array([-40.0, 20.0, 5.0]), np.array([4.0, 5.0, 6.0]), np.zeros((20, 2)), 0.5, features)
    series.put(1, FrameObservation(7, 0.5, np.ones((33, 2)), np.ones(33), BackLine.missing(), read, (1.0, 2.0)))
    series.put(2, FrameObservation(8, 0.6, np.ones((33, 2)), np.ones(33), BackLine.missing(), SpineReading.missing(),
                                   (1.0, 2.0)))  # fmt: skip
    filled = series.filled()
    assert filled.frame.tolist() == [7, 8]
    assert filled.background_shift_px.tolist() == [[1.0, 2.0]] * 2
    np.testing.assert_array_equal(filled.spine_deg, [[-40.0, 20.0, 5.0], [np.nan] * 3])
    np.testing.assert_array_equal(filled.spine_sd_deg, [[4.0, 5.0, 6.0], [np.nan] * 3])
    np.testing.assert_array_equal(filled.spine_features, [features, [np.nan] * SPINE_FEATURE_COUNT])
    assert np.isnan(filled.back_xy_px).all()
