"""The rail's edges give the camera's roll."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from rowsense.camera.rail import combined, rail_roll
from rowsense.conventions import LANDMARK_INDEX
from rowsense.model import Frame, PoseTrack
from tests.session_fixture import make_session

SIZE = (720, 1280)


@pytest.fixture(scope="module")
def track() -> PoseTrack:
    return make_session(stroke_count=2).track


def _picture(track: PoseTrack, roll_deg: float, shrink: int = 1, rail: bool = True) -> Frame:
    image = np.full((*SIZE, 3), 150, dtype=np.uint8)
    hip = np.nanmedian(track.xy_px[:, LANDMARK_INDEX["right_hip"]], axis=0)
    foot = np.nanmedian(track.xy_px[:, LANDMARK_INDEX["right_ankle"]], axis=0)
    along = np.array([np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))])
    if rail:
        middle = np.array([hip[0], (hip[1] + foot[1]) / 2 + 20])
        ends = [tuple(int(v) for v in np.round(middle + sign * 500 * along)) for sign in (-1, 1)]
        cv2.line(image, ends[0], ends[1], (40, 40, 40), 24, cv2.LINE_AA)
    cv2.line(image, (int(hip[0]) + 60, int(foot[1])), (int(hip[0]) + 110, int(foot[1]) - 60), (20, 20, 20), 10)
    small = cv2.resize(image, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
    return Frame(0, 0.0, np.asarray(small, dtype=np.uint8), float(shrink))


@pytest.mark.parametrize("roll_deg", [-4.0, -1.0, 0.0, 2.5])
@pytest.mark.parametrize("shrink", [1, 2])
def test_roll_is_the_slope_of_the_rail(track: PoseTrack, roll_deg: float, shrink: int) -> None:
    found, sd = rail_roll([_picture(track, roll_deg, shrink)], track, "right")
    assert found == pytest.approx(roll_deg, abs=0.3)
    assert 0 < sd < 2


def test_no_rail_no_answer(track: PoseTrack) -> None:
    assert np.isnan(rail_roll([_picture(track, 0.0, rail=False)], track, "right")).all()


def test_a_picture_without_any_edge_is_passed_over(track: PoseTrack) -> None:
    grey = Frame(0, 0.0, np.full((*SIZE, 3), 90, dtype=np.uint8), 1.0)
    assert np.isnan(rail_roll([grey], track, "right")).all()
    found, _ = rail_roll([_picture(track, 2.0), grey], track, "right")
    assert found == pytest.approx(2.0, abs=0.3)


def test_unseen_hips_give_no_answer(track: PoseTrack) -> None:
    hidden = replace(track, xy_px=np.full_like(track.xy_px, np.nan))
    assert np.isnan(rail_roll([_picture(track, 0.0)], hidden, "right")).all()


def test_the_surer_estimate_counts_more() -> None:
    value, sd = combined((1.0, 1.0), (4.0, 2.0))
    assert value == pytest.approx(1.6)
    assert sd < 1.0
    assert combined((np.nan, np.nan), (4.0, 2.0)) == (4.0, pytest.approx(2.0))
