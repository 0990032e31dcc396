"""Held postures, and a rower's own zero and range from them, on series with a known answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rowsense.errors import NotMeasurableError, RowSenseError
from rowsense.spine.holds import find_holds
from rowsense.spine.own_range import OwnRange, own_range
from tests.spine.posed import HINGE, SLUMP, TALL, Held, posed

ROUND = [Held(TALL), Held(SLUMP), Held(TALL), Held(HINGE)]


def found(*held: Held, **how: float) -> OwnRange:
    return own_range(find_holds(posed(*held, **how)))  # type: ignore[arg-type]


def test_every_hold_is_found_with_its_place_and_angles() -> None:
    holds = find_holds(posed(*ROUND))
    assert len(holds) == 4
    for i, (hold, (lean, tilt, lumbar, _)) in enumerate(zip(holds, (one.posture for one in ROUND), strict=True)):
        assert hold.start_s == pytest.approx(i * 3.7, abs=0.4)
        assert hold.end_s == pytest.approx(i * 3.7 + 2.5, abs=0.4)
        assert hold.trunk_lean_deg == pytest.approx(lean, abs=0.6)
        assert hold.pelvic_tilt_deg == pytest.approx(tilt, abs=1.2)
        assert hold.lumbar_flexion_deg == pytest.approx(lumbar, abs=1.2)


def test_too_short_and_still_moving_are_no_holds() -> None:
    assert len(find_holds(posed(Held(TALL, 0.5), Held(SLUMP, 0.5), Held(TALL, 0.5)))) == 0
    creeping = posed(Held(TALL, 0.3, 4.0), Held(SLUMP, 0.3), noise_deg=0.5)
    assert all(hold.pelvic_tilt_deg != pytest.approx(-15.0, abs=4.0) for hold in find_holds(creeping))


def test_missing_frames_belong_to_no_hold() -> None:
    angles = posed(*ROUND)
    tilt = angles["pelvic_tilt_deg"].copy()
    tilt[angles.time_s < 3.0] = np.nan
    holds = find_holds(replace(angles, values=angles.values | {"pelvic_tilt_deg": tilt}))
    assert [hold.start_s for hold in holds] == pytest.approx([3.7, 7.4, 11.1], abs=0.4)
    nothing = np.full(len(tilt), np.nan)
    assert find_holds(replace(angles, values=angles.values | {"pelvic_tilt_deg": nothing})) == []


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("zero_deg", [0.0, 33.0, -40.0])
def test_zero_and_range(seed: int, zero_deg: float) -> None:
    result = found(*ROUND, seed=seed, zero_deg=zero_deg)
    assert (len(result.tall), len(result.slump), len(result.hinge)) == (2, 1, 1)
    assert result.pelvic_tilt.neutral_deg == pytest.approx(-5.0 + zero_deg, abs=1.2)
    assert result.pelvic_tilt.width_deg == pytest.approx(-20.0, abs=1.8)
    assert result.lumbar_flexion.neutral_deg == pytest.approx(4.0, abs=1.2)
    assert result.lumbar_flexion.width_deg == pytest.approx(26.0, abs=1.8)
    assert result.thoracic_tall_deg == pytest.approx(5.0, abs=1.2)
    assert 3.0 < result.pelvic_tilt.neutral_sd_deg < 4.5


def test_the_head_in_tall_sitting_is_kept_where_it_was_seen() -> None:
    angles = posed(*ROUND)
    tall = np.isin(np.floor(angles.time_s / 3.7), (0, 2))
    head = np.where(tall, -12.0, 25.0)
    seen = own_range(find_holds(replace(angles, values=angles.values | {"head_trunk_deg": head})))
    assert seen.head_trunk_tall_deg == pytest.approx(-12.0)
    assert 5.0 < seen.head_trunk_tall_sd_deg < 6.0
    once = np.where(angles.time_s < 3.7, head, np.nan)
    seen = own_range(find_holds(replace(angles, values=angles.values | {"head_trunk_deg": once})))
    assert seen.head_trunk_tall_deg == pytest.approx(-12.0)
    nothing = np.full(len(head), np.nan)
    by_face = replace(angles, values=angles.values | {"head_trunk_deg": head}, neck_hidden=True)
    assert np.isnan(own_range(find_holds(by_face)).head_trunk_tall_deg)
    hidden = own_range(find_holds(replace(angles, values=angles.values | {"head_trunk_deg": nothing})))
    assert np.isnan(hidden.head_trunk_tall_deg) and np.isnan(hidden.head_trunk_tall_sd_deg)
    assert hidden.pelvic_tilt == seen.pelvic_tilt


def test_order_and_repeats_do_not_matter() -> None:
    result = found(Held(HINGE), Held(SLUMP), *ROUND, *ROUND)
    assert (len(result.tall), len(result.slump), len(result.hinge)) == (4, 3, 3)
    assert result.pelvic_tilt.width_deg == pytest.approx(-20.0, abs=1.2)
    assert result.notes == ()
    assert result.pelvic_tilt.end_sd_deg < found(*ROUND).pelvic_tilt.end_sd_deg, "repeats make it surer"


def test_a_camera_that_is_not_level_leans_every_posture_alike() -> None:
    turned = [Held((lean + 14.0, tilt + 14.0, *back)) for lean, tilt, *back in (TALL, SLUMP, TALL, HINGE)]  # type: ignore[arg-type]
    further = Held((28.0, -11.0, 30.0, 20.0))
    result = found(turned[0], further, *turned[2:])
    assert (len(result.tall), len(result.slump), len(result.hinge)) == (2, 1, 1)
    assert result.pelvic_tilt.width_deg == pytest.approx(-20.0, abs=1.8)


def test_a_half_slump_is_neither() -> None:
    half = (5.0, -15.0, 17.0, 12.0)
    result = found(Held(TALL), Held(half), *ROUND[1:])
    assert (len(result.tall), len(result.slump)) == (2, 1)


@pytest.mark.parametrize(
    ("held", "says"),
    [
        ([Held(TALL), Held(HINGE)], "no slump was found"),
        ([Held(TALL), Held(TALL), Held(HINGE)], "no slump was found"),
        ([Held(SLUMP), Held(HINGE)], "no slump was found: only one posture"),
        ([Held(HINGE)], "no tall sitting was found"),
        ([Held(TALL, 0.4), Held(SLUMP, 0.4)], "no tall sitting was found"),
        ([Held(TALL), Held(SLUMP)], "no hinge was found"),
    ],
)
def test_a_missing_posture_is_named_with_what_to_do(held: list[Held], says: str) -> None:
    with pytest.raises(NotMeasurableError, match=says) as caught:
        found(*held)
    assert isinstance(caught.value, RowSenseError)
    assert "film again like this" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("slump", "says"),
    [
        ((4.0, -11.0, 24.0, 12.0), "the hips tipped back by only"),
        ((4.0, -25.0, 9.0, 12.0), "the low back rounded by only"),
    ],
)
def test_an_implausibly_small_range_is_refused(slump: tuple[float, float, float, float], says: str) -> None:
    with pytest.raises(NotMeasurableError, match=says):
        found(Held(TALL), Held(slump), Held(HINGE))


def test_a_hinge_that_rounds_is_said() -> None:
    rounded = (40.0, 8.0, 26.0, 10.0)
    result = found(Held(TALL), Held(SLUMP), Held(rounded))
    assert any("low back rounded by about 22°" in note for note in result.notes)
    assert not any("rounded" in note for note in found(*ROUND).notes)
