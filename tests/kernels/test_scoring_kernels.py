"""The scoring kernels against their plain twin: gaps, empty phases, overlaps, variable frame times."""

from __future__ import annotations

import numpy as np
import pytest

from rowsense.assess.catalogue import TIMING_METRICS, TIMING_PARAMETERS, load_catalogue
from rowsense.kernels import scoring, scoring_timing
from rowsense.kernels import windows as window_kernels
from tests.reference import naive_scoring as naive

NAMES = ("lean", "tilt", "knee", "elbow", "trunk_thigh", "protraction", "handle", "seat", "past_knee", "shoulder")


def uneven_times(count, seed=1):
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.uniform(0.015, 0.06, count))


def with_gaps(values, seed=2, share=0.15):
    rng = np.random.default_rng(seed)
    out = values.copy()
    out[rng.random(out.shape) < share] = np.nan
    return out


def same(found, expected, tolerance=1e-9):
    np.testing.assert_allclose(found, np.asarray(expected, dtype=float), rtol=tolerance, atol=tolerance)


def random_windows(end_s, strokes=9, phases=4, seed=3):
    """Windows in any order, overlapping, some empty, some reversed, some outside the recording."""
    rng = np.random.default_rng(seed)
    start = rng.uniform(-0.5, end_s + 0.5, (strokes, phases))
    length = rng.choice([0.0, -0.2, 0.01, 0.3, 2.0], (strokes, phases))
    return np.stack([start, start + length], axis=-1)


def means_of(times, values, windows):
    """Means of every column in every window, (S, P, Q), from the kernel that makes metrics."""
    phases, quantities = windows.shape[1], values.shape[1]
    plan = np.array([(q, p, -1, 1, -1) for p in range(phases) for q in range(quantities)])
    found, _ = window_kernels.window_metrics(times, values, windows, plan, np.ones(len(plan)), 0.5, 1.0)
    return found.T.reshape(len(windows), phases, quantities)


def test_means_match_the_twin():
    times = uneven_times(400)
    values = with_gaps(np.random.default_rng(4).normal(1000.0, 30.0, (400, 6)))
    values[:, 5] = np.nan
    windows = random_windows(times[-1], strokes=300)
    found = means_of(times, values, windows)
    expected = np.array(naive.statistics(times.tolist(), values.T.tolist(), windows.tolist()))
    same(found, expected[:, :, naive.MEAN])
    assert np.isnan(found[:, :, 5]).all()
    assert np.isfinite(found[:, :, 0]).any()


def test_windows_are_half_open():
    times = np.array([0.0, 1.0, 2.0, 3.0])
    values = np.array([[10.0], [20.0], [30.0], [40.0]])
    found = means_of(times, values, np.array([[[1.0, 3.0], [3.0, 3.0], [3.0, 3.5]]]))
    same(found[0, :, 0], [25.0, np.nan, 40.0])


@pytest.mark.parametrize("frames", [0, 1])
def test_no_frames_and_one_are_no_error(frames):
    times, values = np.arange(frames, dtype=float), np.ones((frames, 2))
    found = means_of(times, values, np.array([[[-1.0, 5.0]]]))
    same(found[0, 0], [1.0, 1.0] if frames else [np.nan, np.nan])


def test_no_strokes_give_empty_results():
    plan = np.array([(0, 0, -1, 1, -1)])
    none = np.empty((0, 9, 2))
    values, sds = window_kernels.window_metrics(np.arange(5.0), np.ones((5, 3)), none, plan, np.ones(1), 0.5, 1.0)
    assert values.shape == sds.shape == (1, 0)


def test_window_metrics_match_the_twin():
    times = uneven_times(300)
    values = np.abs(with_gaps(np.random.default_rng(5).normal(5.0, 2.0, (300, 4))))
    windows = random_windows(times[-1], strokes=12)
    statistics = naive.statistics(times.tolist(), values.T.tolist(), windows.tolist())
    plan = np.array([(0, 0, -1, 1, -1), (0, 1, 2, -1, 3), (1, 3, -1, 1, 2), (2, 3, 1, 1, -1)])
    fixed = np.array([4.0, np.nan, 1.0, np.nan])
    found, sds = window_kernels.window_metrics(times, values, windows, plan, fixed, 0.55, 1.5)
    for s in range(12):
        for m, row in enumerate(plan.tolist()):
            value, sd = naive.window_metric(statistics[s], row, float(fixed[m]), 0.55, 1.5)
            same(found[m, s], value)
            same(sds[m, s], sd)


