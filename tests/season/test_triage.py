"""Who needs a coach first: what is named, what is not, and in which order."""

from __future__ import annotations

import math
import uuid
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from rowsense.season.reasons import Why, fault_by_chance
from rowsense.season.told import told as as_told
from rowsense.season.triage import Need, silences, stretches_until, triage
from rowsense.store.windows import Pair, Window
from rowsense.texts.measures import ENGLISH

ONE, TWO, THREE = (uuid.UUID(int=n) for n in (1, 2, 3))
FALL, SCORE, LEAN, TIP = (
    "pelvic_tilt_fall_into_catch_deg", "score", "trunk_lean_deg_catch", "fault:hips_tip_back",
)  # fmt: skip


def window(mean: float = 5.0, count: int = 8, sd: float = 1.5, shown: int = 0, spread: float = 1.5) -> Window:
    return Window(count, mean, sd if count > 1 else math.nan, shown, count, spread, 0.2 if count > 1 else math.nan)


def named(quantity: str, before: Window | None, now: Window | None) -> list[tuple[Why, str]]:
    """What is said about one athlete whose one quantity is known."""
    found = triage({(quantity, ONE): (before, now)}, ())
    return [(reason.why, as_told(ENGLISH, reason)) for need in (*found.first, *found.better) for reason in need.reasons]


def test_a_change_is_named_beyond_what_sessions_differ_by_anyway_and_not_before() -> None:
    ((why, told),) = named(FALL, window(5.0), window(13.0))
    assert why is Why.CHANGE
    assert told == (
        "The hips tip back 8° further into the catch: 13° in the last 4 weeks, 5° in the 8 before. "
        "From 6° on a change is clear."
    )
    assert named(FALL, window(5.0), window(10.0)) == [], "5 deg, however sure: camera and clothes differ by as much"
    assert named(FALL, window(5.0, sd=8.0), window(12.0, sd=8.0)) == [], "her own sessions scatter as far"
    assert named(FALL, window(5.0, count=2), window(25.0)) == [] == named(FALL, None, window(25.0))


def test_what_is_better_is_told_apart_from_what_is_worse() -> None:
    ((why, told),) = named(FALL, window(13.0), window(5.0))
    assert why is Why.BETTER and told.startswith("The hips tip back 8° less")
    assert named(SCORE, window(80.0), window(60.0))[0][0] is Why.CHANGE
    assert named(SCORE, window(60.0), window(80.0))[0][0] is Why.BETTER
    assert named(LEAN, window(20.0), window(30.0))[0][0] is Why.CHANGE, "neither way is better by itself"
    mixed = triage({(LEAN, ONE): (window(20.0), window(30.0)), (FALL, ONE): (window(13.0), window(5.0))}, ())
    assert not mixed.first and [reason.why for reason in mixed.better[0].reasons] == [Why.BETTER, Why.CHANGE]


def test_a_fault_is_new_where_it_hardly_ever_showed_and_chance_does_not_explain_it() -> None:
    ((why, told),) = named(TIP, window(shown=0, count=16), window(shown=6))
    assert why is Why.FAULT
    assert told == "New fault. Hips tip back into the catch: in 6 of the last 8 sessions, before that in 0 of 16."
    assert named(TIP, window(shown=0, count=12), window(shown=2, count=3)) == [], "two sessions may be chance"
    assert named(TIP, window(shown=6, count=16), window(shown=8)) == [], "it is not new"
    assert named(TIP, window(shown=0, count=16), window(shown=3)) == [], "most sessions do not show it"
    ((why, told),) = named(TIP, window(shown=14, count=16), window(shown=0))
    assert why is Why.BETTER and told.startswith("A fault that is gone.")


def test_the_probability_of_a_fault_is_counted_out() -> None:
    three_of_twelve = fault_by_chance(window(shown=3, count=3), window(shown=0, count=9))
    assert three_of_twelve == pytest.approx(1 / math.comb(12, 3))
    assert fault_by_chance(window(shown=0), window(shown=0)) == 1.0


def test_strokes_that_come_apart_are_named() -> None:
    ((why, told),) = named(LEAN, window(spread=1.5), window(spread=3.2))
    assert why is Why.CONSISTENCY
    assert told.endswith("lean at the catch scatters by 3.2° from stroke to stroke, 1.5° in the 8 weeks before.")
    assert named(LEAN, window(spread=1.5), window(spread=2.0)) == []
    assert named(FALL, window(spread=1.5), window(spread=9.0)) == [], "only what a coach calls steady is looked at"


