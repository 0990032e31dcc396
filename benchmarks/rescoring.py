"""A season judged again: how many strokes a second, and how much faster than the slow twin.

    python -m benchmarks.rescoring [--strokes 1000000] [--frame-strokes 100000] [--rounds 5] [--check]

Sessions of 500 strokes at 30 frames a second, with the full catalogue: every fault with all its rules, every score.

* *A changed limit*: from the metrics of the strokes to verdicts and scores. Nothing else depends on a limit.
* *A changed definition*: from the frames, so with every metric that the faults and scores look at.

Both from arrays in memory. The best round counts: a neighbour on the machine can only make one slower. ``--check``
fails below a million strokes a second after a changed limit.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from itertools import pairwise

import numba
import numpy as np

from benchmarks.scoring import Data, make_data
from rowsense.assess.catalogue import TIMING_METRICS, TIMING_PARAMETERS, WINDOWS, load_catalogue
from rowsense.assess.give_way import around
from rowsense.assess.metrics import COLUMNS, window_plan
from rowsense.assess.own_metrics import FEWEST
from rowsense.assess.scores import items_for, score_plan, score_strokes
from rowsense.assess.verdicts import judge_sessions, rule_plan
from rowsense.conventions import METRIC_PHASES
from rowsense.kernels import easy, scoring_timing, windows
from tests.reference import naive_scoring, naive_verdicts

CATALOGUE = load_catalogue()
SESSION_STROKES = 500
FRAMES_A_STROKE = 66
WANTED_STROKES_A_SECOND = 1_000_000
#: The frames' columns are filled up to a whole number of vectors of four.
VECTOR = 4
NAMES = tuple(sorted({*rule_plan(CATALOGUE).metrics, *(item.metric for item in items_for(CATALOGUE))}))
RULES = rule_plan(CATALOGUE, NAMES)
SCORES = score_plan(CATALOGUE, NAMES)
#: Of every second session the metrics that need the rower herself are not known, so nothing must be clear there.
CLEAR = {"pelvis_in_last_third_deg": (3.0, 2.0, 6.0), "head_from_own_tall_deg": (4.0, 4.0, 6.0)}


def sessions_of(strokes):
    """(N + 1,) first strokes."""
    return np.append(np.arange(0, strokes, SESSION_STROKES), strokes)


def clear_of(session):
    """(N, C, 3) as the kernel reads it."""
    clear = np.full((len(session) - 1, len(RULES.condition_metrics), 3), np.nan)
    for c, name in enumerate(RULES.condition_metrics):
        if name in CLEAR:
            clear[::2, c] = CLEAR[name]
    return clear


def make_metrics(strokes, seed=0):
    """Values, sds (M, S) and usable (S,) about the limits, with gaps, so that verdicts and scores differ."""
    rng = np.random.default_rng(seed)
    centre, size = np.zeros(len(NAMES)), np.ones(len(NAMES))
    for item in CATALOGUE.scores:
        centre[NAMES.index(item.metric)] = 0.5 * (item.good + item.bad)
        size[NAMES.index(item.metric)] = 0.3 * abs(item.good - item.bad)
    values = centre[:, None] + size[:, None] * rng.standard_normal((len(NAMES), strokes))
    values[rng.random(values.shape, dtype=np.float32) < 0.03] = np.nan
    sds = np.repeat(0.5 * size[:, None], strokes, axis=1)
    return values, sds, rng.random(strokes) < 0.97


def judge_again(values, sds, usable, session, clear):
    """Verdicts of all sessions and scores of all strokes."""
    return judge_sessions(values, sds, usable, session, clear, RULES), score_strokes(values, SCORES)


def judge_slowly(values, sds, usable, session, clear):
    """The same by the slow twins."""
    faults = []
    for n, (a, b) in enumerate(pairwise(session)):
        part = values[:, a:b].tolist(), sds[:, a:b].tolist(), usable[a:b].tolist()
        for f, fault in enumerate(RULES.faults):
            rules = [_rule(r, clear[n]) for r in range(RULES.fault_first[f], RULES.fault_first[f + 1])]
            faults.append(naive_verdicts.fault(*part, rules, fault.needed_share)[:2])
    items = list(zip(SCORES.column.tolist(), SCORES.phase.tolist(), *SCORES.limits.T.tolist(), strict=True))
    rows = [naive_scoring.score_stroke(row, items, len(METRIC_PHASES))[1] for row in values.T.tolist()]
    return faults, rows


def _rule(r, clear):
    columns = range(RULES.rule_first[r], RULES.rule_first[r + 1])
    conditions = [
        (
            int(RULES.condition[c]),
            RULES.sign[c],
            RULES.limit[c],
            RULES.sure[c],
            None if np.isnan(clear[c, 2]) else tuple(clear[c]),
        )
        for c in columns
    ]
    return conditions, RULES.steps[r].tolist()


@dataclass(frozen=True)
class Film:
    """What a season's judgement from the frames starts with."""

    data: Data
    frames: np.ndarray
    """(T, Q) the quantities that faults and scores look at, filled up to whole vectors."""
    plan: np.ndarray
    fixed_sd: np.ndarray
    names: tuple[str, ...]
    rock_over_s: np.ndarray
    knee_break_s: np.ndarray
    session: np.ndarray
    parameters: np.ndarray


