"""What is usual for a rower, how sure a session is, and what would be a clear change."""

from __future__ import annotations

import math
import uuid
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from rowsense.season.athlete import clear_from, interval, usual_of
from rowsense.season.changes import trend_of
from rowsense.season.levels import new_levels
from rowsense.season.tried import around
from rowsense.store.season import Point
from rowsense.store.tried_notes import tried_words

FALL, TIP, SCORE = "pelvic_tilt_fall_into_catch_deg", "fault:hips_tip_back", "score"


def points(*means: float, every_days: int = 4, strokes: int = 40, sd: float | None = 2.0) -> list[Point]:
    keys = [uuid.UUID(int=n + 1) for n in range(len(means))]
    first = date(2026, 1, 1)
    return [
        Point(first + timedelta(days=n * every_days), keys[0], keys[n], keys[n], strokes, mean, sd)
        for n, mean in enumerate(means)
    ]


def test_the_usual_is_that_of_before_so_that_what_is_new_stands_out() -> None:
    steady, new = [6.0, 5.0, 7.0] * 4, [16.0] * 6
    usual = usual_of(points(*steady, *new), FALL)
    assert usual is not None
    assert usual.middle == pytest.approx(6.0, abs=0.3) and usual.high < 10.0
    few = usual_of(points(4.0, 6.0, 8.0), FALL)
    assert few is not None and few.middle == 6.0
    assert few.high - 6.0 == pytest.approx(4.303 * 2.0 * math.sqrt(4 / 3)), "Student's t of three sessions"
    assert usual_of(points(4.0, 6.0), FALL) is None
    shares = usual_of(points(0.0, 0.9, 0.0, 1.0), TIP)
    assert shares is not None and (shares.low, shares.high) == (0.0, 1.0)


def test_a_session_is_never_surer_than_camera_and_clothes_let_it_be() -> None:
    (one,) = points(10.0, strokes=1000)
    low, high = interval(one, FALL)
    assert high - 10.0 == pytest.approx(6.0 / math.sqrt(2.0), rel=0.01) and low == pytest.approx(20.0 - high)
    (score,) = points(97.0, strokes=4, sd=8.0)
    assert interval(score, SCORE) == (pytest.approx(97.0 - 3.182 * 4.0), 100.0), "Student's t of four strokes"
    (alone,) = points(0.9, strokes=1, sd=None)
    assert all(map(math.isnan, interval(alone, "drive_s"))), "one stroke says nothing of others"
    (never,) = points(0.0, strokes=20)
    low, high = interval(never, TIP)
    assert low == 0.0 and high == pytest.approx(0.161, abs=0.001), "Wilson's interval of 0 of 20"


def test_a_clear_change_follows_from_her_own_sessions_and_is_never_under_the_floor() -> None:
    calm, wild = [5.0, 6.0, 7.0] * 4, [0.0, 12.0, 24.0] * 4
    assert clear_from(points(*calm), FALL) == 6.0
    assert clear_from(points(*wild), FALL) > 10.0
    assert math.isnan(clear_from(points(*calm[:6], every_days=7), FALL)), "two sessions before: nothing can be clear"
    assert math.isnan(clear_from(points(50.0), SCORE)) and math.isnan(clear_from([], FALL))


def test_the_line_of_a_trend_runs_through_its_sessions_however_they_crowd() -> None:
    days = [0, 70, 72, 74, 76, 78, 80]
    first = points(0.0)[0]
    uneven = [replace(first, rowed_on=first.rowed_on + timedelta(days=day), mean=3.0 + 0.2 * day) for day in days]
    trend = trend_of(uneven, FALL)
    assert trend.change == pytest.approx(16.0) and trend.middle == pytest.approx(3.0 + 0.2 * 40)
    assert math.isnan(trend_of([], FALL).middle)


def test_another_level_is_found_at_its_day_and_chance_and_trends_make_none() -> None:
    rng = np.random.default_rng(1)
    noise = rng.normal(0.0, 2.2, (200, 60))
    found = [new_levels(points(*row), FALL) for row in noise + np.where(np.arange(60) < 35, 5.0, 15.0)]
    assert (
        all(len(one) == 1 for one in found) and sum(one[0].day == points(*noise[0])[35].rowed_on for one in found) > 180
    )
    assert found[0][0].before == pytest.approx(5.0, abs=1.5) and found[0][0].after == pytest.approx(15.0, abs=1.5)
    quiet = sum(bool(new_levels(points(*row), SCORE)) for row in noise)
    assert quiet <= 14, "of 200 steady seasons one in twenty at most has a mark by chance, and a few more of 200"
    assert not any(new_levels(points(*row), FALL) for row in noise + np.where(np.arange(60) < 35, 0.0, 4.0)), (
        "the floor"
    )
    trends = [new_levels(points(*row), SCORE) for row in noise + np.linspace(0.0, 12.0, 60)]
    assert sum(map(bool, trends)) <= 4, "little by little is no step"
    assert new_levels([], FALL) == new_levels(points(*[1.0] * 30), SCORE) == ()


def test_what_was_tried_is_held_between_the_weeks_before_and_after_without_its_day() -> None:
    steady = points(*[5.0, 7.0] * 3, 99.0, *[15.0, 17.0] * 3)
    found = around(steady, steady[6].rowed_on, uuid.UUID(int=1), FALL)
    assert (found.first, found.last, found.first_count, found.last_count) == (6.0, 16.0, 6, 6) and found.clear
    assert around(steady, steady[3].rowed_on, uuid.UUID(int=1), FALL).first_count == 3
    few = around(steady, steady[1].rowed_on, uuid.UUID(int=1), FALL)
    assert math.isnan(few.detectable_change) and not few.clear
    assert math.isnan(around(steady, date(2020, 1, 1), uuid.UUID(int=1), FALL).first)


def test_a_note_says_what_is_tried_by_its_first_word_alone() -> None:
    assert tried_words("#tried hands away sooner\nsecond line") == "hands away sooner"
    assert tried_words("#Tried: slower up the slide") == "slower up the slide" and tried_words("#tried") == ""
    assert tried_words("we #tried it") is tried_words("#triedness") is tried_words("") is None
