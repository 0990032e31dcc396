"""The near arm by the far one's name: taken back where the network is sure, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rowsense.conventions import LANDMARK_INDEX
from rowsense.model import PoseTrack
from rowsense.pose.side_view import to_side_view
from tests.pose.moving_rower import TRUNK_PX, landmarks
from tests.pose.test_tracking import clock, track

ROWS = slice(40, 55)
ARM = ("elbow", "wrist", "pinky", "index", "thumb")
NEAR, FAR = ([LANDMARK_INDEX[f"{side}_{joint}"] for joint in ARM] for side in ("right", "left"))


def arms(near_seen: float, far_seen: float) -> tuple[PoseTrack, PoseTrack]:
    """A rower who shows her right side, and the same with her arms by each other's names for half a second."""
    t = clock(3.0)
    plain = track(t, *landmarks(t, far_side_px=(40.0, -30.0)))
    xy_px, visibility = plain.xy_px.copy(), plain.visibility.copy()
    xy_px[ROWS, NEAR], xy_px[ROWS, FAR] = plain.xy_px[ROWS, FAR], plain.xy_px[ROWS, NEAR]
    visibility[ROWS, NEAR], visibility[ROWS, FAR] = near_seen, far_seen
    return plain, replace(plain, xy_px=xy_px, visibility=visibility)


@pytest.mark.parametrize("lost", [0.0, 0.4])
def test_a_near_arm_that_is_called_the_far_one_is_the_near_one(lost: float) -> None:
    plain, named = arms(lost, 0.9)
    if lost == 0.0:  # what is surely not there has no place either
        named.xy_px[ROWS, NEAR] = np.nan
    seen, real = (to_side_view(one, "right", "right", 0.0) for one in (named, plain))
    assert real.hands_x is not None and seen.hands_x is not None
    np.testing.assert_allclose(seen.hands_x, real.hands_x, atol=1e-3)
    np.testing.assert_allclose(seen.joints["elbow"], real.joints["elbow"], atol=1e-3)
    assert seen.confidence[ROWS] == pytest.approx((4.0 + 2.0 * 0.9) / 6.0)


@pytest.mark.parametrize(("near_seen", "far_seen"), [(0.4, 0.7), (0.6, 0.9)])
def test_an_arm_that_is_hidden_or_in_doubt_is_left_alone(near_seen: float, far_seen: float) -> None:
    plain, named = arms(near_seen, far_seen)
    seen, real = (to_side_view(one, "right", "right", 0.0) for one in (named, plain))
    assert seen.hands_x is not None and real.hands_x is not None
    assert np.abs(seen.hands_x - real.hands_x)[ROWS].min() > 0.15 * TRUNK_PX
