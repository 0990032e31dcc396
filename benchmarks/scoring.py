"""The scoring kernels against vectorised NumPy on ten million frames, in one run, taking turns.

    python -m benchmarks.scoring [--frames 10000000] [--rounds 3] [--check]

Every quantity and phase of the catalogue: metrics with their sds, timing metrics and scores.
Either side gets its arrays in the layout it likes best, ready made; how long it takes to pack the kernels' layout from
columns is printed apart. The results are compared to 1e-9 before anything is timed. ``--check`` fails below 8 times
NumPy on all threads or below 1.7 times from one thread to two.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass

import numba
import numpy as np

from benchmarks import numpy_scoring
from rowsense.assess.catalogue import TIMING_METRICS, TIMING_PARAMETERS, WINDOWS, load_catalogue
from rowsense.assess.metrics import COLUMNS, TIMING_COLUMNS, window_plan
from rowsense.assess.scores import items_for, score_plan
from rowsense.conventions import METRIC_PHASES
from rowsense.kernels import scoring, scoring_timing, windows

WANTED_RATIO = 8.0
WANTED_SCALING = 1.7
#: Turns of the kernels for one of NumPy's, which take ten times as long.
TURNS = 3


@dataclass(frozen=True)
class Data:
    """Ten million frames of something like rowing at 30 frames a second, with gaps where the back is hidden."""

    time_s: np.ndarray
    columns: list[np.ndarray]
    matrix: np.ndarray
    timing_columns: np.ndarray
    windows_s: np.ndarray
    marks_s: np.ndarray


def make_data(frames, seed=0):
    rng = np.random.default_rng(seed)
    time_s = np.arange(frames) / 30.0 + rng.uniform(0.0, 0.004, frames)
    strokes = int(frames / 30.0 / 2.2) - 2
    catch = 1.0 + np.cumsum(rng.uniform(2.1, 2.25, strokes + 1))
    catch = catch[catch < time_s[-1] - 1.0]
    start, end = catch[:-1], catch[1:]
    finish = start + 0.4 * (end - start)
    marks_s = np.stack([start, finish, end], axis=1)
    turn = 2.0 * np.pi * np.interp(time_s, catch, np.arange(catch.size))
    columns = [_column(name, turn, rng) for name in COLUMNS]
    by_name = dict(zip(COLUMNS, columns, strict=True))
    travel = [
        500.0 + 250.0 * np.cos(turn),
        200.0 + 150.0 * np.cos(turn - 0.05),
        100.0 * np.cos(turn),
        300.0 + 190.0 * np.cos(turn),
    ]
    timing_columns = np.stack([*(by_name[n] for n in TIMING_COLUMNS), *travel])
    return Data(time_s, columns, np.stack(columns, axis=1), timing_columns, make_windows(marks_s), marks_s)


def _column(name, turn, rng):
    x = rng.normal(0.0, 1.5, turn.size)
    if "_sd_" in name:
        np.abs(x, out=x)
        x += 2.0
    elif name == "knee_deg":
        x += 112.0 - 55.0 * np.cos(turn - 0.2)
    elif name == "elbow_deg":
        x += 140.0 + 35.0 * np.cos(turn)
    else:
        x += 20.0 * np.cos(turn + 0.5)
    if name.startswith(("pelvic", "lumbar", "thoracic")):
        # The elbow over the back: gaps of some frames.
        for start in rng.integers(0, turn.size, turn.size // 200):
            x[start : start + 6] = np.nan
    return x


def make_windows(marks_s):
    start, finish, end = marks_s.T
    borders = [start + f * (finish - start) for f in (0.0, 1 / 3, 2 / 3, 1.0)]
    borders += [finish + 0.25 * (end - finish), finish + 0.4 * (end - finish), end]
    windows = np.empty((len(marks_s), len(WINDOWS), 2))
    for p, event in ((0, start), (1, finish), (8, end)):
        windows[:, p] = np.stack([event - 0.05, event + 0.05], axis=1)
    windows[:, 9] = np.stack([borders[4], borders[5]], axis=1)
    for p in range(6):
        windows[:, 2 + p] = np.stack([borders[p], borders[p + 1]], axis=1)
    return windows


def everything(data, window_metrics, timing_metrics, scores, frames):
    """The whole judgement's arithmetic with the given functions; ``frames`` in the layout they like."""
    catalogue = load_catalogue()
    metrics = [m for m in catalogue.metrics.values() if m.kind in ("mean", "change")]
    plan, fixed = window_plan(metrics, catalogue)
    parameters = np.array([catalogue.timing[n].value for n in TIMING_PARAMETERS])
    found, sds = window_metrics(data.time_s, frames, data.windows_s, plan, fixed, 0.55, 1.0)
    rock_over_s = np.ascontiguousarray(data.windows_s[:, WINDOWS.index("rock_over"), 0])
    knee_break_s = np.ascontiguousarray(data.windows_s[:, WINDOWS.index("slide"), 0])
    timing = timing_metrics(data.time_s, data.timing_columns, data.marks_s, rock_over_s, knee_break_s, parameters)
    column = {m.name: row for m, row in zip(metrics, found, strict=True)} | dict(
        zip(TIMING_METRICS, timing, strict=True)
    )
    names = sorted({i.metric for i in items_for(catalogue)})
    items = score_plan(catalogue, names)
    by_phase, by_stroke = scores(
        np.stack([column[n] for n in names]), items.column, items.phase, items.limits, len(METRIC_PHASES)
    )
    return found, sds, timing, by_phase, by_stroke


