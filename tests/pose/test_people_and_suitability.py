"""Who is the rower, and can she be measured: on drawn people, without a network."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_INDEX
from rowsense.errors import NotMeasurableError, UsageError
from rowsense.model import PoseObservation
from rowsense.pose.people import gather, middle, trunk_length_px, without_doubles
from rowsense.pose.scout import BURST_S, scout_plan
from rowsense.pose.suitability import Picture, Scout, judge
from tests.pose.moving_rower import landmarks, mirrored

FloatArray = NDArray[np.float64]
PICTURE = Picture(1920.0, 1080.0, 120.0)
TIMES = np.linspace(0.0, 9.0, 30)


def rower(
    feet_px: tuple[float, float] = (900.0, 700.0), trunk_px: float = 200.0, facing: str = "right", **motion: float
) -> FloatArray:
    xy, _ = landmarks(TIMES, feet_px=feet_px, trunk_px=trunk_px, **motion)  # type: ignore[arg-type]
    return mirrored(xy, 2 * feet_px[0]) if facing == "left" else xy


def standing(x_px: float, trunk_px: float) -> FloatArray:
    """A coach who stands by: no travel, legs under the trunk."""
    xy = rower((x_px, 800.0), trunk_px)[:1]
    rng = np.random.default_rng(0)
    return np.repeat(xy, len(TIMES), axis=0) + rng.normal(0, 0.01 * trunk_px, (len(TIMES), 33, 2))


def look(*people: FloatArray, lost: float = 0.0) -> list[list[PoseObservation]]:
    rng = np.random.default_rng(1)
    side = np.where(np.arange(33) % 2 == 0, 0.95, 0.4)  # even numbers are the right side
    found = []
    for row in range(len(TIMES)):
        seen = [xy for xy in people if rng.random() >= lost]
        found.append([PoseObservation(xy[row], side, None) for xy in seen])
    return found


def judged(*people: FloatArray, which: int | None = None, picture: Picture = PICTURE, lost: float = 0.0) -> Scout:
    return judge(gather(look(*people, lost=lost)), picture, rower=which)


def test_one_rower_facing_right() -> None:
    found = judged(rower())
    assert (len(found.people), found.chosen.number, found.facing, found.near_side) == (1, 1, "right", "right")
    assert found.chosen.hip_travel_ratio == pytest.approx(1.0, abs=0.1)
    assert found.warnings == ()
    x0, y0, x1, y1 = found.crop_px
    xy = rower()
    assert x0 < xy[..., 0].min() - 60
    assert x1 > xy[..., 0].max() + 60
    assert y0 < xy[..., 1].min() - 60
    assert y1 > xy[..., 1].max() + 40


def test_facing_left_is_the_mirror_of_facing_right() -> None:
    right, left = judged(rower((960.0, 700.0))), judged(rower((960.0, 700.0), facing="left"))
    assert left.facing == "left"
    assert left.crop_px == (1920 - right.crop_px[2], right.crop_px[1], 1920 - right.crop_px[0], right.crop_px[3])


def test_of_two_rowers_the_nearest_and_by_number_the_other() -> None:
    near, far = rower((900.0, 900.0), 220.0), rower((1500.0, 600.0), 130.0, rate_spm=24.0)
    found = judged(far, near, lost=0.15)
    assert [round(p.trunk_px, -1) for p in found.people] == [220, 130]
    assert found.chosen.trunk_px == pytest.approx(220, abs=3)
    assert any("--rower" in warning for warning in found.warnings)
    other = judged(far, near, which=2)
    assert other.chosen.trunk_px == pytest.approx(130, abs=3)
    assert other.warnings == ()
    with pytest.raises(UsageError, match="no rower 3"):
        judged(far, near, which=3)


def test_a_larger_person_who_does_not_row_is_not_the_rower() -> None:
    found = judged(standing(1500.0, 260.0), rower(trunk_px=180.0))
    assert found.chosen.number == 2
    assert found.chosen.trunk_px == pytest.approx(180, abs=3)
    with pytest.raises(NotMeasurableError, match="Person 1 does not row"):
        judged(standing(1500.0, 260.0), rower(trunk_px=180.0), which=1)


def test_frames_without_the_rower_are_said() -> None:
    assert any("looked-at frames" in warning for warning in judged(rower(), lost=0.5).warnings)


def still() -> FloatArray:
    return standing(900.0, 200.0)


def on_dynamic_ergometer() -> FloatArray:
    xy = rower()
    return xy - (middle(xy, "hip") - middle(xy, "hip")[:1])[:, None] * np.array([1.0, 0.0])


def from_the_front() -> FloatArray:
    xy = rower()
    xy[..., 0] = 900 + 0.1 * (xy[..., 0] - 900)
    left = [11, 13, 15, 23, 25, 27]
    xy[:, left, 0] += 140
    return xy


def half_yawed() -> FloatArray:
    xy = rower()
    xy[:, [11, 13, 15], 0] += 100
    return xy


def out_of_the_picture() -> FloatArray:
    return rower() + np.array([-620.0, 0.0])  # hips and shoulders beyond the left border at the finish


REFUSED = [
    ((), PICTURE, "No person was found"),
    ((), Picture(1920.0, 1080.0, 8.0), "too dark"),
    ((still(),), PICTURE, "Nobody rows"),
    ((on_dynamic_ergometer(),), PICTURE, "dynamic ergometer"),
    ((from_the_front(),), PICTURE, "from the front"),
    ((half_yawed(),), PICTURE, "not seen from the side"),
    ((out_of_the_picture(),), PICTURE, "cut off"),
    ((rower((200.0, 150.0), 25.0),), PICTURE, "too small"),
]


@pytest.mark.parametrize(("people", "picture", "sentence"), REFUSED, ids=[r[2] for r in REFUSED])
def test_refusals_say_what_and_how_to_film(people: Sequence[FloatArray], picture: Picture, sentence: str) -> None:
    with pytest.raises(NotMeasurableError, match=sentence) as refused:
        judge(gather(look(*people)), picture)
    message = str(refused.value)
    assert "\n" not in message
    assert any(word in message for word in ("film", "Film", "Move", "light")), message


WARNED = [
    (rower((500.0, 300.0), 50.0, far_side_px=(6.0, -3.0)), PICTURE, "small"),  # type: ignore[arg-type]
    (rower(far_side_px=(85.0, 0.0)), PICTURE, "squarely"),  # type: ignore[arg-type]
    (rower((900.0, 1120.0)), PICTURE, "ankle"),
    (rower(), Picture(1920.0, 1080.0, 33.0), "dark"),
]


@pytest.mark.parametrize(("person", "picture", "word"), WARNED, ids=[w[2] for w in WARNED])
def test_warnings(person: FloatArray, picture: Picture, word: str) -> None:
    warnings = judged(person, picture=picture).warnings
    assert len(warnings) == 1
    assert word in warnings[0]


def test_a_hidden_foot_that_is_put_elsewhere_makes_no_second_person() -> None:
    """In the leg drive the far foot was put at the other leg's knee: one rower, and the seat does move."""
    xy = rower()
    forward = middle(xy, "hip")[:, 0] < np.median(middle(xy, "hip")[:, 0])
    far_foot = xy.copy()
    far_foot[forward, LANDMARK_INDEX["left_ankle"], 0] -= 1.5 * 200.0
    found = judged(far_foot)
    assert len(found.people) == 1
    assert found.chosen.seen_ratio == 1.0