def make_film(strokes):
    """About so many strokes."""
    data = make_data(strokes * FRAMES_A_STROKE)
    metrics = [CATALOGUE.metrics[n] for n in NAMES if CATALOGUE.metrics[n].kind in ("mean", "change")]
    # Easy strokes are held against hard ones by the first, the own tall posture against the second.
    metrics += [CATALOGUE.metrics[n] for n in ("pelvic_tilt_deg_catch", "head_trunk_deg_catch")]
    wanted = {m.quantity for m in metrics}
    columns = [c for c in COLUMNS if c in wanted or c.replace("_sd_", "_") in wanted]
    frames = np.full((len(data.time_s), -(-len(columns) // VECTOR) * VECTOR), np.nan)
    frames[:, : len(columns)] = data.matrix[:, [COLUMNS.index(c) for c in columns]]
    return Film(
        data, frames, *window_plan(metrics, CATALOGUE, columns), tuple(m.name for m in metrics),
        np.ascontiguousarray(data.windows_s[:, WINDOWS.index("rock_over"), 0]),
        np.ascontiguousarray(data.windows_s[:, WINDOWS.index("slide"), 0]),
        sessions_of(len(data.marks_s)),
        np.array([CATALOGUE.timing[n].value for n in TIMING_PARAMETERS]),
    )  # fmt: skip


def measure_again(film):
    """Values and sds (M, S) of every metric of ``NAMES``, from the frames."""
    data, model = film.data, CATALOGUE.model
    found = windows.window_metrics(
        data.time_s, film.frames, data.windows_s, film.plan, film.fixed_sd, model["error_correlation"].value, 1.0
    )
    timing = scoring_timing.timing_metrics(
        data.time_s, data.timing_columns, data.marks_s, film.rock_over_s, film.knee_break_s, film.parameters
    )
    values, sds = (dict(zip(film.names, rows, strict=True)) for rows in found)
    values |= dict(zip(TIMING_METRICS, timing, strict=True))
    own_values, own_sds = _own(film, values)
    values, sds = values | own_values, sds | own_sds
    fixed = {n: CATALOGUE.metrics[n].sd for n in NAMES}
    doubt = [sds.get(n, fixed[n].value if fixed[n] else 2.0) for n in NAMES]
    return np.stack([values[n] for n in NAMES]), np.stack([np.broadcast_to(d, len(data.marks_s)) for d in doubt])


def _own(film, values):
    """The metrics that need the rower herself, with a range that is the same in every session."""
    catch, finish, end = film.data.marks_s.T
    numbers = [CATALOGUE.own[n].value for n in ("equal_rate_spm", "easy_share_ratio", "hard_ratio")]
    under, back, back_se = easy.against_easy(
        finish - catch, 60.0 / (end - catch), values["pelvic_tilt_deg_catch"], np.ones(len(catch), dtype=np.bool_),
        film.session, *numbers, FEWEST,
    )  # fmt: skip
    upright = around(film.data.time_s, film.data.timing_columns[scoring_timing.TILT], film.rock_over_s)
    found = {
        "pelvis_in_last_third_deg": -14.0 - upright,
        "head_from_own_tall_deg": values["head_trunk_deg_catch"],
        "drive_under_easy_percent": under,
        "tilt_back_from_easy_deg": back,
    }
    return found, {"tilt_back_from_easy_deg": 2.0 * back_se}


def from_frames(film):
    """Everything."""
    values, sds = measure_again(film)
    usable = np.ones(values.shape[1], dtype=np.bool_)
    return judge_again(values, sds, usable, film.session, clear_of(film.session))


def timed(call, *args):
    begin = time.perf_counter()
    call(*args)
    return time.perf_counter() - begin


def best(rounds, call, *args):
    """Seconds of the best of some rounds after one that compiles."""
    call(*args)
    return min(timed(call, *args) for _ in range(rounds))


def check_twin(strokes=3000):
    """Both must come to the same verdicts and scores; seconds a stroke of the slow one."""
    metrics = (*make_metrics(strokes), sessions_of(strokes))
    given = (*metrics, clear_of(metrics[-1]))
    begin = time.perf_counter()
    faults, rows = judge_slowly(*given)
    slow_s = time.perf_counter() - begin
    found, (_, by_stroke) = judge_again(*given)
    fast = list(zip(found.present.ravel().tolist(), found.severity.ravel().tolist(), strict=True))
    if fast != faults or not np.allclose(by_stroke, rows, rtol=1e-9, atol=1e-9, equal_nan=True):
        raise AssertionError("the kernels and their slow twin disagree")
    return slow_s / strokes


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--strokes", type=int, default=1_000_000)
    parser.add_argument("--frame-strokes", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    slow_s = check_twin()
    session = sessions_of(options.strokes)
    given = (*make_metrics(options.strokes), session, clear_of(session))
    again = options.strokes / best(options.rounds, judge_again, *given)
    del given
    film = make_film(options.frame_strokes)
    whole = len(film.data.marks_s) / best(options.rounds, from_frames, film)
    print(
        f"{len(RULES.faults)} faults, {len(RULES.rules)} rules, {len(SCORES.column)} score items, "
        f"{numba.config.NUMBA_NUM_THREADS} threads"
    )
    print(f"a changed limit: {again:,.0f} strokes a second, {again * slow_s:,.0f} times the slow twin")
    print(f"a changed definition, from the frames: {whole:,.0f} strokes a second")
    if options.check and again < WANTED_STROKES_A_SECOND:
        print(f"below what is wanted: {WANTED_STROKES_A_SECOND:,} strokes a second")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