def test_the_list_begins_with_the_largest_change_and_each_one_with_what_tells_most() -> None:
    found: dict[tuple[str, uuid.UUID], Pair] = {
        (TIP, THREE): (window(shown=0, count=16), window(shown=8)),
        (FALL, TWO): (window(5.0), window(13.0)),
        (SCORE, ONE): (window(90.0), window(60.0)),
        (FALL, ONE): (window(5.0), window(19.0)),
        (TIP, ONE): (window(shown=0, count=16), window(shown=8)),
    }
    listed = triage(found, ()).first
    assert [need.athlete_id for need in listed] == [ONE, TWO, THREE]
    assert [reason.quantity for reason in listed[0].reasons] == [FALL, TIP, SCORE]
    assert triage(found, ()).looked_at == 3


def test_of_a_hundred_rowers_who_do_not_change_hardly_one_is_named() -> None:
    rng, found = np.random.default_rng(3), dict[tuple[str, uuid.UUID], Pair]()
    for athlete in range(100):
        for quantity in (SCORE, FALL, LEAN):
            before, now = (rng.normal(60.0, 4.0, count) for count in (16, 8))
            found[quantity, uuid.UUID(int=athlete)] = tuple(
                window(side.mean(), len(side), side.std(ddof=1)) for side in (before, now)
            )
    told = triage(found, ())
    assert told.looked_at == 100
    assert len(told.first) + len(told.better) <= 1


def test_of_a_hundred_rowers_whose_strokes_stay_as_alike_nobody_is_named_and_the_one_who_comes_apart_is() -> None:
    rng, found = np.random.default_rng(3), dict[tuple[str, uuid.UUID], Pair]()
    for athlete in range(100):
        before, now = (rng.lognormal(0.4, 0.35, 3) for _ in range(2))
        found[LEAN, uuid.UUID(int=athlete)] = tuple(
            replace(window(), spread_count=3, spread_mean=side.mean(), spread_sd=side.std(ddof=1))
            for side in (before, now)
        )
    alone = [key for key in found if triage({key: found[key]}, ()).first]
    assert alone, "looked at alone, chance names some"
    assert not triage(found, ()).first
    found[LEAN, ONE] = (window(), window(spread=4.5))
    assert [need.athlete_id for need in triage(found, ()).first] == [ONE]


def test_on_the_list_of_some_stands_what_the_list_of_all_says_of_them() -> None:
    rng, found = np.random.default_rng(5), dict[tuple[str, uuid.UUID], Pair]()
    for athlete in range(100):
        before, now = (rng.normal(60.0, 4.0, 3) for _ in range(2))
        sides = (window(side.mean(), 3, side.std(ddof=1)) for side in (before, now))
        found[SCORE, uuid.UUID(int=athlete)] = tuple(sides)
    by_herself = [key for key in found if triage({key: found[key]}, ()).looked_at and _named({key: found[key]}, key[1])]
    assert by_herself
    for _, athlete_id in by_herself:
        assert _named(found, athlete_id) == [n for n in _named(found) if n.athlete_id == athlete_id]
    assert triage(found, (), [ONE]).looked_at == 1
    assert len([key for _, key in by_herself if _named(found, key)]) < len(by_herself)


def _named(found: dict[tuple[str, uuid.UUID], Pair], *only: uuid.UUID) -> list[Need]:
    told = triage(found, (), only or None)
    return [*told.first, *told.better]


def test_who_was_not_filmed_is_told_longest_first() -> None:
    end = date(2026, 6, 1)
    last = {ONE: date(2026, 5, 4), TWO: date(2026, 3, 1)}
    told = silences([ONE, TWO, THREE], last, end)
    assert [(gap.athlete_id, gap.days, gap.last) for gap in told] == [(TWO, 91, date(2026, 3, 1)), (THREE, 0, None)]
    assert silences([ONE], {ONE: date(2026, 5, 3)}, end)[0].days == 28
    assert (stretches_until(end).split, stretches_until(end).first) == (date(2026, 5, 4), date(2026, 3, 9))
