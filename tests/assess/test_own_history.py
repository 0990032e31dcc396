"""The rower against her earlier sessions: the usual by hand, false alarms, what is left out, counts by week."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from rowsense.assess.catalogue import load_catalogue
from rowsense.assess.own_history import ESTIMATOR, FILMED_AT, own_history
from rowsense.assess.range_count import COUNTED, count_range, usual_range, weeks
from rowsense.assess.usual import Now, t95, usual_levels
from rowsense.model import PastSession, StrokeDoubt
from tests.comparison_cases import CALIBRATED, recorded

ROUNDING, TIPPING = COUNTED
LEVEL = "lumbar_flexion_deg_catch"
TODAY = date(2026, 11, 25)
CATALOGUE = load_catalogue()


def now(value, sd=1.0, unit="deg", count=20):
    return {"x": Now(unit, np.full(count, value), StrokeDoubt(sd))}


def usual(value, means, **kwargs):
    return usual_levels(now(value, **kwargs), [{"x": m} for m in means])[0]


def test_the_usual_by_hand():
    level = usual(12.0, [16.0, 18.0, 20.0])
    assert (level.usual, level.spread, level.session_count) == (18.0, 2.0, 3)
    half = 4.303 * 2.0 * math.sqrt(4.0 / 3.0)
    assert (level.low, level.high) == pytest.approx((18.0 - half, 18.0 + half))
    assert not level.clear


def test_it_takes_outside_the_usual_and_beyond_the_detectable():
    steady = [17.9, 18.0, 18.1, 18.0, 18.0]
    assert usual(11.0, steady).clear
    # Far outside of so narrow a usual, and yet within what two films differ by anyway.
    near = usual(13.0, steady)
    assert near.low > 13.0
    assert near.detectable_change == 6.0
    assert not near.clear
    # And beyond that, but within a wide usual.
    assert not usual(11.0, [10.0, 18.0, 26.0, 14.0, 22.0]).clear
    assert usual(11.0, steady, sd=math.nan).clear is False


def test_few_sessions_say_nothing():
    assert usual_levels(now(1.0), [{"x": 1.0}, {"x": 2.0}, {"y": 3.0}, {"x": math.nan}]) == ()
    assert usual_levels(now(math.nan), [{"x": 1.0}] * 5) == ()


@pytest.mark.parametrize(("freedom", "exact"), [(2, 4.303), (6, 2.447), (10, 2.228), (30, 2.042)])
def test_quantiles_of_t(freedom, exact):
    assert t95(freedom) == pytest.approx(exact, rel=0.006)


def test_where_nothing_changes_hardly_anything_is_told():
    """Eighty quantities whose sessions differ by more than the measurement: a false word in one of twenty at most."""
    rng = np.random.default_rng(2)
    told = 0
    for _ in range(200):
        many = {f"q{i}": Now("ratio", np.full(20, rng.normal()), StrokeDoubt(0.01)) for i in range(80)}
        earlier = [{name: rng.normal() for name in many} for _ in range(5)]
        told += any(level.clear for level in usual_levels(many, earlier))
    assert told <= 20


def test_what_changes_is_told():
    rng = np.random.default_rng(3)
    found = 0
    for _ in range(50):
        earlier = [{"x": rng.normal(18.0, 1.5)} for _ in range(6)]
        found += usual_levels(now(rng.normal(6.0, 1.5)), earlier)[0].clear
    assert found >= 45


def test_the_usual_range_counts_each_session_the_same():
    one, many = np.array([0.0, 10.0]), np.linspace(0.0, 10.0, 2001)
    assert usual_range([many]) == pytest.approx((0.5, 9.5), abs=0.02)
    # Half of the weight lies on two strokes, a quarter at either end.
    assert usual_range([one, many]) == pytest.approx((0.0, 10.0), abs=0.1)
    assert all(map(math.isnan, usual_range([])))
    assert all(map(math.isnan, usual_range([np.array([math.nan])])))


def test_strokes_in_the_top_tenth_and_above():
    values = np.array([5.0, 8.9, 9.0, 9.5, 10.0, 10.1, 30.0, math.nan])
    seconds = np.full(8, 3.0)
    found = count_range("x", "deg", values, seconds, (0.0, 10.0))
    assert found.top_from == 9.0
    assert (found.stroke_count, found.top_count, found.above_count) == (7, 3, 2)
    assert (found.minutes, found.top_minutes, found.above_minutes) == pytest.approx((0.35, 0.15, 0.1))


def test_weeks_go_from_monday_and_belong_to_the_year_of_their_thursday():
    one = {"x": count_range("x", "deg", np.array([5.0, 9.5, 11.0]), np.full(3, 20.0), (0.0, 10.0))}
    found = weeks([(date(2027, 1, 3), one), (date(2026, 12, 28), one), (date(2027, 1, 4), one)])
    assert [(week.week, week.session_count) for week in found] == [("2026-W53", 2), ("2027-W01", 1)]
    both = found[0].ranges[0]
    assert (both.stroke_count, both.top_count, both.above_count, both.minutes) == (6, 2, 2, pytest.approx(2.0))
    assert weeks([]) == ()


def session(level=20.0, rise=10.0, **others):
    rng = np.random.default_rng(1)
    changes = {LEVEL: level}
    found = recorded(1, own_sd=1.0, changes=changes)
    metrics = found.assessment.metrics | {ROUNDING: rise + rng.normal(0.0, 1.0, 20), TIPPING: np.full(20, 3.0)}
    about = {ESTIMATOR: "spine 1", FILMED_AT: f"{TODAY}T10:00:00+00:00"}
    return replace(
        found, assessment=replace(found.assessment, metrics=metrics), provenance=about, near_side="right",
        spine_reference=CALIBRATED, **others,
    )  # fmt: skip


def past(number, level=20.0, rise=10.0, **others):
    rng = np.random.default_rng(100 + number)
    given = {
        "name": f"film {number}", "athlete": "Ana", "filmed_on": TODAY - timedelta(days=7 * number),
        "video_sha256": f"{number}", "estimator": "spine 1", "near_side": "right", "calibrated": True,
        "stroke_s": np.full(15, 2.4),
        "metrics": {
            LEVEL: level + rng.normal(0.0, 0.5) + rng.normal(0.0, 1.0, 15),
            ROUNDING: rise + rng.normal(0.0, 0.5) + rng.normal(0.0, 1.0, 15),
            TIPPING: 3.0 + rng.normal(0.0, 1.0, 15),
        },
    }  # fmt: skip
    return PastSession(**(given | others))


def earlier(count=5, **others):
    return [past(number, **others) for number in range(1, count + 1)]


def clear(history):
    return {level.quantity for level in history.clear}


def test_a_changed_session_is_told_and_an_unchanged_one_is_not():
    assert clear(own_history(session(), earlier(), CATALOGUE)) == set()
    history = own_history(session(level=60.0, rise=40.0), earlier(), CATALOGUE)
    assert {LEVEL, ROUNDING} <= clear(history)
    assert history.dates == tuple((TODAY - timedelta(days=7 * n)).isoformat() for n in range(5, 0, -1))
    assert [week.session_count for week in history.weeks] == [1] * 6


def test_sessions_that_were_measured_otherwise_are_left_out_and_said():
    others = [
        past(6, estimator="spine 2"), past(7, estimator=""), past(8, near_side="left"),
        past(9, filmed_on=TODAY + timedelta(days=1)), past(10, stroke_s=np.zeros(0), metrics={}),
    ]  # fmt: skip
    history = own_history(session(), [*others, *earlier()], CATALOGUE)
    assert len(history.dates) == 5
    assert len(history.left_out) == 5
    assert sum("another version" in words for words in history.left_out) == 2
    assert any("filmed from the left" in words for words in history.left_out)
    none = own_history(session(), others, CATALOGUE)
    assert (none.levels, none.ranges, none.weeks) == ((), (), ())
    assert none.reason.startswith("It takes 3 earlier sessions")


def test_levels_of_pelvis_and_spine_need_the_rowers_own_zero():
    history = own_history(session(level=60.0, rise=40.0), earlier(calibrated=False), CATALOGUE)
    assert clear(history) == {ROUNDING}


def test_the_session_itself_is_no_earlier_one():
    mine = session()
    history = own_history(mine, [past(0, video_sha256=mine.video.sha256), *earlier(2)], CATALOGUE)
    assert len(history.dates) == 2
    assert history.left_out == ()


def test_without_a_date_there_are_no_weeks():
    history = own_history(replace(session(), provenance={ESTIMATOR: "spine 1"}), earlier(), CATALOGUE)
    assert history.weeks == ()
    assert history.ranges
