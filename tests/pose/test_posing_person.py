"""Somebody who poses on the ergometer is accepted where that was asked for, and only there."""

from __future__ import annotations

import numpy as np
import pytest

from rowsense.conventions import LANDMARK_NAMES
from rowsense.errors import NotMeasurableError, UsageError
from rowsense.jobs.people import poses
from rowsense.pose.people import gather
from rowsense.pose.scout import PLAN_FRAMES, scout_plan
from rowsense.pose.suitability import Scout, judge
from tests.pose.test_people_and_suitability import PICTURE, FloatArray, look, rower

LEGS = ("knee", "ankle", "heel", "foot_index")


def still(feet_px: tuple[float, float] = (900.0, 700.0), trunk_px: float = 200.0) -> FloatArray:
    """She sits with the feet ahead of her and does not row."""
    xy = rower(feet_px, trunk_px)
    rng = np.random.default_rng(2)
    return np.repeat(xy[10:11], len(xy), axis=0) + rng.normal(0, 0.01 * trunk_px, xy.shape)


def standing(x_px: float, trunk_px: float) -> FloatArray:
    """A coach who stands by, with the legs under her."""
    xy = still((x_px, 800.0), trunk_px)
    legs = [i for i, name in enumerate(LANDMARK_NAMES) if name.split("_")[1:] and name.split("_", 1)[1] in LEGS]
    hip = LANDMARK_NAMES.index("right_hip")
    xy[:, legs, 0] = xy[:, hip, 0][:, None]
    return xy


def judged(*people: FloatArray, posing: bool = True, which: int | None = None) -> Scout:
    return judge(gather(look(*people)), PICTURE, rower=which, posing=posing)


def test_she_need_not_row_when_posing() -> None:
    found = judged(still())
    assert (found.facing, found.near_side, found.chosen.rows) == ("right", "right", False)
    with pytest.raises(NotMeasurableError, match="Nobody rows"):
        judged(still(), posing=False)


def test_the_largest_who_sits_is_taken_not_one_who_stands() -> None:
    found = judged(still((1000.0, 700.0), 150.0), standing(300.0, 260.0))
    assert found.chosen.trunk_px == pytest.approx(150.0, rel=0.1)
    assert any("2 people were found" in warning for warning in found.warnings)


def test_nobody_sits() -> None:
    with pytest.raises(NotMeasurableError, match="Nobody sits"):
        judged(standing(500.0, 200.0))
    with pytest.raises(NotMeasurableError, match="Person 1 does not sit"):
        judged(standing(500.0, 200.0), which=1)
    with pytest.raises(UsageError, match="no rower 3"):
        judged(still(), which=3)


def test_who_sits_and_does_not_row_may_pose_for_a_calibration() -> None:
    def may(*people: FloatArray, which: int | None = None) -> bool:
        return poses(gather(look(*people)), PICTURE, which)

    assert may(still())
    assert not may(rower(feet_px=(1200.0, 700.0)), still((600.0, 900.0), 220.0)), "somebody else rows"
    assert may(rower(feet_px=(1200.0, 700.0)), still((600.0, 900.0), 220.0), which=1), (
        "but it is the other who is meant"
    )
    assert not may(standing(500.0, 200.0))
    assert not may(still(trunk_px=20.0)), "too small to be calibrated by"
    assert not may(still(), which=3)


def test_a_posing_clip_is_looked_at_all_over() -> None:
    times = np.arange(0.0, 40.0, 1 / 30)
    looks = scout_plan(times, posing=True)
    assert len(looks) == PLAN_FRAMES
    assert np.diff(times[looks]).max() < 2.0
    assert np.diff(times[scout_plan(times)]).max() > 5.0
