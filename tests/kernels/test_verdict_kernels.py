"""Verdicts and easy strokes against their plain twins: gaps, sessions without strokes, unknown errors, ties."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from rowsense.assess.catalogue import load_catalogue
from rowsense.assess.verdicts import judge_sessions, rule_plan
from rowsense.kernels import easy
from tests.reference import naive_easy, naive_verdicts

PLAN = rule_plan(load_catalogue())
#: Sessions of several lengths, two of them empty.
SESSION = np.array([0, 0, 1, 31, 31, 90, 250, 400])


def season(seed, gaps):
    """Metrics about their limits, so that every verdict comes up; some sessions have means that must be clear."""
    rng = np.random.default_rng(seed)
    strokes = SESSION[-1]
    limit = dict(zip(PLAN.condition_metrics, PLAN.limit, strict=True))
    sign = dict(zip(PLAN.condition_metrics, PLAN.sign, strict=True))
    size = {name: max(0.2 * abs(limit[name]), 0.05) for name in PLAN.metrics}
    level = rng.normal(0.8, 2.0, (len(PLAN.metrics), len(SESSION) - 1)).repeat(np.diff(SESSION), axis=1)
    values = np.stack([limit[n] + sign[n] * size[n] * (level[m] + rng.normal(0.0, 1.0, strokes))
                       for m, n in enumerate(PLAN.metrics)])  # fmt: skip
    sds = np.stack([np.full(strokes, size[n]) for n in PLAN.metrics]) * rng.choice([0.0, 0.5, 1.0], values.shape)
    values[rng.random(values.shape) < gaps] = np.nan
    sds[rng.random(sds.shape) < gaps] = np.nan
    clear = np.full((len(SESSION) - 1, len(PLAN.condition_metrics), 3), np.nan)
    for c, name in enumerate(PLAN.condition_metrics):
        if name in ("pelvis_in_last_third_deg", "tilt_back_from_easy_deg", "shin_deg_catch"):
            clear[::2, c] = 0.1 * size[name], size[name], rng.choice([0.0, 1e3])
    usable = rng.random(strokes) < 0.9
    if seed % 3 == 0:  # of a whole session two strokes are left
        usable[SESSION[2] : SESSION[3]] = False
        usable[SESSION[2] + 4 : SESSION[2] + 6] = True
    return values, sds, usable, clear


def conditions_of(clear, rule):
    columns = range(PLAN.rule_first[rule], PLAN.rule_first[rule + 1])
    return [
        (
            int(PLAN.condition[c]),
            PLAN.sign[c],
            PLAN.limit[c],
            PLAN.sure[c],
            None if np.isnan(clear[c, 2]) else tuple(clear[c]),
        )
        for c in columns
    ]


@pytest.mark.parametrize("gaps", [0.0, 0.1, 0.6])
def test_verdicts_match_the_twin(gaps):
    seen = set()
    for seed in range(12):
        values, sds, usable, clear = season(seed, gaps)
        found = judge_sessions(values, sds, usable, SESSION, clear, PLAN)
        for n, (a, b) in enumerate(pairwise(SESSION)):
            session = values[:, a:b].tolist(), sds[:, a:b].tolist(), usable[a:b].tolist()
            for f, fault in enumerate(PLAN.faults):
                rules = [
                    (conditions_of(clear[n], r), PLAN.steps[r].tolist())
                    for r in range(PLAN.fault_first[f], PLAN.fault_first[f + 1])
                ]
                expected = naive_verdicts.fault(*session, rules, fault.needed_share)
                got = bool(found.present[n, f]), int(found.severity[n, f]), int(found.shown_count[n, f])
                assert got == expected, (seed, n, fault.id)
                seen.add(got[1])
    assert seen == ({0, 1, 2, 3} if gaps < 0.5 else {0, 1, 2, 3} & seen)


def test_a_changed_limit_changes_only_its_fault():
    values, sds, usable, clear = season(3, 0.0)
    before = judge_sessions(values, sds, usable, SESSION, clear, PLAN)
    f = next(f for f, fault in enumerate(PLAN.faults) if fault.id == "late_lunge")
    c = PLAN.rule_first[PLAN.fault_first[f]]
    changed = PLAN.limit.copy()
    changed[c] += 1000.0
    after = judge_sessions(values, sds, usable, SESSION, clear, replace(PLAN, limit=changed))
    assert before.present[:, f].any()
    assert not after.present[:, f].any()
    others = np.arange(len(PLAN.faults)) != f
    np.testing.assert_array_equal(after.shown_count[:, others], before.shown_count[:, others])


@pytest.mark.parametrize("ties", [False, True])
def test_easy_strokes_match_the_twin(ties):
    rng = np.random.default_rng(5)
    count = SESSION[-1]
    drive = rng.normal(0.9, 0.1, count)
    rate = rng.normal(20.0, 1.5, count)
    tilt = rng.normal(-10.0, 5.0, count)
    tilt[rng.random(count) < 0.2] = np.nan
    usable = rng.random(count) < 0.9
    if ties:
        drive, rate = np.round(drive, 1), np.round(rate)
    found = easy.against_easy(drive, rate, tilt, usable, SESSION, 1.0, 0.25, 0.08, 5)
    for a, b in pairwise(SESSION):
        part = (x[a:b].tolist() for x in (drive, rate, tilt, usable))
        expected = naive_easy.against_easy(*part, 1.0, 0.25, 0.08, 5)
        np.testing.assert_allclose(found[:, a:b].T, np.array(expected).reshape(-1, 3), rtol=1e-9, atol=1e-9)
    assert np.isfinite(found[easy.BACK]).any()
    assert np.isnan(found[easy.UNDER, usable]).any()
