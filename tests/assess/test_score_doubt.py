"""What a score means: never better for a deeper fault, the same for another camera, off by no more than stated."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rowsense.assess.catalogue import load_catalogue
from rowsense.assess.metrics import measure
from rowsense.assess.score_doubt import score_doubt
from rowsense.assess.scores import score
from rowsense.model.assessment import interval_of
from tests.assess import stick
from tests.assess.test_faults import FAULTS, UNSCORED

CATALOGUE = load_catalogue()
SCORED = sorted(set(FAULTS) - UNSCORED)


def deepened(fault, share):
    """The fault's motion, ``share`` of the way from the well-rowed one: 0 none, 1 as the tests of faults have it."""
    changes = {}
    for name, (times, values) in FAULTS[fault][0].items():
        well = np.interp(times, *stick.WELL_ROWED[name])
        # At the times where only the well-rowed motion bends the share must keep its shape too.
        own = np.union1d(times, stick.WELL_ROWED[name][0])
        deep = np.interp(own, times, np.array(values) - well)
        changes[name] = (own, np.interp(own, *stick.WELL_ROWED[name]) + share * deep)
    return changes


def judged(changes=None, **kwargs):
    return scored(*stick.row(strokes=3, changes=changes, **kwargs))


def scored(series, strokes):
    return score(measure(series, strokes, CATALOGUE).values, np.ones(len(strokes), dtype=bool), CATALOGUE)


@pytest.mark.parametrize("fault", SCORED)
@settings(max_examples=10, deadline=None)
@given(st.floats(0.0, 1.5), st.floats(0.0, 1.0))
def test_a_deeper_fault_never_scores_better(fault, share, more):
    slight, deep = judged(deepened(fault, share)), judged(deepened(fault, share + more))
    assert deep.whole <= slight.whole + 1e-6
    for phase in CATALOGUE_PHASES[fault]:
        assert deep.whole_by_phase[phase] <= slight.whole_by_phase[phase] + 1e-6


#: Phases that score a metric of the fault.
CATALOGUE_PHASES = {
    fault.id: {item.phase for item in CATALOGUE.scores if item.metric in {r.metric for r in fault.rules}}
    for fault in CATALOGUE.faults
}


@pytest.mark.parametrize("fault", SCORED)
def test_a_fault_costs_points(fault):
    assert judged(FAULTS[fault][0]).whole < judged().whole - 10.0


@pytest.mark.parametrize("fault", [None, *SCORED])
@settings(max_examples=5, deadline=None)
@given(fps=st.floats(24.0, 120.0), size=st.floats(0.2, 5.0), later=st.floats(0.0, 1.0))
def test_another_camera_gives_the_same_score(fault, fps, size, later):
    changes = FAULTS[fault][0] if fault else None
    usual = stick.row(strokes=3, changes=changes, time_s=stick.times(3, 50.0))
    series, strokes = stick.row(strokes=3, changes=changes, time_s=stick.times(3, fps))
    series = replace(
        series, handle_x_px=size * series.handle_x_px + 100.0 * later, seat_x_px=size * series.seat_x_px,
        handle_past_knee_px=size * series.handle_past_knee_px, shoulders_x_px=size * series.shoulders_x_px,
    )  # fmt: skip
    metrics = measure(*usual, CATALOGUE)
    sd, _ = score_doubt(metrics.values, metrics.sds, np.ones(3, dtype=bool), CATALOGUE)
    low, high = interval_of(scored(*usual).whole, sd)
    assert low <= scored(series, strokes).whole <= high


def doubt_of(spine_sd_deg=2.0, changes=None, strokes=12, **others):
    series, rowed = stick.row(strokes=strokes, changes=changes, spine_sd_deg=spine_sd_deg)
    metrics = measure(series, rowed, CATALOGUE)
    return score_doubt(metrics.values, metrics.sds | others, np.ones(strokes, dtype=bool), CATALOGUE), metrics


def test_without_error_there_is_no_doubt():
    _, metrics = doubt_of()
    none = {name: np.zeros_like(sd) for name, sd in metrics.sds.items()}
    whole, phases = score_doubt(metrics.values, none, np.ones(12, dtype=bool), CATALOGUE)
    assert whole == pytest.approx(0.0, abs=1e-9)
    assert max(phases.values()) == pytest.approx(0.0, abs=1e-9)


def test_a_larger_error_is_more_doubt_and_more_strokes_less():
    tip = FAULTS["hips_tip_back"][0]
    assert doubt_of(4.0, tip)[0][1]["catch"] > 1.5 * doubt_of(1.0, tip)[0][1]["catch"]
    few, many = doubt_of(2.0, tip, strokes=2)[0][1]["catch"], doubt_of(2.0, tip, strokes=40)[0][1]["catch"]
    # Most of the error comes again in every stroke.
    assert 0.5 * few < many < few


def test_the_doubt_is_what_scores_scatter_by():
    """Recordings of the same rowing whose errors are drawn by another hand: 19 of 20 lie within the interval."""
    (sd, _), metrics = doubt_of(2.0, FAULTS["hips_tip_back"][0])
    rng = np.random.default_rng(4)
    usable = np.ones(12, dtype=bool)
    found = []
    for _ in range(200):
        values = dict(metrics.values)
        own = {}
        for name in {item.metric for item in CATALOGUE.scores} - {"pelvis_gives_way_s"}:
            metric = CATALOGUE.metrics[name]
            same = 0.9 if metric.quantity.startswith(("pelvic", "lumbar")) else 0.5
            ends = [(metric.quantity or name, w) for w in (metric.to, metric.origin) if w or metric.kind == "timing"][
                :2
            ]
            for end in ends:
                if end not in own:
                    own[end] = same * rng.normal() + math.sqrt(1.0 - same**2) * rng.normal(size=12)
            error = own[ends[0]] if metric.kind != "change" else (own[ends[0]] - own[ends[1]]) / math.sqrt(2.0)
            values[name] = values[name] + metrics.sds[name] * error * (-1.0 if metric.direction == "fall" else 1.0)
        found.append(score(values, usable, CATALOGUE).whole)
    assert np.std(found) == pytest.approx(sd, rel=0.25)


def test_an_unknown_error_leaves_the_doubt_open():
    unknown = {"shin_deg_catch": np.full(12, np.nan)}
    (whole, phases), _ = doubt_of(**unknown)
    assert math.isnan(whole)
    assert math.isnan(phases["catch"])
    assert phases["finish"] > 0.0


def test_nothing_usable_has_no_doubt():
    _, metrics = doubt_of()
    whole, phases = score_doubt(metrics.values, metrics.sds, np.zeros(12, dtype=bool), CATALOGUE)
    assert math.isnan(whole)
    assert all(map(math.isnan, phases.values()))


def test_an_interval_stays_between_0_and_100():
    assert interval_of(50.0, 10.0) == pytest.approx((30.4, 69.6))
    assert interval_of(97.0, 10.0)[1] == 100.0
    assert interval_of(3.0, 10.0)[0] == 0.0
    assert all(map(math.isnan, interval_of(math.nan, 1.0) + interval_of(50.0, math.nan)))