def test_scores_match_the_twin():
    rng = np.random.default_rng(6)
    metrics = with_gaps(rng.normal(0.0, 10.0, (600, 5)), share=0.3)
    items = [(0, 0, 0.0, 16.0, 2.0), (1, 0, 85.0, -5.0, 1.0), (2, 2, -10.0, 10.0, 1.0), (3, 2, 4.0, 0.0, 3.0)]
    items.append((4, 3, 0.0, 8.0, 0.5))
    phases, whole = scoring.scores(
        np.ascontiguousarray(metrics.T),
        np.array([i[0] for i in items]),
        np.array([i[1] for i in items]),
        np.array([i[2:] for i in items]),
        4,
    )
    for s in range(600):
        expected, stroke = naive.score_stroke(metrics[s].tolist(), items, 4)
        same(phases[:, s], expected)
        same(whole[s], stroke)
    assert np.isnan(whole).any()
    assert np.isfinite(whole).any()


def rowing_columns(times, seed=7):
    """Something like rowing, noisy enough that every branch is taken."""
    rng = np.random.default_rng(seed)
    turn = 2.0 * np.pi * times / 2.2
    wave = {
        "lean": 25.0 * np.cos(turn + 0.4),
        "tilt": -0.7 * times * np.cos(turn),
        "knee": 115.0 - 60.0 * np.cos(turn - 0.2),
        "elbow": 150.0 + 30.0 * np.cos(turn),
        "trunk_thigh": 80.0 - 40.0 * np.cos(turn),
        "handle": 400.0 + 250.0 * np.cos(turn),
        "seat": 200.0 + 120.0 * np.cos(turn - 0.1),
        "protraction": np.cos(turn),
        "past_knee": 130.0 * np.cos(turn),
        "shoulder": 300.0 + 190.0 * np.cos(turn),
    }
    return np.stack([wave[n] + rng.normal(0.0, 3.0, times.size) for n in NAMES])


@pytest.mark.parametrize("gaps", [0.0, 0.1, 0.6, 1.0])
def test_timing_metrics_match_the_twin(gaps):
    times = uneven_times(700)
    columns = with_gaps(rowing_columns(times), share=gaps)
    catch = np.arange(-2.2, times[-1], 2.2)
    marks = np.stack([catch, catch + 1.1, catch + 2.2], axis=1)
    rock_over = catch + 1.3
    knee_break = catch + np.random.default_rng(8).choice([1.2, 1.6, np.nan], len(catch))
    numbers = {name: load_catalogue().timing[name].value for name in TIMING_PARAMETERS}
    found = scoring_timing.timing_metrics(
        times, columns, marks, rock_over, knee_break, np.array([numbers[n] for n in TIMING_PARAMETERS])
    )
    lists = dict(zip(NAMES, columns.tolist(), strict=True))
    for s in range(len(catch)):
        starts = (float(rock_over[s]), float(knee_break[s]))
        twin = naive.StrokeTiming(times.tolist(), lists, *marks[s].tolist(), *starts, numbers)
        same(found[:, s], twin.row())
    if gaps == 0.0:
        assert np.isfinite(found[:, 1:-2]).sum(axis=1).min() > 0
    if gaps == 1.0:
        assert np.isnan(found).all()


def test_the_kernel_and_the_catalogue_name_the_same_columns():
    assert len(TIMING_METRICS) == scoring_timing.TIMING_COUNT
    assert len(TIMING_PARAMETERS) == scoring_timing.PARAMETER_COUNT
    assert TIMING_METRICS[scoring_timing.SEAT_RUSH] == "seat_rush_ratio"
    assert TIMING_METRICS[scoring_timing.KNEES_LEAD] == "knees_before_hands_s"
    assert TIMING_PARAMETERS[scoring_timing.P_TOGETHER_S] == "together_s"
    assert TIMING_METRICS[scoring_timing.GIVE_WAY_FALL] == "pelvis_gives_way_fall_deg"
    assert TIMING_PARAMETERS[scoring_timing.P_RUSH_SHARE] == "rush_share_ratio"
    assert TIMING_PARAMETERS[scoring_timing.P_MIN_KNEE_TRAVEL_DEG] == "min_knee_travel_deg"
