"""Faults of many sessions at once, from the metrics of their strokes: what a changed limit asks for again.

One recording is a season of one session: :mod:`rowsense.assess.rules` judges it here too. Strokes stand one after the
other, session after session.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catalogue import Catalogue, Fault, Rule
from rowsense.assess.own_metrics import Clear
from rowsense.kernels import verdicts as kernels

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: Fewer usable strokes than this must be half of all strokes for anything to be judged. [D] Of a rendered rower whose
#: hands and legs were lost in four of six strokes the other two showed two faults that she had not.
FEWEST_OF_MANY: Final = 3


@dataclass(frozen=True, slots=True)
class RulePlan:
    """The judged faults of a catalogue as the kernels read them; conditions of rules of faults, one list each."""

    faults: tuple[Fault, ...]
    """Those that style and level judge."""
    metrics: tuple[str, ...]
    """Rows of the values, with every metric that they look at."""
    condition_metrics: tuple[str, ...]
    sign: FloatArray
    """(C,)"""
    limit: FloatArray
    rule_first: IntArray
    """(R + 1,) first condition of each rule, which is the rule's own."""
    fault_first: IntArray
    """(F + 1,) first rule of each fault."""
    steps: FloatArray
    """(R, 2) where a rule becomes clear, and strong."""
    sure: FloatArray
    """(C,) standard deviations beyond the limit that it takes."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """(R,)"""
        return tuple(rule for fault in self.faults for rule in fault.rules)

    @property
    def condition(self) -> IntArray:
        """(C,) row of each condition's metric."""
        return np.array([self.metrics.index(name) for name in self.condition_metrics], dtype=np.int64)


def rule_plan(catalogue: Catalogue, metrics: Sequence[str] = ()) -> RulePlan:
    """What the catalogue judges in its style and at its level, of a matrix with one row for each of ``metrics``.

    Without any, of one that has what is looked at and no more.
    """
    faults = tuple(f for f in catalogue.faults if not f.not_judged_in(catalogue.style, catalogue.level))
    rules = [rule for fault in faults for rule in fault.rules]
    conditions = [condition for rule in rules for condition in rule.conditions]
    return RulePlan(
        faults=faults,
        metrics=tuple(metrics) or tuple(sorted({c.metric for c in conditions})),
        condition_metrics=tuple(c.metric for c in conditions),
        sign=np.array([c.sign for c in conditions], dtype=np.float64),
        limit=np.array([c.limit for c in conditions], dtype=np.float64),
        rule_first=_firsts([len(rule.conditions) for rule in rules]),
        fault_first=_firsts([len(fault.rules) for fault in faults]),
        steps=np.array([rule.severity_steps for rule in rules], dtype=np.float64).reshape(-1, 2),
        sure=np.array([_sure(rule, catalogue) for rule in rules for _ in rule.conditions], dtype=np.float64),
    )


def _sure(rule: Rule, catalogue: Catalogue) -> float:
    return NormalDist().inv_cdf((rule.probability or catalogue.model["probability"]).value)


def _firsts(lengths: list[int]) -> IntArray:
    return np.cumsum([0, *lengths], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """N sessions with S strokes in all, against a plan."""

    plan: RulePlan
    shown: BoolArray
    """(R, S) strokes that show each rule."""
    judged: BoolArray
    """(R, S) usable strokes in which everything that a rule looks at is known."""
    usable_count: IntArray
    """(N, F) strokes that count, the same for every fault."""
    judged_count: IntArray
    """(N, F) strokes in which any rule of the fault was judged."""
    shown_count: IntArray
    """(N, F) that show any."""
    judgeable: BoolArray
    """(N, F) judged in half of the usable strokes at least, and not only in one or two of many."""
    present: BoolArray
    """(N, F)"""
    carries: BoolArray
    """(N, R) the rules by which a present fault is."""
    severity: IntArray
    """(N, F) 1 slight, 2 clear, 3 strong; 0 where absent."""


def judge_sessions(
    values: FloatArray,
    sds: FloatArray,
    usable: BoolArray,
    session: IntArray,
    clear: FloatArray,
    plan: RulePlan,
) -> Verdicts:
    """Hold every rule against every stroke.

    Args:
        values: (M, S) C-ordered, in the order of ``plan.metrics``; NaN = not measured.
        sds: (M, S)
        usable: (S,)
        session: (N + 1,) first stroke of each session, and S.
        clear: (N, C, 3) from :func:`clear_table`, one of each session.
        plan: of the catalogue.
    """
    condition = plan.condition
    shown, judged = kernels.judge_rules(
        values, sds, usable, session, plan.rule_first, condition, plan.sign, plan.limit, plan.sure, clear
    )
    counts, rule_counts = kernels.count_faults(shown, judged, usable, session, plan.fault_first)
    usable_count, judged_count, shown_count = counts[..., 0], counts[..., 1], counts[..., 2]
    needed = np.array([fault.needed_share for fault in plan.faults], dtype=np.float64) * usable_count.astype(np.float64)
    # Where the limbs are lost in most strokes the one or two that are left are not to be believed either.
    enough = (usable_count >= FEWEST_OF_MANY) | (2 * usable_count >= np.diff(session)[:, None])
    judgeable = enough & (judged_count > 0) & (judged_count >= 0.5 * usable_count)
    present = judgeable & (shown_count > 0) & (shown_count >= needed)
    weaker = np.array([rule.weaker for rule in plan.rules], dtype=np.bool_)
    carries = _carrying(rule_counts, needed, present, plan.fault_first, weaker)
    first = plan.rule_first[:-1]
    severity = kernels.severities(values, shown, session, carries, condition[first], plan.sign[first], plan.steps)
    return Verdicts(
        plan=plan,
        shown=shown,
        judged=judged,
        usable_count=usable_count,
        judged_count=judged_count,
        shown_count=shown_count,
        judgeable=judgeable,
        present=present,
        carries=carries,
        severity=np.maximum.reduceat(severity, plan.fault_first[:-1], axis=1),
    )


def _carrying(
    rule_counts: IntArray, needed: FloatArray, present: BoolArray, fault_first: IntArray, weaker: BoolArray
) -> BoolArray:
    """(N, R) the rules of present faults that reach the needed share by themselves, else those that most show; of these
    a weaker one only where no other does."""
    of = np.repeat(np.arange(len(fault_first) - 1), np.diff(fault_first))
    most = np.maximum.reduceat(rule_counts, fault_first[:-1], axis=1)
    least = np.where(most >= needed, needed, most)
    carries = present[:, of] & (rule_counts >= least[:, of])
    stronger = np.logical_or.reduceat(carries & ~weaker, fault_first[:-1], axis=1)
    return np.asarray(carries & ~(weaker & stronger[:, of]))


def clear_table(clear: Mapping[str, Clear], plan: RulePlan) -> FloatArray:
    """(C, 3) of one session: what the mean of a condition's metric must pass beside the limit; NaN: nothing."""
    nothing = (np.nan, np.nan, np.nan)
    found = [clear.get(name) for name in plan.condition_metrics]
    return np.array([nothing if c is None else (c.same_sd, c.fresh_sd, c.least) for c in found]).reshape(-1, 3)