def with_kernels(data):
    return everything(data, windows.window_metrics, scoring_timing.timing_metrics, scoring.scores, data.matrix)


def with_numpy(data):
    return everything(
        data, numpy_scoring.window_metrics, numpy_scoring.timing_metrics, numpy_scoring.scores, data.columns
    )


def compare(data):
    """Largest difference, relative above 1; both must agree on what is missing."""
    worst = 0.0
    for a, b in zip(with_kernels(data), with_numpy(data), strict=True):
        if not np.array_equal(np.isnan(a), np.isnan(b)):
            raise AssertionError("kernels and NumPy disagree on what is missing")
        gap = np.abs(a - b) / np.maximum(np.abs(b), 1.0)
        worst = max(worst, float(np.nanmax(gap, initial=0.0)))
    return worst


def timed(call, *args):
    begin = time.perf_counter()
    call(*args)
    return time.perf_counter() - begin


def kernels_on(threads, data):
    numba.set_num_threads(threads)
    return timed(with_kernels, data)


def taking_turns(data, rounds):
    """(NumPy, one thread, two, all) in seconds, again and again. The best of each counts: a neighbour on the machine
    can only make a run slower."""
    threads = numba.config.NUMBA_NUM_THREADS
    for _ in range(rounds):
        numpy_s = timed(with_numpy, data)
        for _ in range(TURNS):
            yield numpy_s, kernels_on(1, data), kernels_on(min(2, threads), data), kernels_on(threads, data)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    threads = numba.config.NUMBA_NUM_THREADS
    small = make_data(200_000)
    worst = compare(small)
    print(f"largest difference to NumPy: {worst:.1e} (200,000 frames)")
    data = make_data(options.frames)
    numpy_s, one_s, two_s, all_s = (min(times) for times in zip(*taking_turns(data, options.rounds), strict=True))
    ratio, scaling = numpy_s / all_s, one_s / two_s
    packing_s = timed(np.stack, data.columns, 1)
    print(
        f"{options.frames:,} frames, {len(data.marks_s):,} strokes, {len(COLUMNS)} quantities, {len(WINDOWS)} windows"
    )
    print(f"NumPy {numpy_s:.2f} s; kernels: one thread {one_s:.2f} s, two {two_s:.2f} s, all {threads} {all_s:.2f} s")
    print(f"kernels on all threads against NumPy: {ratio:.1f} times (one thread: {numpy_s / one_s:.1f})")
    print(f"from one thread to two: {scaling:.2f} times")
    print(f"packing columns into frames, where needed: {packing_s:.2f} s")
    if options.check and (worst > 1e-9 or ratio < WANTED_RATIO or (threads > 1 and scaling < WANTED_SCALING)):
        print(f"below what is wanted: {WANTED_RATIO:g} times NumPy, {WANTED_SCALING:g} times on two threads")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
