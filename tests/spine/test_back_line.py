"""The back line on drawn bodies whose outline is known."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.conventions import BACK_POINT_COUNT, LANDMARK_COUNT, LANDMARK_INDEX
from rowsense.model import BackLine, PoseObservation
from rowsense.spine.back_line import back_line
from tests.spine.bodies import WIDTH_PX, Body

FloatArray = NDArray[np.float64]

#: Points of the line that lie between hip and shoulder on a drawn body.
TRUNK = slice(16, 50)


#: Bodies that are looked at with an expectation of their outline.
EXPECTED = [Body(bend_deg=20.0), Body(bend_deg=40.0, lean_deg=15.0), Body(lean_deg=-20.0)]


def _line(body: Body, scale: float = 1.0) -> BackLine:
    return back_line(body.observation(scale), body.facing, "right")


def _expected(body: Body, behind: float = 0.0) -> FloatArray:
    """Where a network would expect the outline: as it is, or so many trunk lengths too far back."""
    outline = _line(replace(body, elbow=None, wall_px=None)).xy_px[::3]
    hip, shoulder = body.centre(np.array([0.0, 1.0]))
    up = (shoulder - hip) / np.hypot(*(shoulder - hip))
    return np.asarray(outline + behind * body.trunk_px * np.array([up[1], -up[0]]))


@pytest.mark.parametrize(
    "body",
    [
        Body(),
        Body(lean_deg=25.0),
        Body(lean_deg=-30.0),
        Body(bend_deg=40.0),
        Body(bend_deg=-20.0, lean_deg=10.0),
        Body(bend_deg=30.0, noise=0.08),
    ],
)
def test_line_lies_on_the_outline(body: Body) -> None:
    line = _line(body)
    distance = body.back_distance(line.xy_px[TRUNK])
    # 150 px stand for half a metre, so 1 px is 3 mm.
    assert distance.max() < (1.6 if body.noise else 0.8)
    assert line.seen[TRUNK].min() == 1.0


def test_line_runs_upwards_at_equal_steps() -> None:
    line = _line(Body(bend_deg=25.0))
    gaps = np.hypot(*np.diff(line.xy_px, axis=0).T)
    assert np.ptp(gaps) < 0.03 * gaps.mean()
    assert line.xy_px[0, 1] > line.xy_px[-1, 1] + 150.0


@pytest.mark.parametrize("bend_deg", [-15.0, 0.0, 35.0])
def test_directions_along_an_arc(bend_deg: float) -> None:
    body = Body(bend_deg=bend_deg, lean_deg=5.0)
    xy = _line(body).xy_px[TRUNK]
    height = (xy[4:-4] - body.centre(np.array([0.0]))) @ (
        body.centre(np.array([1.0])) - body.centre(np.array([0.0]))
    ).ravel()
    step = xy[8:] - xy[:-8]
    found = np.degrees(np.arctan2(step[:, 0], -step[:, 1]))
    level = height / np.hypot(*(body.centre(np.array([1.0])) - body.centre(np.array([0.0]))).ravel()) ** 2
    inside = (level > 0.1) & (level < 0.85)
    assert inside.sum() > 15
    # Levels along the chord stand for levels along the arc to well under a degree at these bends.
    np.testing.assert_allclose(found[inside], body.directions_deg(level[inside]), atol=2.5)


def test_elbow_behind_the_back_is_bridged_and_marked() -> None:
    body = Body(lean_deg=-15.0, elbow=(-0.42, 0.42))
    plain = _line(replace(body, elbow=None))
    line = _line(body)
    hidden = line.seen < 0.5
    assert 5 <= hidden.sum() <= 40
    assert not hidden[:18].any()
    # The bridge stays near the back that is behind the arm: far less than the elbow sticks out (about 25 px).
    gap = np.hypot(*(line.xy_px - plain.xy_px)[TRUNK].T)
    assert gap.max() < 9.0
    assert body.back_distance(line.xy_px[16:24]).max() < 1.0


def test_wall_joined_to_the_back_is_not_followed() -> None:
    body = Body(bend_deg=20.0, wall_px=(205, 235))
    line = _line(body)
    hidden = line.seen < 0.5
    assert hidden.sum() >= 4
    assert body.back_distance(line.xy_px[TRUNK]).max() < 3.0
    assert body.back_distance(line.xy_px[TRUNK][~hidden[TRUNK]]).max() < 1.5


def test_a_wall_along_the_whole_back_gives_no_line() -> None:
    line = _line(Body(wall_px=(0, 400)))
    assert np.isnan(line.xy_px).all()
    assert (line.seen == 0).all()


@pytest.mark.parametrize("wrong", [-0.02, 0.0, 0.02])
@pytest.mark.parametrize("wall_px", [(200, 285), (150, 230)])
@pytest.mark.parametrize("body", EXPECTED)
def test_a_plant_along_half_the_back_is_bridged_as_expected(body: Body, wall_px: tuple[int, int], wrong: float) -> None:
    behind = replace(body, wall_px=wall_px)
    line = back_line(behind.observation(), "right", "right", _expected(body, wrong))
    hidden = line.seen < 0.5
    rows = line.xy_px[:, 1]
    inside = (rows > wall_px[0] + 8) & (rows < wall_px[1] - 8)
    assert inside.sum() >= 10
    assert hidden[inside].all(), "what joins the back is not taken for it"
    assert not hidden[(rows < wall_px[0] - 25) | (rows > wall_px[1] + 25)].any()
    distance = body.back_distance(line.xy_px)
    assert distance[TRUNK].max() < 3.5, "no worse than the expectation"
    assert distance[TRUNK][~hidden[TRUNK]].max() < 1.5


@pytest.mark.parametrize("body", EXPECTED)
def test_a_bite_out_of_the_silhouette_is_bridged_as_expected(body: Body) -> None:
    """Bright cloth before a bright wall: the pose model leaves a part of the back out."""
    seen = body.observation()
    assert seen.mask is not None
    mask = seen.mask.copy()
    middle = _line(body).xy_px[30]
    cv2.circle(mask, (int(middle[0]), int(middle[1])), 28, 0.0, -1)
    line = back_line(replace(seen, mask=mask), "right", "right", _expected(body))
    hidden = line.seen < 0.5
    assert 6 <= hidden.sum() <= 30
    assert body.back_distance(line.xy_px[TRUNK]).max() < 3.5


@pytest.mark.parametrize("wrong", [-0.05, -0.02, 0.02, 0.05])
@pytest.mark.parametrize("body", [*EXPECTED, Body(bend_deg=30.0, noise=0.08)])
def test_where_it_is_seen_the_line_is_the_silhouettes_own_edge(body: Body, wrong: float) -> None:
    line = back_line(body.observation(), "right", "right", _expected(body, wrong))
    assert body.back_distance(line.xy_px[TRUNK]).max() < (1.6 if body.noise else 0.8)
    assert line.seen[TRUNK].min() == 1.0


@pytest.mark.parametrize("wrong", [-0.12, 0.12])
@pytest.mark.parametrize("body", EXPECTED)
def test_an_outline_far_from_where_it_is_expected_is_no_back(body: Body, wrong: float) -> None:
    line = back_line(body.observation(), "right", "right", _expected(body, wrong))
    assert np.isnan(line.xy_px).all()
    assert (line.seen == 0).all()


def test_nothing_expected_is_as_without() -> None:
    body = Body(bend_deg=20.0, wall_px=(205, 235))
    plain = _line(body)
    for expected in (None, np.empty((0, 2))):
        line = back_line(body.observation(), "right", "right", expected)
        np.testing.assert_array_equal(line.xy_px, plain.xy_px)
        np.testing.assert_array_equal(line.seen, plain.seen)


def test_a_wall_along_the_whole_back_gives_no_line_whatever_is_expected() -> None:
    body = Body(wall_px=(0, 400))
    line = back_line(body.observation(), "right", "right", _expected(body))
    assert np.isnan(line.xy_px).all()


def test_mirrored_body_has_the_mirrored_line_as_expected() -> None:
    body = Body(bend_deg=20.0, wall_px=(200, 285))
    expected = _expected(body)
    right = back_line(body.observation(), "right", "right", expected)
    left = back_line(body.mirrored().observation(), "left", "left", expected * [-1.0, 1.0] + [WIDTH_PX, 0.0])
    np.testing.assert_allclose(left.xy_px * [-1.0, 1.0] + [WIDTH_PX, 0.0], right.xy_px, atol=1e-6)
    np.testing.assert_allclose(left.seen, right.seen, atol=1e-9)


def test_the_same_level_keeps_its_number_when_the_trunk_leans() -> None:
    """Half way up the trunk is the same point index within a tenth of the line, from -25 to +25 deg."""
    numbers = []
    for lean_deg in (-25.0, 0.0, 25.0):
        body = Body(lean_deg=lean_deg)
        middle = body.centre(np.array([0.5]))[0]
        up = np.array([np.sin(np.radians(lean_deg)), -np.cos(np.radians(lean_deg))])
        numbers.append(int(np.argmin(np.abs((_line(body).xy_px - middle) @ up))))
    assert np.ptp(numbers) <= 6


@pytest.mark.parametrize("body", [Body(), Body(bend_deg=30.0, lean_deg=20.0), Body(elbow=(-0.42, 0.42), lean_deg=-15)])
def test_mirrored_body_has_the_mirrored_line(body: Body) -> None:
    right, left = _line(body), _line(body.mirrored())
    np.testing.assert_allclose(WIDTH_PX - left.xy_px[:, 0], right.xy_px[:, 0], atol=1e-6)
    np.testing.assert_allclose(left.xy_px[:, 1], right.xy_px[:, 1], atol=1e-6)
    np.testing.assert_allclose(left.seen, right.seen, atol=1e-9)


def test_a_coarser_mask_gives_the_same_line_to_part_of_its_pixel() -> None:
    body = Body(bend_deg=25.0, lean_deg=10.0)
    fine, coarse = _line(body), _line(body, scale=0.5)
    gap = np.hypot(*(fine.xy_px - coarse.xy_px)[TRUNK].T)
    assert gap.max() < 0.8  # a coarse pixel is 2


def test_same_picture_at_twice_the_size() -> None:
    body = Body(bend_deg=25.0)
    one = body.observation()
    two = PoseObservation(one.landmarks_px * 2, one.visibility, one.mask, 2 * one.mask_to_picture)
    a, b = back_line(one, "right", "right"), back_line(two, "right", "right")
    np.testing.assert_allclose(b.xy_px, 2 * a.xy_px, atol=1e-6)


def test_nobody_no_mask_and_half_a_trunk_give_a_missing_line() -> None:
    seen = Body().observation()
    nobody = PoseObservation(np.full((LANDMARK_COUNT, 2), np.nan), np.zeros(LANDMARK_COUNT), seen.mask)
    no_mask = PoseObservation(seen.landmarks_px, seen.visibility, None)
    no_hip_xy = seen.landmarks_px.copy()
    no_hip_xy[[LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]]] = np.nan
    no_hip = PoseObservation(no_hip_xy, seen.visibility, seen.mask)
    empty = PoseObservation(seen.landmarks_px, seen.visibility, np.zeros((400, 480), np.float32))
    for observation in (nobody, no_mask, no_hip, empty):
        line = back_line(observation, "right", "right")
        assert line.xy_px.shape == (BACK_POINT_COUNT, 2)
        assert np.isnan(line.xy_px).all()
        assert (line.seen == 0).all()
