"""Scores: within 0-100, and never better for a worse value."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rowsense.assess.catalogue import load_catalogue
from rowsense.assess.scores import items_for, score

CATALOGUE = load_catalogue()
ITEMS = items_for(CATALOGUE)
METRICS = sorted({item.metric for item in ITEMS})
ONE = np.array([True])


def scored(values):
    return score({k: np.array([v]) for k, v in values.items()}, ONE, CATALOGUE)


def metric_values():
    spans = {i.metric: (i.good, i.bad) for i in ITEMS}
    return st.fixed_dictionaries(
        {
            m: st.one_of(st.just(np.nan), st.floats(-0.5, 1.5).map(lambda s, a=a, b=b: a + s * (b - a)))
            for m, (a, b) in spans.items()
        }
    )


@settings(max_examples=80, deadline=None)
@given(metric_values(), st.sampled_from(METRICS), st.floats(-0.5, 1.5), st.floats(0.0, 1.0))
def test_a_worse_value_never_scores_better(values, metric, start, step):
    item = next(i for i in ITEMS if i.metric == metric)
    better = scored(values | {metric: item.good + start * (item.bad - item.good)})
    worse = scored(values | {metric: item.good + (start + step) * (item.bad - item.good)})
    for a, b in [
        (better.whole, worse.whole),
        *zip(better.whole_by_phase.values(), worse.whole_by_phase.values(), strict=True),
    ]:
        assert np.isnan(a) == np.isnan(b)
        if not np.isnan(a):
            assert 0.0 <= b <= a + 1e-9 <= 100.0 + 1e-9


@pytest.mark.parametrize("item", ITEMS, ids=lambda i: f"{i.phase}-{i.metric}")
def test_each_item_moves_its_phase_and_the_whole(item):
    good = {i.metric: i.good for i in ITEMS}
    best, worst = scored(good), scored(good | {item.metric: item.bad})
    assert best.whole == pytest.approx(100.0)
    assert worst.whole_by_phase[item.phase] <= 50.0
    assert worst.whole < 80.0


def test_where_a_fault_has_a_limit_the_item_scores_fifty():
    limits = {r.metric: r.limit for f in CATALOGUE.faults for r in f.rules}
    for item in CATALOGUE.scores:
        if item.metric in limits:
            points = 100.0 * (limits[item.metric] - item.bad) / (item.good - item.bad)
            assert points == pytest.approx(50.0), item.metric


def test_too_little_measured_is_no_score():
    nothing = scored(dict.fromkeys(METRICS, np.nan))
    assert np.isnan(nothing.whole)
    assert np.isnan(list(nothing.whole_by_phase.values())).all()
    only_shin = scored(dict.fromkeys(METRICS, np.nan) | {"shin_deg_catch": 90.0})
    assert np.isnan(only_shin.whole_by_phase["catch"])
