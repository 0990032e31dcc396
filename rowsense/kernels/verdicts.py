"""The catalogue's limits against the metrics of every stroke of many sessions: which strokes show a fault, and whether
the session has it.

A value is beyond its limit where it is so by more than ``sure`` standard deviations. Faults, rules and conditions are
one list each: a fault is shown by a stroke where any of its rules is, a rule where all of its conditions hold. Each
session is judged by itself, so the outer loop runs over sessions on all threads. NaN = not measured, or not known.
The slow twin that this must match is ``tests/reference/naive_verdicts.py``.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels._jit import kernel, parallel_kernel, prange

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: Columns of ``clear``: sd of the error that all strokes share, of the one that is fresh in each, and the least.
SAME, FRESH, LEAST = range(3)
#: Two-sided 95 % of a normal error.
Z95 = 1.96


@kernel
def _beyond(
    value: FloatArray, sd: FloatArray, sign: float, limit: float, sure: float, beyond: BoolArray, known: BoolArray
) -> None:
    """Narrow ``beyond`` to the strokes (n,) surely beyond the limit, and ``known`` to those where that can be said."""
    for i in range(value.shape[0]):
        away = sign * (value[i] - limit)
        known[i] &= (away - away == 0.0) & (sd[i] >= 0.0) & (sd[i] < np.inf)
        # Without doubt anything beyond is surely so.
        beyond[i] &= known[i] & (away > sure * sd[i])


@kernel
def _mean_is_clear(value: FloatArray, among: BoolArray, sign: float, clear: FloatArray) -> bool:
    """Whether the mean over the measured ones of the strokes ``among`` is beyond 0 by more than it can be off."""
    total, count = 0.0, 0
    for i in range(value.shape[0]):
        if among[i] and math.isfinite(value[i]):
            total += value[i]
            count += 1
    if count == 0:
        return False
    sd = math.hypot(clear[SAME], clear[FRESH] / math.sqrt(count))
    return math.isfinite(sd) and sign * total / count > max(clear[LEAST], Z95 * sd)


@kernel
def _rule(
    values: FloatArray,
    sds: FloatArray,
    a: int,
    b: int,
    first: int,
    last: int,
    condition: IntArray,
    sign: FloatArray,
    limit: FloatArray,
    sure: FloatArray,
    clear: FloatArray,
    usable: BoolArray,
    shown: BoolArray,
    known: BoolArray,
) -> None:
    """One rule, conditions [first, last), in the strokes [a, b): ``shown`` and ``known``, (n,) each.

    Where a mean must be clear, it is that of the strokes that all conditions before it hold in.
    """
    shown[:] = usable
    known[:] = usable
    for c in range(first, last):
        value = values[condition[c], a:b]
        clear_enough = np.isnan(clear[c, LEAST]) or _mean_is_clear(value, shown, sign[c], clear[c])
        _beyond(value, sds[condition[c], a:b], sign[c], limit[c], sure[c], shown, known)
        if not clear_enough:
            shown[:] = False


@parallel_kernel
def _judge(
    values: FloatArray,
    sds: FloatArray,
    usable: BoolArray,
    session: IntArray,
    rule_first: IntArray,
    condition: IntArray,
    sign: FloatArray,
    limit: FloatArray,
    sure: FloatArray,
    clear: FloatArray,
    shown: BoolArray,
    judged: BoolArray,
) -> None:
    for n in prange(session.shape[0] - 1):
        a, b = session[n], session[n + 1]
        for r in range(rule_first.shape[0] - 1):
            _rule(
                values, sds, a, b, rule_first[r], rule_first[r + 1], condition, sign, limit, sure, clear[n],
                usable[a:b], shown[r, a:b], judged[r, a:b],
            )  # fmt: skip


def judge_rules(
    values: FloatArray,
    sds: FloatArray,
    usable: BoolArray,
    session: IntArray,
    rule_first: IntArray,
    condition: IntArray,
    sign: FloatArray,
    limit: FloatArray,
    sure: FloatArray,
    clear: FloatArray,
) -> tuple[BoolArray, BoolArray]:
    """Which strokes show which rule.

    Args:
        values: (M, S) C-ordered, one row a metric, sessions one after the other.
        sds: (M, S) standard deviations.
        usable: (S,) strokes that count.
        session: (N + 1,) first stroke of each session, and S.
        rule_first: (R + 1,) first condition of each rule, and C.
        condition: (C,) row of ``values``.
        sign: (C,) +1 where more is the fault, -1 where less is.
        limit: (C,) unit of the metric.
        sure: (C,) standard deviations beyond the limit that it takes.
        clear: (N, C, 3) what the mean of the strokes must pass beside the limit; NaN in ``LEAST``: nothing.

    Returns:
        shown (R, S), and judged (R, S): usable, with all conditions measured and their errors known.
    """
    shown = np.empty((len(rule_first) - 1, values.shape[1]), dtype=np.bool_)
    judged = np.empty(shown.shape, dtype=np.bool_)
    _judge(values, sds, usable, session, rule_first, condition, sign, limit, sure, clear, shown, judged)
    return shown, judged


@parallel_kernel
def _count(
    shown: BoolArray,
    judged: BoolArray,
    usable: BoolArray,
    session: IntArray,
    fault_first: IntArray,
    counts: IntArray,
    rule_counts: IntArray,
) -> None:
    for n in prange(session.shape[0] - 1):
        for f in range(fault_first.shape[0] - 1):
            for s in range(session[n], session[n + 1]):
                any_shown, any_judged = False, False
                for r in range(fault_first[f], fault_first[f + 1]):
                    any_shown |= shown[r, s]
                    any_judged |= judged[r, s]
                    rule_counts[n, r] += shown[r, s]
                counts[n, f, 0] += usable[s]
                counts[n, f, 1] += any_judged
                counts[n, f, 2] += any_shown


def count_faults(
    shown: BoolArray, judged: BoolArray, usable: BoolArray, session: IntArray, fault_first: IntArray
) -> tuple[IntArray, IntArray]:
    """Strokes of each session by fault and by rule.

    Args:
        shown, judged: (R, S) from :func:`judge_rules`.
        usable: (S,)
        session: (N + 1,) as there.
        fault_first: (F + 1,) first rule of each fault, and R.

    Returns:
        (N, F, 3) usable strokes, those in which the fault was judged and those that show it; (N, R) that show a rule.
    """
    sessions = len(session) - 1
    counts = np.zeros((sessions, len(fault_first) - 1, 3), dtype=np.int64)
    rule_counts = np.zeros((sessions, shown.shape[0]), dtype=np.int64)
    _count(shown, judged, usable, session, fault_first, counts, rule_counts)
    return counts, rule_counts


@kernel
def _severity(values: FloatArray, shown: BoolArray, sign: float, steps: FloatArray) -> int:
    """1, and 1 more for each of the ``steps`` that the median over the strokes that show it is beyond."""
    middle = np.median(values[shown & np.isfinite(values)])
    found = 1
    for step in steps:
        if sign * (middle - step) > 0.0:
            found += 1
    return found


@parallel_kernel
def _fill_severities(
    values: FloatArray,
    shown: BoolArray,
    session: IntArray,
    carries: BoolArray,
    metric: IntArray,
    sign: FloatArray,
    steps: FloatArray,
    out: IntArray,
) -> None:
    for n in prange(session.shape[0] - 1):
        a, b = session[n], session[n + 1]
        for r in range(shown.shape[0]):
            if carries[n, r]:
                out[n, r] = _severity(values[metric[r], a:b], shown[r, a:b], sign[r], steps[r])


def severities(
    values: FloatArray,
    shown: BoolArray,
    session: IntArray,
    carries: BoolArray,
    metric: IntArray,
    sign: FloatArray,
    steps: FloatArray,
) -> IntArray:
    """How strong each rule is in each session that has a fault by it.

    Args:
        values: (M, S); ``shown`` (R, S), ``session`` (N + 1,): as in :func:`judge_rules`.
        carries: (N, R) the rules by which a session has a fault; each is shown by a stroke of it at least.
        metric: (R,) row of ``values``.
        sign: (R,) as there.
        steps: (R, 2) where it becomes clear, and strong.

    Returns:
        (N, R) 1 slight, 2 clear, 3 strong; 0 where the rule does not carry.
    """
    out = np.zeros(carries.shape, dtype=np.int64)
    _fill_severities(values, shown, session, carries, metric, sign, steps, out)
    return out