def test_a_coach_with_the_rowers_feet_is_not_the_rower() -> None:
    """Somebody stands behind the straps: in every third frame that trunk was found over the rower's feet."""
    xy = rower()
    standing = xy.copy()
    hips, shoulders = (
        [LANDMARK_INDEX[f"{side}_{joint}"] for side in ("left", "right")] for joint in ("hip", "shoulder")
    )
    standing[:, hips] = xy[:, [LANDMARK_INDEX["left_ankle"], LANDMARK_INDEX["right_ankle"]]] - (20.0, 1.2 * 200.0)
    standing[:, shoulders] = standing[:, hips] - (0.0, 200.0)
    mixed = xy.copy()
    mixed[::3] = standing[::3]
    found = judged(mixed)
    assert 0.6 < found.chosen.seen_ratio < 0.7
    np.testing.assert_allclose(middle(found.landmarks_px, "hip"), middle(np.delete(xy, np.s_[::3], axis=0), "hip"))


def test_one_person_found_twice_counts_once() -> None:
    xy = rower()[0]
    twice = [PoseObservation(xy + shift, np.ones(33), None) for shift in (0.0, 15.0, 400.0)]
    kept = without_doubles(twice)
    assert [float(one.landmarks_px[0, 0] - xy[0, 0]) for one in kept] == pytest.approx([0.0, 400.0])
    assert trunk_length_px(xy) == pytest.approx(200.0)


def test_plan_covers_short_clips_evenly() -> None:
    times = np.arange(61) / 30
    plan = scout_plan(times)
    assert plan[0] == 0
    assert plan[-1] == 60
    assert np.diff(plan).min() >= 1
    assert np.diff(times[plan]).max() < 0.11


def test_plan_of_a_long_clip_looks_at_three_stretches() -> None:
    times = np.arange(0, 1200, 1 / 30)
    plan = np.array(scout_plan(times))
    stretches = np.split(times[plan], np.flatnonzero(np.diff(plan) > 60) + 1)
    assert len(stretches) == 3
    assert all(np.ptp(stretch) == pytest.approx(BURST_S, abs=0.05) for stretch in stretches)
    assert len(plan) <= 30
    assert stretches[0][0] > 60  # past the start from rest
    keyframes = np.arange(0, times.size, 50)
    assert set(np.array(scout_plan(times, keyframes))[[0, 10, 20]]) <= set(keyframes)
    assert scout_plan(times, [0]) == list(plan)  # too long before the stretches
    assert scout_plan(np.zeros(0)) == []
    assert scout_plan(np.zeros(1)) == [0]
