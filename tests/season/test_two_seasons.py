"""Two seasons held against each other: what is clear, what is not, and what chance makes of many numbers."""

from __future__ import annotations

import math
import uuid
from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.season.two_seasons import SPREAD, TwoSeasons, compared_seasons
from rowsense.season.vocabulary import MAIN, STEADY
from rowsense.store.quantities import FAULT
from rowsense.store.season import Point

HIPS, SCORE = "pelvic_tilt_deg_catch", "score"
SLIPS = f"{FAULT}hips_tip_back"


def points(means: NDArray[np.float64] | list[float], sd: float = 2.0) -> list[Point]:
    day = date(2026, 3, 1)
    return [
        Point(day + timedelta(days=3 * i), uuid.UUID(int=9), uuid.UUID(int=100 + i), uuid.UUID(int=200 + i), 20, m, sd)
        for i, m in enumerate(map(float, means))
    ]


def held(quantity: str, first: list[float], second: list[float], *sds: float) -> TwoSeasons:
    one, two = sds or (2.0, 2.0)
    return compared_seasons({quantity: points(first, one)}, {quantity: points(second, two)}, [SLIPS])


@pytest.mark.parametrize(("difference", "clear"), [(8.0, True), (5.0, False), (-8.0, True), (0.0, False)])
def test_angles_differ_clearly_only_beyond_camera_and_clothes(difference: float, clear: bool) -> None:
    first = [10.0, 10.5, 9.5, 10.2, 9.8]
    found = held(HIPS, first, [value + difference for value in first])
    (row,) = found.quantities
    assert row.difference == pytest.approx(difference)
    assert row.first is not None and row.first.low < 10.0 < row.first.high
    assert row.detectable_change == 6.0
    assert (row in found.clear) == clear
    assert found.session_counts == (5, 5)


def test_few_sessions_say_nothing_and_one_has_no_interval() -> None:
    found = held(HIPS, [10.0], [60.0, 61.0, 62.0])
    (row,) = found.quantities
    assert row.first is not None and math.isnan(row.first.low) and math.isnan(row.detectable_change)
    assert found.clear == ()
    (alone,) = held(HIPS, [], [60.0, 61.0, 62.0]).quantities
    assert alone.first is None and math.isnan(alone.difference)


def test_how_alike_strokes_are_has_no_floor_of_camera_and_clothes() -> None:
    sides = [{STEADY[0]: [points([20.0], sd + 0.05 * i)[0] for i in range(8)]} for sd in (2.0, 4.0)]
    found = compared_seasons(sides[0], sides[1], [])
    (row,) = found.steadiness
    assert row.quantity == f"{SPREAD}{STEADY[0]}" and row.clear and row.difference == pytest.approx(2.0)


@pytest.mark.parametrize(("before", "after", "clear"), [(0, 8, True), (1, 2, False), (8, 0, True), (4, 4, False)])
def test_a_fault_is_counted_by_the_sessions_that_show_it(before: int, after: int, clear: bool) -> None:
    sides = [[0.4] * shown + [0.0] * (10 - shown) for shown in (before, after)]
    (row,) = held(SLIPS, *sides).faults
    assert row.difference == pytest.approx((after - before) / 10)
    assert row.clear == clear
    assert row.first is not None and 0.0 <= row.first.low < row.first.high <= 1.0


def test_of_many_numbers_without_a_difference_chance_names_one_in_twenty_pages() -> None:
    rng, named = np.random.default_rng(3), 0
    # Without the floor of angles: the quantities that have none.
    free = [one.id for one in MAIN if one.unit != "deg"]
    for _ in range(300):
        sides = [{name: points(rng.normal(0, 1, 9)) for name in free} for _ in range(2)]
        named += any(one.clear for one in compared_seasons(sides[0], sides[1], []).quantities)
    assert named < 300 * 0.09
